"""Segments are built from rows or JSON, counted as they are written, and survive being opened again."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.customers.models import Segment
from parcours.customers.writes import do_create_segment
from parcours.events.imports import import_events

FILE = (
    "customer_id,time,event,channel,total\n"
    "7,2026-01-01T10:00:00Z,Order Completed,web,60\n"
    "7,2026-01-03T09:00:00Z,Order Completed,app,20\n"
    "8,2026-01-02T09:00:00Z,Order Completed,web,20\n"
    "9,2026-01-02T09:00:00Z,Cart Viewed,web,\n"
)
BUYERS: dict[str, Any] = {
    "field": ["country"], "op": ["is"], "value": [""],
    "happened_event": ["Order Completed"], "happened_count": ["at_least"], "happened_times": ["2"],
    "happened_since": ["2026-01-01"], "happened_before": [""],
    "happened_field": [""], "happened_op": ["is"], "happened_value": [""],
}  # fmt: skip


@pytest.fixture
def shop(brand: Brand, system: Actor, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(FILE)
    import_events(brand, path, acting_user=system)


def test_a_segment_is_counted_as_it_is_written(as_alice: Client, shop: None) -> None:
    page = as_alice.post("/listen/segments/count/", BUYERS).content.decode()
    assert "1 customer<" in page
    assert "of 3" in page
    assert "did “Order Completed” at least 2 times since 1 Jan 2026" in page

    page = as_alice.post("/listen/segments/count/", BUYERS | {"happened_count": ["never"]}).content.decode()
    assert "1 customer<" in page
    told = BUYERS | {"happened_times": ["1"], "happened_field": ["properties.total"], "happened_op": ["gte"]}
    assert (
        "1 customer<"
        in as_alice.post("/listen/segments/count/", told | {"happened_value": ["50"]}).content.decode()
    )
    assert "3 customers<" in as_alice.post("/listen/segments/count/", {}).content.decode()


def test_what_is_wrong_with_a_rule_is_said_where_it_is_counted(as_alice: Client, shop: None) -> None:
    page = as_alice.post("/listen/segments/count/", BUYERS | {"happened_since": ["soon"]}).content.decode()
    assert "“soon” is not a day." in page
    page = as_alice.post("/listen/segments/count/", {"json": "{"}).content.decode()
    assert "This isn't JSON" in page.replace("&#x27;", "'")


def test_a_segment_over_events_is_kept_and_opened_again(as_alice: Client, as_bob: Client, shop: None) -> None:
    as_alice.post("/listen/segments/new/", BUYERS | {"name": "Twice"})
    row = Segment.objects.get()
    rule = [{"event": ["Order Completed"], "op": "at_least", "times": 2, "since": "2026-01-01"}]
    assert row.rule == {"all": rule}

    page = as_alice.get(f"/listen/segments/{row.pk}/").content.decode()
    assert 'value="Order Completed"' in page
    assert 'value="2026-01-01"' in page
    as_alice.post(f"/listen/segments/{row.pk}/", BUYERS | {"name": "Twice"})
    row.refresh_from_db()
    assert row.rule == {"all": rule}
    assert "Twice" in as_bob.get("/listen/segments/").content.decode()


def test_a_rule_that_rows_cannot_say_is_edited_as_json(as_alice: Client, brand: Brand, system: Actor) -> None:
    where = [
        {"field": "channel", "op": "is", "value": ["web"]},
        {"field": "properties.total", "op": "gte", "value": ["50"]},
    ]
    rule = {"all": [{"event": ["Order Completed"], "op": "at_least", "times": 1, "where": where}]}
    made = do_create_segment(brand, "Large", rule, acting_user=system)

    page = as_alice.get(f"/listen/segments/{made.pk}/").content.decode()
    assert 'name="json"' in page
    sent = {"name": "Large", "json": '{"all": [{"event": "Cart Viewed", "op": "at_most", "times": 0}]}'}
    as_alice.post(f"/listen/segments/{made.pk}/", sent)
    made.refresh_from_db()
    assert made.rule == {"all": [{"event": ["Cart Viewed"], "op": "at_most", "times": 0}]}

    refused = as_alice.post(f"/listen/segments/{made.pk}/", {"name": "Large", "json": "[1]"})
    assert refused.status_code == 422
    assert "[1]" in refused.content.decode()
