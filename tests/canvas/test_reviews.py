"""Reviews: opened once, guided, signed with a version, and said when due."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.reviews.enums import STEPS
from parcours.canvas.reviews.reads import (
    counts_by_card,
    open_reviews,
    signed_reviews,
    standing,
    standings,
    whole_review,
)
from parcours.canvas.reviews.reminders import remind
from parcours.canvas.reviews.rhythm import rhythm_label
from parcours.canvas.reviews.signing import set_rhythm, settle_step, sign_off, start_review
from parcours.canvas.reviews.writes import close_review, open_review
from parcours.canvas.shapes import JourneyView
from parcours.canvas.versions.enums import Cause
from parcours.canvas.versions.reads import versions
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.notices.models import Notice
from tests.canvas.conftest import NOBODY, AddCard


def test_the_same_reason_opens_one_review_a_card(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    card, other = add_card("A need"), add_card("Another")
    for days in (90, 91):
        open_review(
            journey.id, reason="asked", facts={"words": f"{days}"}, card_id=card.id, acting_user=alice_acts
        )
    open_review(journey.id, reason="asked", facts={}, card_id=other.id, acting_user=alice_acts)
    found = open_reviews(journey.brand_id, journey.id)
    assert [each.sentence for each in found] == ["91", "Somebody asked for another look."]
    assert counts_by_card(journey.id) == {card.id: 1, other.id: 1}


def test_a_card_can_be_reviewed_again_once_it_was_looked_at(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    card = add_card("A need")
    first = open_review(journey.id, reason="asked", facts={}, card_id=card.id, acting_user=alice_acts)
    close_review(journey.id, first.id, acting_user=alice_acts)
    assert open_reviews(journey.brand_id, journey.id) == ()
    second = open_review(journey.id, reason="asked", facts={}, card_id=card.id, acting_user=alice_acts)
    assert second.id != first.id


def test_a_card_of_another_canvas_is_not_found(journey: JourneyView, alice_acts: Actor) -> None:
    with pytest.raises(NotFound):
        open_review(journey.id, reason="asked", facts={}, card_id=NOBODY, acting_user=alice_acts)


def _settled(journey: JourneyView, acts: Actor) -> object:
    review = start_review(journey.id, acting_user=acts)
    for step in STEPS:
        settle_step(journey.id, review.id, step, state="done", acting_user=acts)
    return review.id


def test_a_signature_keeps_a_version_and_sets_the_next_date(journey: JourneyView, alice_acts: Actor) -> None:
    set_rhythm(journey.id, every_days=90, acting_user=alice_acts)
    review = _settled(journey, alice_acts)
    sign_off(journey.id, review, words="It tells the truth.", acting_user=alice_acts)  # type: ignore[arg-type]
    (kept,) = versions(journey.brand_id, journey.id)
    (signed,) = signed_reviews(journey.brand_id, journey.id)
    assert (kept.cause, kept.reason, signed.version_id) == (
        Cause.SIGNED_OFF,
        "It tells the truth.",
        kept.id,
    )
    after = standing(journey.brand_id, journey.id)
    assert (after.last_by, after.days_left) == ("Alice", 90)
    assert whole_review(journey.brand_id, journey.id) is None


def test_nobody_signs_what_wasnt_looked_at(journey: JourneyView, alice_acts: Actor) -> None:
    review = start_review(journey.id, acting_user=alice_acts)
    with pytest.raises(BadInput):
        sign_off(journey.id, review.id, words="Fine.", acting_user=alice_acts)
    for step in STEPS:
        settle_step(journey.id, review.id, step, state="skipped", acting_user=alice_acts)
    settle_step(journey.id, review.id, STEPS[0], state="", acting_user=alice_acts)
    with pytest.raises(BadInput):
        sign_off(journey.id, review.id, words="Fine.", acting_user=alice_acts)
    assert versions(journey.brand_id, journey.id) == ()


def test_a_review_is_signed_once(journey: JourneyView, alice_acts: Actor) -> None:
    review = _settled(journey, alice_acts)
    sign_off(journey.id, review, words="Fine.", acting_user=alice_acts)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        sign_off(journey.id, review, words="Fine.", acting_user=alice_acts)  # type: ignore[arg-type]


def test_a_review_can_be_left_and_come_back_to(journey: JourneyView, alice_acts: Actor) -> None:
    begun = start_review(journey.id, acting_user=alice_acts)
    settle_step(journey.id, begun.id, "changes", state="done", acting_user=alice_acts)
    again = start_review(journey.id, acting_user=alice_acts)
    assert again.id == begun.id
    assert again.steps["changes"]["by"] == "Alice"


def test_reminders_are_said_once_each_and_reach_the_owners_at_last(
    journey: JourneyView, brand: Brand, alice: Person, agnes: Person, alice_acts: Actor
) -> None:
    writes.edit_journey(journey.id, owner_id=agnes.pk, acting_user=alice_acts)
    set_rhythm(journey.id, every_days=90, due=now().date() + timedelta(days=30), acting_user=alice_acts)

    def told(days: int) -> list[tuple[str, str]]:
        with clock_at(now() + timedelta(days=days)):
            remind(brand)
            remind(brand)
        rows = Notice.objects.filter(kind__startswith="review").order_by("id")
        return [(row.kind, "owner" if row.person_id == alice.pk else "agnes") for row in rows]

    assert told(10) == []
    assert told(25) == [("review-soon", "agnes")]
    assert told(32) == [("review-soon", "agnes"), ("review-overdue", "agnes")]
    late = told(50)
    assert sorted(late[2:]) == [("review-escalated", "agnes"), ("review-escalated", "owner")]
    assert told(60) == late


def test_an_archived_journey_reminds_nobody(journey: JourneyView, brand: Brand, alice_acts: Actor) -> None:
    set_rhythm(journey.id, every_days=90, due=now().date() - timedelta(days=3), acting_user=alice_acts)
    writes.edit_journey(journey.id, status="archived", acting_user=alice_acts)
    assert remind(brand) == 0


def test_standings_of_many_journeys_take_as_many_queries_as_of_one(
    journey: JourneyView, alice_acts: Actor, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(4):
        writes.create_journey(f"Journey {number}", acting_user=alice_acts, language="en")
    with django_assert_max_num_queries(2):  # type: ignore[attr-defined]
        assert len(standings(journey.brand_id)) == 5


@pytest.mark.parametrize(
    ("days", "said"),
    [(90, "every 3 months"), (14, "every 2 weeks"), (365, "every year"), (45, "every 45 days")],
)
def test_a_rhythm_is_said_as_people_say_it(days: int, said: str) -> None:
    assert rhythm_label(days) == said
