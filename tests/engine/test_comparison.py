from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from parcours.engine import comparison
from tests.engine.journeys import Journey, journeys, letters_of, log_of, spelled


@given(journeys(), journeys())
def test_shares_are_of_customers_who_did_it_at_least_once(ours: list[Journey], theirs: list[Journey]) -> None:
    words = [[word for journey in made if (word := letters_of(journey))] for made in (ours, theirs)]

    def share(of: list[str], source: str | None, letter: str) -> float:
        did = [letter in word if source is None else (source, letter) in pairwise(word) for word in of]
        return sum(did) / len(did)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "LEAST_CUSTOMERS", 1)
        rows = log_of(ours).compare(log_of(theirs), level=None).to_pylist()

    if not all(words):
        assert rows == []
        return
    seen = {(None, letter) for of in words for word in of for letter in word}
    seen_pairs = {pair for of in words for word in of for pair in pairwise(word)}
    assert {(row["source"], row["activity"]) for row in rows} == seen | seen_pairs
    for row in rows:
        assert row["kind"] == ("activity" if row["source"] is None else "transition")
        assert row["share"] == pytest.approx(share(words[0], row["source"], row["activity"]))
        assert row["other_share"] == pytest.approx(share(words[1], row["source"], row["activity"]))
        assert row["low"] - 1e-9 <= row["difference"] <= row["high"] + 1e-9


def test_what_changed_is_told_and_what_did_not_is_not() -> None:
    before = log_of(spelled(*["ABC"] * 60, *["ACB"] * 40))
    after = log_of(spelled(*["ABC"] * 62, *["AC"] * 38, ""))

    rows = after.compare(before).to_pylist()

    assert [(row["source"], row["activity"]) for row in rows] == [("C", "B"), (None, "B")]
    assert rows[1]["difference"] == pytest.approx(-0.38)


def test_activities_of_only_one_log_count_as_never_done_in_the_other() -> None:
    rows = log_of(spelled(*["AX"] * 30), "AX").compare(log_of(spelled(*["A"] * 30), "A")).to_pylist()

    assert {(row["source"], row["activity"]): row["other_share"] for row in rows} == {
        (None, "X"): 0,
        ("A", "X"): 0,
    }


def test_intervals_are_those_of_newcombe() -> None:
    """56 of 70 against 48 of 80, the example of his paper (1998, table II, method 10)."""
    low, high = comparison.newcombe(np.array([56 / 70]), 70, np.array([48 / 80]), 80)

    assert (low[0], high[0]) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_two_halves_of_the_same_customers_do_not_differ() -> None:
    random = np.random.default_rng(5)
    words = ["".join(random.choice(list("ABCD"), random.integers(1, 12))) for _ in range(600)]

    assert log_of(spelled(*words[:300])).compare(log_of(spelled(*words[300:])), level=0.01).num_rows == 0
