from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.engine import Column, EventLog, QuestionError, TimesError, UnknownActivityError
from tests.engine.journeys import Journey, journeys, log_of, spelled

DAY = 86_400
EPOCH = date(1970, 1, 1)


def by_days(made: list[Journey], scale: int) -> list[Journey]:
    """The journeys with seconds stretched to days."""
    return [[(second * DAY * scale, letter) for second, letter in journey] for journey in made]


def first_of(second: int, period: str) -> date:
    day = EPOCH + timedelta(seconds=second)
    return {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "year": day.replace(month=1, day=1),
    }[period]


@given(
    journeys(),
    st.sampled_from(["day", "week", "month", "quarter", "year"]),
    st.sampled_from([None, "A"]),
    st.sampled_from([None, "B"]),
)
def test_customers_are_active_in_the_periods_of_their_events(
    made: list[Journey], period: str, start: str | None, activity: str | None
) -> None:
    made = by_days(made, 11)
    entered, seen = dict[int, date](), defaultdict[tuple[date, date], set[int]](set)
    for customer, journey in enumerate(made):
        places = [place for place, (_, letter) in enumerate(journey) if start in (None, letter)]
        if not places:
            continue
        entered[customer] = first_of(journey[places[0]][0], period)
        for second, letter in journey[places[0] :]:
            if activity in (None, letter):
                seen[entered[customer], first_of(second, period)].add(customer)

    rows = log_of(made).retention(period, start=start, activity=activity).to_pylist()  # type: ignore[arg-type]

    ends = max((first_of(second, period) for journey in made for second, _ in journey), default=None)
    assert {(row["cohort"], row["customers"]) for row in rows} == {
        (cohort, list(entered.values()).count(cohort)) for cohort in entered.values()
    }
    periods = sorted({first_of(day * DAY, period) for day in range(400)})
    for row in rows:
        now = periods[periods.index(row["cohort"]) + row["period"]]
        assert row["active"] == len(seen[row["cohort"], now])
        assert row["retention"] == row["active"] / row["customers"]
        assert row["complete"] == (now != ends)
    assert sum(row["active"] for row in rows) == sum(map(len, seen.values()))


def test_a_zone_moves_events_to_the_day_of_its_clocks() -> None:
    log = log_of([[(23 * 3600, "A")]])

    assert log.retention("day")["cohort"].to_pylist() == [date(1970, 1, 1)]
    assert log.retention("day", timezone="Europe/Paris")["cohort"].to_pylist() == [date(1970, 1, 2)]


def test_retention_of_nobody_is_empty() -> None:
    assert log_of([]).retention().num_rows == 0
    assert log_of(spelled("A")).retention(start="B").num_rows == 0


def test_periods_zones_and_activities_that_are_not_known_are_refused() -> None:
    log = log_of(spelled("A"))

    with pytest.raises(QuestionError):
        log.retention("fortnight")  # type: ignore[arg-type]
    with pytest.raises(TimesError):
        log.retention(timezone="Mars/Base")
    with pytest.raises(UnknownActivityError):
        log.retention(activity="Z")


def lives_of(
    made: list[Journey], start: str | None, to: str | None, lapse: int | None, until: int
) -> list[tuple[int, bool]]:
    """(seconds, happened) of each customer whose clock starts, from the definition."""
    found = []
    for journey in made:
        seen = [event for event in journey if event[0] <= until]
        places = [place for place, (_, letter) in enumerate(seen) if start in (None, letter)]
        if not places:
            continue
        later, begin = seen[places[0] :], seen[places[0]][0]
        if to is not None:
            times = [second for second, letter in later[1:] if letter == to]
            found.append((times[0] - begin, True) if times else (until - begin, False))
            continue
        ends = [second for second, _ in later[1:]] + [until]
        lapsed = [second for (second, _), end in zip(later, ends, strict=True) if end - second > (lapse or 0)]
        found.append((lapsed[0] - begin, True) if lapsed else (later[-1][0] - begin, False))
    return found


@given(journeys(), st.sampled_from([None, "A"]), st.sampled_from(["B", 0, 2]), st.sampled_from([None, 5]))
def test_survival_is_the_product_of_the_shares_that_are_left(
    made: list[Journey], start: str | None, end: str | int, until: int | None
) -> None:
    to, lapse = (end, None) if isinstance(end, str) else (None, end)
    last = (
        until if until is not None else max((second for journey in made for second, _ in journey), default=0)
    )
    lives = lives_of(made, start, to, lapse, last)

    asked: dict[str, Any] = {"start": start, "to": to, "lapse": lapse}
    rows = log_of(made).survival(**asked, until=None if until is None else until * 1_000_000).to_pylist()

    left = 1.0
    assert [row["seconds"] for row in rows] == sorted(
        {0, *(second for second, happened in lives if happened)}
    )
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        at_risk = sum(second >= row["seconds"] for second, _ in lives)
        events = sum(happened and second == row["seconds"] for second, happened in lives)
        left *= 1 - events / at_risk if at_risk else 1
        before = following["seconds"] if following else float("inf")
        censored = sum(not happened and row["seconds"] <= second < before for second, happened in lives)
        assert (row["at_risk"], row["events"], row["censored"]) == (at_risk, events, censored)
        assert row["survival"] == pytest.approx(left)
        assert row["low"] <= row["survival"] + 1e-12
        assert row["survival"] <= row["high"] + 1e-12


def remission() -> EventLog:
    """Weeks in remission of 21 patients on 6-MP, the textbook's example; “+” is censored (Freireich 1963)."""
    weeks = [
        "6",
        "6",
        "6",
        "6+",
        "7",
        "9+",
        "10",
        "10+",
        "11+",
        "13",
        "16",
        "17+",
        "19+",
        "20+",
        "22",
        "23",
        "25+",
        "32+",
        "32+",
        "34+",
        "35+",
    ]
    made: list[Journey] = []
    for week in weeks:
        end = int(week.rstrip("+"))
        made.append([(35 - end, "A"), (35, "B")] if week.endswith("+") else [(0, "A"), (end, "C")])
    return log_of(made)


def test_the_textbook_curve_comes_out() -> None:
    rows = remission().survival(to="C", start="A").to_pylist()[1:]

    assert [(row["seconds"], row["at_risk"], row["events"], round(row["survival"], 3)) for row in rows] == [
        (6, 21, 3, 0.857),
        (7, 17, 1, 0.807),
        (10, 15, 1, 0.753),
        (13, 12, 1, 0.690),
        (16, 11, 1, 0.627),
        (22, 7, 1, 0.538),
        (23, 6, 1, 0.448),
    ]
    # As Stata's “sts list” gives it at week 23.
    assert (rows[-1]["low"], rows[-1]["high"]) == (
        pytest.approx(0.188, abs=5e-4),
        pytest.approx(0.680, abs=5e-4),
    )


def test_each_segment_has_a_curve_of_its_own() -> None:
    log = log_of(spelled("AB", "A.", "A.B"))
    log.columns["plan"] = Column.of_values(["gold", None, "gold"], per="customer")

    rows = log.survival(to="B", by="plan").to_pylist()

    assert [(row["segment"], row["seconds"], row["survival"]) for row in rows] == [
        ("gold", 0, 1.0),
        ("gold", 1, 0.5),
        ("gold", 2, 0.0),
        (None, 0, 1.0),
    ]


def test_one_thing_to_wait_for_has_to_be_named() -> None:
    log = log_of(spelled("AB"))

    with pytest.raises(QuestionError):
        log.survival()
    with pytest.raises(QuestionError):
        log.survival("B", lapse="1d")
