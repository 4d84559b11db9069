"""Queues, agents and rules through the API."""

import uuid
from typing import Any

import pytest

from parcours.accounts.models import Brand, Person
from parcours.inbox.models import ChannelAccount, Conversation
from tests.api.test_inbox import ask as ask  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.api.test_inbox import conversation as conversation  # noqa: PLC0414
from tests.inbox.conftest import loft as loft  # noqa: PLC0414
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_program_sets_up_who_answers_what(
    brand: Brand, ask: Any, loft: ChannelAccount, agnes: Person
) -> None:
    status, queue, tag = ask(
        "POST", "/queues", {"name": "Returns", "members": [str(agnes.pk)]}, role="editor"
    )
    assert (status, tag, queue["members"]) == (201, '"1"', [str(agnes.pk)])
    _status, skill, _tag = ask("POST", "/skills", {"name": "Refunds"}, role="editor")
    status, agent, _tag = ask(
        "PUT",
        f"/agents/{agnes.pk}/profile",
        {"languages": ["fr", "en"], "skills": [skill["id"]], "capacity": 1},
        role="editor",
        **{"If-Match": '"0"'},
    )
    assert (status, agent["capacity"], agent["revision"]) == (200, 1, 1)
    rule = {
        "name": "Refunds",
        "conditions": {"words": ["refund"]},
        "queue": queue["id"],
        "skills": [skill["id"]],
        "priority": 1,
    }
    status, made, _tag = ask("POST", "/routing/rules", rule, role="editor")
    assert (status, made["conditions"]) == (201, {"words": ["refund"]})
    status, settings, _tag = ask("PUT", "/routing", {"assigns": True}, role="editor", **{"If-Match": '"1"'})
    assert (status, settings["assigns"]) == (200, True)
    status, there, _tag = ask("PUT", f"/agents/{agnes.pk}/presence", {"state": "online"}, role="editor")
    assert (status, there["state"]) == (200, "online")

    status, tried, _tag = ask("POST", "/routing/try", {"account": str(loft.pk), "text": "A refund, please"})
    assert (status, tried["queue"], tried["rule"], tried["agent"]) == (200, queue["id"], made["id"], "Agnes")
    bring(loft, {"id": "1", "text": "I want a refund for this"})
    [standing] = [each for each in ask("GET", "/queues")[1]["items"] if each["id"] == queue["id"]]
    assert (standing["waiting"], standing["agents_online"]) == (1, 1)


def test_what_was_changed_meanwhile_is_not_overwritten(ask: Any) -> None:
    _status, queue, _tag = ask("POST", "/queues", {"name": "Returns"}, role="editor")
    path = f"/queues/{queue['id']}"
    assert ask("PUT", path, {"name": "A"}, role="editor")[0] == 428
    assert ask("PUT", path, {"name": "A"}, role="editor", **{"If-Match": '"1"'})[0] == 200
    assert ask("PUT", path, {"name": "B"}, role="editor", **{"If-Match": '"1"'})[0] == 409
    assert ask("DELETE", path, role="editor")[0] == 204
    assert [each["is_default"] for each in ask("GET", "/queues")[1]["items"]] == [True]


def test_rules_are_put_in_order_and_removed(ask: Any) -> None:
    ids = [
        ask("POST", "/routing/rules", {"name": name, "priority": 1}, role="editor")[1]["id"] for name in "abc"
    ]
    status, rules, _tag = ask("PUT", "/routing/order", {"rules": [ids[2], ids[0]]}, role="editor")
    assert (status, [each["name"] for each in rules["items"]]) == (200, ["c", "a", "b"])
    assert ask("DELETE", f"/routing/rules/{ids[0]}", role="editor")[0] == 204
    assert (
        ask("POST", "/routing/rules", {"name": "x", "conditions": {"segments": ["?"]}}, role="editor")[0]
        == 422
    )


def test_a_conversation_moves_to_another_queue(ask: Any, conversation: Conversation) -> None:
    _status, queue, _tag = ask("POST", "/queues", {"name": "Returns"}, role="editor")
    path = f"/conversations/{conversation.pk}/queue"
    assert ask("POST", path, {"queue": str(uuid.uuid4())})[0] == 404
    assert ask("POST", path, {"queue": queue["id"]})[0] == 204
    conversation.refresh_from_db()
    assert str(conversation.queue_id) == queue["id"]


def test_agents_read_but_do_not_set_up(ask: Any, agnes: Person) -> None:
    assert ask("GET", "/agents")[0] == 200
    assert ask("POST", "/queues", {"name": "Mine"})[0] == 403
    assert ask("PUT", f"/agents/{agnes.pk}/presence", {"state": "online"})[0] == 403
