"""What helps to write at the desk: suggested answers, approved templates, signatures; channels' health."""

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.inbox import writes
from parcours.inbox.channels.base import Template, Window
from parcours.inbox.desk.models import ReplyUse
from parcours.inbox.desk.replies import ReplyView, save_reply
from parcours.inbox.models import ChannelAccount, Conversation, Message
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.messenger import Pigeons

SCRIPT = {"HX-Request": "true"}
HTML = {"Accept": "text/html"}

Write = Callable[..., Conversation]


@pytest.fixture
def write(loft: ChannelAccount) -> Write:
    def wrote(text: str = "Where is my parcel?") -> Conversation:
        told = {"id": str(uuid.uuid4()), "from": "mark", "name": "Mark Twain", "text": text}
        writes.keep(loft, json.dumps([told]).encode())
        return Message.objects.get(external_id=told["id"]).conversation

    return wrote


@pytest.fixture
def parcel(brand: Brand, alice_acts: Actor) -> ReplyView:
    return save_reply(
        brand,
        shortcut="parcel",
        name="Parcel",
        texts={"en": "Dear {{customer.first_name}}, it is on its way."},
        acting_user=alice_acts,
    )


@pytest.fixture
def closed_window(pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform takes approved templates only; it knows one."""

    def window(account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        return Window(open=False, why="The day is over.", templates=True)

    def as_template(template: Template, values: Sequence[str]) -> dict[str, Any]:
        return {"name": template.name, "values": list(values)}

    known = [Template("arrived", "en", "Hello {{1}}, {{2}} has arrived.", ("1", "2"))]
    monkeypatch.setattr(pigeons, "window", window)
    monkeypatch.setattr(pigeons, "templates", lambda _account: known)
    monkeypatch.setattr(pigeons, "as_template", as_template)


def test_an_answer_is_suggested_with_its_reason_and_its_use_is_remembered(
    as_agnes: Client, write: Write, parcel: ReplyView
) -> None:
    conversation = write()
    Conversation.objects.update(topic="order status")
    told = as_agnes.get(f"/inbox/{conversation.pk}/quick/", headers=SCRIPT).json()
    (best,) = told["suggested"]
    assert (best["key"], best["reason"]) == (str(parcel.id), "Has “parcel”")
    assert told["replies"][0]["text"] == "Dear Mark, it is on its way."
    sent = {"text": "Dear Mark, it is on its way.", "used": [str(parcel.id), "nonsense"]}
    assert as_agnes.post(f"/inbox/{conversation.pk}/reply/", sent, headers=SCRIPT).status_code == 200
    use = ReplyUse.objects.get()
    assert (use.reply_id, use.topic, use.times) == (parcel.id, "order status", 1)


def test_a_template_is_chosen_filled_and_sent_when_free_words_are_not(
    as_agnes: Client, write: Write, closed_window: None
) -> None:
    conversation = write()
    opened = as_agnes.get(f"/inbox/{conversation.pk}/", headers=HTML).content.decode()
    assert "The day is over." in opened
    address = f"/inbox/{conversation.pk}/approved/"
    assert address in opened
    form = as_agnes.get(address, headers=SCRIPT).content.decode()
    assert "Hello {{1}}, {{2}} has arrived." in form
    assert '<option value="Mark">' in form
    told = {"template": "arrived/en", "value": ["Mark", ""]}
    refused = as_agnes.post(address, told, headers=HTML)
    assert refused.status_code == 422
    assert "Fill in every place" in refused.content.decode()
    as_agnes.post(address, {"template": "arrived/en", "value": ["Mark", "your parcel"]}, headers=HTML)
    sent = Message.objects.get(direction="out")
    assert sent.text == "Hello Mark, your parcel has arrived."
    assert sent.payload["template"] == {"name": "arrived", "values": ["Mark", "your parcel"]}


def test_a_template_that_the_platform_does_not_know_is_not_sent(
    as_agnes: Client, write: Write, closed_window: None
) -> None:
    answer = as_agnes.post(f"/inbox/{write().pk}/approved/", {"template": "made up/en"}, headers=SCRIPT)
    assert answer.status_code == 404
    assert not Message.objects.filter(direction="out").exists()


def test_people_write_their_own_signature_and_see_how_it_looks(as_agnes: Client, agnes: Person) -> None:
    address = "/inbox/settings/signature/"
    shown = as_agnes.post(address, {"en": "Best,\n{{agent.first_name}}"}, follow=True).content.decode()
    assert "Your signature is saved." in shown
    assert "Best,<br>Agnes" in shown
    refused = as_agnes.post(address, {"en": "{{customer.name}}"})
    assert refused.status_code == 422


def test_a_channel_in_trouble_says_so_on_its_page(as_alice: Client, loft: ChannelAccount) -> None:
    shown = as_alice.get("/inbox/settings/channels/", headers=HTML).content.decode()
    assert "In trouble" not in shown
    writes.keep(loft, b"not json at all", name="odd")
    shown = as_alice.get("/inbox/settings/channels/", headers=HTML).content.decode()
    assert "In trouble" in shown
    assert "1 arrival can’t be read" in shown


def test_a_very_long_message_is_all_there_and_begins_short(as_agnes: Client, write: Write) -> None:
    words = " ".join(f"word{n}" for n in range(7_000))
    shown = as_agnes.get(f"/inbox/{write(words).pk}/", headers=HTML).content.decode()
    at_once, folded = shown.split("Show the rest of this long message")
    assert "word300" in at_once
    assert "word900" not in at_once
    assert "word6999" in folded
