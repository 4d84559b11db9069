"""Events through the API: pages, filters, and nobody else's."""

from datetime import UTC, datetime
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.customers.writes import resolve_identities
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.ingest.inbox import take_in
from parcours.events.ingest.messages import Message
from parcours.events.writes import add_source
from tests.api.test_journeys import Program

ARRIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = ("Page Viewed", "Order Completed")


@pytest.fixture
def shop(brand: Brand, system: Actor) -> None:
    """Ten events, one a day, of two customers; two of them at the same time."""
    source = add_source(brand, "Shop", acting_user=system)[0]
    messages = [
        Message(
            message_id=str(n),
            type="track",
            event=NAMES[n % 2],
            user_id=f"user{n % 2}",
            properties={"n": n},
            timestamp=datetime(2026, 2, min(n + 1, 9), tzinfo=UTC),
        )
        for n in range(10)
    ]
    take_in(brand.pk, source.pk, messages, received_at=ARRIVED)
    hand_over_all(brand.pk)


@pytest.fixture
def viewer(brand: Brand) -> Program:
    return Program(brand, "viewer")


def numbers(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [item["properties"]["n"] for item in answer.json()["items"]]


def test_pages_hold_every_event_once_the_newest_first(shop: None, viewer: Program) -> None:
    seen: list[int] = []
    cursor = ""
    for _page in range(4):
        answer = viewer("GET", f"events?limit=3&cursor={cursor}")
        seen += numbers(answer)
        cursor = answer.json()["next"] or ""
    assert sorted(seen) == list(range(10))
    assert seen[2:] == list(range(7, -1, -1))
    assert cursor == ""


def test_events_can_be_asked_for_by_name_customer_and_time(shop: None, viewer: Program, brand: Brand) -> None:
    customer = int(resolve_identities(brand, "user_id", ["user1"])[0])

    assert numbers(viewer("GET", "events?name=Page Viewed")) == [8, 6, 4, 2, 0]
    assert numbers(viewer("GET", f"events?customer={customer}")) == [9, 7, 5, 3, 1]
    assert numbers(viewer("GET", "events?since=2026-02-03T00:00Z&until=2026-02-05")) == [3, 2]
    assert numbers(viewer("GET", "events?customer=999999&name=nothing")) == []


def test_an_event_tells_all_about_itself(shop: None, viewer: Program) -> None:
    event = viewer("GET", "events?limit=1&name=Order Completed").json()["items"][0]

    assert event["time"] == "2026-02-09T00:00:00Z"
    assert (event["name"], event["source"], event["properties"]) == ("Order Completed", "Shop", {"n": 9})


@pytest.mark.parametrize("cursor", ["x", "1.2", "99999999999999999999.00", "1." + "g" * 32, "-" * 70])
def test_a_page_that_nobody_named_is_not_there(shop: None, viewer: Program, cursor: str) -> None:
    assert viewer("GET", f"events?cursor={cursor}").status_code == 422


def test_warnings_are_counted_by_name(shop: None, viewer: Program) -> None:
    (warning,) = {
        (item["kind"], item["event"], item["count"])
        for item in viewer("GET", "events/warnings").json()["items"]
        if item["detail"] == "order_id"
    }
    assert warning == ("missing", "Order Completed", 5)


def test_others_see_nothing(shop: None, other_brand: Brand) -> None:
    outsider = Program(other_brand, "owner")
    assert numbers(outsider("GET", "events")) == []
    assert outsider("GET", "events/warnings").json()["items"] == []
