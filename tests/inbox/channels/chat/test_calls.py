"""What visitors' pages call all the time, asked as a web server asks it."""

import asyncio
import json
import uuid
from typing import Any, NamedTuple

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError

from parcours.accounts.rights import Actor
from parcours.api.chat import calls
from parcours.asgi import application
from parcours.inbox.chat.marks import mark_together
from parcours.inbox.enums import Step
from parcours.inbox.models import LedgerEntry, Message
from parcours.inbox.writes import send_reply
from tests.inbox.channels.chat.conftest import Page
from tests.inbox.channels.chat.test_chat import the_conversation

pytestmark = pytest.mark.django_db(transaction=True)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def call(page: Page, name: str, body: Any = None, *, method: str = "POST", **headers: str) -> Answer:
    named = {"host": "localhost", "origin": page.origin, "authorization": f"Bearer {page.token}", **headers}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    scope = {
        "type": "http",
        "method": method,
        "path": f"/chat/{name}",
        "scheme": "http",
        "headers": [(key.encode(), value.encode()) for key, value in named.items()],
        "client": ("203.0.113.7", 1),
    }
    pieces = [raw[at : at + 1000] for at in range(0, len(raw), 1000)] or [b""]
    coming = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    coming.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0)

    async def send(told: Any) -> None:
        sent.append(told)

    await application(scope, receive, send)
    start, *rest = sent
    told = {key.decode().lower(): value.decode() for key, value in start["headers"]}
    return Answer(start["status"], told, b"".join(each.get("body", b"") for each in rest))


def calling(*calls_made: Any) -> list[Answer]:
    async def all_of_them() -> list[Answer]:
        return list(await asyncio.gather(*calls_made))

    return async_to_sync(all_of_them)()


def a_message(text: str = "Bonjour") -> dict[str, Any]:
    return {"id": uuid.uuid4().hex, "text": text}


def test_a_message_is_stored_once_and_shown_as_by_the_page_of_old(visitor: Page) -> None:
    said = a_message()
    first, again = calling(call(visitor, "post", said))[0], calling(call(visitor, "post", said))[0]
    assert (first.status, again.status) == (200, 200)
    assert first.body == again.body
    assert json.loads(first.body)["client"] == said["id"]
    assert first.headers["access-control-allow-origin"] == visitor.origin
    assert first.headers["cache-control"] == "no-store"
    assert visitor.texts() == ["Bonjour"]
    row = Message.objects.get()
    assert list(row.ledger.order_by("id").values_list("step", flat=True)) == [Step.RECEIVED, Step.STORED]


def test_the_same_message_from_two_tabs_at_once_is_one(visitor: Page) -> None:
    said = a_message()
    answers = calling(*(call(visitor, "post", said) for _tab in range(4)))
    assert {each.status for each in answers} == {200}
    assert len({each.body for each in answers}) == 1
    assert visitor.texts() == ["Bonjour"]


def test_marks_of_many_are_written_together_and_a_strange_one_harms_nobody(
    visitor: Page, alice_acts: Actor
) -> None:
    other = Page(visitor.account)
    other.begin()
    replies = []
    for page in (visitor, other):
        page.say("A question")
        row = Message.objects.latest("created_at").conversation
        send_reply(row.pk, "Hello", acting_user=alice_acts)
        replies.append(send_reply(row.pk, "Anything else?", acting_user=alice_acts))
    marks = [{"message": str(reply.pk), "step": "read"} for reply in replies]
    mine, theirs, strange, odd = calling(
        call(visitor, "mark", marks[0]),
        call(other, "mark", marks[1]),
        call(visitor, "mark", marks[1]),
        call(visitor, "mark", {"message": marks[0]["message"], "step": "eaten"}),
    )
    assert (mine.status, theirs.status, strange.status, odd.status) == (204, 204, 404, 422)
    assert set(Message.objects.filter(direction="out").values_list("step", flat=True)) == {Step.READ}
    assert LedgerEntry.objects.filter(step=Step.READ).count() == 4
    calling(call(visitor, "mark", marks[0]), call(visitor, "mark", marks[0] | {"step": "delivered"}))
    assert LedgerEntry.objects.filter(step=Step.READ).count() == 4, "what was read is not read again"


def test_marks_that_fail_together_are_tried_alone(
    visitor: Page, alice_acts: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.say("A question")
    reply = send_reply(the_conversation().pk, "Hello", acting_user=alice_acts)
    told = {"message": str(reply.pk), "step": "read"}

    def only_alone(asked: Any) -> Any:
        if len(asked) > 1:
            raise OperationalError("deadlock detected")
        return mark_together(asked)

    monkeypatch.setattr(calls, "mark_together", only_alone)
    answers = calling(call(visitor, "mark", told), call(visitor, "mark", told | {"step": "delivered"}))
    assert [each.status for each in answers] == [204, 204]
    reply.refresh_from_db()
    assert reply.step == Step.READ

    def never(_asked: Any) -> Any:
        raise OperationalError("the database is gone")

    monkeypatch.setattr(calls, "mark_together", never)
    busy = calling(call(visitor, "mark", told), call(visitor, "mark", told))
    assert [(each.status, each.headers["retry-after"]) for each in busy] == [(503, "2")] * 2


@pytest.mark.parametrize("name", ["post", "mark"])
def test_whoever_may_not_is_told_why(visitor: Page, name: str) -> None:
    evil, nobody = Page(visitor.account, "https://evil.example", visitor.token), Page(visitor.account)
    told = {"message": str(uuid.uuid4()), "step": "read", **a_message()}
    forbidden, unknown, wrong, broken, long, before = calling(
        call(evil, name, told),
        call(nobody, name, told),
        call(visitor, name, told, method="GET"),
        call(visitor, name, b"{nothing"),
        call(visitor, name, told | {"text": "x" * 70_000}),
        call(visitor, name, method="OPTIONS"),
    )
    assert [each.status for each in (forbidden, unknown, wrong, broken, long, before)] == [
        403, 401, 405, 422, 413, 204,
    ]  # fmt: skip
    for each in (forbidden, unknown, wrong, broken, long):
        assert each.headers["content-type"] == "application/problem+json"
        assert json.loads(each.body)["title"]
    assert before.headers["access-control-allow-methods"] == "POST"
    assert not Message.objects.exists()
