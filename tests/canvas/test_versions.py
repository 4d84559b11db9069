"""Versions: kept for good, compared in sentences, brought back with the ids that things had."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.models import Card
from parcours.canvas.shapes import Board, JourneyView
from parcours.canvas.versions.differences import difference
from parcours.canvas.versions.differences.touchpoints import rule_sentences
from parcours.canvas.versions.differences.words import changed_words
from parcours.canvas.versions.enums import Cause
from parcours.canvas.versions.models import Version
from parcours.canvas.versions.reads import (
    board_of,
    changes_between,
    snapshot_now,
    snapshot_of,
    version,
    versions,
)
from parcours.canvas.versions.restoring import restore_card_from, restore_stage_from, restore_version
from parcours.canvas.versions.writes import answer_approval, ask_approval, keep_version
from parcours.core.errors import BadInput, Forbidden, NotFound
from parcours.journal.reads import entries_of
from parcours.notices.models import Notice
from tests.canvas.conftest import AddCard, titles
from tests.canvas.snapshots import changed_things, edited, small_snapshot

See = Callable[[], Board]


def sentences(journey: JourneyView, since: object) -> list[str]:
    found = changes_between(journey.brand_id, journey.id, since.id)  # type: ignore[attr-defined]
    return [change.sentence for change in found.changes]


def test_a_version_has_a_number_a_reason_and_an_author(journey: JourneyView, alice_acts: Actor) -> None:
    keep_version(journey.id, reason="Before the workshop", acting_user=alice_acts)
    keep_version(journey.id, reason="After it", acting_user=alice_acts)
    last, first = versions(journey.brand_id, journey.id)
    assert [(each.number, each.reason, each.author) for each in (first, last)] == [
        (1, "Before the workshop", "Alice"),
        (2, "After it", "Alice"),
    ]
    assert entries_of(journey.brand_id, target_kind="version").first().verb == "version kept"  # type: ignore[union-attr]


def test_a_version_needs_a_reason(journey: JourneyView, alice_acts: Actor) -> None:
    with pytest.raises(BadInput):
        keep_version(journey.id, reason=" ", acting_user=alice_acts)
    assert versions(journey.brand_id, journey.id) == ()


def test_the_database_refuses_to_change_a_version(journey: JourneyView, alice_acts: Actor) -> None:
    kept = keep_version(journey.id, reason="As agreed", acting_user=alice_acts)
    row = Version.objects.filter(pk=kept.id)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        row.update(reason="x")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        row.delete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parcours.erasing', 'on', true)")
        Version.objects.filter(pk=kept.id).delete()
    assert not Version.objects.exists()


def test_nothing_is_said_when_nothing_changed(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    add_card("A need")
    kept = keep_version(journey.id, reason="Now", acting_user=alice_acts)
    assert not changes_between(journey.brand_id, journey.id, kept.id)


def test_a_move_is_told_by_stage(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    card = add_card("“Why 6.90 €?”", "Decision")
    kept = keep_version(journey.id, reason="Now", acting_user=alice_acts)
    consideration = see().stages[1]
    writes.move_card(
        journey.id,
        card.id,
        stage_id=consideration.id,
        lane_id=card.lane_id,
        expected_revision=1,
        acting_user=alice_acts,
    )
    found = changes_between(journey.brand_id, journey.id, kept.id)
    assert [group.title for group in found.groups] == ["Consideration"]
    assert sentences(journey, kept) == ["The need “Why 6.90 €?” moved from Decision to Consideration."]


def test_cards_of_one_cell_are_told_together(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    kept = keep_version(journey.id, reason="Now", acting_user=alice_acts)
    for title in ("Review", "Survey", "Thanks"):
        add_card(title, "Retention", "action")
    (change,) = changes_between(journey.brand_id, journey.id, kept.id).changes
    assert change.sentence == "3 cards were added to Actions."
    assert change.names == ("“Review”", "“Survey”", "“Thanks”")


def test_another_order_is_told_once(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    for title in ("A", "B", "C", "D"):
        last = add_card(title)
    kept = keep_version(journey.id, reason="Now", acting_user=alice_acts)
    first = see().cards[0]
    writes.move_card(
        journey.id,
        last.id,
        stage_id=last.stage_id,
        lane_id=last.lane_id,
        before=first.id,
        expected_revision=1,
        acting_user=alice_acts,
    )
    assert sentences(journey, kept) == ["The need “D” now stands first."]


def test_a_renamed_stage_is_one_sentence(journey: JourneyView, see: See, alice_acts: Actor) -> None:
    kept = keep_version(journey.id, reason="Now", acting_user=alice_acts)
    writes.edit_stage(journey.id, see().stages[0].id, name="Noticing", acting_user=alice_acts)
    assert sentences(journey, kept) == ["The stage “Awareness” is now called “Noticing”."]


def test_a_text_is_compared_word_by_word() -> None:
    pieces = changed_words("Shipping costs 6.90 € to the islands", "Shipping costs 4.90 € to the islands")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Shipping costs "),
        ("gone", "6"),
        ("new", "4"),
        ("same", ".90 € to the islands"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (["A"], ["A", "B"], "The rule of the touchpoint “Cart” now also takes name “B”."),
        (["A", "B"], ["B"], "The rule of the touchpoint “Cart” no longer takes name “A”."),
        (["A", "B"], ["B", "A"], None),
    ],
)
def test_a_rule_is_told_by_what_it_takes(old: list[str], new: list[str], said: str | None) -> None:
    told = rule_sentences("“Cart”", _rule(old), _rule(new))
    assert told == ([said] if said else [])


def test_a_further_condition_narrows_a_rule() -> None:
    narrower = _rule(["A"])
    narrower["all"].append({"field": "channel", "op": "is", "value": ["chat"]})
    assert rule_sentences("“Cart”", _rule(["A"]), narrower) == [
        "The rule of the touchpoint “Cart” now also asks that channel is “chat”."
    ]


def _rule(names: list[str]) -> dict[str, list[object]]:
    return {"all": [{"field": "name", "op": "is", "value": names}]}


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9), steps=st.integers(0, 14))
def test_whatever_is_edited_is_told_exactly_once(seed: int, steps: int) -> None:
    chance = random.Random(seed)
    before = small_snapshot(chance)
    after = edited(before, chance, steps)
    told = Counter(about for change in difference(before, after).changes for about in change.about)
    assert set(told.values()) <= {1}
    assert {about for about in told if about[1] != "order"} == changed_things(before, after)
    for change in difference(before, after).changes:
        assert change.sentence[-1] in ".…"
        assert change.sentence[0] == change.sentence[0].upper()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_is_told_does_not_depend_on_how_it_came_about(seed: int) -> None:
    chance = random.Random(seed)
    before = small_snapshot(chance)
    there = edited(before, chance, 6)
    assert not difference(there, edited(there, chance, 0))


def test_restoring_brings_everything_back_with_its_ids(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    kept_card, moved = add_card("Stays"), add_card("Moves")
    kept = keep_version(journey.id, reason="As it was", acting_user=alice_acts)
    was = snapshot_now(journey.brand_id, journey.id)
    board = see()
    add_card("New")
    writes.edit_card(journey.id, kept_card.id, expected_revision=1, title="Changed", acting_user=alice_acts)
    writes.move_card(
        journey.id,
        moved.id,
        stage_id=board.stages[2].id,
        lane_id=moved.lane_id,
        expected_revision=1,
        acting_user=alice_acts,
    )
    writes.remove_stage(journey.id, board.stages[0].id, acting_user=alice_acts)
    writes.move_stage(journey.id, board.stages[4].id, 0, acting_user=alice_acts)
    writes.remove_lane(journey.id, board.lanes[1].id, acting_user=alice_acts)
    restored = restore_version(journey.id, kept.id, acting_user=alice_acts)
    assert snapshot_now(journey.brand_id, journey.id) == was
    assert Card.objects.get(pk=kept_card.id).title == "Stays"
    assert Card.objects.get(pk=kept_card.id).revision > 2
    assert restored.changes > 0
    assert restored.before.cause == Cause.BEFORE_RESTORE


def test_restoring_can_be_undone(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    kept = keep_version(journey.id, reason="Empty", acting_user=alice_acts)
    add_card("A need")
    restored = restore_version(journey.id, kept.id, acting_user=alice_acts)
    assert titles(see()) == []
    restore_version(journey.id, restored.before.id, acting_user=alice_acts)
    assert titles(see()) == ["A need"]


def test_a_card_hidden_with_its_row_does_not_come_back_with_an_older_version(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    kept = keep_version(journey.id, reason="Empty", acting_user=alice_acts)
    add_card("Drawn later")
    writes.remove_lane(journey.id, see().lanes[0].id, acting_user=alice_acts)
    restore_version(journey.id, kept.id, acting_user=alice_acts)
    assert titles(see()) == []


def test_one_card_comes_back_alone(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    first, second = add_card("First"), add_card("Second")
    kept = keep_version(journey.id, reason="As it was", acting_user=alice_acts)
    for card in (first, second):
        writes.delete_card(journey.id, card.id, expected_revision=1, acting_user=alice_acts)
    add_card("In its place")
    restore_card_from(journey.id, kept.id, first.id, acting_user=alice_acts)
    assert set(titles(see())) == {"First", "In its place"}


def test_undoing_one_cards_return_leaves_what_was_drawn_since(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    first = add_card("First")
    kept = keep_version(journey.id, reason="With it", acting_user=alice_acts)
    writes.edit_card(journey.id, first.id, expected_revision=1, title="Better", acting_user=alice_acts)
    changed = restore_card_from(journey.id, kept.id, first.id, acting_user=alice_acts)
    add_card("Drawn since")
    restore_card_from(journey.id, changed.before.id, first.id, acting_user=alice_acts, undoing=True)
    assert set(titles(see())) == {"Better", "Drawn since"}


def test_undoing_takes_away_the_card_and_the_stage_that_came_back(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    first, stage = add_card("First"), see().stages[3]
    kept = keep_version(journey.id, reason="With both", acting_user=alice_acts)
    writes.delete_card(journey.id, first.id, expected_revision=1, acting_user=alice_acts)
    writes.remove_stage(journey.id, stage.id, acting_user=alice_acts)
    keep_version(journey.id, reason="Without both", acting_user=alice_acts)
    a_card = restore_card_from(journey.id, kept.id, first.id, acting_user=alice_acts).before.id
    a_stage = restore_stage_from(journey.id, kept.id, stage.id, acting_user=alice_acts).before.id
    with pytest.raises(NotFound):
        restore_card_from(journey.id, a_card, first.id, acting_user=alice_acts)
    restore_card_from(journey.id, a_card, first.id, acting_user=alice_acts, undoing=True)
    assert titles(see()) == []
    assert stage.id in [each.id for each in see().stages]
    restore_stage_from(journey.id, a_stage, stage.id, acting_user=alice_acts, undoing=True)
    assert stage.id not in [each.id for each in see().stages]


def test_one_stage_comes_back_alone(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    add_card("A need")
    add_card("Elsewhere", "Decision")
    kept = keep_version(journey.id, reason="As it was", acting_user=alice_acts)
    board = see()
    writes.edit_stage(journey.id, board.stages[0].id, name="Other", acting_user=alice_acts)
    writes.edit_stage(journey.id, board.stages[1].id, name="Kept", acting_user=alice_acts)
    for card in board.cards:
        writes.delete_card(journey.id, card.id, expected_revision=1, acting_user=alice_acts)
    add_card("Drawn since", "Other")
    restore_stage_from(journey.id, kept.id, board.stages[0].id, acting_user=alice_acts)
    after = see()
    assert [stage.name for stage in after.stages[:3]] == ["Awareness", "Kept", "Decision"]
    assert [card.title for card in after.cards] == ["A need"]


def test_an_old_version_can_be_looked_at(journey: JourneyView, add_card: AddCard, alice_acts: Actor) -> None:
    card = add_card("As it was")
    kept = keep_version(journey.id, reason="Now", acting_user=alice_acts)
    writes.edit_card(journey.id, card.id, expected_revision=1, title="Changed", acting_user=alice_acts)
    board = board_of(journey.brand_id, journey.id, kept.id)
    assert [each.title for each in board.cards] == ["As it was"]
    assert snapshot_of(journey.brand_id, journey.id, kept.id).cards[str(card.id)].title == "As it was"


def test_approval_is_asked_of_somebody_and_theirs_alone_to_give(
    journey: JourneyView, alice_acts: Actor, agnes: Person, system: Actor
) -> None:
    kept = keep_version(journey.id, reason="For you", approver_id=agnes.pk, acting_user=alice_acts)
    assert Notice.objects.get(person_id=agnes.pk).kind == "approval-asked"
    with pytest.raises(Forbidden):
        answer_approval(journey.id, kept.id, answer="approved", acting_user=alice_acts)
    acts = Actor("person", journey.brand_id, "agent", agnes.pk, "Agnes")
    with pytest.raises(BadInput):
        answer_approval(journey.id, kept.id, answer="declined", acting_user=acts)
    answer_approval(journey.id, kept.id, answer="approved", words="Fine.", acting_user=acts)
    answered = version(journey.brand_id, journey.id, kept.id).approval
    assert answered is not None
    assert (answered.answer, answered.words) == ("approved", "Fine.")
    assert Notice.objects.get(person__name="Alice").kind == "version-approved"


def test_somebody_else_can_be_asked_until_there_is_an_answer(
    journey: JourneyView, alice_acts: Actor, agnes: Person, bob: Person
) -> None:
    kept = keep_version(journey.id, reason="For you", approver_id=agnes.pk, acting_user=alice_acts)
    ask_approval(journey.id, kept.id, approver_id=bob.pk, acting_user=alice_acts)
    approval = version(journey.brand_id, journey.id, kept.id).approval
    assert approval is not None
    assert approval.approver == "Bob"
