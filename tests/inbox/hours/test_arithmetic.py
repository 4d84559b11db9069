"""Business time against a slow oracle that walks minute by minute with the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours.inbox.hours.arithmetic import (
    ALWAYS,
    DAY,
    Hours,
    NeverOpenError,
    add_business_time,
    business_time,
    is_open,
    next_opening,
)

PARIS = "Europe/Paris"
MINUTE = timedelta(minutes=1)
SHOP = Hours(PARIS, (((9 * 60, 18 * 60),),) * 5 + ((), ()), {date(2026, 12, 25): ()})
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # when the clocks of Paris change


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS))


def walked(hours: Hours, first: date, days: int) -> list[tuple[datetime, bool]]:
    """Every minute of some days, and whether somebody works in it: a span has begun as soon as the clock has
    shown its begin or a later time, and is over as soon as it has shown its end.
    """
    zone = ZoneInfo(hours.time_zone)
    moment = datetime.combine(first - timedelta(days=3), time(), zone).astimezone(UTC)
    furthest = datetime(1, 1, 1)
    minutes = []
    for _each in range((days + 6) * DAY):
        furthest = max(furthest, moment.astimezone(zone).replace(tzinfo=None))
        minutes.append((moment, _works(hours, furthest)))
        moment += MINUTE
    return minutes


def _works(hours: Hours, shown: datetime) -> bool:
    midnight = datetime.combine(shown.date(), time())
    for back in range(3):
        day = midnight - timedelta(days=back)
        into = (shown - day) // MINUTE
        if any(begin <= into < end for begin, end in hours.spans_on(day.date())):
            return True
    return False


quarter = st.integers(0, DAY // 15 - 1).map(lambda n: n * 15)
span = st.builds(lambda begin, length: (begin, begin + length * 15), quarter, st.integers(1, 96))
spans = st.lists(span, max_size=3).map(tuple)
AMERICAN = [date(2026, 3, 8), date(2026, 11, 1)]
AUSTRALIAN = [date(2026, 4, 5), date(2026, 10, 4)]  # by half an hour on Lord Howe
near = st.sampled_from([SPRING, AUTUMN, *AMERICAN, *AUSTRALIAN, date(2026, 12, 31), date(2028, 2, 28)])
zones = st.sampled_from([PARIS, PARIS, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


@st.composite
def hours_and_days(draw: st.DrawFn) -> tuple[Hours, date]:
    first = draw(near) - timedelta(days=draw(st.integers(0, 2)))
    week = tuple(draw(st.lists(spans, min_size=7, max_size=7)))
    days = st.integers(-2, 4).map(lambda n: first + timedelta(days=n))
    return Hours(draw(zones), week, draw(st.dictionaries(days, spans, max_size=3))), first


@settings(max_examples=60, deadline=None)
@given(hours_and_days(), st.data())
def test_business_time_is_what_somebody_would_count_by_the_minute(
    given_hours: tuple[Hours, date], data: st.DataObject
) -> None:
    hours, first = given_hours
    minutes = walked(hours, first, 3)
    begin = data.draw(st.integers(2 * DAY, 4 * DAY))
    end = data.draw(st.integers(begin, len(minutes) - DAY))
    worked = sum(works for _moment, works in minutes[begin:end])
    assert business_time(hours, minutes[begin][0], minutes[end][0]) == worked * MINUTE
    assert is_open(hours, minutes[begin][0]) == minutes[begin][1]
    opening = next((moment for moment, works in minutes[begin:] if works), None)
    if opening is not None:
        assert next_opening(hours, minutes[begin][0]) == opening


@settings(max_examples=60, deadline=None)
@given(hours_and_days(), st.data())
def test_what_is_added_is_the_first_moment_by_which_it_was_worked(
    given_hours: tuple[Hours, date], data: st.DataObject
) -> None:
    hours, first = given_hours
    minutes = walked(hours, first, 3)
    begin = data.draw(st.integers(2 * DAY, 4 * DAY))
    worked = sum(works for _moment, works in minutes[begin:])
    wanted = data.draw(st.integers(0, worked))
    left, at = wanted, begin
    while left:
        left -= minutes[at][1]
        at += 1
    start = minutes[begin][0]
    assert add_business_time(hours, start, wanted * MINUTE) == start + (at - begin) * MINUTE


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.timedeltas(timedelta(seconds=1), timedelta(hours=5_000)),
)
def test_adding_and_counting_undo_each_other_over_years(moment: datetime, length: timedelta) -> None:
    begin = moment.replace(tzinfo=UTC)
    due = add_business_time(SHOP, begin, length)
    assert business_time(SHOP, begin, due) == length
    assert business_time(SHOP, begin, due - timedelta(microseconds=1)) < length


def test_a_question_of_friday_evening_is_due_on_monday() -> None:
    due = add_business_time(SHOP, paris("2026-11-20T17:50"), timedelta(hours=1))
    assert due == paris("2026-11-23T09:50")
    assert business_time(SHOP, paris("2026-11-20T17:50"), due) == timedelta(hours=1)
    assert due - paris("2026-11-20T17:50") == timedelta(hours=64)


def test_a_holiday_and_a_weekend_are_left_out() -> None:
    assert add_business_time(SHOP, paris("2026-12-24T17:30"), timedelta(hours=1)) == paris("2026-12-28T09:30")


@pytest.mark.parametrize(("night", "length"), [(SPRING, 7), (AUTUMN, 9)])
def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn(night: date, length: int) -> None:
    shift = Hours(PARIS, (((22 * 60, 30 * 60),),) * 7)
    evening = datetime.combine(night - timedelta(days=1), time(12), ZoneInfo(PARIS))
    assert business_time(shift, evening, evening + timedelta(days=1)) == timedelta(hours=length)


def test_a_span_that_begins_in_the_skipped_hour_begins_when_the_clock_jumps() -> None:
    hours = Hours(PARIS, ((),) * 6 + (((150, 240),),))
    assert next_opening(hours, paris("2026-03-29T00:00")) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert business_time(hours, paris("2026-03-29T00:00"), paris("2026-03-30T00:00")) == timedelta(hours=1)


def test_without_hours_somebody_is_always_there() -> None:
    moment = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert is_open(ALWAYS, moment)
    assert add_business_time(ALWAYS, moment, timedelta(days=3)) == moment + timedelta(days=3)
    assert business_time(ALWAYS, moment, moment + timedelta(days=3)) == timedelta(days=3)


def test_hours_that_never_open_say_so() -> None:
    closed = Hours(PARIS, ((),) * 7)
    assert next_opening(closed, paris("2026-01-01T00:00")) is None
    with pytest.raises(NeverOpenError):
        add_business_time(closed, paris("2026-01-01T00:00"), MINUTE)
