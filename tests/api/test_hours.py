"""Hours and targets through the API."""

from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.inbox.models import Conversation
from parcours.inbox.targets.recounting import count_due
from tests.api.test_inbox import ask as ask  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.api.test_inbox import conversation as conversation  # noqa: PLC0414
from tests.inbox.conftest import loft as loft  # noqa: PLC0414
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414

pytestmark = pytest.mark.django_db(transaction=True)

OFFICE = {
    "name": "Office",
    "time_zone": "Europe/Paris",
    "week": [[["09:00", "12:00"], ["14:00", "18:00"]]] * 5 + [[], []],
    "country": "GB",
    "subdivision": "SCT",
    "special_days": [{"day": "2026-12-24", "name": "Christmas Eve", "spans": [["09:00", "12:00"]]}],
    "is_default": True,
}


def test_hours_are_set_changed_and_asked(ask: Any) -> None:
    status, made, tag = ask("POST", "/hours", OFFICE, role="editor")
    assert (status, tag) == (201, '"1"')
    assert made["holidays"]["2026-11-30"].startswith("Saint Andrew")
    status, asked, _tag = ask("GET", f"/hours/{made['id']}/time?at=2026-12-24T10:30:00Z&minutes=60")
    assert (status, asked["is_open"]) == (200, True)
    assert asked["due"] == "2026-12-29T08:30:00Z", "the 25th and, for the 26th, the 28th are holidays"
    address = f"/hours/{made['id']}"
    changed = {**OFFICE, "special_days": []}
    assert ask("PUT", address, changed, role="editor", **{"If-Match": '"1"'})[0] == 200
    assert ask("PUT", address, changed, role="editor", **{"If-Match": '"1"'})[0] == 409
    assert ask("PUT", address, changed, role="editor")[0] == 428
    assert ask("DELETE", address, role="editor")[0] == 204
    assert ask("GET", "/hours")[1] == {"items": []}


@pytest.mark.parametrize(
    "more",
    [
        {"week": [[["9", "12"]]] * 7},
        {"week": [[["09:00", "12:00"], ["11:00", "13:00"]]] * 7},
        {"week": [[]] * 7},
        {"time_zone": "Mars"},
        {"country": "FR", "subdivision": "SCT"},
    ],
)
def test_what_makes_no_hours_is_refused(ask: Any, more: dict[str, Any]) -> None:
    assert ask("POST", "/hours", {**OFFICE, **more}, role="editor")[0] == 422


def test_a_target_shows_on_the_conversations(ask: Any, brand: Brand, conversation: Conversation) -> None:
    status, made, tag = ask(
        "POST",
        "/targets",
        {"name": "All", "first_reply": 60, "in_business_time": False, "conditions": {"kind": ["pigeons"]}},
        role="editor",
    )
    assert (status, tag, made["conditions"]["kind"]) == (201, '"1"', ["pigeons"])
    count_due(brand.pk)
    page = ask("GET", "/conversations?due=true")[1]
    assert [each["number"] for each in page["items"]] == [conversation.number]
    assert page["items"][0]["due_at"] == page["items"][0]["first_reply_due"] is not None
    assert ask("POST", "/targets", {"name": "Nothing"}, role="editor")[0] == 422
    assert ask("DELETE", f"/targets/{made['id']}", role="editor")[0] == 204


def test_agents_see_them_and_change_nothing(ask: Any) -> None:
    assert ask("GET", "/targets", role="agent")[0] == 200
    assert ask("POST", "/targets", {"name": "All", "first_reply": 60}, role="agent")[0] == 403
    assert ask("POST", "/hours", OFFICE, role="agent")[0] == 403
