"""What people publish under posts and hashtags: conversations or feedback, answered in public or in private,
hidden and liked.
"""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput, Conflict
from parcours.events.models import ReceivedEvent
from parcours.inbox import writes
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import NeverSent
from parcours.inbox.models import Arrival, ChannelAccount, Contact, Conversation, Message
from parcours.inbox.sending import send
from parcours.inbox.writes.moderating import do_on_platform
from tests.inbox.channels.meta_fixtures import bring
from tests.inbox.channels.meta_fixtures import graph as graph  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import instagram as instagram  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import messenger as messenger  # noqa: PLC0414
from tests.inbox.platforms.meta import Graph, page_call, page_text

pytestmark = pytest.mark.django_db(transaction=True)


def comment(number: int = 1, text: str = "In blue?", **more: Any) -> dict[str, Any]:
    value = {
        "item": "comment", "verb": "add", "comment_id": f"9_{number}", "post_id": "4711_9",
        "parent_id": "4711_9", "from": {"id": "anna", "name": "Anna"}, "message": text,
        "created_time": 1_790_000_000 + number, "permalink_url": "https://facebook.example/9", **more,
    }  # fmt: skip
    return {"field": "feed", "value": value}


def events(name: str) -> list[dict[str, Any]]:
    """What the log was told under a name."""
    bodies = [json.loads(bytes(each)) for each in ReceivedEvent.objects.values_list("body", flat=True)]
    return [each for each in bodies if each.get("event") == name]


def becomes(account: ChannelAccount, what: str, alice_acts: Actor) -> ChannelAccount:
    return writes.change_account(account.pk, given={"becomes": what}, acting_user=alice_acts)


@pytest.mark.parametrize(
    ("what", "conversations", "told"), [("conversation", 1, 0), ("feedback", 0, 1), ("both", 1, 1)]
)
def test_a_comment_becomes_what_the_account_says(
    messenger: ChannelAccount, alice_acts: Actor, what: str, conversations: int, told: int
) -> None:
    messenger = becomes(messenger, what, alice_acts)
    for _again in range(2):
        bring(messenger, page_call(changes=[comment()]))
    bring(messenger, page_call(changes=[comment(), comment(text="In green?", verb="edited")]))
    assert Conversation.objects.count() == conversations
    assert len(events("Post Published")) == told, "once, however often it is told"
    assert not Arrival.objects.exclude(status="done").exists()
    for event in events("Post Published"):
        facts = event["properties"]
        assert (facts["text"], facts["author"], facts["network"]) == ("In blue?", "Anna", "facebook")
        assert facts["link"] == "https://facebook.example/9"


def test_messages_are_conversations_even_where_comments_are_feedback(
    messenger: ChannelAccount, alice_acts: Actor
) -> None:
    messenger = becomes(messenger, "feedback", alice_acts)
    bring(messenger, page_call(page_text(1, "Hello"), changes=[comment()]))
    assert Message.objects.get().text == "Hello"
    assert Contact.objects.get().external_id == "psid-1"


def test_a_comment_is_answered_in_private_where_the_account_or_the_writer_says_so(
    messenger: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    bring(messenger, page_call(changes=[comment(1), comment(2, "Please", parent_id="9_1")]))
    conversation = Conversation.objects.get()
    reply = writes.send_reply(
        conversation.pk, "From Monday", payload={"manner": "private"}, acting_user=alice_acts
    )
    assert send(reply.pk) == "sent"
    given = {"comment_answers": "private"}
    writes.change_account(messenger.pk, given=given, acting_user=alice_acts)
    other = writes.send_reply(conversation.pk, "Here", acting_user=alice_acts)
    assert send(other.pk) == "sent"
    private = {"recipient": {"comment_id": "9_2"}, "message": {"text": "From Monday"}}
    assert graph.sent[0] == ("4711/messages", private)
    assert graph.sent[1][1]["recipient"] == {"comment_id": "9_2"}


def test_a_page_that_is_named_elsewhere_answers_there(
    messenger: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    value = {"item": "post", "verb": "add", "post_id": "77_1", "sender_id": "jo", "sender_name": "Jo"}
    bring(messenger, page_call(changes=[{"field": "mention", "value": {**value, "message": "Top"}}]))
    reply = writes.send_reply(Conversation.objects.get().pk, "Thank you", acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    assert graph.sent == [("77_1/comments", {"message": "Thank you"})]


def test_comments_are_hidden_and_liked_through_the_desk_and_back(
    messenger: ChannelAccount, graph: Graph, as_alice: Client, as_bob: Client
) -> None:
    bring(messenger, page_call(changes=[comment()]))
    message = Message.objects.get()
    page = f"/inbox/{message.conversation_id}/"
    assert "Hide the comment" in as_alice.get(page).content.decode()

    def act(name: str, who: Client = as_alice) -> int:
        return who.post(f"/inbox/messages/{message.pk}/platform/{name}/").status_code

    assert act("hide", as_bob) == 403
    assert [act(name) for name in ("hide", "like", "show", "unlike")] == [302] * 4
    assert graph.sent == [
        ("9_1", {"is_hidden": True}),
        ("9_1/likes", {"method": "POST"}),
        ("9_1", {"is_hidden": False}),
        ("9_1/likes", {"method": "DELETE"}),
    ]
    assert act("show") == 409, "it isn't hidden"
    act("hide")
    shown = as_alice.get(page).content.decode()
    assert "Hidden there" in shown
    assert "Show the comment again" in shown


def test_what_the_platform_refuses_is_not_noted(
    instagram: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    said = {"id": "c1", "text": "Love it", "from": {"id": "7", "username": "jo"}, "media": {"id": "m"}}
    changes = [{"field": "comments", "value": said}]
    bring(instagram, page_call(page="1784", kind="instagram", changes=changes))
    message = Message.objects.get()
    with pytest.raises(Conflict):
        do_on_platform(message.pk, "like", acting_user=alice_acts)
    graph.errors = [(400, {"message": "Not allowed", "code": 10})]
    with pytest.raises(NeverSent):
        do_on_platform(message.pk, "hide", acting_user=alice_acts)
    message.refresh_from_db()
    assert "done" not in message.payload
    assert graph.sent == []


def post(number: int) -> dict[str, str]:
    link = f"https://instagram.example/p/{number}"
    return {
        "id": str(number), "caption": f"Post {number} #mafoulee", "permalink": link,
        "timestamp": "2026-09-21T10:00:00+0000",
    }  # fmt: skip


@pytest.fixture
def watching(instagram: ChannelAccount, alice_acts: Actor) -> ChannelAccount:
    given = {"hashtags": "#MaFoulee\ncourse", "becomes": "both"}
    return writes.change_account(instagram.pk, given=given, acting_user=alice_acts)


def test_a_hashtag_is_watched_once_an_hour_and_each_post_comes_once(
    brand: Brand, watching: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    channel = channel_of("instagram")
    for minutes, posts in ((0, [1]), (30, [1, 2, 3]), (61, [1, 2])):
        graph.posts["tag-mafoulee"] = [post(each) for each in posts]
        with clock_at(now() + timedelta(minutes=minutes)):
            watching.refresh_from_db()
            channel.pull(watching)
    assert Message.objects.count() == 2, "not again before its time, and each once"
    told = events("Post Published")
    assert {each["properties"]["hashtag"] for each in told} == {"mafoulee"}
    assert len(told) == 2
    with pytest.raises(Conflict):
        writes.send_reply(Conversation.objects.all()[0].pk, "Thank you", acting_user=alice_acts)


def test_no_more_hashtags_are_asked_for_than_meta_allows(
    watching: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    given = {"hashtags": "\n".join(f"tag{number}" for number in range(31))}
    account = writes.change_account(watching.pk, given=given, acting_user=alice_acts)
    graph.posts["tag-tag29"] = [post(1)]
    with pytest.raises(BadInput, match="#tag30"):
        channel_of("instagram").pull(account)
    assert Message.objects.count() == 1, "the others were asked for"
