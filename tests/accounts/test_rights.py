import uuid

import pytest

from parcours.accounts.enums import Role
from parcours.accounts.rights import RIGHTS, Actor, system_actor
from parcours.core.errors import Forbidden


def actor(role: str) -> Actor:
    return Actor(kind="person", brand_id=uuid.uuid4(), role=role, id=None, label="Somebody")


def test_each_role_includes_the_rights_of_the_ones_below_it() -> None:
    assert RIGHTS[Role.VIEWER] < RIGHTS[Role.AGENT] < RIGHTS[Role.EDITOR] < RIGHTS[Role.OWNER]


@pytest.mark.parametrize(
    ("role", "right", "allowed"),
    [
        ("viewer", "canvas.view", True),
        ("viewer", "canvas.edit", False),
        ("agent", "canvas.edit", False),
        ("editor", "canvas.edit", True),
        ("editor", "people.manage", False),
        ("owner", "people.manage", True),
        ("nobody", "canvas.view", False),
    ],
)
def test_the_table_decides(role: str, right: str, allowed: bool) -> None:
    assert actor(role).may(right) is allowed
    if not allowed:
        with pytest.raises(Forbidden):
            actor(role).require(right)


def test_a_misspelt_right_is_an_error_not_a_no() -> None:
    with pytest.raises(LookupError):
        actor("owner").may("canvas.veiw")


def test_the_system_may_do_everything_in_its_brand() -> None:
    assert system_actor(uuid.uuid4()).may("brand.manage")
