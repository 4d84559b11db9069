"""What data and colleagues suggest for a canvas, and what people decide about it."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from parcours.accounts.enums import Role
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads, writes
from parcours.canvas.errors import CardConflict
from parcours.canvas.proposals import reads as proposals
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.writes import (
    accept_proposal,
    bring_back_proposal,
    dismiss_proposal,
    let_lapse,
    propose,
    withdraw_suggestion,
)
from parcours.canvas.rules import name_rule
from parcours.canvas.shapes import Board, JourneyView
from parcours.core.errors import Conflict, Forbidden, NotFound
from tests.canvas.conftest import AddCard, titles

pytestmark = pytest.mark.django_db

See = Callable[[], Board]


@pytest.fixture
def log(alice_acts: Actor) -> Actor:
    """Parcours itself, speaking for the log."""
    return system_actor(alice_acts.brand_id)


@pytest.fixture
def amina(alice_acts: Actor) -> Actor:
    """Somebody who may suggest but not edit."""
    return replace(alice_acts, role=Role.AGENT, id=uuid.uuid4(), label="Amina")


def a_need(see: See, actor: Actor, key: str = "delivery", **more: Any) -> ProposalView | None:
    board = see()
    lane = next(lane for lane in board.lanes if lane.kind == "need")
    return propose(
        board.journey.id,
        kind="suggestion",
        key=key,
        facts={"title": "When does it arrive?", "words": "Asked every day"},
        change={"do": "add_card", "title": "When does it arrive?", "text": ""},
        stage_id=board.stages[0].id,
        lane_id=lane.id,
        acting_user=actor,
        **more,
    )


def waiting(see: See) -> tuple[ProposalView, ...]:
    journey = see().journey
    return proposals.open_proposals(journey.brand_id, journey.id)


def test_accepting_puts_the_card_where_it_was_proposed(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    proposed = a_need(see, log)
    assert proposed is not None
    assert titles(see()) == []

    accepted = accept_proposal(journey.id, proposed.id, acting_user=alice_acts)

    assert titles(see()) == ["When does it arrive?"]
    assert (accepted.state, accepted.decided_by) == ("accepted", alice_acts.label)
    assert waiting(see) == ()


def test_whoever_accepts_may_change_the_words_first(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    proposed = a_need(see, log)
    assert proposed is not None

    accept_proposal(
        journey.id, proposed.id, edits={"title": "How long does it take?"}, acting_user=alice_acts
    )

    assert titles(see()) == ["How long does it take?"]


def test_the_same_is_proposed_once_and_says_what_is_true_today(see: See, log: Actor) -> None:
    first = a_need(see, log)
    second = a_need(see, log)

    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert len(waiting(see)) == 1


def test_what_was_dismissed_is_not_proposed_again(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    proposed = a_need(see, log)
    assert proposed is not None
    dismiss_proposal(journey.id, proposed.id, reason="We say it in the shop", acting_user=alice_acts)

    assert a_need(see, log) is None
    decided = proposals.decided_proposals(journey.brand_id, journey.id)
    assert [(each.state, each.decision) for each in decided] == [("dismissed", "We say it in the shop")]


def test_what_was_accepted_rests_even_if_its_card_goes(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    proposed = a_need(see, log)
    assert proposed is not None
    accept_proposal(journey.id, proposed.id, acting_user=alice_acts)
    card = see().cards[0]
    writes.delete_card(journey.id, card.id, expected_revision=card.revision, acting_user=alice_acts)

    assert a_need(see, log) is None


def test_a_decision_can_be_taken_back_with_what_it_changed(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    proposed = a_need(see, log)
    assert proposed is not None
    accept_proposal(journey.id, proposed.id, acting_user=alice_acts)

    bring_back_proposal(journey.id, proposed.id, acting_user=alice_acts)

    assert titles(see()) == []
    assert [each.id for each in waiting(see)] == [proposed.id]


def test_two_people_cant_decide_the_same(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    proposed = a_need(see, log)
    assert proposed is not None
    accept_proposal(journey.id, proposed.id, acting_user=alice_acts)

    with pytest.raises(Conflict):
        dismiss_proposal(journey.id, proposed.id, acting_user=alice_acts)
    assert titles(see()) == ["When does it arrive?"]


def test_agents_suggest_and_editors_decide(
    journey: JourneyView, see: See, alice_acts: Actor, amina: Actor
) -> None:
    proposed = a_need(see, amina)
    assert proposed is not None
    assert proposed.proposed_by == "Amina"

    with pytest.raises(Forbidden):
        accept_proposal(journey.id, proposed.id, acting_user=amina)
    accept_proposal(journey.id, proposed.id, acting_user=alice_acts)
    assert titles(see()) == ["When does it arrive?"]


def test_viewers_cant_suggest(see: See, alice_acts: Actor) -> None:
    with pytest.raises(Forbidden):
        a_need(see, replace(alice_acts, role=Role.VIEWER))


def test_a_suggestion_can_be_withdrawn_only_by_whoever_made_it(
    journey: JourneyView, see: See, amina: Actor
) -> None:
    proposed = a_need(see, amina)
    assert proposed is not None

    with pytest.raises(NotFound):
        withdraw_suggestion(journey.id, proposed.id, acting_user=replace(amina, id=uuid.uuid4()))
    withdraw_suggestion(journey.id, proposed.id, acting_user=amina)
    assert waiting(see) == ()


def test_what_the_log_says_no_more_lapses_but_peoples_suggestions_stay(
    journey: JourneyView, see: See, log: Actor, amina: Actor
) -> None:
    a_need(see, log, key="one")
    kept = a_need(see, log, key="two")
    own = a_need(see, amina, key="three")
    assert kept is not None
    assert own is not None

    let_lapse(journey.id, kinds=["suggestion"], still_true=["two"], acting_user=log)

    assert {each.id for each in waiting(see)} == {kept.id, own.id}


def test_accepting_a_change_of_a_card_that_changed_since_leaves_both_as_they_are(
    journey: JourneyView, see: See, add_card: AddCard, alice_acts: Actor, amina: Actor
) -> None:
    card = add_card("Old words")
    proposed = propose(
        journey.id,
        kind="suggestion",
        key="words",
        facts={"words": "Clearer"},
        change={"do": "edit_card", "title": "New words", "revision": card.revision},
        card_id=card.id,
        acting_user=amina,
    )
    assert proposed is not None
    writes.edit_card(
        journey.id, card.id, expected_revision=card.revision, title="Newer", acting_user=alice_acts
    )

    with pytest.raises(CardConflict):
        accept_proposal(journey.id, proposed.id, acting_user=alice_acts)

    assert titles(see()) == ["Newer"]
    assert [each.id for each in waiting(see)] == [proposed.id]


@pytest.mark.parametrize("do", ["edit_card", "delete_card"])
def test_a_changed_or_deleted_card_comes_back(
    do: str, see: See, add_card: AddCard, alice_acts: Actor, amina: Actor
) -> None:
    journey = see().journey
    card = add_card("Old words")
    proposed = propose(
        journey.id,
        kind="suggestion",
        key="words",
        facts={},
        change={"do": do, "title": "New words"},
        card_id=card.id,
        acting_user=amina,
    )
    assert proposed is not None
    accept_proposal(journey.id, proposed.id, acting_user=alice_acts)
    assert titles(see()) == ([] if do == "delete_card" else ["New words"])

    bring_back_proposal(journey.id, proposed.id, acting_user=alice_acts)

    assert titles(see()) == ["Old words"]


def test_a_touchpoint_is_added_with_its_rule_and_can_be_taken_off_again(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    stage = see().stages[1]
    proposed = propose(
        journey.id,
        kind="suggestion",
        key="help centre",
        facts={},
        change={
            "do": "add_touchpoint",
            "name": "Help centre",
            "channel": "web",
            "rule": name_rule("Article Viewed"),
            "card": True,
        },
        stage_id=stage.id,
        acting_user=log,
    )
    assert proposed is not None
    accept_proposal(journey.id, proposed.id, acting_user=alice_acts)
    assert [each.name for each in see().stages[1].touchpoints] == ["Help centre"]
    assert titles(see(), stage.name, "moment") == ["Help centre"]

    bring_back_proposal(journey.id, proposed.id, acting_user=alice_acts)

    assert see().touchpoints == ()
    assert titles(see(), stage.name, "moment") == []


def test_a_stage_moves_to_where_customers_pass_it(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    last = see().stages[-1]
    proposed = propose(
        journey.id,
        kind="suggestion",
        key="order",
        facts={},
        change={"do": "move_stage", "position": 0},
        stage_id=last.id,
        acting_user=log,
    )
    assert proposed is not None
    accept_proposal(journey.id, proposed.id, acting_user=alice_acts)
    assert see().stages[0].id == last.id

    bring_back_proposal(journey.id, proposed.id, acting_user=alice_acts)
    assert see().stages[-1].id == last.id


def test_a_card_for_a_row_that_isnt_there_gets_the_row(
    journey: JourneyView, see: See, alice_acts: Actor, log: Actor
) -> None:
    proposed = propose(
        journey.id,
        kind="suggestion",
        key="pain",
        facts={},
        change={"do": "add_card", "kind": ["pain", "free"], "title": "It is slow"},
        stage_id=see().stages[0].id,
        acting_user=log,
    )
    assert proposed is not None
    accept_proposal(journey.id, proposed.id, acting_user=alice_acts)

    assert titles(see(), kind="pain") == ["It is slow"]


def test_proposals_about_what_is_off_the_canvas_wait_unseen(
    journey: JourneyView, see: See, add_card: AddCard, alice_acts: Actor, amina: Actor
) -> None:
    card = add_card("Old words")
    propose(
        journey.id,
        kind="suggestion",
        key="words",
        facts={},
        change=None,
        card_id=card.id,
        acting_user=amina,
    )
    gone = writes.delete_card(journey.id, card.id, expected_revision=card.revision, acting_user=alice_acts)
    assert waiting(see) == ()

    writes.restore_card(journey.id, gone.id, acting_user=alice_acts)
    assert len(waiting(see)) == 1


def test_a_proposal_of_another_brand_isnt_there(see: See, log: Actor) -> None:
    proposed = a_need(see, log)
    assert proposed is not None
    with pytest.raises(NotFound):
        proposals.proposal(uuid.uuid4(), proposed.journey_id, proposed.id)
    stranger = system_actor(uuid.uuid4())
    with pytest.raises(NotFound):
        accept_proposal(proposed.journey_id, proposed.id, acting_user=stranger)


def test_many_proposals_are_read_in_a_few_queries(
    see: See, log: Actor, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        a_need(see, log, key=str(number))
    journey = see().journey
    with django_assert_max_num_queries(1):
        found = proposals.open_proposals(journey.brand_id, journey.id)
    assert len(found) == 20
    assert reads.board(journey.brand_id, journey.id).journey.id == journey.id
