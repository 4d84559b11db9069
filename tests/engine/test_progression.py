from collections import Counter
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.engine import QuestionError, UnknownNameError
from parcours.engine.progression import ENDED, OFF_THE_MAP, WENT_ON
from tests.engine.journeys import Journey, journeys, log_of, spelled


def outcome(journey: Journey, group: str, following: str | None) -> tuple[str, int | None] | None:
    """What came after the first event in the group, and the seconds to the next group: the definition."""
    places = [place for place, (_, letter) in enumerate(journey) if letter == group]
    if not places:
        return None
    entered, later = journey[places[0]][0], journey[places[0] + 1 :]
    for second, letter in later:
        if letter is not None and letter == following:
            return WENT_ON, second - entered
    for _, letter in later:
        if letter not in (None, group):
            return str(letter), None
    return (OFF_THE_MAP if any(letter is None for _, letter in later) else ENDED), None


@given(journeys(), st.permutations("ABC"))
def test_customers_of_a_group_are_split_by_what_came_next(made: list[Journey], order: list[str]) -> None:
    found = log_of(made).progression(order)

    groups = found.groups.to_pylist()
    parts = {(row["group"], row["outcome"]): row["customers"] for row in found.outcomes_by_group.to_pylist()}
    for place, group in enumerate(order):
        following = order[place + 1] if place + 1 < len(order) else None
        outcomes = [outcome(journey, group, following) for journey in made]
        reached = [each for each in outcomes if each is not None]
        pauses = [seconds for _, seconds in reached if seconds is not None]
        assert groups[place] == {
            "group": group,
            "customers": len(reached),
            "went_on": len(pauses),
            "share": len(pauses) / len(reached) if reached and following else None,
            "median_seconds": median(pauses) if pauses else None,
        }
        expected = Counter(name for name, _ in reached)
        assert {name: count for (of, name), count in parts.items() if of == group} == expected
        for name in expected:
            positions = [place for place, each in enumerate(outcomes) if each and each[0] == name]
            assert found.members(group, name).tolist() == positions


def test_the_customers_behind_a_number_have_a_log_of_their_own() -> None:
    log = log_of(spelled("AB", "AC", "A", "AC.", "B"))
    found = log.progression(["A", "B"])

    lost = log.where(customers=found.members("A", "C"))

    assert lost.variants().to_pylist() == [{"variant": ["A", "C"], "customers": 2}]
    assert found.members("A").tolist() == [0, 1, 2, 3]


def test_names_that_are_not_known_are_refused() -> None:
    log = log_of(spelled("AB"))

    with pytest.raises(UnknownNameError):
        log.progression(["A", "Z"])
    with pytest.raises(UnknownNameError):
        log.progression(["A", "B"]).members("C")
    with pytest.raises(UnknownNameError):
        log.progression(["A", "B"]).members("A", "(went of)")
    with pytest.raises(QuestionError):
        log.progression(["A", "B", "A"])
    with pytest.raises(QuestionError):
        log.progression([])
