from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from tests.engine.journeys import Journey, journeys, letters_of, log_of, spelled


@given(journeys())
def test_transitions_count_each_pair_of_neighbours_of_a_customer(made: list[Journey]) -> None:
    expected = Counter(pair for journey in made for pair in pairwise(letters_of(journey)))

    found = log_of(made).transitions().to_pylist()

    assert {(row["source"], row["target"]): row["count"] for row in found} == expected


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
