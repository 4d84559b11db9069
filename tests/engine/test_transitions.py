from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from parcours.engine import transitions as engine_transitions
from tests.engine.journeys import Journey, journeys, letters_of, log_of, spelled


@given(journeys())
def test_transitions_count_each_pair_of_neighbours_of_a_customer(made: list[Journey]) -> None:
    expected = Counter(pair for journey in made for pair in pairwise(letters_of(journey)))

    found = log_of(made).transitions().to_pylist()

    assert {(row["source"], row["target"]): row["count"] for row in found} == expected


@given(journeys())
def test_the_time_between_neighbours_has_its_median_and_its_ninth_decile(made: list[Journey]) -> None:
    gaps = defaultdict[tuple[str, str], list[int]](list)
    for journey in made:
        named = [(second, letter) for second, letter in journey if letter is not None]
        for (before, source), (after, target) in pairwise(named):
            gaps[source, target].append(after - before)

    found = log_of(made).transitions(durations=True)

    assert found.drop_columns(["median_seconds", "p90_seconds"]).equals(log_of(made).transitions())
    assert {
        (row["source"], row["target"]): (row["median_seconds"], row["p90_seconds"])
        for row in found.to_pylist()
    } == {pair: (np.median(each), pytest.approx(np.quantile(each, 0.9))) for pair, each in gaps.items()}


@given(journeys())
def test_more_activities_than_fit_a_table_are_counted_alike(made: list[Journey]) -> None:
    log = log_of(made)
    expected = log.transitions(durations=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_transitions, "MOST_CELLS", 0)
        found = log.transitions(durations=True)
        bare = log.transitions()

    assert found.equals(expected)
    assert bare.equals(expected.select(["source", "target", "count"]))


@given(journeys(), journeys())
def test_the_transitions_of_two_logs_merge(made: list[Journey], others: list[Journey]) -> None:
    both = engine_transitions.partial(log_of(made + others), True)

    merged = engine_transitions.merge(
        [engine_transitions.partial(log_of(each), True) for each in (made, others)]
    )

    labels = ("A", "B", "C", "D")
    assert engine_transitions.finish(merged, labels).equals(engine_transitions.finish(both, labels))


@given(journeys())
def test_reach_counts_customers_once_and_events_each_time(made: list[Journey]) -> None:
    words = [letters_of(journey) for journey in made]

    found = log_of(made).reach().to_pylist()

    assert found == [
        {
            "activity": letter,
            "customers": sum(letter in word for word in words),
            "events": sum(word.count(letter) for word in words),
        }
        for letter in "ABCD"
    ]


@given(journeys())
def test_two_byte_codes_give_the_same_answers_as_one_byte_codes(made: list[Journey]) -> None:
    narrow, wide = log_of(made), log_of(made, codes=np.uint16)

    assert wide.transitions().equals(narrow.transitions())
    assert wide.reach().equals(narrow.reach())
    assert wide.variants().equals(narrow.variants())
    assert wide.funnel(["A", "B", "C"], within=3).equals(narrow.funnel(["A", "B", "C"], within=3))


def test_transitions_come_most_frequent_first_then_in_the_order_of_activities() -> None:
    found = log_of(spelled("DCD", "DCAB")).transitions().to_pylist()

    assert [(row["source"] + row["target"], row["count"]) for row in found] == [
        ("DC", 2),
        ("AB", 1),
        ("CA", 1),
        ("CD", 1),
    ]


@pytest.mark.parametrize("made", [[], [[]], spelled("A"), spelled(".")])
def test_a_log_without_neighbours_has_no_transitions(made: list[Journey]) -> None:
    assert log_of(made).transitions().num_rows == 0
