"""A customer's timeline comes a page at a time, and its pages add up to everything."""

from collections.abc import Callable
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.core.errors import BadInput
from parcours.customers.writes import link_users, resolve_identities
from parcours.events.reads import EventView, timeline
from parcours.events.timeline import timeline_page

LINES = [
    f"7,2026-01-{1 + n // 6:02}T10:{n % 3:02}:00Z,"
    f"{('Cart Viewed', 'Page Viewed')[n % 2]},{('web', 'app', '')[n % 3]},{n}"
    for n in range(40)
]


@pytest.fixture
def mark(brand: Brand, take_in: Callable[..., Any]) -> int:
    """Forty events, several of them in the same second; somebody else did things in between."""
    others = ["8,2026-01-02T10:00:00Z,Cart Viewed,web,x"] * 3
    take_in("\n".join(["customer,time,activity,channel,n", *LINES, *others]))
    return int(resolve_identities(brand, "user_id", ["7"])[0])


def all_pages(brand: Brand, customer: int, **asked: Any) -> list[EventView]:
    found: list[EventView] = []
    page = timeline_page(brand, customer, **asked)
    while True:
        found += page.events
        if not page.older:
            assert len(found) == page.total
            return found
        page = timeline_page(brand, customer, before=page.older, **asked)


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_pages_add_up_to_everything_the_newest_first(brand: Brand, mark: int, size: int) -> None:
    assert all_pages(brand, mark, size=size) == timeline(brand, mark, size=500)[0]


@pytest.mark.parametrize(
    "asked", [{"name": "Cart Viewed"}, {"channel": "app"}, {"name": "None", "channel": "x"}]
)
def test_a_filter_leaves_what_fits(brand: Brand, mark: int, asked: dict[str, str]) -> None:
    everything = timeline(brand, mark, size=500)[0]
    fitting = [
        event
        for event in everything
        if event.name == asked.get("name", event.name)
        and event.channel == asked.get("channel", event.channel)
    ]

    assert all_pages(brand, mark, size=4, **asked) == fitting


def test_it_says_what_there_is_to_filter_by(brand: Brand, mark: int) -> None:
    page = timeline_page(brand, mark, name="Cart Viewed", size=5)

    assert (page.total, page.of) == (20, 40)
    assert dict(page.names) == {"Cart Viewed": 20, "Page Viewed": 20}
    assert set(dict(page.channels)) >= {"web", "app"}


def test_what_arrives_meanwhile_moves_no_page(brand: Brand, mark: int, take_in: Callable[..., Any]) -> None:
    first = timeline_page(brand, mark, size=10)
    then = timeline_page(brand, mark, before=first.older, size=10)

    take_in("customer,time,activity\n7,2026-02-01T00:00:00Z,Late")

    assert timeline_page(brand, mark, before=first.older, size=10).events == then.events


def test_a_merged_customer_shows_both_before_the_lake_follows(brand: Brand, mark: int) -> None:
    link_users(brand, [("8", "7")], reason="test")

    assert len(all_pages(brand, mark, size=9)) == 43


def test_a_customer_without_events_has_an_empty_timeline(brand: Brand) -> None:
    assert timeline_page(brand, 12345).events == ()


@pytest.mark.parametrize("cursor", ["x", "1", "1.x", "9" * 30 + ".1"])
def test_a_page_that_cannot_be_is_refused(brand: Brand, cursor: str) -> None:
    with pytest.raises(BadInput):
        timeline_page(brand, 1, before=cursor)
