from collections.abc import Callable, Iterator
from typing import Any

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.registry import notice_kinds
from parcours.notices.enums import MailWhen
from parcours.notices.kinds import NoticeKind
from parcours.notices.writes import notify
from tests.notices.mailbox import Mailbox, mail_server

Tell = Callable[..., int]


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    """Two kinds: one that is mailed at once, one that waits for the morning."""
    urgent = NoticeKind(
        "Bells",
        lambda facts: f"{facts['who']} rang for {facts['title']}",
        mail=MailWhen.AT_ONCE,
        quote=lambda facts: str(facts.get("words", "")),
    )
    slow = NoticeKind("Letters", lambda facts: f"A letter about {facts['title']}", mail=MailWhen.DAILY)
    notice_kinds.register("bell", urgent)
    notice_kinds.register("letter", slow)
    yield
    for key in ("bell", "letter"):
        notice_kinds._handlers.pop(key)


@pytest.fixture
def tell(brand: Brand, alice_acts: Actor) -> Tell:
    """Alice tells people something."""

    def telling(*people: Person, kind: str = "bell", **more: Any) -> int:
        facts = {"title": "the cart", **more.pop("facts", {})}
        given = {"url": "/map/", "acting_user": alice_acts, **more}
        return notify(brand.pk, [person.pk for person in people], kind=kind, facts=facts, **given)

    return telling


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def acts(person: Person, brand: Brand, role: str = "agent") -> Actor:
    return Actor(kind="person", brand_id=brand.pk, role=role, id=person.pk, label=person.label)
