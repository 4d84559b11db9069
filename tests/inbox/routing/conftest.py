"""A team and its queues, for tests of routing."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.accounts.writes import add_person
from parcours.core.clock import now
from parcours.inbox.channels.base import Request
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.routing.agents import ProfileForm, save_profile
from parcours.inbox.routing.enums import LIVE_KINDS
from parcours.inbox.routing.presence import set_state
from parcours.inbox.routing.queues import QueueForm, save_queue
from parcours.inbox.routing.writes import save_settings
from parcours.inbox.writes.receiving import receive
from tests.inbox.conftest import RING, loft, pigeons

__all__ = ["loft", "pigeons"]

Hire = Callable[..., Person]
Ask = Callable[..., Conversation]


@pytest.fixture
def hire(brand: Brand, system: Actor) -> Hire:
    """A colleague who is online (unless `there` is false) and takes what the profile says."""

    def hired(name: str, *, there: bool = True, **profile: Any) -> Person:
        email = f"{name.lower()}@example.org"
        add_person(email, brand=brand, role="agent", name=name, password="x" * 20, acting_user=system)
        person = Person.objects.get(email=email)
        if profile:
            save_profile(brand, person.pk, ProfileForm(**profile), acting_user=system)
        if there:
            set_state(person.pk, "online", acting_user=system)
        return person

    return hired


@pytest.fixture
def ask(loft: ChannelAccount) -> Ask:
    """Somebody writes; the conversation it became or went on with."""
    numbers = iter(range(1, 100_000))

    def asked(text: str = "Where is my parcel?", who: str = "", **told: Any) -> Conversation:
        number = next(numbers)
        sender = who or f"customer {number}"
        at = told.pop("at", int(now().timestamp()))
        message = {"id": f"m{number}", "from": sender, "name": sender.title(), "text": text, "at": at, **told}
        receive(loft, Request("POST", "", {"x-ring": RING}, json.dumps([message]).encode(), now()))
        return Conversation.objects.get(messages__external_id=f"m{number}")

    return asked


@pytest.fixture
def handing_out(system: Actor) -> None:
    """The brand lets conversations be handed out."""
    save_settings(assigns=True, sticky=True, acting_user=system)


@pytest.fixture
def pigeons_are_live(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends a pigeon sits and waits, as in a chat."""
    live = LIVE_KINDS | {"pigeons"}
    for module in ("fitting", "presence", "returning", "writes", "assigning"):
        monkeypatch.setattr(f"parcours.inbox.routing.{module}.LIVE_KINDS", live)


@pytest.fixture
def queue(brand: Brand, system: Actor) -> Callable[..., uuid.UUID]:
    """A queue by its name; `members` are people."""

    def made(name: str, members: tuple[Person, ...] = (), **form: Any) -> uuid.UUID:
        ids = [each.pk for each in members]
        return save_queue(brand, QueueForm(name, members=ids, **form), acting_user=system).pk

    return made
