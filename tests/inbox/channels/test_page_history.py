"""The nightly check asks Meta for what pages and profiles have and never came here; echoes come once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.customers.erasure.carrying_out import do_erase
from parcours.inbox import writes
from parcours.inbox.models import Arrival, ChannelAccount, Contact, Conversation, Message
from parcours.inbox.reconciling.running import reconcile
from parcours.inbox.sending import send
from tests.inbox.channels.meta_fixtures import bring
from tests.inbox.channels.meta_fixtures import graph as graph  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import instagram as instagram  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import messenger as messenger  # noqa: PLC0414
from tests.inbox.platforms.meta import Graph, page_call, page_text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _connected_long_ago(request: pytest.FixtureRequest) -> None:
    for name in {"messenger", "instagram"} & set(request.fixturenames):
        request.getfixturevalue(name)
    ChannelAccount.objects.update(created_at=now() - timedelta(days=30))


def when(hours: float) -> str:
    """So many hours ago, as Graph says it."""
    return (now() - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def said(
    name: str, text: str, hours: float, *, by: str = "psid-1", to: str = "4711", **more: Any
) -> dict[str, Any]:
    who = {"from": {"id": by, "username": more.pop("username", by)}, "to": {"data": [{"id": to}]}}
    return {"id": name, "created_time": when(hours), "message": text, **who, **more}


def talk(*messages: dict[str, Any], hours: float = 1) -> dict[str, Any]:
    return {"id": "t_1", "updated_time": when(hours), "messages": {"data": list(messages)}}


def found(brand: Brand) -> dict[str, tuple[int, int]]:
    return {each.kind: (each.number, each.mended) for each in reconcile(brand).findings}


def test_messages_of_a_page_that_never_came_are_taken_in(
    brand: Brand, messenger: ChannelAccount, graph: Graph
) -> None:
    bring(messenger, page_call(page_text(1, "Hello")))
    picture = {"mime_type": "image/jpeg", "image_data": {"url": "https://cdn.example/1.jpg"}}
    graph.conversations["messenger"] = [
        talk(
            said("m_4", "Just now", 0.01),
            said("m_3", "In blue, yes", 1, by="4711", to="psid-1"),
            said("m_2", "In blue?", 2, attachments={"data": [picture]}),
            said("m_1", "Hello", 3),
        ),
        talk(said("m_8", "From somebody else", 5, by="psid-2"), hours=5),
        talk(said("m_9", "Third page", 6, by="psid-3"), hours=6),
        talk(said("m_0", "Long ago", 24 * 9), hours=24 * 9),
    ]
    assert found(brand) == {"missing": (4, 4)}
    first = Conversation.objects.get(contact__external_id="psid-1")
    told = list(first.messages.order_by("at").values_list("direction", "text", "external_id"))
    assert told[-2:] == [("in", "In blue?", "m_2"), ("out", "In blue, yes", "m_3")]
    assert Message.objects.get(external_id="m_2").attachments.count() == 1
    assert found(brand) == {}, "each once"
    bring(messenger, page_call(page_text(4, "Just now")))
    assert Message.objects.count() == 6
    assert not Arrival.objects.exclude(status="done").exists()


def test_messages_of_a_profile_are_asked_for_by_its_page(
    brand: Brand, instagram: ChannelAccount, graph: Graph
) -> None:
    own = said("ig_2", "Our answer", 1, by="another id of ours", to="psid-1", username="foulee")
    graph.conversations["instagram"] = [talk(own, said("ig_1", "Do they fit?", 2, to="1784"))]
    assert found(brand) == {"missing": (2, 2)}
    assert list(Message.objects.order_by("at").values_list("direction", "text")) == [
        ("in", "Do they fit?"),
        ("out", "Our answer"),
    ]
    assert Contact.objects.get().external_id == "psid-1"


def test_comments_that_never_came_are_taken_in(
    brand: Brand, messenger: ChannelAccount, instagram: ChannelAccount, graph: Graph
) -> None:
    anna = {"id": "anna", "name": "Anna"}
    graph.commented["4711/feed"] = [{
        "id": "4711_9",
        "comments": {"data": [
            {"id": "9_3", "message": "Ours", "created_time": when(1), "from": {"id": "4711"}},
            {"id": "9_2", "message": "Please", "created_time": when(2), "from": anna,
             "parent": {"id": "9_1"}},
            {"id": "9_1", "message": "In blue?", "created_time": when(3), "from": anna},
        ]},
    }]  # fmt: skip
    reply = {"id": "c2", "text": "Same here", "timestamp": when(1), "username": "zoe", "parent_id": "c1"}
    top = {"id": "c1", "text": "Love it", "timestamp": when(2), "from": {"id": "7", "username": "jo"}}
    graph.commented["1784/media"] = [
        {"id": "m", "comments": {"data": [{**top, "replies": {"data": [reply]}}]}}
    ]
    reconcile(brand)
    on_page = Conversation.objects.get(account=messenger)
    assert list(on_page.messages.order_by("at").values_list("text", flat=True)) == ["In blue?", "Please"]
    on_profile = Conversation.objects.get(account=instagram)
    assert list(on_profile.messages.order_by("at").values_list("text", flat=True)) == ["Love it", "Same here"]
    assert found(brand) == {}, "each once, and ours are known"
    assert {each.name for each in Contact.objects.exclude(customer_id=None)} == {"Anna", "jo", "zoe"}


def test_what_was_erased_and_who_is_blocked_does_not_come_back(
    brand: Brand, messenger: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    bring(messenger, page_call(page_text(1, "Forget me"), page_text(2, "Spam", sender="psid-2")))
    erased = Contact.objects.get(external_id="psid-1")
    do_erase(brand, [erased.customer_id or 0], acting_user=alice_acts)
    Contact.objects.filter(external_id="psid-2").update(blocked_at=now())
    graph.conversations["messenger"] = [
        talk(said("m_1", "Forget me", 3)),
        talk(said("m_7", "More spam", 2, by="psid-2"), hours=2),
    ]
    assert "missing" not in found(brand)
    assert not Message.objects.filter(text="Forget me").exists()


def test_meta_that_cannot_be_asked_is_told_of(brand: Brand, messenger: ChannelAccount, graph: Graph) -> None:
    graph.errors = [(401, {"message": "Session has expired", "code": 190})]
    assert found(brand) == {"unasked": (1, 0)}


def test_an_answer_with_files_is_one_message_however_early_its_echoes_come(
    messenger: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    at = int(now().timestamp() * 1000)
    bring(messenger, page_call({**page_text(1, "Do you have a picture?"), "timestamp": at}))

    def echo(name: str, data: dict[str, Any]) -> bytes:
        message = data["message"]
        shown = {"text": message["text"]} if "text" in message else {
            "attachments": [{"type": "image", "payload": {"url": "https://cdn.example/1.png"}}]
        }  # fmt: skip
        told = {"mid": name, "is_echo": True, **shown}
        ends = {"sender": {"id": "4711"}, "recipient": {"id": "psid-1"}}
        return page_call({**ends, "timestamp": at, "message": told})

    calls: list[bytes] = []

    def on_sent(name: str, data: dict[str, Any]) -> None:
        """Meta tells of it before it answers: from another process, here another thread."""
        calls.append(echo(name, data))

        def tell() -> None:
            bring(messenger, calls[-1])
            connections.close_all()

        other = threading.Thread(target=tell)
        other.start()
        other.join(20)

    graph.on_sent = on_sent
    picture = writes.NewFile("shoe.png", "image/png", b"png")
    reply = writes.send_reply(
        Conversation.objects.get().pk, "Here it is", files=[picture], acting_user=alice_acts
    )
    assert send(reply.pk) == "sent"
    for call in calls:
        bring(messenger, call)
    assert Message.objects.filter(direction="out").count() == 1
    reply.refresh_from_db()
    assert (reply.step, reply.external_id) == ("sent", "m_sent-1")
