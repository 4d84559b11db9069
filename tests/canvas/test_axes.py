from collections.abc import Callable

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads, writes
from parcours.canvas.rights import may_follow_journey
from parcours.canvas.shapes import Board, JourneyView
from parcours.core.errors import BadInput, NotFound
from parcours.live.models import Update
from tests.canvas.conftest import NOBODY, AddCard, titles

See = Callable[[], Board]
RULE = {"all": [{"field": "name", "op": "is", "value": "Ad Clicked"}]}


def names(board: Board) -> list[str]:
    return [stage.name for stage in board.stages]


def test_a_stage_goes_where_it_is_put(journey: JourneyView, see: See, alice_acts: Actor) -> None:
    added = writes.add_stage(journey.id, "Loyalty", position=4, acting_user=alice_acts)
    assert names(see())[3:] == ["Retention", "Loyalty", "Advocacy"]
    writes.move_stage(journey.id, added, 0, acting_user=alice_acts)
    assert names(see())[0] == "Loyalty"
    writes.move_stage(journey.id, added, 99, acting_user=alice_acts)
    assert names(see())[-1] == "Loyalty"


def test_a_removed_stage_comes_back_in_its_place_with_all_it_held(
    journey: JourneyView, see: See, add_card: AddCard, alice_acts: Actor
) -> None:
    add_card("Kept", "Decision")
    decision = see().stages[2]
    writes.add_touchpoint(journey.id, stage_id=decision.id, name="Ad", rule=RULE, acting_user=alice_acts)
    whole = see()
    writes.remove_stage(journey.id, decision.id, acting_user=alice_acts)
    assert "Decision" not in names(see())
    assert (see().cards, see().touchpoints) == ((), ())
    (gone,) = reads.removed(journey.brand_id, journey.id)
    assert (gone.kind, gone.name, gone.cards) == ("stage", "Decision", 1)
    writes.restore_stage(journey.id, decision.id, acting_user=alice_acts)
    assert see().stages == whole.stages
    assert see().cards == whole.cards


def test_a_stage_comes_back_beside_the_one_that_took_its_place(
    journey: JourneyView, see: See, alice_acts: Actor
) -> None:
    first = see().stages[0]
    writes.remove_stage(journey.id, first.id, acting_user=alice_acts)
    for position in (0, 0):
        writes.add_stage(journey.id, f"New {position}", position=position, acting_user=alice_acts)
    writes.restore_stage(journey.id, first.id, acting_user=alice_acts)
    assert len(names(see())) == 7


def test_a_lane_comes_back_with_its_cards(
    journey: JourneyView, see: See, add_card: AddCard, alice_acts: Actor
) -> None:
    add_card("Kept")
    needs = see().lanes[0]
    writes.remove_lane(journey.id, needs.id, acting_user=alice_acts)
    assert titles(see()) == []
    writes.restore_lane(journey.id, needs.id, acting_user=alice_acts)
    assert see().lanes[0].id == needs.id
    assert titles(see()) == ["Kept"]


def test_a_canvas_keeps_one_stage_and_one_row(journey: JourneyView, see: See, alice_acts: Actor) -> None:
    for stage in see().stages[1:]:
        writes.remove_stage(journey.id, stage.id, acting_user=alice_acts)
    for lane in see().lanes[1:]:
        writes.remove_lane(journey.id, lane.id, acting_user=alice_acts)
    with pytest.raises(BadInput):
        writes.remove_stage(journey.id, see().stages[0].id, acting_user=alice_acts)
    with pytest.raises(BadInput):
        writes.remove_lane(journey.id, see().lanes[0].id, acting_user=alice_acts)


def test_a_card_in_a_removed_stage_is_neither_read_nor_changed(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    card = add_card("Hidden")
    writes.remove_stage(journey.id, card.stage_id, acting_user=alice_acts)
    with pytest.raises(NotFound):
        reads.card(journey.brand_id, journey.id, card.id)
    with pytest.raises(NotFound):
        writes.edit_card(journey.id, card.id, expected_revision=1, title="x", acting_user=alice_acts)


def test_numbers_are_counted_anew_after_stages_and_touchpoints_but_not_after_rows(
    journey: JourneyView, see: See, alice_acts: Actor
) -> None:
    def revision() -> int:
        return see().journey.rules_revision

    at_first, stage = revision(), see().stages[0]
    writes.add_lane(journey.id, "pain", acting_user=alice_acts)
    assert revision() == at_first
    writes.add_touchpoint(journey.id, stage_id=stage.id, name="Ad", rule=RULE, acting_user=alice_acts)
    writes.move_stage(journey.id, stage.id, 2, acting_user=alice_acts)
    assert revision() == at_first + 2


def test_followers_of_the_journey_hear_of_its_stages(
    journey: JourneyView, see: See, alice_acts: Actor
) -> None:
    writes.edit_stage(journey.id, see().stages[0].id, name="Discovery", acting_user=alice_acts)
    update = Update.objects.latest("pk")
    assert (update.topic, update.name, update.payload["what"]) == (
        journey.topic,
        "journey.changed",
        "stage changed",
    )


def test_a_touchpoint_moves_to_another_stage_and_comes_back_when_removed(
    journey: JourneyView, see: See, alice_acts: Actor
) -> None:
    stages = see().stages
    ad = writes.add_touchpoint(
        journey.id, stage_id=stages[0].id, name="Ad", rule=RULE, acting_user=alice_acts
    )
    writes.move_touchpoint(journey.id, ad.id, 0, stage_id=stages[1].id, acting_user=alice_acts)
    assert [each.name for each in see().stages[1].touchpoints] == ["Ad"]
    writes.remove_touchpoint(journey.id, ad.id, acting_user=alice_acts)
    assert see().touchpoints == ()
    writes.restore_touchpoint(journey.id, ad.id, acting_user=alice_acts)
    assert [each.name for each in see().touchpoints] == ["Ad"]


def test_a_rule_without_conditions_is_refused_because_it_would_take_every_event(
    journey: JourneyView, see: See, alice_acts: Actor
) -> None:
    stage_id = see().stages[0].id
    with pytest.raises(BadInput, match="no condition"):
        writes.add_touchpoint(
            journey.id, stage_id=stage_id, name="All", rule={"all": []}, acting_user=alice_acts
        )


def test_only_those_who_may_see_a_journey_follow_it(journey: JourneyView, other_brand: Brand) -> None:
    viewer = Actor(kind="person", brand_id=journey.brand_id, role="viewer", id=None, label="Bob")
    assert may_follow_journey(viewer, str(journey.id))
    assert not may_follow_journey(system_actor(other_brand.pk), str(journey.id))
    assert not may_follow_journey(viewer, str(NOBODY))
    assert not may_follow_journey(viewer, "not an id")
