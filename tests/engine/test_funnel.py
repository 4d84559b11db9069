from datetime import timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.engine import Column, QuestionError, UnknownActivityError, UnknownColumnError
from tests.engine.journeys import Journey, journeys, log_of, spelled

STEPS = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4)
WINDOWS = st.one_of(st.none(), st.integers(0, 8))


def completes(journey: Journey, steps: list[str], end: int, start: int, within: int | None) -> bool:
    """Whether some chain of all steps begins at event `start` and ends at `end`, by trying every chain."""
    if journey[end][1] != steps[-1]:
        return False
    if within is not None and journey[end][0] - journey[start][0] > within:
        return False
    if len(steps) == 1:
        return end == start
    return any(completes(journey, steps[:-1], before, start, None) for before in range(start, end))


def chain(journey: Journey, steps: list[str], within: int | None) -> list[int]:
    """The events of the chain the funnel reports, from its definition."""
    everywhere = range(len(journey))

    def ends(depth: int) -> list[int]:
        return [
            e for e in everywhere if any(completes(journey, steps[:depth], e, s, within) for s in everywhere)
        ]

    depth = max((depth for depth in range(1, len(steps) + 1) if ends(depth)), default=0)
    if depth == 0:
        return []
    events = [min(ends(depth))]
    for shorter in range(depth - 1, 0, -1):
        events.insert(0, max(event for event in ends(shorter) if event < events[0]))
    return events


@given(journeys(most=7), STEPS, WINDOWS)
def test_a_funnel_finds_the_longest_chain_of_every_customer(
    made: list[Journey], steps: list[str], within: int | None
) -> None:
    chains = [(journey, chain(journey, steps, within)) for journey in made]

    found = log_of(made).funnel(steps, within=within).to_pylist()

    entered = sum(len(events) >= 1 for _, events in chains)
    assert len(found) == len(steps)
    for place, (row, step) in enumerate(zip(found, steps, strict=True)):
        reached = [(journey, events) for journey, events in chains if len(events) > place]
        pauses = [
            journey[events[place]][0] - journey[events[place - 1]][0] for journey, events in reached if place
        ]
        assert row == {
            "step": place + 1,
            "activity": step,
            "customers": len(reached),
            "conversion": len(reached) / entered if entered else None,
            "median_seconds": median(pauses) if pauses else None,
        }


@given(journeys(), STEPS, WINDOWS)
def test_a_strict_funnel_lets_nothing_come_between(
    made: list[Journey], steps: list[str], within: int | None
) -> None:
    runs = []
    for journey in made:
        named = [event for event in journey if event[1] is not None]
        best: list[int] = []
        for begin in range(len(named)):
            run = list[int]()
            for (second, letter), step in zip(named[begin:], steps, strict=False):
                if letter != step or (within is not None and second - named[begin][0] > within):
                    break
                run.append(second)
            best = run if len(run) > len(best) else best
        runs.append(best)

    found = log_of(made).funnel(steps, within=within, strict=True).to_pylist()

    assert [row["customers"] for row in found] == [
        sum(len(run) > place for run in runs) for place in range(len(steps))
    ]
    for place in range(1, len(steps)):
        pauses = [run[place] - run[place - 1] for run in runs if len(run) > place]
        assert found[place]["median_seconds"] == (median(pauses) if pauses else None)


@pytest.mark.parametrize(
    ("word", "steps", "within", "depth"),
    [
        ("ABC", "ABC", None, 3),
        ("ACB", "ABC", None, 2),
        ("AxBxC", "ABC", None, 3),
        ("ABC", "ABC", 2, 3),
        ("ABC", "ABC", 1, 2),
        ("ABxxxABC", "ABC", 2, 3),
        ("ABxxxC", "ABC", 2, 2),
        ("A", "AA", None, 1),
        ("AA", "AA", None, 2),
        ("AA", "AA", 0, 1),
        ("BC", "ABC", None, 0),
    ],
)
def test_a_funnel_is_followed_in_order_and_within_the_window(
    word: str, steps: str, within: int | None, depth: int
) -> None:
    customers = log_of(spelled(word), "ABCx").funnel(list(steps), within=within)["customers"].to_pylist()

    assert customers == [1] * depth + [0] * (len(steps) - depth)


def test_events_at_the_same_moment_count_in_the_order_they_arrived_even_in_a_window_of_zero() -> None:
    log = log_of([[(5, "A"), (5, "B")], [(5, "B"), (5, "A")]])

    assert log.funnel(["A", "B"], within=0)["customers"].to_pylist() == [2, 1]


def test_segments_are_taken_where_the_chain_starts() -> None:
    log = log_of(spelled("AB", "AB", "A", "A"))
    log.columns["country"] = Column.of_values(["FR", "DE", None, "FR", "FR", None])
    log.columns["plan"] = Column.of_codes(codes=log.offsets[:-1] * 0, labels=["gold"], per="customer")

    assert [
        (row["segment"], row["customers"], row["conversion"])
        for row in log.funnel(["A", "B"], by="country").to_pylist()
    ] == [("FR", 2, 1.0), ("FR", 1, 0.5), (None, 2, 1.0), (None, 1, 0.5)]
    assert log.funnel(["A", "B"], by="plan").column("segment").to_pylist() == ["gold", "gold"]


def test_windows_can_be_written_in_several_ways() -> None:
    log = log_of([[(0, "A"), (90, "B")]])

    for enough in ("90s", "1min 30s", "1.5min", 90, 90.0, timedelta(seconds=90), "2h", None):
        assert log.funnel(["A", "B"], within=enough)["customers"].to_pylist() == [1, 1]
    for short in ("89s", "1min", 0, timedelta(seconds=89)):
        assert log.funnel(["A", "B"], within=short)["customers"].to_pylist() == [1, 0]


@pytest.mark.parametrize("window", ["", "7", "7 moons", "-3h", -1, True])
def test_a_window_that_is_none_is_refused(window: str | float) -> None:
    with pytest.raises(QuestionError):
        log_of(spelled("AB")).funnel(["A", "B"], within=window)


def test_an_unknown_step_is_refused_and_a_close_one_proposed() -> None:
    log = log_of(spelled("A"), "A")
    log = log.relabel(log.activity.codes, ["Order Completed"])

    with pytest.raises(UnknownActivityError, match="Did you mean “Order Completed”") as caught:
        log.funnel(["order complete"])
    assert caught.value.proposed == "Order Completed"


def test_impossible_questions_are_refused() -> None:
    log = log_of(spelled("AB"))

    with pytest.raises(QuestionError):
        log.funnel([])
    with pytest.raises(QuestionError):
        log.funnel("AB")
    with pytest.raises(QuestionError):
        log.funnel(["A"] * 255)
    with pytest.raises(UnknownColumnError):
        log.funnel(["A"], by="country")


def test_nobody_in_an_empty_log_reaches_anything() -> None:
    rows = log_of([]).funnel(["A", "B"]).to_pylist()

    assert [(row["customers"], row["conversion"], row["median_seconds"]) for row in rows] == [
        (0, None, None)
    ] * 2
