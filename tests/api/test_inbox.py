"""The inbox through the API: read, answer, hand on, close; nothing twice, nothing of others."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.accounts.writes import issue_token
from parcours.canvas.reads import board
from parcours.canvas.shapes import Board
from parcours.canvas.writes import add_touchpoint, create_journey
from parcours.inbox.channels.base import NeverSent
from parcours.inbox.models import Arrival, ChannelAccount, Conversation, Message
from parcours.inbox.sending import send
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.messenger import Pigeons
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(brand: Brand, system: Actor) -> Any:
    """Asks with a token of a role; returns status, body and ETag."""
    secrets: dict[str, str] = {}

    def asking(method: str, path: str, body: Any = None, role: str = "agent", **headers: str) -> Any:
        if role not in secrets:
            secrets[role] = issue_token(brand, role=role, name=role, acting_user=system)
        answer = Client().generic(
            method,
            f"/api/v1{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secrets[role]}", **headers},
        )
        return answer.status_code, answer.json() if answer.content else None, answer.headers.get("ETag", "")

    return asking


@pytest.fixture
def conversation(loft: ChannelAccount) -> Conversation:
    bring(loft, {"id": "1", "text": "Do they fit wide feet?"})
    return Conversation.objects.get()


def test_a_program_lists_reads_and_answers_once(
    ask: Any, conversation: Conversation, pigeons: Pigeons
) -> None:
    status, page, _tag = ask("GET", "/conversations?status=open&words=wide")
    assert status == 200
    assert [each["number"] for each in page["items"]] == [1]
    path = f"/conversations/{conversation.pk}"
    for _twice in range(2):
        status, _said, _tag = ask(
            "POST", f"{path}/messages", {"text": "They do."}, **{"Idempotency-Key": "a"}
        )
        assert status == 201
    assert Message.objects.filter(direction="out").count() == 1
    send(Message.objects.get(direction="out").pk)
    messages = ask("GET", f"{path}/messages")[1]["items"]
    steps = [(each["direction"], each["step"]) for each in messages]
    assert steps == [("in", "stored"), ("out", "sent")]
    assert [each.text for each in pigeons.sent] == ["They do."]
    older = ask("GET", f"{path}/messages?limit=1")[1]["before"]
    before = ask("GET", f"{path}/messages?limit=1&before={older.replace('+', '%2B')}")[1]["items"]
    assert [each["direction"] for each in before] == ["in"]


def test_it_is_handed_on_and_closed_by_the_revision_that_was_seen(
    ask: Any, conversation: Conversation, agnes: Person
) -> None:
    path = f"/conversations/{conversation.pk}"
    _status, whole, tag = ask("GET", path)
    assert tag == f'"{whole["revision"]}"'
    change = {"assignee": str(agnes.pk), "tags": ["size"], "status": "closed", "topic": "size"}
    status, changed, newer = ask("PATCH", path, change, **{"If-Match": tag})
    assert status == 200
    assert (changed["status"], changed["assignee_name"], changed["tags"]) == ("closed", "Agnes", ["size"])
    assert (changed["topic"], changed["topic_by"]) == ("size", "person")
    assert ask("PATCH", path, {"status": "open"}, **{"If-Match": tag})[0] == 409
    assert ask("PATCH", path, {"status": "open"})[0] == 428
    assert ask("PATCH", path, {"status": "open"}, **{"If-Match": newer})[1]["status"] == "open"
    assert ask("PATCH", path, {"status": "snoozed"}, **{"If-Match": newer})[0] == 422, "until when?"


def test_what_fails_is_listed_and_sent_again(
    ask: Any, conversation: Conversation, pigeons: Pigeons, loft: ChannelAccount
) -> None:
    ask("POST", f"/conversations/{conversation.pk}/messages", {"text": "They do."})
    pigeons.faults = [NeverSent("Nobody is home.")]
    send(Message.objects.get(direction="out").pk)
    (dead,) = ask("GET", "/dead-letters")[1]["items"]
    assert dead["fault"] == "Nobody is home."
    status, message, _tag = ask("POST", f"/dead-letters/{dead['message']}/send")
    assert (status, message["step"]) == (200, "queued")
    assert ask("POST", f"/dead-letters/{dead['message']}/send")[0] == 409
    bring(loft, {"id": "out-9", "step": "read"})
    (arrival,) = ask("GET", "/arrivals?status=failed", role="editor")[1]["items"]
    assert ask("POST", f"/arrivals/{arrival['id']}/replay", role="editor")[1]["status"] == "failed"
    assert Arrival.objects.get(pk=arrival["id"]).tries == 2
    assert ask("POST", f"/arrivals/{uuid.uuid4()}/replay", role="editor")[0] == 404


def test_accounts_are_told_without_their_secrets(ask: Any, loft: ChannelAccount) -> None:
    status, told, _tag = ask("GET", "/channels")
    assert status == 200
    assert told["items"][0]["hook"] == f"/hooks/pigeons/{loft.pk}"
    assert "secret" not in json.dumps(told)


def test_two_are_merged(ask: Any, conversation: Conversation, loft: ChannelAccount) -> None:
    bring(loft, {"id": "2", "from": "work", "text": "Me again"})
    other = Conversation.objects.get(number=2)
    status, kept, _tag = ask("POST", f"/conversations/{other.pk}/merge", {"into": str(conversation.pk)})
    assert (status, kept["number"], kept["messages"]) == (200, 1, 2)


def test_others_and_viewers_get_nothing(ask: Any, conversation: Conversation, other_brand: Brand) -> None:
    from parcours.accounts.rights import system_actor

    secret = issue_token(other_brand, role="owner", name="x", acting_user=system_actor(other_brand.pk))
    headers = {"Authorization": f"Bearer {secret}", "If-Match": '"1"'}
    path = f"/api/v1/conversations/{conversation.pk}"
    for method, where, body in (
        ("GET", path, None),
        ("GET", f"{path}/messages", None),
        ("POST", f"{path}/messages", {"text": "x"}),
        ("PATCH", path, {"status": "closed"}),
        ("POST", f"{path}/merge", {"into": str(conversation.pk)}),
    ):
        sent = json.dumps(body) if body else ""
        answer = Client().generic(method, where, data=sent, content_type="application/json", headers=headers)
        assert answer.status_code in {404, 422}, (method, where, answer.status_code)
    assert ask("GET", "/conversations", role="viewer")[0] == 403
    assert ask("POST", f"/conversations/{conversation.pk}/messages", {"text": "x"}, role="viewer")[0] == 403


@pytest.mark.parametrize("query", ["cursor=x", "assignee=x", "limit=0", "status=odd", "customer=-1"])
def test_odd_questions_are_problems(ask: Any, conversation: Conversation, query: str) -> None:
    assert conversation.number == 1
    assert ask("GET", f"/conversations?{query}")[0] == 422


ODD = (
    "tag=%00",
    "topic=%00",
    "channel=%00",
    "words=%00",
    "words=%22%00",
    "cursor=0001-01-01~00000000-0000-0000-0000-000000000000",
    "cursor=2026-01-01T00:00:00~00000000-0000-0000-0000-000000000000",
    "cursor=9999-12-31T23:59:59-23:00~00000000-0000-0000-0000-000000000000",
)


@pytest.mark.parametrize("query", ODD)
def test_what_the_database_cannot_hold_finds_nothing(
    ask: Any, conversation: Conversation, query: str
) -> None:
    assert ask("GET", f"/conversations?{query}")[0] in {200, 422}
    assert ask("GET", f"/conversations/{conversation.pk}/messages?before={query.partition('=')[2]}")[0] == 422


@pytest.fixture
def drawn(brand: Brand, alice_acts: Actor) -> Board:
    """A journey with a touchpoint in its second stage."""
    journey = create_journey("Shoes", acting_user=alice_acts)
    add_touchpoint(
        journey.id,
        stage_id=board(brand.pk, journey.id).stages[1].id,
        name="Question in the chat",
        rule={"all": [{"field": "properties.topic", "op": "is", "value": ["size"]}]},
        acting_user=alice_acts,
    )
    return board(brand.pk, journey.id)


def test_it_is_placed_on_the_map_by_the_revision_that_was_seen(
    ask: Any, conversation: Conversation, drawn: Board
) -> None:
    path, touchpoint = f"/conversations/{conversation.pk}", drawn.touchpoints[0]
    tag = ask("GET", path)[2]
    for change in ({"topic": "size"}, {"touchpoint": str(touchpoint.id)}):
        status, problem, _tag = ask("PATCH", path, change, **{"If-Match": '"99"'})
        assert (status, problem["where"]) == (409, "If-Match")
    status, placed, _tag = ask("PATCH", path, {"touchpoint": str(touchpoint.id)}, **{"If-Match": tag})
    assert status == 200
    there = (placed["journey"], placed["stage"], placed["touchpoint"])
    assert there == (str(drawn.journey.id), str(touchpoint.stage_id), str(touchpoint.id))


def test_it_is_placed_nowhere_but_on_the_map(ask: Any, conversation: Conversation, drawn: Board) -> None:
    path, touchpoint = f"/conversations/{conversation.pk}", str(drawn.touchpoints[0].id)
    unknown, other_stage = str(uuid.uuid4()), str(drawn.stages[0].id)
    for change, where in (
        ({"stage": unknown}, "stage"),
        ({"touchpoint": unknown}, "touchpoint"),
        ({"stage": other_stage, "touchpoint": touchpoint}, "touchpoint"),
        ({"journey": str(drawn.journey.id)}, "stage"),
        ({"prioritty": 1}, "body.change.prioritty"),
    ):
        status, problem, _tag = ask("PATCH", path, change, **{"If-Match": ask("GET", path)[2]})
        assert (status, problem["where"]) == (422, where)
    conversation.refresh_from_db()
    assert conversation.stage_id is None


def test_a_key_sends_one_message_only(ask: Any, conversation: Conversation) -> None:
    path, key = f"/conversations/{conversation.pk}/messages", {"Idempotency-Key": "a"}
    assert ask("POST", path, {"text": "They do."}, **key)[0] == 201
    for other in ({"text": "They don't."}, {"text": "They do.", "note": True}):
        status, problem, _tag = ask("POST", path, other, **key)
        assert (status, problem["where"]) == (409, "Idempotency-Key")
    assert Message.objects.filter(conversation=conversation).count() == 2
