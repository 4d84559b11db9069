"""The customer beside a conversation: who it is, where on the journey, what happened, what was bought."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from parcours.accounts.models import Brand
from parcours.canvas import reads as canvas
from parcours.canvas.shapes import Board, StageView, TouchpointView
from parcours.core.errors import NotFound
from parcours.core.formats import money
from parcours.customers.reads import CustomerView, customer
from parcours.customers.segments.of_customer import segments_of
from parcours.events.reads import EventView
from parcours.events.timeline import TimelinePage, timeline_page
from parcours.inbox import reads
from parcours.inbox.desk.reads import others_of_customer
from parcours.inbox.shapes import ConversationView
from parcours.insights.conversations.placing import home_board
from parcours.web.doors import Request, door
from parcours.web.inbox.cart import cart_of
from parcours.web.inbox.views_of_list import read_asked
from parcours.web.listen.story import Entry, Story, said_by, story_of

MOST_ENTRIES = 12
MOST_ORDERS = 3
BOUGHT = "Order Completed"
LOOKED_AT = 120
"""Events among which the cart is looked for."""
_ORIGIN: Mapping[str, str | Promise] = {
    "page": _("Page"),
    "referrer": _("Came from"),
    "campaign": _("Campaign"),
    "cart_id": _("Cart"),
    "order_id": _("Order"),
    "post": _("Post"),
}


@dataclass(frozen=True, slots=True)
class Step:
    stage: StageView
    here: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The journey's stages with the one that the conversation belongs to, at a touchpoint where known."""

    board: Board
    steps: tuple[Step, ...]
    touchpoint: TouchpointView | None

    @property
    def place(self) -> uuid.UUID | None:
        """The touchpoint, or else the stage."""
        if self.touchpoint:
            return self.touchpoint.id
        return next((step.stage.id for step in self.steps if step.here), None)


@dataclass(frozen=True, slots=True)
class Order:
    """`total` is as the shop told it, with its currency; empty where it told none."""

    number: str
    at: datetime
    total: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a conversation came from; `href` where that is an address of the web."""

    label: str
    value: str
    href: str = ""


@door("inbox.view")
@require_GET
def beside(request: Request, conversation_id: uuid.UUID) -> HttpResponse:
    found = reads.conversation(request.brand.pk, conversation_id)
    context = {"conversation": found, "asked": read_asked(request.GET), **about(request, found)}
    return render(request, "inbox/beside.html", context)


@door("inbox.view")
@require_GET
def story(request: Request, conversation_id: uuid.UUID) -> HttpResponse:
    """What needs the log of events: cart and orders, what happened; with it segments and consent."""
    found = reads.conversation(request.brand.pk, conversation_id)
    known = _customer(request, found)
    told = _told(request.brand, known.id) if known is not None else {}
    return render(request, "inbox/beside_story.html", {"conversation": found, "customer": known, **told})


def about(request: Request, found: ConversationView) -> dict[str, Any]:
    """What is seen first of the customer; the number of queries doesn't grow with what there is."""
    return {
        "customer": _customer(request, found),
        "strip": strip_of(request.brand, found),
        "origin": origin_of(found.context),
        "others": others_of_customer(request.brand.pk, found.customer_id, found.id),
    }


def strip_of(brand: Brand, found: ConversationView) -> Strip | None:
    """On the journey that it was placed on, else on the one that conversations are placed on."""
    try:
        board = (
            canvas.outline(brand.pk, found.journey_id) if found.journey_id is not None else home_board(brand)
        )
    except NotFound:  # the journey was deleted since
        board = home_board(brand)
    if board is None:
        return None
    steps = tuple(Step(stage, stage.id == found.stage_id) for stage in board.stages)
    touchpoint = next((each for each in board.touchpoints if each.id == found.touchpoint_id), None)
    return Strip(board, steps, touchpoint)


def origin_of(context: Mapping[str, Any]) -> tuple[Origin, ...]:
    found = []
    for key, label in _ORIGIN.items():
        value = context.get(key)
        if isinstance(value, str) and value:
            is_web = urlsplit(value).scheme in {"http", "https"}
            found.append(Origin(str(label), value, value if is_web else ""))
    return tuple(found)


def _customer(request: Request, found: ConversationView) -> CustomerView | None:
    if found.customer_id is None or not request.actor.may("customers.view"):
        return None
    try:
        return customer(request.brand, found.customer_id)
    except NotFound:  # erased since
        return None


def _told(brand: Brand, customer_id: int) -> dict[str, Any]:
    page = timeline_page(brand, customer_id, size=LOOKED_AT)
    said = said_by(brand, customer_id)
    entries = islice(_entries(story_of(brand, customer_id, page=page, said=said)), MOST_ENTRIES)
    return {
        "segments": segments_of(brand, customer_id),
        "entries": tuple(entries),
        "orders": tuple(_order(each, brand.currency) for each in _bought(brand, customer_id, page)),
        "cart": cart_of(page.events, brand.currency),
        "consents": [(said.name_of(each), each) for each in said.newest],
    }


def _bought(brand: Brand, customer_id: int, page: TimelinePage) -> Sequence[EventView]:
    """The last orders; the log is asked again only where the page doesn't reach back to them."""
    seen = [each for each in page.events if each.name == BOUGHT][:MOST_ORDERS]
    if len(seen) == min(dict(page.names).get(BOUGHT, 0), MOST_ORDERS):
        return seen
    return timeline_page(brand, customer_id, name=BOUGHT, size=MOST_ORDERS).events


def _entries(story: Story) -> "islice[Entry]":
    every = (entry for day in story.days for session in day.sessions for entry in session.entries)
    return islice(every, 200)


def _order(event: EventView, currency: str) -> Order:
    told = event.properties
    total: Any = told.get("total", told.get("revenue", told.get("value")))
    try:
        shown = money(float(total), str(told.get("currency") or currency))
    except (TypeError, ValueError):  # the shop told none, or something else
        shown = ""
    return Order(str(told.get("order_id", "")), event.time, shown)
