"""What people say about a canvas: kept with what it is about, live, and heard by those who are meant."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from parcours.accounts.models import Brand, Membership, Person
from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import remove_person, set_name
from parcours.canvas import writes
from parcours.canvas.comments.models import Comment, Thread
from parcours.canvas.comments.reads import (
    Where,
    counts_by_card,
    counts_by_place,
    read_where,
    thread,
    threads_about,
    threads_of,
)
from parcours.canvas.comments.shapes import ThreadView
from parcours.canvas.comments.writes import (
    delete_comment,
    edit_comment,
    mute_thread,
    reply,
    resolve_thread,
    restore_comment,
    start_thread,
)
from parcours.canvas.shapes import Board, CardView, JourneyView
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.journal.models import Entry
from parcours.live.models import Update
from parcours.notices.models import Notice
from tests.canvas.conftest import NOBODY, AddCard
from tests.notices.conftest import acts

Say = Callable[..., ThreadView]


@pytest.fixture
def card(add_card: AddCard) -> CardView:
    return add_card("Will it hurt my back?")


@pytest.fixture
def say(journey: JourneyView, card: CardView, alice_acts: Actor) -> Say:
    """Starts a thread on the card, or answers in one."""

    def saying(
        text: str, *, by: Actor | None = None, to: ThreadView | None = None, **more: Any
    ) -> ThreadView:
        actor = by or alice_acts
        if to is not None:
            return reply(journey.id, to.id, text=text, acting_user=actor, **more)
        where = more.pop("where", Where(card_id=card.id))
        return start_thread(journey.id, where, text=text, acting_user=actor, **more)

    return saying


@pytest.fixture
def agnes_acts(agnes: Person, brand: Brand) -> Actor:
    return acts(agnes, brand)


@pytest.fixture
def outsider(charlie: Person, other_brand: Brand) -> Actor:
    return acts(charlie, other_brand, "owner")


def told(who: Person | Actor) -> list[str]:
    notices = Notice.objects.filter(person_id=who.id or NOBODY)
    return list(notices.order_by("id").values_list("kind", flat=True))


def test_a_thread_holds_what_was_said_in_its_order(say: Say, agnes_acts: Actor) -> None:
    first = say("Is this still true?")
    both = say("We hear it every **week**.", to=first, by=agnes_acts)
    assert [(each.author, each.words) for each in both.comments] == [
        ("Alice", "Is this still true?"),
        ("Agnes", "We hear it every **week**."),
    ]
    assert "<strong>week</strong>" in both.comments[1].html


def test_words_cannot_carry_scripts(say: Say) -> None:
    found = say('<script>alert(1)</script> <img src=x onerror="alert(1)"> [x](javascript:alert(1))')
    html = found.comments[0].html
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


def test_sending_the_same_comment_twice_says_it_once(say: Say) -> None:
    chosen = uuid.uuid4()
    found = say("Once", comment_id=chosen)
    assert say("Once", comment_id=chosen).id == found.id
    answer = uuid.uuid4()
    say("Again", to=found, comment_id=answer)
    assert len(say("Again", to=found, comment_id=answer).comments) == 2


def test_an_empty_comment_is_refused(say: Say) -> None:
    with pytest.raises(BadInput):
        say("  \n ")


@pytest.mark.parametrize("about", ["stage", "cell", "touchpoint", "journey"])
def test_one_can_talk_about_every_part_of_a_canvas(
    about: str, say: Say, journey: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    board = see()
    stage, lane = board.stages[0], board.lanes[0]
    point = writes.add_touchpoint(
        journey.id,
        stage_id=stage.id,
        name="Shop page",
        rule={"all": [{"field": "name", "op": "is", "value": ["Page Viewed"]}]},
        acting_user=alice_acts,
    )
    key, label = {
        "stage": (f"stage:{stage.id}", stage.name),
        "cell": (f"cell:{stage.id}:{lane.id}", f"{lane.name} · {stage.name}"),
        "touchpoint": (f"touchpoint:{point.id}", "Shop page"),
        "journey": ("journey", journey.title),
    }[about]
    found = say("Look here", where=read_where(key))
    assert (found.about.key, found.about.label) == (key, label)
    assert [each.id for each in threads_about(alice_acts, journey.id, read_where(key))] == [found.id]
    assert counts_by_place(journey.id) == {key: 1}


def test_what_is_not_on_this_canvas_cannot_be_talked_about(say: Say, alice_acts: Actor) -> None:
    for where in (
        Where(card_id=NOBODY),
        Where(stage_id=NOBODY),
        Where(touchpoint_id=NOBODY),
        Where(stage_id=NOBODY, lane_id=NOBODY),
    ):
        with pytest.raises(NotFound):
            say("x", where=where)
    for key in ("card", "card:7", "cell:x:y", "", "journey:1"):
        with pytest.raises(NotFound):
            read_where(key)


def test_agents_comment_viewers_read_and_outsiders_find_nothing(
    say: Say, journey: JourneyView, brand: Brand, bob: Person, outsider: Actor
) -> None:
    found = say("Read me")
    viewer = acts(bob, brand, "viewer")
    assert thread(viewer, journey.id, found.id).comments[0].words == "Read me"
    with pytest.raises(Forbidden):
        say("Me too", to=found, by=viewer)
    tries: list[Callable[[], object]] = [
        lambda: thread(outsider, journey.id, found.id),
        lambda: say("x", to=found, by=outsider),
        lambda: resolve_thread(journey.id, found.id, acting_user=outsider),
        lambda: delete_comment(journey.id, found.comments[0].id, acting_user=outsider),
    ]
    for trying in tries:
        with pytest.raises(NotFound):
            trying()


def test_who_is_named_is_told_once_and_at_once(say: Say, agnes: Person, bob: Person) -> None:
    say("@agnes, can you ask? @bob@example.org @nobody @Agnes")
    assert told(agnes) == ["comment-mention"]
    assert told(bob) == ["comment-mention"]
    notice = Notice.objects.get(person=agnes)
    assert notice.facts["words"] == "@Agnes, can you ask? @Bob @nobody @Agnes"
    assert notice.mail is not None


def test_an_address_is_not_a_mention(say: Say, agnes: Person) -> None:
    say("write to info@agnes.example or x@Agnes")
    assert told(agnes) == []


def test_those_who_take_part_hear_of_answers_until_they_mute(
    say: Say, journey: JourneyView, agnes: Person, agnes_acts: Actor, alice: Person
) -> None:
    found = say("Is this still true?")
    say("Yes", to=found, by=agnes_acts)
    assert told(alice) == ["comment-reply"]
    say("Thank you", to=found)
    assert told(agnes) == ["comment-reply"]
    muted = mute_thread(journey.id, found.id, acting_user=agnes_acts)
    assert muted.muted
    say("And now?", to=found)
    assert told(agnes) == ["comment-reply"]
    say("@Agnes?", to=found)
    assert told(agnes) == ["comment-reply", "comment-mention"]
    assert not mute_thread(journey.id, found.id, muted=False, acting_user=agnes_acts).muted


def test_the_owner_of_a_journey_hears_of_new_conversations(
    say: Say, journey: JourneyView, alice: Person, agnes_acts: Actor
) -> None:
    writes.edit_journey(journey.id, owner_id=alice.pk, acting_user=system_actor(journey.brand_id))
    say("Something is missing here", by=agnes_acts)
    assert told(alice) == ["comment-started"]


def test_other_words_tell_only_those_named_anew(
    say: Say, journey: JourneyView, agnes: Person, bob: Person, alice_acts: Actor
) -> None:
    found = say("@Agnes look")
    comment = found.comments[0]
    edited = edit_comment(journey.id, comment.id, text="@Agnes and @Bob look", acting_user=alice_acts)
    assert edited.comments[0].edited_at is not None
    assert told(agnes) == ["comment-mention"]
    assert told(bob) == ["comment-mention"]


def test_only_who_said_it_changes_or_deletes_it(
    say: Say, journey: JourneyView, agnes_acts: Actor, alice_acts: Actor
) -> None:
    comment = say("Mine").comments[0]
    tries: list[Callable[[], object]] = [
        lambda: edit_comment(journey.id, comment.id, text="Theirs", acting_user=agnes_acts),
        lambda: delete_comment(journey.id, comment.id, acting_user=agnes_acts),
    ]
    for trying in tries:
        with pytest.raises(Forbidden):
            trying()
    delete_comment(journey.id, comment.id, acting_user=alice_acts)
    with pytest.raises(Forbidden):
        restore_comment(journey.id, comment.id, acting_user=agnes_acts)


def test_a_deleted_comment_shows_no_words_and_comes_back(
    say: Say, journey: JourneyView, agnes_acts: Actor, alice_acts: Actor
) -> None:
    found = say("Oops")
    say("An answer", to=found, by=agnes_acts)
    comment = found.comments[0]
    gone = delete_comment(journey.id, comment.id, acting_user=alice_acts)
    assert (gone.comments[0].deleted, gone.comments[0].words, gone.comments[0].html) == (True, "", "")
    with pytest.raises(Conflict):
        edit_comment(journey.id, comment.id, text="x", acting_user=alice_acts)
    assert restore_comment(journey.id, comment.id, acting_user=alice_acts).comments[0].words == "Oops"


def test_a_thread_without_words_is_seen_only_by_who_can_bring_them_back(
    say: Say, journey: JourneyView, agnes_acts: Actor, alice_acts: Actor
) -> None:
    found = say("Oops")
    delete_comment(journey.id, found.comments[0].id, acting_user=alice_acts)
    assert len(threads_of(alice_acts, journey.id)) == 1
    assert threads_of(agnes_acts, journey.id) == ()


def test_a_resolved_thread_rests_until_somebody_answers(
    say: Say, journey: JourneyView, card: CardView, agnes_acts: Actor, alice_acts: Actor
) -> None:
    found = say("Done?")
    say("Nearly", to=found, by=agnes_acts)
    assert counts_by_card(journey.id) == {card.id: 2}
    closed = resolve_thread(journey.id, found.id, acting_user=alice_acts)
    assert (closed.resolved, closed.resolved_by) == (True, "Alice")
    assert told(agnes_acts) == ["comment-resolved"]
    assert counts_by_card(journey.id, [card.id]) == {}
    assert [each.id for each in threads_of(alice_acts, journey.id, "resolved")] == [found.id]
    assert not say("One more thing", to=found, by=agnes_acts).resolved


def test_the_page_filters_by_what_concerns_the_reader(
    say: Say, journey: JourneyView, agnes_acts: Actor, alice_acts: Actor
) -> None:
    mine = say("I said so", by=agnes_acts)
    named = say("@Agnes knows")
    say("Nothing to do with her")

    def seen(show: str) -> list[uuid.UUID]:
        return [each.id for each in threads_of(agnes_acts, journey.id, show)]

    assert seen("mine") == [mine.id]
    assert seen("mentions") == [named.id]
    assert len(seen("open")) == 3


def test_comments_stay_with_their_card_wherever_it_goes(
    say: Say, journey: JourneyView, card: CardView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    found = say("Follow me")
    there = see().stages[3]
    moved = writes.move_card(
        journey.id,
        card.id,
        stage_id=there.id,
        lane_id=card.lane_id,
        expected_revision=card.revision,
        acting_user=alice_acts,
    )
    assert threads_about(alice_acts, journey.id, Where(card_id=card.id))[0].id == found.id
    deleted = writes.delete_card(
        journey.id, card.id, expected_revision=moved.revision, acting_user=alice_acts
    )
    assert deleted.deleted
    assert threads_of(alice_acts, journey.id) == ()
    assert thread(alice_acts, journey.id, found.id).comments[0].words == "Follow me"
    writes.restore_card(journey.id, card.id, acting_user=alice_acts)
    assert len(threads_of(alice_acts, journey.id)) == 1


def test_everybody_who_has_the_canvas_open_hears_of_it(
    say: Say, journey: JourneyView, card: CardView, agnes_acts: Actor
) -> None:
    found = say("Listen", by=agnes_acts)
    heard = {update.name: update.payload for update in Update.objects.filter(topic=f"journey:{journey.id}")}
    assert heard["comment.changed"]["thread"] == str(found.id)
    assert heard["comment.changed"]["about"] == f"card:{card.id}"
    assert heard["card.marked"]["card"] == str(card.id)


def test_the_journal_says_that_something_was_said_not_what(say: Say) -> None:
    say("My dentist told me about Claire")
    entry = Entry.objects.get(verb="comment added")
    assert "dentist" not in str(entry.data)


def test_a_new_name_is_shown_everywhere_and_who_leaves_is_named_no_more(
    say: Say, journey: JourneyView, agnes: Person, agnes_acts: Actor, alice_acts: Actor
) -> None:
    found = say("I am here", by=agnes_acts)
    say("@Agnes thanks", to=found)
    set_name(agnes, "Agnès Petit")
    seen = thread(alice_acts, journey.id, found.id)
    assert (seen.comments[0].author, seen.comments[1].words) == ("Agnès Petit", "@Agnès Petit thanks")
    remove_person(Membership.objects.get(person=agnes), acting_user=system_actor(journey.brand_id))
    seen = thread(alice_acts, journey.id, found.id)
    assert [each.author for each in seen.comments] == ["Somebody who left", "Alice"]
    assert seen.comments[1].words == "@somebody who left thanks"
    assert "Agn" not in str(list(Notice.objects.values_list("facts", "actor_label")))


def test_reading_asks_the_database_as_often_for_one_thread_as_for_many(
    say: Say, journey: JourneyView, alice_acts: Actor, agnes_acts: Actor, django_assert_num_queries: Any
) -> None:
    say("One")
    with django_assert_num_queries(5):
        threads_of(alice_acts, journey.id)
    for number in range(5):
        say(f"@Agnes {number}", to=say(f"Thread {number}"), by=agnes_acts)
    with django_assert_num_queries(5):
        threads_of(alice_acts, journey.id)


def test_the_database_keeps_a_thread_to_one_thing(journey: JourneyView, card: CardView) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Thread.objects.create(journey_id=journey.id, card_id=card.id, stage_id=card.stage_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Thread.objects.create(journey_id=journey.id, lane_id=card.lane_id)
    assert Comment.objects.count() == 0
