from collections.abc import Callable

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import Board, JourneyView
from parcours.core.errors import BadInput, Forbidden, NotFound
from parcours.journal.reads import entries_of
from parcours.live.models import Update
from tests.canvas.conftest import AddCard


def test_a_new_map_has_the_five_stages_and_three_rows_of_the_field(
    see: Callable[[], Board],
) -> None:
    board = see()
    assert [stage.name for stage in board.stages] == [
        "Awareness",
        "Consideration",
        "Decision",
        "Retention",
        "Advocacy",
    ]
    assert [lane.kind for lane in board.lanes] == ["need", "moment", "action"]
    assert all(len(lane.cells) == 5 and all(cell.hint for cell in lane.cells) for lane in board.lanes)


def test_an_empty_map_can_be_drawn_from_nothing(alice_acts: Actor) -> None:
    journey = writes.create_journey("Blank", acting_user=alice_acts, empty=True)
    board = reads.board(journey.brand_id, journey.id)
    assert (board.stages, board.lanes) == ((), ())


def test_the_list_counts_cards_by_stage_and_touchpoints(
    journey: JourneyView, add_card: AddCard, see: Callable[[], Board], alice_acts: Actor
) -> None:
    add_card("One")
    add_card("Two", "Decision")
    writes.add_touchpoint(
        journey.id,
        stage_id=see().stages[0].id,
        name="Advert",
        rule={"all": [{"field": "name", "op": "is", "value": "Ad Clicked"}]},
        acting_user=alice_acts,
    )
    (summary,) = reads.journeys(journey.brand_id)
    assert (summary.cards_by_stage, summary.touchpoints) == ((1, 0, 1, 0, 0), 1)


def test_a_deleted_map_leaves_the_list_and_comes_back_whole(
    journey: JourneyView, add_card: AddCard, see: Callable[[], Board], alice_acts: Actor
) -> None:
    add_card("One")
    before = see()
    writes.delete_journey(journey.id, acting_user=alice_acts)
    assert reads.journeys(journey.brand_id) == ()
    with pytest.raises(NotFound):
        see()
    writes.restore_journey(journey.id, acting_user=alice_acts)
    assert see().cards == before.cards


def test_a_map_is_found_by_id_beginning_of_id_or_title(journey: JourneyView) -> None:
    for text in (str(journey.id), str(journey.id)[:23], "mark BUYS running shoes"):
        assert reads.journey_named(journey.brand_id, text).id == journey.id
    with pytest.raises(NotFound):
        reads.journey_named(journey.brand_id, "nothing")


def test_a_title_that_two_maps_share_is_refused_with_their_ids(
    journey: JourneyView, alice_acts: Actor
) -> None:
    twin = writes.create_journey(journey.title, acting_user=alice_acts)
    with pytest.raises(BadInput, match=str(twin.id)):
        reads.journey_named(journey.brand_id, journey.title)


def test_a_map_needs_a_title_and_a_known_kind(alice_acts: Actor) -> None:
    with pytest.raises(BadInput):
        writes.create_journey("  ", acting_user=alice_acts)
    with pytest.raises(BadInput):
        writes.create_journey("Fine", kind="maybe", acting_user=alice_acts)


def test_editing_a_map_says_so_in_the_journal_and_live(journey: JourneyView, alice_acts: Actor) -> None:
    writes.edit_journey(journey.id, title="Mark, again", acting_user=alice_acts)
    entry = entries_of(journey.brand_id, target_kind="journey").first()
    assert entry is not None
    assert (entry.verb, entry.data["after"]["title"]) == ("journey changed", "Mark, again")
    update = Update.objects.filter(topic=journey.topic).latest("pk")
    assert (update.name, update.payload["what"]) == ("journey.changed", "journey changed")


def test_another_brand_neither_sees_nor_changes_a_map(journey: JourneyView, other_brand: Brand) -> None:
    outsider = system_actor(other_brand.pk)
    with pytest.raises(NotFound):
        reads.board(other_brand.pk, journey.id)
    with pytest.raises(NotFound):
        writes.edit_journey(journey.id, title="Mine", acting_user=outsider)
    assert reads.journeys(other_brand.pk) == ()


def test_a_viewer_changes_nothing(journey: JourneyView) -> None:
    viewer = Actor(kind="person", brand_id=journey.brand_id, role="viewer", id=None, label="Bob")
    with pytest.raises(Forbidden):
        writes.edit_journey(journey.id, title="Mine", acting_user=viewer)
    with pytest.raises(Forbidden):
        writes.create_journey("Mine", acting_user=viewer)


def test_a_persona_stands_on_the_map(alice_acts: Actor) -> None:
    mark = writes.add_persona("Mark", birth_year=1978, quote="Sans mal de dos ?", acting_user=alice_acts)
    journey = writes.create_journey("Shoes", persona_id=mark.id, acting_user=alice_acts)
    assert reads.board(journey.brand_id, journey.id).persona == mark
    with pytest.raises(BadInput):
        writes.add_persona("Old Mark", birth_year=78, acting_user=alice_acts)
