"""Where conversations belong: stage and touchpoint of the brand's first journey, and a topic.

Where the customer came from says it first: the page, cart or order of the conversation, then what they did in
the day before. Else its words say the topic, and a touchpoint whose rule asks for that topic has it. What
neither says has no home, and stands on a list until somebody gives it one.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas.family import leading
from parcours.canvas.reads import journeys, outline, standing_stages
from parcours.canvas.resolver import compile_touchpoints
from parcours.canvas.shapes import Board
from parcours.core.clock import now
from parcours.inbox.channels import channel_of
from parcours.inbox.enums import PlacedBy
from parcours.inbox.reads.examples import ToPlace, examples, to_place
from parcours.inbox.writes import place
from parcours.inbox.writes.displacing import lose_places
from parcours.insights.conversations.guessing import Encode, Guess, Guesser
from parcours.insights.meaning import vectors_of

BEFORE = timedelta(hours=24)
_OWN = frozenset(
    {
        "Conversation Started",
        "Message Received",
        "Message Sent",
        "Conversation Placed",
        "Conversation Resolved",
    }
)
"""Events of conversations themselves say nothing about where the customer came from."""


@dataclass(frozen=True, slots=True)
class Place:
    journey_id: uuid.UUID
    stage_id: uuid.UUID
    touchpoint_id: uuid.UUID
    by: str


def ask_to_place(conversation: Any, message: Any, is_new: bool) -> None:  # noqa: ARG001 - as it is called
    """A customer began a conversation: a job looks at all that nobody has placed."""
    if is_new:
        transaction.on_commit(lambda: _ask(str(conversation.brand_id)))


def _ask(brand_id: str) -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.insights.tasks import place_conversations

    try:
        place_conversations.configure(queueing_lock=f"insights.place.{brand_id}").defer(brand=brand_id)
    except AlreadyEnqueued:
        return  # a look that hasn't begun yet will see this one too


def look_again(brand: Brand, *, acting_user: Actor) -> int:
    """What stood at stages that were removed is placed anew by a job; returns how much that is."""
    let_go = lose_places(standing_stages(brand.pk), acting_user=acting_user)
    if let_go:
        _ask(str(brand.pk))
    return let_go


def place_waiting(brand: Brand, *, encode: Encode = vectors_of) -> int:
    """Places all that wait, as far as they say where they belong; returns how many have a home now."""
    waiting = to_place(brand.pk)
    if not waiting:
        return 0
    drawn = home_board(brand)
    guesser = Guesser(examples(brand.pk), encode=encode)
    homes = _Homes(brand, drawn) if drawn is not None else None
    acting_user = system_actor(brand.pk)
    found = 0
    while waiting:
        guesses = guesser.guess([each.text for each in waiting])
        found += sum(
            _place_one(each, guess, homes, acting_user) for each, guess in zip(waiting, guesses, strict=True)
        )
        waiting = to_place(brand.pk)
    return found


def _place_one(each: ToPlace, guess: Guess, homes: "_Homes | None", acting_user: Actor) -> bool:
    found = homes.of(each, guess.topic) if homes is not None else None
    place(
        each.id,
        acting_user=acting_user,
        placed_by=found.by if found else PlacedBy.TEXT,
        journey_id=found.journey_id if found else None,
        stage_id=found.stage_id if found else None,
        touchpoint_id=found.touchpoint_id if found else None,
    )
    if guess.topic:
        place(each.id, acting_user=acting_user, placed_by=PlacedBy.TEXT, topic=guess.topic)
    return found is not None


def home_board(brand: Brand) -> Board | None:
    """The journey that conversations are placed on, without its rows and cards: of those that lead the first
    one with touchpoints.
    """
    drawn = (outline(brand.pk, each.journey.id) for each in leading(journeys(brand.pk)) if each.touchpoints)
    return next((each for each in drawn if each.touchpoints), None)


class _Homes:
    """The touchpoints of one journey, asked for many conversations."""

    def __init__(self, brand: Brand, drawn: Board) -> None:
        self._brand = brand
        self._board = drawn
        self._rules = compile_touchpoints(drawn.touchpoints).rules

    def of(self, each: ToPlace, topic: str) -> Place | None:
        by_context = self._first(_context_events(each))
        if by_context is None:
            by_context = self._before(each)
        if by_context is not None:
            return self._place(by_context, PlacedBy.CONTEXT)
        by_words = self._first([_own_event(each, topic)]) if topic else None
        return self._place(by_words, PlacedBy.TEXT) if by_words is not None else None

    def _place(self, code: int, by: str) -> Place:
        touchpoint = self._board.touchpoints[code]
        return Place(self._board.journey.id, touchpoint.stage_id, touchpoint.id, by)

    def _first(self, events: "Sequence[_Happened]") -> int | None:
        """The touchpoint of the first of the events that lies in one."""
        for event in events:
            read = _reader(event)
            for code, rule in enumerate(self._rules):
                if rule.holds(read):
                    return code
        return None

    def _before(self, each: ToPlace) -> int | None:
        """The touchpoint of the last thing that the customer did on the map in the day before."""
        if each.customer_id is None:
            return None
        lately = self._lately(each.customer_id)
        return self._first(lately[::-1])

    def _lately(self, customer_id: int) -> "list[_Happened]":
        from parcours.events.timeline import timeline_page

        try:
            page = timeline_page(self._brand, customer_id, size=30)
        except FileNotFoundError:  # the log is being written anew at this moment
            return []
        begin = now() - BEFORE
        return [
            _Happened(event.name, event.channel, {**event.properties})
            for event in sorted(page.events, key=lambda event: event.time)
            if event.time >= begin and event.name not in _OWN
        ]


@dataclass(frozen=True, slots=True)
class _Happened:
    name: str
    channel: str
    properties: Mapping[str, Any] = field(default_factory=dict)


def _context_events(each: ToPlace) -> list[_Happened]:
    """What the conversation's own context says happened, the most telling first."""
    context = each.context
    found = []
    if context.get("order_id"):
        found.append(_Happened("Order Completed", "web", {"order_id": context["order_id"]}))
    if context.get("cart_id"):
        found.append(_Happened("Cart Viewed", "web", {"cart_id": context["cart_id"]}))
    if isinstance(page := context.get("page"), str) and page:
        parts = urlsplit(page)
        seen = {
            "url": page,
            "path": parts.path or page,
            **({"name": context["title"]} if "title" in context else {}),
        }
        found.append(_Happened("Page Viewed", "web", seen))
    return found


def _own_event(each: ToPlace, topic: str) -> _Happened:
    channel = channel_of(each.kind).event_channel
    return _Happened("Conversation Placed", channel, {"topic": topic, **each.context})


def _reader(event: _Happened) -> Callable[[str], object]:
    """Values of the event's fields, as conditions of rules ask for them."""

    def read(field_name: str) -> object:
        if field_name in {"name", "channel"}:
            return getattr(event, field_name)
        value = _inside(event.properties, field_name.removeprefix("properties."))
        return None if value is None else str(value)

    return read


def _inside(properties: Mapping[str, Any], key: str) -> Any:
    value: Any = properties
    if key in properties:
        return properties[key]
    for part in key.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value
