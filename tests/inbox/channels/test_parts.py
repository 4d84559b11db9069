"""What a platform takes as several messages: each part leaves once, whatever happens between two of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount, Conversation, Message, Outgoing
from parcours.inbox.sending import A_TRY_LASTS, send
from tests.inbox.channels.meta_fixtures import bring, later
from tests.inbox.channels.meta_fixtures import graph as graph  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import messenger as messenger  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import whatsapp as whatsapp  # noqa: PLC0414
from tests.inbox.channels.test_telegram import TOKEN, call, update
from tests.inbox.channels.test_telegram import api as api  # noqa: PLC0414
from tests.inbox.channels.test_telegram import bot as bot  # noqa: PLC0414
from tests.inbox.platforms.meta import Graph, page_call, page_text, whatsapp_call, whatsapp_text
from tests.inbox.platforms.plain import Asked, Platform

pytestmark = pytest.mark.django_db(transaction=True)

PICTURES = [writes.NewFile(f"{number}.png", "image/png", b"png") for number in (1, 2, 3)]
Answer = Callable[[str, str, dict[str, str], bytes], tuple[int, Any]]


def failing(graph: Graph, at: int, fault: tuple[int, Any]) -> None:
    """The message of this number meets the fault, once."""
    answer = graph.answer
    seen: list[str] = []

    def answering(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if path.endswith("/messages"):
            seen.append(path)
            if len(seen) == at:
                return fault
        return answer(method, path, headers, body)

    graph.answer = answering  # type: ignore[method-assign]


BUSY = (503, {"error": {"message": "Service unavailable", "code": 2}})
CALLS = {
    "whatsapp": whatsapp_call(whatsapp_text(1, "Pictures?")),
    "messenger": page_call(page_text(1, "Pictures?")),
}


@pytest.fixture(params=sorted(CALLS))
def conversation(request: pytest.FixtureRequest) -> Conversation:
    account: ChannelAccount = request.getfixturevalue(request.param)
    bring(account, CALLS[request.param])
    return Conversation.objects.get()


def media(graph: Graph) -> list[str]:
    """The files that were sent, by the numbers of their uploads, and the texts."""
    said = [content.get("message", content) for _path, content in graph.sent]
    pictures = [each.get("image") or each["attachment"]["payload"] for each in said]
    return [str(each.get("id") or each["attachment_id"]) for each in pictures]


@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_part_that_fails_is_where_the_next_try_begins(
    conversation: Conversation, graph: Graph, alice_acts: Actor, part: int
) -> None:
    failing(graph, part, BUSY)
    with later(conversation, hours=1):
        reply = writes.send_reply(conversation.pk, "", files=PICTURES, acting_user=alice_acts)
        assert send(reply.pk) == "waiting"
        assert len(Outgoing.objects.get().parts) == len(graph.sent) == part - 1
    with later(conversation, hours=2):
        assert send(reply.pk) == "sent"
    assert len(graph.sent) == 3
    assert len(set(media(graph))) == 3
    reply.refresh_from_db()
    first, *others = Outgoing.objects.get().parts
    assert reply.external_id == first
    assert set(others) <= set(reply.payload["sent_as"])


def test_a_try_that_dies_between_two_parts_goes_on_where_it_died(
    conversation: Conversation, graph: Graph, alice_acts: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parcours.inbox.channels import graph as asking

    upload = asking.upload

    def dying(*arguments: Any) -> dict[str, Any]:
        if len(graph.uploads) == 2:
            raise SystemExit
        return upload(*arguments)

    with later(conversation, hours=1):
        reply = writes.send_reply(conversation.pk, "", files=PICTURES, acting_user=alice_acts)
        monkeypatch.setattr(asking, "upload", dying)
        with pytest.raises(SystemExit):
            send(reply.pk)
        monkeypatch.setattr(asking, "upload", upload)
        assert Outgoing.objects.get().status == "sending"
        with clock_at(now() + A_TRY_LASTS + timedelta(seconds=1)):
            assert send(reply.pk) == "sent"
    assert len(graph.sent) == len(set(media(graph))) == 3


def test_what_is_told_of_a_part_that_left_finds_the_message_that_waits(
    whatsapp: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    bring(whatsapp, CALLS["whatsapp"])
    conversation = Conversation.objects.get()
    failing(graph, 2, BUSY)
    with later(conversation, hours=1):
        reply = writes.send_reply(conversation.pk, "", files=PICTURES, acting_user=alice_acts)
        assert send(reply.pk) == "waiting"
    told = {
        "id": "wamid.sent-1",
        "status": "delivered",
        "timestamp": "1790000100",
        "recipient_id": "33612345678",
    }
    assert bring(whatsapp, whatsapp_call({"statuses": [told]})).status == "done"
    reply.refresh_from_db()
    assert reply.step == "delivered"


def test_a_message_that_was_given_up_half_sent_goes_on_when_somebody_sends_it_again(
    conversation: Conversation, graph: Graph, alice_acts: Actor
) -> None:
    failing(graph, 2, (400, {"error": {"message": "Unsupported media", "code": 131053}}))
    with later(conversation, hours=1):
        reply = writes.send_reply(conversation.pk, "", files=PICTURES, acting_user=alice_acts)
        assert send(reply.pk) == "dead"
        writes.send_again(reply.pk, acting_user=alice_acts)
        assert send(reply.pk) == "sent"
    assert len(graph.sent) == len(set(media(graph))) == 3


def test_telegram_goes_on_too(client: Client, bot: ChannelAccount, api: Platform, alice_acts: Actor) -> None:
    usual = api.answering
    photos: list[Asked] = []

    def answering(asked: Asked) -> tuple[int, Any]:
        if asked.path != f"/bot{TOKEN}/sendPhoto":
            return usual(asked)
        photos.append(asked)
        if len(photos) == 2:
            return 502, {}
        return 200, {"ok": True, "result": {"message_id": 900 + len(photos), "chat": {"id": 77}}}

    api.answering = answering
    call(client, bot, update(1, "Pictures?"))
    conversation = Conversation.objects.get()
    reply = writes.send_reply(conversation.pk, "", files=PICTURES, acting_user=alice_acts)
    assert send(reply.pk) == "waiting"
    with clock_at(now() + timedelta(hours=1)):
        assert send(reply.pk) == "sent"
    names = [each.body.partition(b'filename="')[2][:5] for each in photos]
    assert names == [b"1.png", b"2.png", b"2.png", b"3.png"]
    assert Message.objects.get(pk=reply.pk).payload["sent_as"] == ["77:901", "77:903", "77:904"]
