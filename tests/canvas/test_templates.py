"""What a new journey begins with."""

import uuid

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.enums import LaneKind
from parcours.canvas.shapes import Board
from parcours.canvas.templates.catalogue import BUILT_IN, templates
from parcours.canvas.templates.hints import hint
from parcours.core.errors import NotFound
from parcours.events.catalogue import EVENTS
from tests.canvas.conftest import titles


def drawn(actor: Actor, key: str, language: str = "en") -> Board:
    journey = writes.create_journey("New", template_key=key, language=language, acting_user=actor)
    return reads.board(actor.brand_id, journey.id)


def names(board: Board) -> list[str]:
    return [stage.name for stage in board.stages]


@pytest.mark.parametrize("key", sorted(BUILT_IN))
def test_each_template_draws_five_stages_with_examples_in_both_languages(key: str, alice_acts: Actor) -> None:
    english, french = drawn(alice_acts, key), drawn(alice_acts, key, "fr")
    assert len(english.stages) == len(french.stages) == 5
    assert len(english.cards) == len(french.cards) >= 9
    assert names(english) != names(french)
    assert not {card.title for card in english.cards} & {card.title for card in french.cards}
    assert english.journey.review_every_days
    assert english.journey.review_due


@pytest.mark.parametrize("key", ["shop", "contact-centre", "subscription"])
def test_touchpoints_of_templates_mean_events_of_the_catalogue(key: str, alice_acts: Actor) -> None:
    board = drawn(alice_acts, key)
    known = set(EVENTS)
    assert all(stage.touchpoints for stage in board.stages)
    for touchpoint in board.touchpoints:
        (condition,) = touchpoint.rule["all"]
        assert set(condition["value"]) <= known


def test_every_empty_cell_of_every_template_says_what_belongs_in_it(alice_acts: Actor) -> None:
    board = drawn(alice_acts, "employee")
    lane = next(lane for lane in board.lanes if lane.kind == LaneKind.NEED)
    assert next(cell.hint for cell in lane.cells) == "What they look for in a job."
    assert hint("staff-awareness", LaneKind.KPI)


def test_a_blank_journey_has_three_stages_and_one_row(alice_acts: Actor) -> None:
    board = drawn(alice_acts, "blank", "fr")
    assert (len(board.stages), len(board.lanes), board.cards) == (3, 1, ())


def test_examples_go_all_at_once_except_those_that_were_edited(alice_acts: Actor) -> None:
    board = drawn(alice_acts, "shop")
    mine = next(card for card in board.cards if card.title == "Where is my parcel?")
    writes.edit_card(
        board.journey.id, mine.id, title="Where are my shoes?", expected_revision=1, acting_user=alice_acts
    )
    gone = writes.remove_examples(board.journey.id, acting_user=alice_acts)
    left = reads.board(alice_acts.brand_id, board.journey.id)
    assert [card.title for card in left.cards] == ["Where are my shoes?"]
    assert len(gone) == len(board.cards) - 1
    assert writes.restore_examples(board.journey.id, acting_user=alice_acts) == len(gone)
    assert len(reads.board(alice_acts.brand_id, board.journey.id).cards) == len(board.cards)


def test_a_journey_of_the_brand_becomes_a_template(
    brand: Brand, alice_acts: Actor, other_brand: Brand
) -> None:
    board = drawn(alice_acts, "contact-centre")
    saved = writes.save_as_template(
        board.journey.id, name="Our hotline", with_cards=True, acting_user=alice_acts
    )
    again = drawn(alice_acts, saved.key)
    assert names(again) == names(board)
    assert [lane.name for lane in again.lanes] == [lane.name for lane in board.lanes]
    assert [each.rule for each in again.touchpoints] == [each.rule for each in board.touchpoints]
    assert titles(again, "Tries alone") == titles(board, "Tries alone") != []
    assert writes.remove_examples(again.journey.id, acting_user=alice_acts)
    assert saved.key in [each.key for each in templates(brand.pk, "en")]
    assert saved.key not in [each.key for each in templates(other_brand.pk, "en")]


def test_a_template_taken_off_the_list_can_be_put_back(brand: Brand, alice_acts: Actor) -> None:
    board = drawn(alice_acts, "blank")
    saved = writes.save_as_template(board.journey.id, name="Ours", acting_user=alice_acts)
    (own,) = [each for each in templates(brand.pk, "en") if each.own]
    writes.remove_template(uuid.UUID(own.key), acting_user=alice_acts)
    assert not [each for each in templates(brand.pk, "en") if each.own]
    with pytest.raises(NotFound):
        drawn(alice_acts, saved.key)
    writes.restore_template(uuid.UUID(own.key), acting_user=alice_acts)
    assert drawn(alice_acts, saved.key).stages
