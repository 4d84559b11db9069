"""Journeys drawn from others: as they should be, for a segment, beside each other, and taking cards over."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.beside.comparing import beside
from parcours.canvas.beside.words import word_changes
from parcours.canvas.family import children, family, leading
from parcours.canvas.shapes import Board, JourneyView
from parcours.canvas.writes.taking import put_back, take_over
from parcours.core.errors import BadInput, NotFound
from tests.canvas.conftest import AddCard, titles


@pytest.fixture
def to_be(journey: JourneyView, add_card: AddCard, alice_acts: Actor) -> JourneyView:
    """Mark's journey as it should be, drawn from one that has a need and two actions."""
    add_card("Which shoes with a bad back?", text="He asks in the evening.")
    add_card("Answer within an hour", "Awareness", "action")
    add_card("One person on Instagram", "Consideration", "action")
    return writes.draw_to_be(journey.id, acting_user=alice_acts)


def board_of(journey: JourneyView) -> Board:
    return reads.board(journey.brand_id, journey.id)


def edit(journey: JourneyView, now_called: str, acting_user: Actor, **changes: Any) -> None:
    card = next(card for card in board_of(journey).cards if card.title == now_called)
    writes.edit_card(journey.id, card.id, expected_revision=card.revision, acting_user=acting_user, **changes)


def test_the_journey_as_it_should_be_begins_as_a_copy_whose_cards_know_where_they_come_from(
    journey: JourneyView, to_be: JourneyView, see: Callable[[], Board]
) -> None:
    copy = board_of(to_be)
    assert (to_be.kind, to_be.drawn_from_id) == ("to-be", journey.id)
    assert [stage.name for stage in copy.stages] == [stage.name for stage in see().stages]
    assert {card.drawn_from_id for card in copy.cards} == {card.id for card in see().cards}
    assert titles(copy) == ["Which shoes with a bad back?"]


def test_a_copy_counts_the_same_customers_with_touchpoints_of_its_own(
    journey: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    rule = {"all": [{"field": "name", "op": "is", "value": ["Page Viewed"]}]}
    stage = see().stages[0].id
    touchpoint = writes.add_touchpoint(
        journey.id, stage_id=stage, name="Page", rule=rule, acting_user=alice_acts
    )
    copy = board_of(writes.duplicate_journey(journey.id, acting_user=alice_acts))
    assert [each.rule for each in copy.touchpoints] == [rule]
    assert copy.touchpoints[0].id != touchpoint.id
    assert copy.journey.drawn_from_id is None


def test_only_one_plan_deep(to_be: JourneyView, alice_acts: Actor) -> None:
    with pytest.raises(BadInput):
        writes.draw_to_be(to_be.id, acting_user=alice_acts)


def test_a_duplicate_for_a_generation_is_tied_to_the_whole(
    journey: JourneyView, brand: Brand, alice_acts: Actor
) -> None:
    copy = writes.duplicate_journey(journey.id, segment_key="z", acting_user=alice_acts)
    assert copy.segment_key == "z"
    assert copy.title.startswith("Mark buys running shoes · Generation Z")
    kin = family(brand.pk, copy)
    assert (kin.whole and kin.whole.id) == journey.id
    assert [each.id for each in family(brand.pk, reads.journey(brand.pk, journey.id)).for_segments] == [
        copy.id
    ]
    assert children(brand.pk, [journey, copy]) == {journey.id: [copy.id]}


def test_nobody_duplicates_for_a_segment_that_isnt_there(journey: JourneyView, alice_acts: Actor) -> None:
    with pytest.raises(NotFound):
        writes.duplicate_journey(journey.id, segment_key=str(uuid.uuid4()), acting_user=alice_acts)


def test_beside_each_other_every_card_is_said_to_be_the_same_changed_moved_added_or_removed(
    journey: JourneyView, to_be: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    assert beside(see(), board_of(to_be)).counts == {"same": 3}
    edit(to_be, "Answer within an hour", alice_acts, title="Answer within a minute")
    plan = board_of(to_be)
    moved = next(card for card in plan.cards if card.title == "One person on Instagram")
    writes.move_card(
        to_be.id,
        moved.id,
        stage_id=plan.stages[0].id,
        lane_id=moved.lane_id,
        expected_revision=moved.revision,
        acting_user=alice_acts,
    )
    gone = next(card for card in plan.cards if card.kind == "need")
    writes.delete_card(to_be.id, gone.id, expected_revision=gone.revision, acting_user=alice_acts)
    writes.add_card(
        to_be.id,
        stage_id=plan.stages[2].id,
        lane_id=plan.lanes[0].id,
        title="Say the price at once",
        acting_user=alice_acts,
    )
    both = beside(see(), board_of(to_be))
    assert both.counts == {"changed": 1, "moved": 1, "removed": 1, "added": 1}
    assert both.differences == 4
    entries = [entry for section in both.sections for row in section.rows for entry in row.entries]
    changed = next(entry for entry in entries if entry.state == "changed")
    assert [(piece.words, piece.state) for piece in changed.title] == [
        ("Answer within ", "same"),
        ("an hour", "gone"),
        ("a minute", "new"),
    ]
    away = next(entry for entry in entries if entry.state == "moved-away")
    assert away.elsewhere == "Awareness, Actions"


def test_a_renamed_stage_still_stands_beside_itself(
    journey: JourneyView, to_be: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    plan = board_of(to_be)
    writes.edit_stage(to_be.id, plan.stages[0].id, name="First contact", acting_user=alice_acts)
    writes.add_stage(to_be.id, "Waiting", position=1, acting_user=alice_acts)
    pairs = [
        (section.stage.one and section.stage.one.name, section.stage.other and section.stage.other.name)
        for section in beside(see(), board_of(to_be)).sections
    ]
    assert pairs[:3] == [
        ("Awareness", "First contact"),
        (None, "Waiting"),
        ("Consideration", "Consideration"),
    ]


def test_a_card_is_taken_over_to_its_place_and_the_taking_can_be_undone(
    journey: JourneyView, to_be: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    plan = board_of(to_be)
    idea = writes.add_card(
        to_be.id,
        stage_id=plan.stages[2].id,
        lane_id=plan.lanes[0].id,
        title="Say the price at once",
        acting_user=alice_acts,
    )
    taken, before = take_over(journey.id, from_journey_id=to_be.id, card_id=idea.id, acting_user=alice_acts)
    assert before is None
    assert titles(see(), "Decision") == ["Say the price at once"]
    assert beside(see(), board_of(to_be)).counts == {"same": 4}
    put_back(journey.id, taken.id, before, acting_user=alice_acts)
    assert titles(see(), "Decision") == []


def test_taking_over_a_changed_card_takes_its_words_and_undoing_brings_the_old_ones_back(
    journey: JourneyView, to_be: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    edit(to_be, "Answer within an hour", alice_acts, title="Answer within a minute", text="With the bot.")
    source = next(card for card in board_of(to_be).cards if card.title == "Answer within a minute")
    taken, before = take_over(journey.id, from_journey_id=to_be.id, card_id=source.id, acting_user=alice_acts)
    assert titles(see(), kind="action") == ["Answer within a minute"]
    put_back(journey.id, taken.id, before, acting_user=alice_acts)
    assert titles(see(), kind="action") == ["Answer within an hour"]


def test_what_should_be_becomes_how_it_is_and_back(
    journey: JourneyView, to_be: JourneyView, brand: Brand, alice_acts: Actor
) -> None:
    assert writes.make_current(to_be.id, acting_user=alice_acts).kind == "as-is"
    assert reads.journey(brand.pk, journey.id).status == "archived"
    replaced = family(brand.pk, reads.journey(brand.pk, to_be.id)).replaced
    assert replaced is not None
    assert replaced.id == journey.id
    assert writes.undo_make_current(to_be.id, acting_user=alice_acts).kind == "to-be"
    assert reads.journey(brand.pk, journey.id).status == "active"
    with pytest.raises(BadInput):
        writes.undo_make_current(to_be.id, acting_user=alice_acts)


def test_somebody_from_elsewhere_takes_nothing(
    journey: JourneyView, to_be: JourneyView, other_brand: Brand
) -> None:
    outsider = Actor(kind="person", brand_id=other_brand.pk, role="owner", id=None, label="Charlie")
    card = board_of(to_be).cards[0]
    for write in (writes.draw_to_be, writes.duplicate_journey, writes.make_current):
        with pytest.raises(NotFound):
            write(to_be.id, acting_user=outsider)
    with pytest.raises(NotFound):
        take_over(journey.id, from_journey_id=to_be.id, card_id=card.id, acting_user=outsider)


def test_words_that_changed_are_told_from_those_that_stayed() -> None:
    pieces = word_changes("Within the hour, by chat", "Within the day, by chat or mail")
    assert "".join(piece.words for piece in pieces if piece.state != "new") == "Within the hour, by chat"
    assert (
        "".join(piece.words for piece in pieces if piece.state != "gone") == "Within the day, by chat or mail"
    )
    assert [piece.words for piece in pieces if piece.state == "gone"] == ["hour,"]
    assert word_changes("", "") == ()


def test_a_journey_that_a_card_opens_leads_after_the_one_that_opens_it(
    brand: Brand, journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    part = writes.create_journey("Mark sends shoes back", acting_user=alice_acts)
    newest_first = [each.journey.id for each in leading(reads.journeys(brand.pk))]
    assert newest_first == [part.id, journey.id]
    add_card("They are too tight", leads_to=part.id)
    assert [each.journey.id for each in leading(reads.journeys(brand.pk))] == [journey.id, part.id]
