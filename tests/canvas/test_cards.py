import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.errors import CardConflict
from parcours.canvas.models import Card, Stage
from parcours.canvas.shapes import Board, CardView, JourneyView
from parcours.canvas.writes.leases import HELD_FOR
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.journal.reads import entries_of
from parcours.live.models import Update
from tests.canvas.conftest import NOBODY, AddCard, png, titles

See = Callable[[], Board]


def _latest(journey: JourneyView) -> Update:
    return Update.objects.filter(topic=journey.topic).latest("pk")


def test_cards_stand_in_the_order_in_which_they_were_added(add_card: AddCard, see: See) -> None:
    for title in ("One", "Two", "Three"):
        add_card(title)
    assert titles(see()) == ["One", "Two", "Three"]


def test_a_card_goes_in_front_of_the_one_it_names(add_card: AddCard, see: See) -> None:
    one = add_card("One")
    add_card("Zero", before=one.id)
    assert titles(see()) == ["Zero", "One"]


def test_a_card_says_something(add_card: AddCard) -> None:
    with pytest.raises(BadInput):
        add_card("  \x00 ")


def test_a_text_that_is_too_long_is_refused_by_its_field(add_card: AddCard) -> None:
    with pytest.raises(BadInput) as refused:
        add_card("x" * 201)
    assert refused.value.where == "title"


def test_the_same_card_sent_twice_is_added_once(add_card: AddCard, see: See) -> None:
    chosen = uuid.uuid4()
    first = add_card("One", card_id=chosen)
    assert add_card("One", card_id=chosen) == first
    assert titles(see()) == ["One"]


def test_an_edit_raises_the_revision_and_tells_journal_and_followers(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    card = add_card("One")
    edited = writes.edit_card(
        journey.id, card.id, expected_revision=1, text="“Sans mal de dos ?”", acting_user=alice_acts
    )
    assert (edited.title, edited.text, edited.revision) == ("One", "“Sans mal de dos ?”", 2)
    entry = entries_of(journey.brand_id, target_kind="card", target_id=str(card.id)).first()
    assert entry is not None
    assert (entry.verb, entry.actor_label, entry.data["before"]["text"]) == ("card changed", "Alice", "")
    update = _latest(journey)
    assert update.name == "card.changed"
    assert update.payload == {
        "card": str(card.id),
        "revision": 2,
        "stage": str(card.stage_id),
        "lane": str(card.lane_id),
        "order_key": card.order_key,
        "actor": {"id": str(alice_acts.id), "label": "Alice"},
    }


def test_an_edit_that_changes_nothing_leaves_the_revision_alone(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    card = add_card("One")
    same = writes.edit_card(journey.id, card.id, expected_revision=1, title="One", acting_user=alice_acts)
    assert same.revision == 1


def test_an_edit_from_an_old_revision_is_refused_with_the_card_as_it_stands(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, see: See
) -> None:
    card = add_card("One")
    writes.edit_card(journey.id, card.id, expected_revision=1, title="Theirs", acting_user=alice_acts)
    with pytest.raises(CardConflict) as conflict:
        writes.edit_card(journey.id, card.id, expected_revision=1, title="Mine", acting_user=alice_acts)
    assert conflict.value.card is not None
    assert (conflict.value.card.title, conflict.value.card.revision) == ("Theirs", 2)
    assert titles(see()) == ["Theirs"]


def test_an_edit_from_a_revision_that_never_was_is_refused(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    card = add_card("One")
    with pytest.raises(CardConflict):
        writes.edit_card(journey.id, card.id, expected_revision=9, title="Mine", acting_user=alice_acts)


def test_an_edit_and_a_move_at_the_same_time_both_hold(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, see: See
) -> None:
    card = add_card("One")
    decision = see().stages[2]
    writes.move_card(
        journey.id,
        card.id,
        stage_id=decision.id,
        lane_id=card.lane_id,
        expected_revision=1,
        acting_user=alice_acts,
    )
    writes.edit_card(journey.id, card.id, expected_revision=1, title="Edited", acting_user=alice_acts)
    assert titles(see(), "Decision") == ["Edited"]


def _move(journey: JourneyView, card: CardView, actor: Actor, **where: object) -> CardView:
    place = {"stage_id": card.stage_id, "lane_id": card.lane_id, "expected_revision": card.revision, **where}
    return writes.move_card(journey.id, card.id, acting_user=actor, **place)  # type: ignore[arg-type]


def test_a_card_moves_in_front_behind_and_to_the_end(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, see: See
) -> None:
    one, _two, three = (add_card(title) for title in ("One", "Two", "Three"))
    three = _move(journey, three, alice_acts, before=one.id)
    assert titles(see()) == ["Three", "One", "Two"]
    three = _move(journey, three, alice_acts, after=one.id)
    assert titles(see()) == ["One", "Three", "Two"]
    _move(journey, three, alice_acts)
    assert titles(see()) == ["One", "Two", "Three"]
    assert _latest(journey).name == "card.moved"


def test_a_card_moves_to_another_cell(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, see: See
) -> None:
    one = add_card("One")
    board = see()
    _move(journey, one, alice_acts, stage_id=board.stages[4].id, lane_id=board.lanes[2].id)
    assert titles(see()) == []
    assert titles(see(), "Advocacy", "action") == ["One"]


def test_a_neighbour_that_has_gone_puts_the_card_last(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, see: See
) -> None:
    one, _two = add_card("One"), add_card("Two")
    _move(journey, one, alice_acts, before=NOBODY)
    assert titles(see()) == ["Two", "One"]


def test_two_moves_from_the_same_revision_do_not_overwrite_each_other(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    one = add_card("One")
    _move(journey, one, alice_acts)
    with pytest.raises(CardConflict):
        _move(journey, one, alice_acts)


def test_a_card_does_not_move_onto_another_canvas(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    one = add_card("One")
    other = writes.create_journey("Other", acting_user=alice_acts)
    stage = reads.board(other.brand_id, other.id).stages[0]
    with pytest.raises(NotFound):
        _move(journey, one, alice_acts, stage_id=stage.id)


def test_the_database_itself_keeps_a_card_on_its_own_canvas(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    one = add_card("One")
    other = writes.create_journey("Other", acting_user=alice_acts)
    foreign = Stage.objects.filter(journey_id=other.id).first()
    Card.objects.filter(pk=one.id).update(stage=foreign)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    Card.objects.filter(pk=one.id).update(stage_id=one.stage_id)


def test_a_deleted_card_comes_back_where_it_was(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, see: See
) -> None:
    one, two = add_card("One"), add_card("Two")
    writes.delete_card(journey.id, one.id, expected_revision=1, acting_user=alice_acts)
    assert titles(see()) == ["Two"]
    add_card("Zero", before=two.id)
    restored = writes.restore_card(journey.id, one.id, acting_user=alice_acts)
    assert sorted(titles(see())) == ["One", "Two", "Zero"]
    assert titles(see())[-1] == "Two"
    assert restored.revision == 3
    assert _latest(journey).name == "card.restored"


def test_a_card_that_somebody_changed_is_not_deleted_unseen(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    one = add_card("One")
    writes.edit_card(journey.id, one.id, expected_revision=1, title="New", acting_user=alice_acts)
    with pytest.raises(CardConflict):
        writes.delete_card(journey.id, one.id, expected_revision=1, acting_user=alice_acts)


def test_editing_a_deleted_card_says_who_deleted_it(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    one = add_card("One")
    writes.delete_card(journey.id, one.id, expected_revision=1, acting_user=alice_acts)
    with pytest.raises(CardConflict, match="Alice deleted") as conflict:
        writes.edit_card(journey.id, one.id, expected_revision=1, title="Mine", acting_user=alice_acts)
    assert conflict.value.card is None


def test_a_card_of_a_removed_stage_waits_for_its_stage(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    one = add_card("One")
    writes.delete_card(journey.id, one.id, expected_revision=1, acting_user=alice_acts)
    writes.remove_stage(journey.id, one.stage_id, acting_user=alice_acts)
    with pytest.raises(Conflict, match="removed"):
        writes.restore_card(journey.id, one.id, acting_user=alice_acts)


def test_an_agent_does_not_write_on_the_canvas(journey: JourneyView, add_card: AddCard) -> None:
    card = add_card("One")
    agent = Actor(kind="person", brand_id=journey.brand_id, role="agent", id=NOBODY, label="Agnes")
    with pytest.raises(Forbidden):
        writes.edit_card(journey.id, card.id, expected_revision=1, title="Mine", acting_user=agent)


def test_a_picture_stands_on_a_card_with_its_description(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    picture = writes.add_picture(png(), acting_user=alice_acts)
    card = add_card("", kind="moment", picture_id=picture.id, picture_alt="The cart, shipping at 6.90 euros")
    assert card.picture is not None
    assert (card.picture.width, card.picture.alt) == (60, "The cart, shipping at 6.90 euros")
    with pytest.raises(BadInput):
        writes.edit_card(
            journey.id, card.id, expected_revision=1, without_picture=True, acting_user=alice_acts
        )


# Somebody is editing


def test_a_lease_names_who_is_editing_until_it_runs_out(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    card = add_card("One")
    assert writes.take_lease(journey.id, card.id, acting_user=alice_acts).leased_by == "Alice"
    assert (_latest(journey).name, _latest(journey).payload["label"]) == ("lease.changed", "Alice")
    with clock_at(now() + HELD_FOR + timedelta(seconds=1)):
        assert reads.card(journey.brand_id, journey.id, card.id).leased_by is None


def test_a_lease_that_somebody_holds_is_not_taken_from_them(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, system: Actor
) -> None:
    card = add_card("One")
    writes.take_lease(journey.id, card.id, acting_user=alice_acts)
    assert writes.take_lease(journey.id, card.id, acting_user=system).leased_by == "Alice"
    writes.release_lease(journey.id, card.id, acting_user=system)
    assert reads.card(journey.brand_id, journey.id, card.id).leased_by == "Alice"
    writes.release_lease(journey.id, card.id, acting_user=alice_acts)
    assert reads.card(journey.brand_id, journey.id, card.id).leased_by is None


def test_saving_ends_the_lease(journey: JourneyView, add_card: AddCard, alice_acts: Actor) -> None:
    card = add_card("One")
    writes.take_lease(journey.id, card.id, acting_user=alice_acts)
    edited = writes.edit_card(journey.id, card.id, expected_revision=1, title="Two", acting_user=alice_acts)
    assert edited.leased_by is None


# Reading


def test_a_canvas_of_two_hundred_cards_takes_as_many_queries_as_an_empty_one(
    journey: JourneyView,
    add_card: AddCard,
    alice_acts: Actor,
    see: See,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(5):
        board = see()
    picture = writes.add_picture(png(), acting_user=alice_acts)
    for n in range(200):
        stage = board.stages[n % 5].name
        card = add_card(f"Card {n}", stage, board.lanes[n % 3].kind, picture_id=picture.id)
    writes.take_lease(journey.id, card.id, acting_user=alice_acts)
    with django_assert_num_queries(5):
        board = see()
    assert len(board.cards) == 200
    assert board == see()


def test_a_card_reads_alone_as_it_does_on_its_canvas(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, see: See
) -> None:
    picture = writes.add_picture(png(), acting_user=alice_acts)
    opened = writes.create_journey("Opened", acting_user=alice_acts)
    add_card("Size", picture_id=picture.id, picture_alt="The shop")
    add_card("Opens", leads_to=opened.id)
    leased = add_card("Price", "Decision", text="Too high")
    Card.objects.filter(pk=leased.id).update(details={"level": 2})
    writes.take_lease(journey.id, leased.id, acting_user=alice_acts)
    cards = see().cards
    assert [bool(card.picture) for card in cards] == [True, False, False]
    assert [card.leased_by for card in cards] == [None, None, "Alice"]
    for each in cards:
        assert each == reads.card(journey.brand_id, journey.id, each.id)
