"""Visitors whom the shop's server vouches for."""

import time
from typing import Any

import pytest

from parcours.accounts.rights import Actor
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.writes import send_reply
from tests.inbox.channels.chat.conftest import Page, signature, token


def another(chat: ChannelAccount) -> Page:
    opened = Page(chat)
    opened.begin()
    return opened


def test_history_follows_a_signed_user_to_another_device(visitor: Page, chat: ChannelAccount) -> None:
    visitor.say("Where is my order?")
    assert visitor.is_user("mark").json()["identified"]
    telephone = another(chat)
    assert telephone.texts() == []
    assert telephone.is_user("mark").status_code == 200
    assert telephone.texts() == ["Where is my order?"]
    telephone.say("It is number 7")
    assert visitor.texts() == ["Where is my order?", "It is number 7"]
    assert Conversation.objects.count() == 1


def test_two_open_matters_of_one_user_become_one(
    visitor: Page, chat: ChannelAccount, alice_acts: Actor
) -> None:
    visitor.is_user("mark")
    visitor.say("First")
    nobody = another(chat)
    nobody.say("Second")
    nobody.is_user("mark")
    assert visitor.texts() == ["First", "Second"]
    standing = Conversation.objects.get(merged_into=None)
    send_reply(standing.pk, "One answer", acting_user=alice_acts)
    assert nobody.texts()[-1] == visitor.texts()[-1] == "One answer"
    visitor.say("Thanks")
    assert Conversation.objects.filter(merged_into=None).count() == 1


def test_the_customer_behind_is_the_shops(visitor: Page) -> None:
    visitor.say("Hello")
    before = Conversation.objects.get().customer_id
    visitor.is_user("mark")
    row = Conversation.objects.select_related("contact").get()
    assert row.customer_id != before
    assert row.customer_id == row.contact.customer_id
    assert row.contact.profile["identities"]["user_id"] == "mark"
    assert row.contact.profile["identities"]["anonymous_id"].startswith("chat:visitor:")


def test_another_user_of_the_same_browser_begins_afresh(visitor: Page) -> None:
    visitor.is_user("mark")
    visitor.say("My secret")
    told = visitor.is_user("ann").json()
    assert told["messages"] == []
    visitor.say("Hello")
    assert visitor.texts() == ["Hello"]
    visitor.is_user("mark")
    assert visitor.texts() == ["My secret"]


def test_a_token_tells_more_than_the_id(visitor: Page, chat: ChannelAccount) -> None:
    given = {"token": token(chat, email="mark@example.org", name="Mark Weber")}
    assert visitor.call("POST", "identify", given).status_code == 200
    visitor.say("Hello")
    contact = Conversation.objects.select_related("contact").get().contact
    assert (contact.name, contact.handle) == ("Mark Weber", "mark@example.org")
    assert contact.profile["identities"] == {"user_id": "mark", "email": "mark@example.org"} | {
        "anonymous_id": contact.profile["identities"]["anonymous_id"]
    }


def test_what_a_visitor_types_is_no_proof(visitor: Page) -> None:
    visitor.call("POST", "me", {"details": {"email": "somebody@example.org", "user_id": "ann"}})
    visitor.say("Hello")
    contact = Conversation.objects.select_related("contact").get().contact
    assert contact.handle == "somebody@example.org"
    assert "identities" not in contact.profile


def test_the_form_of_an_absent_team_makes_the_address_an_identity(visitor: Page) -> None:
    visitor.call("POST", "me", {"details": {"email": "mark@example.org", "offline": True}})
    visitor.say("Please write to me")
    contact = Conversation.objects.select_related("contact").get().contact
    assert contact.profile["identities"] == {"email": "mark@example.org"}


def test_an_address_that_is_none_is_refused(visitor: Page) -> None:
    answer = visitor.call("POST", "me", {"details": {"email": "mark at home"}})
    assert (answer.status_code, answer.json()["where"]) == (422, "email")


def bad_proofs(chat: ChannelAccount) -> list[tuple[dict[str, Any], str]]:
    return [
        ({"user": "mark"}, "must be signed"),
        ({"user": "mark", "signature": signature(chat, "ann")}, "isn't that of this user's id"),
        ({"token": token(chat, exp=int(time.time()) - 3_600)}, "has expired"),
        ({"token": token(chat, exp=None)}, "lacks “exp”"),
        ({"token": token(chat, sub=None)}, "lacks “sub”"),
        ({"token": token(chat, secret="another-secret-of-thirty-two-bytes")}, "wasn't signed"),
        ({"token": token(chat, algorithm="HS512")}, "HS256"),
        ({"token": "not a token"}, "can't be used"),
        ({"user": "ann", "token": token(chat)}, "another user"),
    ]


@pytest.mark.parametrize("number", range(9))
def test_bad_proof_changes_nothing_and_says_why(visitor: Page, chat: ChannelAccount, number: int) -> None:
    visitor.say("Hello")
    given, reason = bad_proofs(chat)[number]
    answer = visitor.call("POST", "identify", given)
    assert answer.status_code == 401
    assert reason in answer.json()["title"]
    assert not visitor.me()["identified"]


def test_a_token_without_signature_is_refused(visitor: Page, chat: ChannelAccount) -> None:
    import jwt

    unsigned = jwt.encode({"sub": "mark", "exp": int(time.time()) + 600}, "", algorithm="none")
    assert visitor.call("POST", "identify", {"token": unsigned}).status_code == 401
