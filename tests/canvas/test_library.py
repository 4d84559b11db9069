import uuid

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.library import reads
from parcours.canvas.library import writes as library
from parcours.canvas.library.starter import STARTERS
from parcours.canvas.rules import name_rule
from parcours.canvas.shapes import Board, CardView, JourneyView
from parcours.core.errors import BadInput, Forbidden, NotFound
from parcours.events.catalogue import EVENTS
from tests.canvas.conftest import AddCard


@pytest.fixture
def other(alice_acts: Actor) -> Board:
    """Another journey of the brand."""
    from parcours.canvas.reads import board

    journey = writes.create_journey("Nora hires a bike", acting_user=alice_acts, language="en")
    return board(journey.brand_id, journey.id)


@pytest.fixture
def original(add_card: AddCard) -> CardView:
    return add_card(
        "Answer within a minute", kind="action", text="In **opening hours**", details={"does": "chat"}
    )


def inserted(entry_id: uuid.UUID, board: Board, acting_user: Actor, kind: str = "action") -> CardView:
    lane = next(lane for lane in board.lanes if lane.kind == kind)
    return library.insert_card(
        board.journey.id, entry_id, stage_id=board.stages[1].id, lane_id=lane.id, acting_user=acting_user
    )


def test_a_saved_card_is_inserted_elsewhere_with_all_it_says(
    original: CardView, other: Board, alice_acts: Actor
) -> None:
    entry = library.save_card(original.journey_id, original.id, acting_user=alice_acts)
    copy = inserted(entry.id, other, alice_acts)
    assert (copy.title, copy.text, copy.details) == (original.title, original.text, {"does": "chat"})
    uses = reads.uses_of(alice_acts.brand_id, entry.id)
    assert [use.journey_title for use in uses] == ["Mark buys running shoes", "Nora hires a bike"]
    assert reads.entry(alice_acts.brand_id, entry.id).uses == 2


def test_a_change_of_the_entry_is_offered_to_its_copies_and_changes_none_by_itself(
    original: CardView, other: Board, alice_acts: Actor
) -> None:
    entry = library.save_card(original.journey_id, original.id, acting_user=alice_acts)
    copy = inserted(entry.id, other, alice_acts)
    library.edit_entry(entry.id, title="Answer within 40 seconds", acting_user=alice_acts)
    assert reads.outdated_cards(other.journey.id) == {copy.id}
    link = reads.link_of_card(alice_acts.brand_id, copy)
    assert link is not None
    assert [(each.here, each.there) for each in link.differences] == [
        ("Answer within a minute", "Answer within 40 seconds")
    ]
    taken = library.take_over(other.journey.id, copy.id, acting_user=alice_acts)
    assert taken.title == "Answer within 40 seconds"
    assert not reads.outdated_cards(other.journey.id)


def test_a_copy_may_stay_as_it_is(original: CardView, other: Board, alice_acts: Actor) -> None:
    entry = library.save_card(original.journey_id, original.id, acting_user=alice_acts)
    copy = inserted(entry.id, other, alice_acts)
    library.edit_entry(entry.id, text="Another", acting_user=alice_acts)
    kept = library.keep_own(other.journey.id, copy.id, acting_user=alice_acts)
    assert kept.text == "In **opening hours**"
    assert not reads.outdated_cards(other.journey.id)


def test_saving_a_copy_again_changes_the_entry(original: CardView, other: Board, alice_acts: Actor) -> None:
    entry = library.save_card(original.journey_id, original.id, acting_user=alice_acts)
    copy = inserted(entry.id, other, alice_acts)
    changed = writes.edit_card(
        other.journey.id,
        copy.id,
        title="Better words",
        expected_revision=copy.revision,
        acting_user=alice_acts,
    )
    library.save_card(other.journey.id, changed.id, acting_user=alice_acts)
    assert reads.entry(alice_acts.brand_id, entry.id).title == "Better words"
    assert reads.outdated_cards(original.journey_id) == {original.id}


def test_a_touchpoint_brings_its_rule(journey: JourneyView, other: Board, alice_acts: Actor) -> None:
    from parcours.canvas.reads import stages

    first = stages(journey.brand_id, journey.id)[0]
    touchpoint = writes.add_touchpoint(
        journey.id,
        stage_id=first.id,
        name="Cart",
        channel="web",
        rule=name_rule("Cart Viewed"),
        acting_user=alice_acts,
    )
    entry = library.save_touchpoint(journey.id, touchpoint.id, acting_user=alice_acts)
    copy = library.insert_touchpoint(
        other.journey.id, entry.id, stage_id=other.stages[2].id, acting_user=alice_acts
    )
    assert (copy.name, copy.channel, copy.rule) == ("Cart", "web", touchpoint.rule)
    library.edit_entry(entry.id, rule=name_rule("Cart Viewed", "Product Added"), acting_user=alice_acts)
    link = reads.link_of_touchpoint(alice_acts.brand_id, copy)
    assert link is not None
    assert link.outdated
    taken = library.take_over_touchpoint(other.journey.id, copy.id, acting_user=alice_acts)
    assert taken.rule == name_rule("Cart Viewed", "Product Added")


def test_what_is_removed_is_found_no_more_and_can_be_put_back(original: CardView, alice_acts: Actor) -> None:
    entry = library.save_card(original.journey_id, original.id, acting_user=alice_acts)
    library.remove_entry(entry.id, acting_user=alice_acts)
    assert not reads.entries(alice_acts.brand_id)
    assert reads.link_of_card(alice_acts.brand_id, original) is None
    assert [each.name for each in reads.removed_entries(alice_acts.brand_id)] == ["Answer within a minute"]
    library.restore_entry(entry.id, acting_user=alice_acts)
    assert [each.title for each in reads.entries(alice_acts.brand_id)] == ["Answer within a minute"]


def test_words_are_found_without_accents(add_card: AddCard, alice_acts: Actor) -> None:
    card = add_card("Répondre à la première question")
    library.save_card(card.journey_id, card.id, acting_user=alice_acts)
    assert reads.entries(alice_acts.brand_id, words="premiere repondre")
    assert not reads.entries(alice_acts.brand_id, words="dernière")


def test_the_starter_set_comes_once_a_language_with_events_that_exist(alice_acts: Actor) -> None:
    assert library.add_starter_set("fr", acting_user=alice_acts) == len(STARTERS)
    assert library.add_starter_set("fr", acting_user=alice_acts) == 0
    assert library.add_starter_set("en", acting_user=alice_acts) == len(STARTERS)
    assert {name for starter in STARTERS for name in starter.events} <= set(EVENTS)


def test_a_card_that_was_deleted_is_no_use(original: CardView, alice_acts: Actor) -> None:
    entry = library.save_card(original.journey_id, original.id, acting_user=alice_acts)
    writes.delete_card(
        original.journey_id, original.id, expected_revision=original.revision, acting_user=alice_acts
    )
    assert reads.uses_of(alice_acts.brand_id, entry.id) == ()
    assert reads.entry(alice_acts.brand_id, entry.id).uses == 0


def test_other_brands_have_libraries_of_their_own(
    original: CardView, alice_acts: Actor, other_brand: Brand
) -> None:
    outsider = Actor(kind="person", brand_id=other_brand.pk, role="owner", id=None, label="Charlie")
    viewer = Actor(kind="person", brand_id=alice_acts.brand_id, role="viewer", id=None, label="Bob")
    entry = library.save_card(original.journey_id, original.id, acting_user=alice_acts)
    with pytest.raises(NotFound):
        library.edit_entry(entry.id, title="Mine", acting_user=outsider)
    assert not reads.entries(outsider.brand_id)
    with pytest.raises(Forbidden):
        library.remove_entry(entry.id, acting_user=viewer)


def test_a_touchpoint_without_a_condition_is_refused(alice_acts: Actor) -> None:
    with pytest.raises(BadInput):
        library.add_entry("touchpoint", title="All", rule={"all": []}, acting_user=alice_acts)
