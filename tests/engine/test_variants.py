from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.engine import EventLog, QuestionError
from parcours.engine import variants as engine_variants
from tests.engine.journeys import Journey, journeys, letters_of, log_of, spelled


def as_pairs(log: EventLog, top: int | None) -> list[tuple[str, int]]:
    return [("".join(row["variant"]), row["customers"]) for row in log.variants(top).to_pylist()]


@given(journeys(), st.one_of(st.none(), st.integers(1, 4)))
def test_variants_count_equal_sequences(made: list[Journey], top: int | None) -> None:
    words = Counter(word for journey in made if (word := letters_of(journey)))
    expected = sorted(words.items(), key=lambda each: (-each[1], each[0]))[:top]

    assert as_pairs(log_of(made), top) == expected


def test_sequences_of_equal_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_alike(*arguments: Any) -> None:
        first, last, hashes, sizes = arguments[2], arguments[3], arguments[-2], arguments[-1]
        hashes[first:last] = 7
        sizes[0] = last - first

    monkeypatch.setattr(engine_variants, "hash_sequences", all_alike)

    found = as_pairs(log_of(spelled("AB", "ABC", "AB", "B.A", "BA", ".AB")), None)

    assert found == [("AB", 3), ("BA", 2), ("ABC", 1)]


def test_many_customers_of_few_variants_and_few_of_many_are_counted_alike() -> None:
    words = ["AB"] * 3_000 + [
        "".join("ABCD"[(n >> 2 * place) & 3] for place in range(7)) for n in range(4_000)
    ]

    found = as_pairs(log_of(spelled(*words)), None)

    assert dict(found) == Counter(words)


def test_fewer_than_one_variant_cannot_be_asked_for() -> None:
    with pytest.raises(QuestionError):
        log_of(spelled("A")).variants(0)
