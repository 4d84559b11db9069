"""A brand with a small shop's events in its lake, and a journey drawn over them."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import md5

import pyarrow as pa
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.reads import board
from parcours.canvas.shapes import Board
from parcours.canvas.writes import add_touchpoint, create_journey
from parcours.core.clock import now
from parcours.customers.writes import resolve_identities, upsert_customers
from parcours.events.lake import Lake
from parcours.events.lake.layout import staged_schema
from parcours.insights import kept
from tests.insights.happened import Happened, Store


@pytest.fixture
def store(brand: Brand) -> Store:
    """Puts events into the brand's lake."""
    kept.forget_everything_in_memory()

    def put(events: Sequence[Happened]) -> None:
        customers = resolve_identities(brand, "user_id", [event.user for event in events])
        Lake(brand.pk).append(_staged(events, customers.tolist()))

    return put


def _staged(events: Sequence[Happened], customers: Sequence[int]) -> pa.Table:
    moment = now()
    rows = [
        {
            "customer": customer,
            "time": moment - timedelta(days=event.days_ago),
            "seq": 0,
            "content": md5(repr(event).encode(), usedforsecurity=False).digest(),
            "explicit": False,
            "name": event.name,
            "channel": event.channel,
            "source": "test",
            "received": datetime(2026, 1, 1),
            "properties": json.dumps({"country": event.country, **event.properties}),
        }
        for event, customer in zip(events, customers, strict=True)
    ]
    return pa.Table.from_pylist(rows, staged_schema())


@pytest.fixture
def born(brand: Brand, system: Actor) -> Callable[[dict[str, int]], None]:
    """Says in which year customers were born."""

    def say(years: dict[str, int]) -> None:
        table = pa.table({"user_id": list(years), "birth_year": list(years.values())})
        upsert_customers(brand, table, acting_user=system)

    return say


@pytest.fixture
def drawn(brand: Brand, system: Actor) -> Board:
    """Looking (product pages), choosing (the cart), buying (orders), then two stages nobody has described."""
    journey = create_journey("Shoes", acting_user=system, language="en")
    stages = board(brand.pk, journey.id).stages
    for stage, name, event in zip(stages, ("Page", "Cart", "Order"), ("View", "Cart", "Order"), strict=False):
        rule = {"all": [{"field": "name", "op": "is", "value": [event]}]}
        add_touchpoint(journey.id, stage_id=stage.id, name=name, rule=rule, acting_user=system)
    return board(brand.pk, journey.id)
