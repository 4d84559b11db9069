"""Visits are counted by day, channel, length and size."""

from datetime import date, timedelta

import pytest

from parcours.core.errors import BadInput
from parcours.measures.scope import Question
from parcours.measures.sessions import in_sessions, sessions
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]
MINUTE = 1 / 1440


@pytest.fixture
def visits(store: Store) -> None:
    """Ann comes twice, ten minutes long, then for a moment in the app; Ben once."""
    store(
        [
            Happened("ann", "View", 9),
            Happened("ann", "Cart", 9 - 10 * MINUTE),
            Happened("ann", "View", 5, "app"),
            Happened("ben", "View", 5),
        ]
    )


@pytest.mark.usefixtures("visits")
def test_a_pause_ends_a_visit(ever: Question) -> None:
    assert sessions(ever).all.sessions == 3
    assert sessions(ever, "5min").all.sessions == 4
    assert sessions(ever, "10d").all.sessions == 2
    assert sessions(ever, "10d").single == 1


@pytest.mark.usefixtures("visits")
def test_visits_are_told_apart_by_channel_size_length_and_day(ever: Question) -> None:
    found = sessions(ever)
    assert [(each.key, each.sessions, each.customers) for each in found.by_channel] == [
        ("web", 2, 2),
        ("app", 1, 1),
    ]
    assert [each.sessions for each in found.by_events[:2]] == [2, 1]
    assert [(each.low, each.sessions) for each in found.by_length if each.sessions] == [(0, 2), (300, 1)]
    assert (found.days, len(found.by_time)) == (1, 5)
    assert [each.sessions for each in found.by_time] == [1, 0, 0, 0, 2]
    assert found.a_day == 3 / 5


@pytest.mark.usefixtures("visits")
def test_every_part_opens_its_customers(ever: Question) -> None:
    found = sessions(ever)
    for word, parts in (
        ("touch", found.by_channel),
        ("events", found.by_events),
        ("length", found.by_length),
    ):
        for part in parts:
            assert len(in_sessions(ever, "30min", **{word: part.key})) == part.customers
    for part in found.by_time:
        assert len(in_sessions(ever, "30min", day=part.key, days="1")) == part.customers


def test_a_long_time_is_told_by_weeks(ever: Question, store: Store) -> None:
    store([Happened("ann", "View", 200), Happened("ann", "View", 3)])
    found = sessions(ever)
    assert found.days == 7
    assert sum(each.sessions for each in found.by_time) == 2
    assert date.fromisoformat(found.by_time[1].key) - date.fromisoformat(found.by_time[0].key) == timedelta(7)


@pytest.mark.usefixtures("visits")
def test_a_pause_that_is_none_is_said(ever: Question) -> None:
    with pytest.raises(BadInput):
        sessions(ever, "soon")
