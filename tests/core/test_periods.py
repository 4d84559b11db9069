from datetime import UTC, datetime

import pytest

from parcours.core.clock import clock_at
from parcours.core.errors import BadInput
from parcours.core.periods import read_period

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)  # the day summer time begins in Paris


def test_a_preset_ends_tonight_and_counts_whole_days_of_the_brand() -> None:
    with clock_at(NOON):
        period = read_period({"period": "7d"}, "Europe/Paris")
    assert period.start == datetime(2026, 3, 22, 23, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_days_in_the_address_are_both_included() -> None:
    period = read_period({"from": "2026-01-01", "to": "2026-01-31"}, "Europe/Paris")
    assert period.start == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert period.end == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert period.as_query() == {"from": "2026-01-01", "to": "2026-01-31"}


def test_one_end_may_stay_open() -> None:
    period = read_period({"from": "2026-01-01"}, "UTC")
    assert (period.start, period.end) == (datetime(2026, 1, 1, tzinfo=UTC), None)
    assert read_period({"period": "all"}, "UTC").start is None


def test_the_address_names_the_same_period_again() -> None:
    with clock_at(NOON):
        for query in ({"period": "30d"}, {"period": "all"}, {"to": "2026-01-31"}):
            first = read_period(query, "Europe/Paris")
            assert read_period(first.as_query(), "Europe/Paris") == first


@pytest.mark.parametrize(
    "query",
    [
        {"period": "soon"},
        {"period": "0d"},
        {"from": "31/01/2026"},
        {"from": "2026-02-02", "to": "2026-02-01"},
    ],
)
def test_what_is_no_period_is_refused_with_an_example(query: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        read_period(query, "UTC")
