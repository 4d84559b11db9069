"""Calls of Meta in any order, batched, cut, doubled, with things of next year: the end is the same."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.inbox import writes
from parcours.inbox.models import Arrival, ChannelAccount, Conversation, Message
from parcours.inbox.sending import send
from parcours.inbox.writes.receiving import read_again
from tests.inbox.channels.meta_fixtures import SECRETS, bring, later
from tests.inbox.channels.meta_fixtures import graph as graph  # noqa: PLC0414
from tests.inbox.platforms.meta import Graph, page_text, whatsapp_text

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = 12
_ODD: list[dict[str, Any]] = [{"of_next_year": {"x": 1}}, {"messages": "none"}, {"statuses": [None, 7]}]
_PAGE_ODD: list[dict[str, Any]] = [{"sender": {"id": "psid-1"}, "of_next_year": []}, {"message": "text"}]


def of_whatsapp(sent: str) -> list[dict[str, Any]]:
    """Each is the `value` of a change. The customer writes, changes their mind, and reads our answer."""
    steps = [
        {"id": sent, "status": step, "timestamp": "1790000100", "recipient_id": "33612345678"}
        for step in ("sent", "delivered", "read")
    ]
    reaction: dict[str, Any] = {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": "👍"}}
    return [
        *(whatsapp_text(number, f"Message {number}") for number in range(4)),
        whatsapp_text(4, "", type="poll_of_next_year", poll_of_next_year={"question": "?"}),
        whatsapp_text(5, "", type="image", image={"id": "m1", "mime_type": "image/jpeg"}),
        whatsapp_text(6, "", **reaction),
        *({"statuses": [each]} for each in steps),
        *_ODD,
    ]


def of_a_page(sent: str, page: str) -> list[dict[str, Any]]:
    """Each is an event of `messaging`."""
    here = {"sender": {"id": "psid-1"}, "recipient": {"id": page}, "timestamp": 1_790_000_900_000}
    echo = page_text(7, "Good morning", sender=page, page="psid-1", is_echo=True)
    echo["message"]["mid"] = sent
    return [
        *(page_text(number, f"Message {number}", page=page) for number in range(1, 5)),
        page_text(5, "", page=page, of_next_year=1),
        {
            **here,
            "timestamp": 1_790_000_900_000,
            "reaction": {"mid": "m_2", "action": "react", "emoji": "👍"},
        },
        {**here, "delivery": {"mids": [sent]}},
        {**here, "read": {"mid": sent}},
        echo,
        *_PAGE_ODD,
    ]


def calls(kind: str, address: str, parts: list[dict[str, Any]], chance: random.Random) -> list[bytes]:
    """The parts shuffled, some doubled, in calls of any size, with entries nobody asked for."""
    parts = [*parts, *chance.sample(parts, 4)]
    chance.shuffle(parts)
    made = []
    while parts:
        size = chance.randrange(1, 6)
        some, parts = parts[:size], parts[size:]
        if kind == "whatsapp":
            meta = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": address}}
            changes = [{"field": "messages", "value": {**meta, **each}} for each in some]
            entries = [{"id": "waba", "changes": [*changes, {"field": "account_update", "value": {}}]}]
            told = {"object": "whatsapp_business_account", "entry": entries}
        else:
            at = chance.randrange(len(some) + 1)
            entries = [{"id": address, "messaging": each} for each in (some[:at], some[at:])]
            told = {"object": "page" if kind == "messenger" else kind, "entry": [*entries, {"id": address}]}
        made.append(json.dumps(told).encode())
    return made


def end_state(account: ChannelAccount) -> dict[str, Any]:
    """What people see, and what is counted."""
    conversation = Conversation.objects.get(account=account)
    messages = Message.objects.filter(account=account).exclude(direction="line").order_by("at", "external_id")
    return {
        "messages": [
            (each.direction, each.text, each.step, each.payload.get("type"), each.payload.get("reaction"))
            for each in messages
        ],
        "files": sum(each.attachments.count() for each in messages),
        "count": conversation.message_count,
        "preview": (conversation.preview, conversation.last_message_at),
        "trouble": Arrival.objects.filter(account=account).exclude(status__in=["done", "ignored"]).count(),
    }


@pytest.mark.parametrize("kind", ["whatsapp", "messenger", "instagram"])
def test_whatever_the_order_the_end_is_the_same(
    brand: Brand, alice_acts: Actor, graph: Graph, kind: str
) -> None:
    ends = []
    for seed in range(ORDERS):
        address = f"{4711 + seed}"
        account = writes.add_account(brand, kind, kind, SECRETS, address=address, acting_user=alice_acts)
        bring(account, calls(kind, address, _first(kind, address), random.Random(seed))[0])
        conversation = Conversation.objects.get(account=account)
        with later(conversation, minutes=3):
            reply = writes.send_reply(conversation.pk, "Good morning", acting_user=alice_acts)
            assert send(reply.pk) == "sent"
            Message.objects.filter(pk=reply.pk).update(at=conversation.last_message_at + timedelta(minutes=3))
            sent = Message.objects.get(pk=reply.pk).external_id
            told = of_whatsapp(sent) if kind == "whatsapp" else of_a_page(sent, address)
            for body in calls(kind, address, told, random.Random(seed)):
                bring(account, body)
            for _again in range(3):
                read_again()
        ends.append(end_state(account))
    assert ends[0]["trouble"] == 0
    assert ends[0]["count"] == len(ends[0]["messages"])
    assert any(step == "read" for _direction, _text, step, *_rest in ends[0]["messages"])
    assert any(reaction == "👍" for *_rest, reaction in ends[0]["messages"])
    for end in ends[1:]:
        assert end == ends[0]


def _first(kind: str, address: str) -> list[dict[str, Any]]:
    """What the conversation begins with; doubled as all is."""
    one = whatsapp_text(-100, "Hello") if kind == "whatsapp" else page_text(-100, "Hello", page=address)
    return [one] * 4
