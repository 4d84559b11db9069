"""WhatsApp: every type, batches, shuffles, doubles, statuses early and late, windows, templates, media."""

import json
import random
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import Conflict
from parcours.inbox import reads, writes
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.whatsapp.channel import WhatsApp
from parcours.inbox.fetching import fetch_file, missing
from parcours.inbox.models import Arrival, Attachment, ChannelAccount, Conversation, Message
from parcours.inbox.sending import send
from parcours.inbox.writes.receiving import read_again
from tests.inbox.channels.meta_fixtures import bring, greeting, later
from tests.inbox.channels.meta_fixtures import graph as graph  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import whatsapp as whatsapp  # noqa: PLC0414
from tests.inbox.platforms.meta import APP_SECRET, Graph, signature, whatsapp_call, whatsapp_text

pytestmark = pytest.mark.django_db(transaction=True)

TYPES: dict[str, tuple[dict[str, Any], str]] = {
    "image": ({"id": "m1", "mime_type": "image/jpeg", "caption": "This one"}, "This one"),
    "document": ({"id": "m2", "mime_type": "application/pdf", "filename": "a.pdf"}, ""),
    "sticker": ({"id": "m3", "mime_type": "image/webp"}, ""),
    "audio": ({"id": "m4", "mime_type": "audio/ogg; codecs=opus"}, ""),
    "location": ({"latitude": 45.76, "longitude": 4.83, "name": "Foulée Lyon"}, "Foulée Lyon (45.76, 4.83)"),
    "interactive": ({"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}}, "Yes"),
    "button": ({"text": "Stop", "payload": "stop"}, "Stop"),
    "unsupported": ({}, "A message of a kind that can’t be shown here."),
    "poll_of_next_year": ({"question": "?"}, "A message of a kind that can’t be shown here."),
}


def test_meta_finds_somebody_at_the_address(client: Client, whatsapp: ChannelAccount) -> None:
    assert greeting(client, whatsapp, "whatsapp") == (200, b"1158201444")
    assert greeting(client, whatsapp, "whatsapp", word="another")[0] == 403


def test_a_call_with_another_signature_is_refused(client: Client, whatsapp: ChannelAccount) -> None:
    body = whatsapp_call(whatsapp_text(1, "Hello"))
    where = f"/hooks/whatsapp/{whatsapp.pk}"

    def call(sent: str) -> int:
        return client.post(
            where, body, content_type="application/json", headers={"x-hub-signature-256": sent}
        ).status_code

    assert call(signature(body, "wrong")) == 401
    assert call("") == 401
    assert call(signature(body).replace("sha256", "sha1")) == 401
    assert not Message.objects.exists()
    assert call(signature(body)) == 200
    assert Message.objects.get().text == "Hello"


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_is_kept_and_shown(whatsapp: ChannelAccount, kind: str) -> None:
    content, words = TYPES[kind]
    more: dict[str, Any] = {"type": kind, kind: content}
    value = whatsapp_text(1, "", **more)
    assert bring(whatsapp, whatsapp_call(value)).status == "done"
    message = Message.objects.get()
    assert message.text == words
    assert message.payload["type"] == kind
    assert Attachment.objects.count() == (kind in {"image", "document", "sticker", "audio"})


def test_any_order_ends_in_the_same_conversation(brand: Brand, whatsapp: ChannelAccount) -> None:
    values = [whatsapp_text(number, f"Message {number}") for number in range(12)]
    shuffler = random.Random(7)
    for _round in range(3):
        shuffler.shuffle(values)
        for at in range(0, 12, 4):
            bring(whatsapp, whatsapp_call(*values[at : at + 4]))
    conversation = Conversation.objects.get()
    shown = [each.text for each in reads.messages(brand.pk, conversation.pk)]
    assert shown == [f"Message {number}" for number in range(12)]
    assert conversation.message_count == 12
    assert conversation.contact.handle == "+33612345678"
    assert conversation.preview == "Message 11"


def test_a_reply_is_sent_and_its_steps_come_in_any_order(
    whatsapp: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    bring(whatsapp, whatsapp_call(whatsapp_text(1, "Hello")))
    with later(Conversation.objects.get(), hours=1):
        reply = writes.send_reply(Conversation.objects.get().pk, "Good morning", acting_user=alice_acts)
        statuses = [
            {"id": "wamid.sent-1", "status": step, "timestamp": "1790000100", "recipient_id": "33612345678"}
            for step in ("read", "sent", "delivered")
        ]
        early = bring(whatsapp, whatsapp_call({"statuses": statuses[:1]}))
        assert early.status == "failed", "kept until the message is known"
        assert send(reply.pk) == "sent"
        bring(whatsapp, whatsapp_call({"statuses": statuses[1:]}))
        assert read_again() == 1
    path, content = graph.sent[0]
    assert path == "1066/messages"
    assert (content["to"], content["text"]["body"]) == ("33612345678", "Good morning")
    assert Message.objects.get(pk=reply.pk).step == "read"


def test_a_failure_says_why(whatsapp: ChannelAccount, graph: Graph, alice_acts: Actor) -> None:
    bring(whatsapp, whatsapp_call(whatsapp_text(1, "Hello")))
    conversation = Conversation.objects.get()
    with later(conversation, hours=1):
        reply = writes.send_reply(conversation.pk, "Good morning", acting_user=alice_acts)
        graph.errors = [(400, {"message": "Too many messages", "code": 130429})]
        assert send(reply.pk) == "waiting"
    with later(conversation, hours=2):
        graph.errors = [(400, {"message": "Message undeliverable", "code": 131026})]
        assert send(reply.pk) == "dead"
    failed = Message.objects.get(pk=reply.pk)
    assert failed.step == "failed"
    assert "131026" in failed.fault


def test_outside_of_the_window_only_templates_leave(
    whatsapp: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    bring(whatsapp, whatsapp_call(whatsapp_text(1, "Hello")))
    conversation = Conversation.objects.get()
    with later(conversation, hours=25):
        with pytest.raises(Conflict):
            writes.send_reply(conversation.pk, "Good morning", acting_user=alice_acts)
        channel = channel_of("whatsapp")
        assert isinstance(channel, WhatsApp)
        (template,) = channel.templates(whatsapp)
        assert (template.name, template.places) == ("parcel_arrived", ("1", "2"))
        values = ["Léa", "F-10427"]
        assert template.filled(values) == "Bonjour Léa, votre colis F-10427 est arrivé."
        chosen = channel.as_template(template, values)
        reply = writes.send_reply(
            conversation.pk, template.filled(values), payload={"template": chosen}, acting_user=alice_acts
        )
        assert send(reply.pk) == "sent"
    assert graph.sent[0][1]["template"] == chosen


def test_media_are_fetched_and_sent(whatsapp: ChannelAccount, graph: Graph, alice_acts: Actor) -> None:
    graph.media["m1"] = b"\xff\xd8 a picture"
    bring(
        whatsapp,
        whatsapp_call(whatsapp_text(1, "", type="image", image={"id": "m1", "mime_type": "image/jpeg"})),
    )
    (waiting,) = missing()
    assert fetch_file(waiting)
    assert Attachment.objects.get().size == len(graph.media["m1"])
    conversation = Conversation.objects.get()
    with later(conversation, hours=1):
        file = writes.NewFile("étiquette.pdf", "application/pdf", b"%PDF")
        reply = writes.send_reply(conversation.pk, "Your label", files=[file], acting_user=alice_acts)
        assert send(reply.pk) == "sent"
    assert b"%PDF" in graph.uploads[0][1]
    assert graph.sent[0][1]["document"] == {
        "id": "media-1",
        "caption": "Your label",
        "filename": "étiquette.pdf",
    }
    assert len(graph.sent) == 1


def test_steps_of_each_part_of_an_answer_are_its_own(
    whatsapp: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    bring(whatsapp, whatsapp_call(whatsapp_text(1, "Pictures?")))
    conversation = Conversation.objects.get()
    pictures = [writes.NewFile(f"{number}.png", "image/png", b"png") for number in (1, 2)]
    with later(conversation, hours=1):
        reply = writes.send_reply(conversation.pk, "", files=pictures, acting_user=alice_acts)
        assert send(reply.pk) == "sent"
    at = str(1_790_000_100)
    for name, status in (
        ("wamid.sent-2", "delivered"),
        ("wamid.sent-1", "delivered"),
        ("wamid.sent-2", "read"),
    ):
        told = {"id": name, "status": status, "timestamp": at, "recipient_id": "33612345678"}
        assert bring(whatsapp, whatsapp_call({"statuses": [told]})).status == "done"
    reply.refresh_from_db()
    assert reply.step == "read"


def test_one_call_tells_of_several_numbers(brand: Brand, whatsapp: ChannelAccount, alice_acts: Actor) -> None:
    other = json.loads(whatsapp_call(whatsapp_text(2, "To the other"), phone="2099"))
    both = json.loads(whatsapp_call(whatsapp_text(1, "To this one")))
    both["entry"] += other["entry"]
    assert bring(whatsapp, json.dumps(both).encode()).status == "failed", "the other isn't connected"
    assert [message.text for message in Message.objects.all()] == ["To this one"]
    given = {"token": "t", "app_secret": APP_SECRET, "business_account": "waba"}
    second = writes.add_account(brand, "whatsapp", "Returns", given, address="2099", acting_user=alice_acts)
    writes.do_replay(Arrival.objects.get().pk, acting_user=alice_acts)
    assert Message.objects.get(text="To the other").account == second
    assert Message.objects.count() == 2


def test_reactions_and_replies_find_their_message(whatsapp: ChannelAccount) -> None:
    bring(whatsapp, whatsapp_call(whatsapp_text(1, "Hello")))
    reaction = {"message_id": "wamid.1", "emoji": "👍"}
    bring(whatsapp, whatsapp_call(whatsapp_text(2, "", type="reaction", reaction=reaction)))
    bring(whatsapp, whatsapp_call(whatsapp_text(3, "About that", context={"id": "wamid.1"})))
    assert Message.objects.get(external_id="wamid.1").payload["reaction"] == "👍"
    assert Message.objects.count() == 2


def test_an_advertisement_is_where_it_came_from(whatsapp: ChannelAccount) -> None:
    referral = {"headline": "Run again", "source_url": "https://fb.me/ad", "source_id": "77"}
    bring(whatsapp, whatsapp_call(whatsapp_text(1, "Hello", referral=referral)))
    assert Conversation.objects.get().context == {"campaign": "Run again", "page": "https://fb.me/ad"}


ODD = (
    b"",
    b"[]",
    b'{"object":"page"}',
    b'{"object":"whatsapp_business_account","entry":[7,{"changes":[null,{"field":"messages"}]}]}',
)


@pytest.mark.parametrize("body", ODD)
def test_odd_calls_are_kept_and_break_nothing(whatsapp: ChannelAccount, body: bytes) -> None:
    assert bring(whatsapp, body).status in {"failed", "ignored"}
    assert Arrival.objects.count() == 1
