"""Messenger and Instagram: messages, echoes, watermarks, comments, mentions, windows."""

import json

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import Conflict
from parcours.inbox import reads, writes
from parcours.inbox.models import Attachment, ChannelAccount, Conversation, Message
from parcours.inbox.sending import send
from tests.inbox.channels.meta_fixtures import bring, greeting, later
from tests.inbox.channels.meta_fixtures import graph as graph  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import instagram as instagram  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import messenger as messenger  # noqa: PLC0414
from tests.inbox.platforms.meta import Graph, page_call, page_text

pytestmark = pytest.mark.django_db(transaction=True)


def test_meta_finds_both_at_one_kind_of_address(
    client: Client, messenger: ChannelAccount, instagram: ChannelAccount
) -> None:
    assert greeting(client, messenger, "meta") == (200, b"1158201444")
    assert greeting(client, instagram, "meta") == (200, b"1158201444")


def test_messages_of_a_batch_are_all_taken_each_once(brand: Brand, messenger: ChannelAccount) -> None:
    events = [page_text(number, f"Message {number}") for number in (3, 1, 2)]
    bring(messenger, page_call(*events))
    bring(messenger, page_call(*reversed(events)))
    conversation = Conversation.objects.get()
    shown = [each.text for each in reads.messages(brand.pk, conversation.pk)]
    assert shown == ["Message 1", "Message 2", "Message 3"]


def test_a_reply_leaves_by_the_page_and_its_echo_adds_nothing(
    messenger: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    bring(messenger, page_call(page_text(1, "Hello")))
    conversation = Conversation.objects.get()
    with later(conversation, hours=1):
        reply = writes.send_reply(conversation.pk, "Good morning", acting_user=alice_acts)
        assert send(reply.pk) == "sent"
    echo = page_text(2, "Good morning", sender="4711", page="psid-1", is_echo=True)
    echo["message"]["mid"] = "m_sent-1"
    bring(messenger, page_call(echo))
    assert Message.objects.count() == 2
    assert graph.sent[0][1]["messaging_type"] == "RESPONSE"
    read = {
        "sender": {"id": "psid-1"},
        "recipient": {"id": "4711"},
        "timestamp": 1,
        "read": {"watermark": 4102444800000},
    }
    bring(messenger, page_call(read))
    assert Message.objects.get(pk=reply.pk).step == "read"


def test_what_a_colleague_wrote_on_facebook_itself_stands_in_the_conversation(
    messenger: ChannelAccount,
) -> None:
    bring(messenger, page_call(page_text(1, "Hello")))
    bring(messenger, page_call(page_text(2, "From the page", sender="4711", page="psid-1", is_echo=True)))
    conversation = Conversation.objects.get()
    assert [message.direction for message in conversation.messages.order_by("at")] == ["in", "out"]
    assert conversation.waiting_since is None


def test_after_a_day_people_answer_under_their_tag_and_after_a_week_nobody(
    messenger: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    bring(messenger, page_call(page_text(1, "Hello")))
    conversation = Conversation.objects.get()
    with later(conversation, days=2):
        reply = writes.send_reply(conversation.pk, "Sorry for the wait", acting_user=alice_acts)
        assert send(reply.pk) == "sent"
    assert graph.sent[0][1]["tag"] == "HUMAN_AGENT"
    with later(conversation, days=8), pytest.raises(Conflict):
        writes.send_reply(conversation.pk, "Too late", acting_user=alice_acts)


def test_pictures_places_and_unknown_things_are_kept(messenger: ChannelAccount) -> None:
    picture = {"type": "image", "payload": {"url": "https://scontent.example/a.jpg"}}
    place = {"type": "location", "title": "Lyon", "payload": {"coordinates": {"lat": 45.7, "long": 4.8}}}
    bring(
        messenger, page_call(page_text(1, "", attachments=[picture]), page_text(2, "", attachments=[place]))
    )
    bring(
        messenger,
        page_call({"sender": {"id": "psid-1"}, "timestamp": 1, "of_next_year": {}}, page_text(3, "", odd=1)),
    )
    assert Attachment.objects.get().remote == {"url": "https://scontent.example/a.jpg"}
    texts = list(Message.objects.order_by("at").values_list("text", flat=True))
    assert texts == ["", "Lyon (45.7, 4.8)", "A message of a kind that can’t be shown here."]


def test_a_message_that_is_taken_back_is_empty(instagram: ChannelAccount) -> None:
    bring(instagram, page_call(page_text(1, "Oops"), page="1784", kind="instagram"))
    gone = page_text(1, "", is_deleted=True)
    bring(instagram, page_call(gone, page="1784", kind="instagram"))
    message = Message.objects.get()
    assert message.text == ""
    assert message.payload["deleted_at"]


def test_comments_are_conversations_answered_in_public(
    messenger: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    def comment(number: int, author: str, text: str, parent: str = "4711_9") -> dict[str, object]:
        value = {
            "item": "comment", "verb": "add", "comment_id": f"9_{number}", "post_id": "4711_9",
            "parent_id": parent,
            "from": {"id": author, "name": author}, "message": text, "created_time": 1_790_000_000 + number,
        }  # fmt: skip
        return {"field": "feed", "value": value}

    bring(messenger, page_call(changes=[comment(1, "Anna", "In blue?"), comment(2, "4711", "our own")]))
    bring(messenger, page_call(changes=[comment(3, "Anna", "Please", parent="9_1")]))
    conversation = Conversation.objects.get()
    assert list(conversation.messages.order_by("at").values_list("text", flat=True)) == ["In blue?", "Please"]
    reply = writes.send_reply(conversation.pk, "Yes, from Monday", acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    assert graph.sent == [("9_1/comments", {"message": "Yes, from Monday"})]


def test_instagram_comments_and_mentions(instagram: ChannelAccount, graph: Graph, alice_acts: Actor) -> None:
    said = {"id": "c1", "text": "Love it", "from": {"id": "7", "username": "jo"}, "media": {"id": "m"}}
    changes = [
        {"field": "comments", "value": said},
        {"field": "mentions", "value": {"media_id": "m2", "comment_id": "c9"}},
    ]
    bring(instagram, page_call(page="1784", kind="instagram", changes=changes))
    comment, mention = Conversation.objects.order_by("number")
    assert comment.contact.handle == "@jo"
    reply = writes.send_reply(comment.pk, "Thank you", acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    assert graph.sent == [("c1/replies", {"message": "Thank you"})]
    reply = writes.send_reply(mention.pk, "Thanks for naming us", acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    named = {"message": "Thanks for naming us", "media_id": "m2", "comment_id": "c9"}
    assert graph.sent[1] == ("1784/mentions", named)


def test_a_call_for_a_page_that_is_not_connected_is_kept(messenger: ChannelAccount) -> None:
    assert bring(messenger, page_call(page_text(1, "Hello", page="999"), page="999")).status == "failed"
    assert not Message.objects.exists()
    assert json.loads(page_call())["object"] == "page"
