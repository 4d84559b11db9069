from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.engine import QuestionError, Step, UnknownActivityError
from tests.engine.journeys import Journey, journeys, letters_of, log_of, spelled


@st.composite
def drawn(draw: st.DrawFn) -> list[Step]:
    sets = st.sets(st.sampled_from("ABC"), min_size=1, max_size=2).map(sorted)
    step = st.builds(Step, sets, optional=st.booleans(), repeats=st.booleans())
    return draw(st.lists(step, min_size=1, max_size=4))


def cheapest(word: str, steps: tuple[Step, ...], whole: bool) -> int:
    """The least cost over all alignments, by trying them all."""

    @cache
    def rest(at: int, entered: int) -> int:
        choices = []
        if at == len(word) and (entered == len(steps) or not whole):
            choices.append(0)
        if entered < len(steps):
            choices.append(rest(at, entered + 1) + (not steps[entered].optional))
        if at < len(word):
            choices.append(rest(at + 1, entered) + 1)
            if entered < len(steps) and word[at] in steps[entered].activities:
                choices.append(rest(at + 1, entered + 1))
            if entered and steps[entered - 1].repeats and word[at] in steps[entered - 1].activities:
                choices.append(rest(at + 1, entered))
        return min(choices)

    return rest(0, 0)


def rows_of(made: list[Journey], steps: Any, **asked: bool) -> dict[int, tuple[int, float]]:
    rows = log_of(made).conformance(steps, **asked).customers.to_pylist()
    return {row["customer"]: (row["cost"], row["fitness"]) for row in rows}


@given(journeys(), drawn(), st.booleans(), st.booleans())
def test_the_cost_is_that_of_the_cheapest_alignment(
    made: list[Journey], steps: list[Step], strict: bool, whole: bool
) -> None:
    known = "ABCD" if strict else "".join(letter for step in steps for letter in step.activities)
    expected: dict[int, Any] = {}
    for customer, journey in enumerate(made):
        word = "".join(letter for letter in letters_of(journey) if letter in known)
        if word:
            cost = cheapest(word, tuple(steps), whole)
            worst = len(word) + (sum(not step.optional for step in steps) if whole else 0)
            expected[customer] = (cost, pytest.approx(1 - cost / worst))

    found = rows_of(made, steps, strict=strict, whole=whole)

    assert found == expected


@given(journeys(), drawn(), st.booleans())
def test_deviations_add_up_to_the_costs(made: list[Journey], steps: list[Step], whole: bool) -> None:
    found = log_of(made).conformance(steps, whole=whole)

    rows = found.steps.to_pylist()
    skipped = sum(row["skipped"] for row, step in zip(rows, steps, strict=True) if not step.optional)
    extra = sum(row["events"] for row in found.extra.to_pylist())
    assert skipped + extra == sum(row["cost"] for row in found.customers.to_pylist())
    assert all(row["customers"] <= row["events"] for row in found.extra.to_pylist())
    if whole:
        assert all(row["followed"] + row["skipped"] == len(found.members) for row in rows)


@given(journeys(), drawn(), st.booleans(), st.booleans())
def test_every_deviation_names_its_customers(
    made: list[Journey], steps: list[Step], strict: bool, whole: bool
) -> None:
    named = [
        Step(each.activities, str(place), each.optional, each.repeats) for place, each in enumerate(steps)
    ]
    found = log_of(made).conformance(named, strict=strict, whole=whole)
    for row in found.steps.to_pylist():
        assert len(found.followed_by(row["step"])) == row["followed"]
        assert len(found.skipped_by(row["step"])) == row["skipped"]
    for row in found.extra.to_pylist():
        assert len(found.extra_by(row["after"], row["activity"])) == row["customers"]


def test_deviations_say_what_and_where() -> None:
    found = log_of(spelled("ABC", "AABBC", "AC", "ACBC", "ABCA", "D")).conformance(["A", "B", "C"])

    assert found.steps.to_pylist() == [
        {"step": 1, "name": "A", "followed": 5, "skipped": 0},
        {"step": 2, "name": "B", "followed": 4, "skipped": 1},
        {"step": 3, "name": "C", "followed": 5, "skipped": 0},
    ]
    assert found.extra.to_pylist() == [
        {"after": "A", "activity": "C", "customers": 1, "events": 1},
        {"after": "C", "activity": "A", "customers": 1, "events": 1},
    ]
    assert found.as_drawn == pytest.approx(2 / 5)
    assert found.fitness == pytest.approx((1 + 1 + (1 - 1 / 5) + (1 - 1 / 7) * 2) / 5)
    assert found.customers.num_rows == 5


def test_a_journey_under_way_is_not_blamed_for_what_may_still_come() -> None:
    log = log_of(spelled("AB"))

    assert log.conformance(["A", "B", "C", "D"]).fitness == pytest.approx(1 - 2 / 6)
    assert log.conformance(["A", "B", "C", "D"], whole=False).fitness == 1


def test_what_is_no_drawn_journey_is_refused() -> None:
    log = log_of(spelled("AB"))

    nonsense: list[Any] = ["AB", [], [[]], [Step("AB")], [Step([])]]
    for wrong in nonsense:
        with pytest.raises(QuestionError):
            log.conformance(wrong)
    with pytest.raises(UnknownActivityError):
        log.conformance(["A", "Z"])
    assert log_of([]).conformance(["A"]).fitness is None


@pytest.mark.acceptance
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_fitness_is_that_of_alignments_in_pm4py() -> None:
    pm4py = pytest.importorskip("pm4py")
    import pandas as pd
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

    random = np.random.default_rng(3)
    words = ["".join(random.choice(list("ABCD"), random.integers(1, 9))) for _ in range(60)]
    steps = [Step(["A"]), Step(["B", "D"], optional=True), Step(["C"], repeats=False)]
    net = PetriNet("drawn")
    places = [PetriNet.Place(f"p{place}") for place in range(len(steps) + 1)]
    net.places.update(places)

    def transition(name: str, label: str | None, source: Any, target: Any) -> None:
        made = PetriNet.Transition(name, label)
        net.transitions.add(made)
        add_arc_from_to(source, made, net)
        add_arc_from_to(made, target, net)

    for place, step in enumerate(steps):
        for activity in step.activities:
            transition(f"enter {place} {activity}", activity, places[place], places[place + 1])
            if step.repeats:
                transition(f"repeat {place} {activity}", activity, places[place + 1], places[place + 1])
        if step.optional:
            transition(f"skip {place}", None, places[place], places[place + 1])
    frame = pd.DataFrame(
        [
            {"case": f"{case:02}", "activity": letter, "time": pd.Timestamp(second, unit="s", tz="UTC")}
            for case, word in enumerate(words)
            for second, letter in enumerate(word)
        ]
    )
    frame = pm4py.format_dataframe(frame, case_id="case", activity_key="activity", timestamp_key="time")
    aligned = pm4py.conformance_diagnostics_alignments(
        frame, net, Marking({places[0]: 1}), Marking({places[-1]: 1})
    )

    found = rows_of(spelled(*words), steps, strict=True)

    assert [found[case][1] for case in range(len(words))] == pytest.approx(
        [each["fitness"] for each in aligned]
    )
