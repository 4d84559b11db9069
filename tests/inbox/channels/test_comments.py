"""What people publish under posts and hashtags: conversations or feedback, answered in public or in private,
hidden and liked.
"""

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.accounts.writes import issue_token
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

CONTACTS = {"comment": "anna", "": "psid-1"}
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


def days_later(days: float) -> AbstractContextManager[None]:
    """So long after the comments of these tests."""
    return clock_at(datetime.fromtimestamp(1_790_000_000, UTC) + timedelta(days=days))


def test_a_single_answer_to_a_comment_leaves_in_private_or_in_public_as_its_writer_says(
    messenger: ChannelAccount, graph: Graph, as_alice: Client
) -> None:
    bring(messenger, page_call(changes=[comment(1), comment(2, "Please", parent_id="9_1")]))
    page = f"/inbox/{Conversation.objects.get().pk}/"
    with days_later(1):
        assert 'value="public" selected' in as_alice.get(page).content.decode()
        as_alice.post(f"{page}reply/", {"text": "From Monday", "manner": "private"})
        shown = as_alice.get(page).content.decode()
        as_alice.post(f"{page}reply/", {"text": "We wrote to you", "manner": "public"})
        assert as_alice.post(f"{page}reply/", {"text": "Hm", "manner": "shouting"}).status_code == 422
    assert 'value="private" disabled' in shown
    assert "has had its private answer" in shown
    assert [send(each.pk) for each in Message.objects.filter(direction="out")] == ["sent", "sent"]
    private = {"recipient": {"comment_id": "9_2"}, "message": {"text": "From Monday"}}
    assert graph.sent == [("4711/messages", private), ("9_1/comments", {"message": "We wrote to you"})]


def test_what_was_meant_in_private_never_stands_for_everybody(
    messenger: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    given = {"comment_answers": "private"}
    writes.change_account(messenger.pk, given=given, acting_user=alice_acts)
    bring(messenger, page_call(changes=[comment(1)]))
    conversation = Conversation.objects.get()
    with days_later(8), pytest.raises(Conflict, match="7 days"):
        writes.send_reply(conversation.pk, "Your parcel …", acting_user=alice_acts)
    with days_later(1):
        reply = writes.send_reply(conversation.pk, "Your parcel …", acting_user=alice_acts)
        with pytest.raises(Conflict, match="allows one"):
            writes.send_reply(conversation.pk, "And …", acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    assert graph.sent[0][1]["recipient"] == {"comment_id": "9_1"}
    bring(messenger, page_call(changes=[comment(130_000, "Thanks, and?", parent_id="9_1")]))
    with days_later(2):
        writes.send_reply(conversation.pk, "To the new comment", acting_user=alice_acts)


def test_programs_choose_the_manner_too(
    messenger: ChannelAccount, alice_acts: Actor, brand: Brand, client: Client
) -> None:
    bring(messenger, page_call(page_text(1, "Hello"), changes=[comment(1)]))
    secret = issue_token(brand, role="agent", name="a program", acting_user=alice_acts)
    headers = {"Authorization": f"Bearer {secret}"}

    def say(thread: str, manner: str) -> tuple[int, Any]:
        found = Conversation.objects.get(thread__startswith=thread, contact__external_id=CONTACTS[thread])
        address = f"/api/v1/conversations/{found.pk}/messages"
        said = {"text": "From Monday", "manner": manner}
        answer = client.post(address, said, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    with days_later(1):
        assert say("comment", "private")[0] == 201
        assert say("", "private")[0] == 422, "a message is private anyway"
        assert say("comment", "aloud")[0] == 422
    assert Message.objects.get(direction="out").payload["manner"] == "private"


def test_files_are_not_lost_under_comments_but_refused(messenger: ChannelAccount, alice_acts: Actor) -> None:
    bring(messenger, page_call(changes=[comment(1)]))
    picture = writes.NewFile("shoe.png", "image/png", b"png")
    with days_later(1), pytest.raises(BadInput):
        writes.send_reply(Conversation.objects.get().pk, "", files=[picture], acting_user=alice_acts)


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


def test_posts_whose_authors_instagram_does_not_name_make_no_customers(
    watching: ChannelAccount, graph: Graph, as_alice: Client
) -> None:
    graph.posts["tag-mafoulee"] = [post(each) for each in (1, 2, 3)]
    channel_of("instagram").pull(watching)
    named = {"id": "c1", "text": "Love it", "from": {"id": "7", "username": "jo"}, "media": {"id": "m"}}
    bring(watching, page_call(page="1784", kind="instagram", changes=[{"field": "comments", "value": named}]))
    told = {"mentions": {"media_id": "m2", "comment_id": "c9"}, "comments": {"id": "c2", "text": "Hm"}}
    changes = [{"field": field, "value": value} for field, value in told.items()]
    bring(watching, page_call(page="1784", kind="instagram", changes=changes))
    known = Contact.objects.exclude(customer_id=None)
    assert [each.name for each in known] == ["jo"], "one for the author who has a name"
    assert Contact.objects.count() == 6, "no two strangers are taken for one"
    authors = [each["anonymousId"] for each in events("Post Published")]
    assert len(set(authors)) == len(authors) == 6, "nor in the log"
    conversation = Conversation.objects.filter(customer_id=None)[0]
    assert "Somebody on Instagram" in as_alice.get(f"/inbox/{conversation.pk}/").content.decode()


def test_comments_that_facebook_does_not_sign_make_no_customers(messenger: ChannelAccount) -> None:
    nobody: dict[str, Any] = {"from": None}
    unsigned = [comment(number, **nobody) for number in (1, 2)]
    bring(messenger, page_call(changes=[*unsigned, comment(3)]))
    assert [each.name for each in Contact.objects.exclude(customer_id=None)] == ["Anna"]
    assert Conversation.objects.filter(customer_id=None).count() == 2


def test_no_more_hashtags_are_asked_for_than_meta_allows(
    watching: ChannelAccount, graph: Graph, alice_acts: Actor
) -> None:
    given = {"hashtags": "\n".join(f"tag{number}" for number in range(31))}
    account = writes.change_account(watching.pk, given=given, acting_user=alice_acts)
    graph.posts["tag-tag29"] = [post(1)]
    with pytest.raises(BadInput, match="#tag30"):
        channel_of("instagram").pull(account)
    assert Message.objects.count() == 1, "the others were asked for"
