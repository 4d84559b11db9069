"""Pictures of moments: set up, taken, compared, proposed, and kept when nothing can be taken."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from PIL import Image, ImageDraw
from procrastinate.contrib.django.models import ProcrastinateJob

from parcours.accounts.models import Person
from parcours.accounts.reads import actor_of_person
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads as canvas
from parcours.canvas.captures import reads, writes
from parcours.canvas.captures.chromium.faults import NoPicture
from parcours.canvas.captures.chromium.photographing import Photograph, Wanted
from parcours.canvas.captures.comparing import compare
from parcours.canvas.captures.enums import Outcome, Trouble
from parcours.canvas.captures.shapes import Moment
from parcours.canvas.captures.taking import look
from parcours.canvas.captures.tasks import take_due_pictures, take_picture
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.proposals.writes import accept_proposal, bring_back_proposal, dismiss_proposal
from parcours.canvas.shapes import CardView, JourneyView
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput, Forbidden
from tests.canvas.conftest import AddCard

Draw = Callable[[ImageDraw.ImageDraw], object]
PRICE = (300, 120, 420, 150)


def screen(*drawn: Draw, size: tuple[int, int] = (640, 400)) -> bytes:
    """A page: a headline, a price, a button, and whatever else is drawn."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((40, 40, 360, 80), fill="navy")
    pen.rectangle((40, 300, 240, 340), fill="teal")
    for draw in drawn:
        draw(pen)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def new_price(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle(PRICE, fill="orange")


def another_price(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle(PRICE, fill="purple")


@pytest.fixture
def moment(add_card: AddCard) -> CardView:
    return add_card("The page with the price", stage="Decision", kind="moment")


@pytest.fixture
def robot(alice_acts: Actor) -> Actor:
    return system_actor(alice_acts.brand_id)


@pytest.fixture
def see_moment(journey: JourneyView, moment: CardView) -> Callable[[], Moment]:
    return lambda: reads.moment(journey.brand_id, journey.id, moment.id)


@pytest.fixture
def watched(journey: JourneyView, moment: CardView, alice_acts: Actor, robot: Actor) -> CardView:
    """A moment that is photographed, with its first picture."""
    writes.set_capturing(journey.id, moment.id, address="/help/", rhythm="weekly", acting_user=alice_acts)
    writes.keep_capture(moment.id, screen(), acting_user=robot)
    return moment


def acts(person: Person) -> Actor:
    found = actor_of_person(person)
    assert found is not None
    return found[0]


def waiting(journey: JourneyView) -> list[Any]:
    return [each for each in open_proposals(journey.brand_id, journey.id) if each.kind == "picture-changed"]


def test_the_first_picture_goes_onto_the_card(
    watched: CardView, journey: JourneyView, see_moment: Callable[[], Moment]
) -> None:
    seen = see_moment()
    assert seen.card.picture is not None
    assert [capture.outcome for capture in seen.captures] == [Outcome.SHOWN]
    assert waiting(journey) == []


def test_a_page_that_looks_the_same_is_only_noted(
    watched: CardView, journey: JourneyView, see_moment: Callable[[], Moment], robot: Actor
) -> None:
    later = now() + timedelta(days=7)
    with clock_at(later):
        assert writes.keep_capture(watched.id, screen(), acting_user=robot) is None
    capturing = see_moment().capturing
    assert capturing is not None
    assert (capturing.checked_at, capturing.next_at) == (later, later + timedelta(days=7))
    assert len(see_moment().captures) == 1
    assert waiting(journey) == []


def test_what_a_person_would_see_is_proposed_with_what_changed(
    watched: CardView, journey: JourneyView, see_moment: Callable[[], Moment], robot: Actor
) -> None:
    before = see_moment().card.picture
    writes.keep_capture(watched.id, screen(new_price), acting_user=robot)
    [proposal] = waiting(journey)
    assert proposal.card_id == watched.id
    seen = see_moment()
    assert seen.card.picture == before
    change = seen.proposed
    assert change is not None
    assert change.before is not None
    assert before is not None
    assert change.before.id == before.id
    assert change.share == pytest.approx(120 * 30 / (640 * 400), rel=0.1)
    [(left, top, width, height)] = change.areas
    assert [left, left + width] == pytest.approx([300 / 6.4, 420 / 6.4], abs=2)
    assert [top, top + height] == pytest.approx([120 / 4, 150 / 4], abs=3)


def test_accepting_puts_the_new_picture_on_the_card_and_keeps_the_old_one(
    watched: CardView,
    journey: JourneyView,
    see_moment: Callable[[], Moment],
    robot: Actor,
    alice_acts: Actor,
) -> None:
    old = see_moment().card.picture
    writes.keep_capture(watched.id, screen(new_price), acting_user=robot)
    [proposal] = waiting(journey)
    accept_proposal(journey.id, proposal.id, acting_user=alice_acts)
    seen = see_moment()
    assert seen.card.picture != old
    assert [capture.outcome for capture in seen.captures] == [Outcome.SHOWN, Outcome.WAS_SHOWN]
    bring_back_proposal(journey.id, proposal.id, acting_user=alice_acts)
    assert see_moment().card.picture == old


def test_what_was_dismissed_is_not_proposed_again_until_it_changes_once_more(
    watched: CardView,
    journey: JourneyView,
    see_moment: Callable[[], Moment],
    robot: Actor,
    alice_acts: Actor,
) -> None:
    writes.keep_capture(watched.id, screen(new_price), acting_user=robot)
    [proposal] = waiting(journey)
    dismiss_proposal(journey.id, proposal.id, reason="A sale of one day", acting_user=alice_acts)
    writes.keep_capture(watched.id, screen(new_price), acting_user=robot)
    assert waiting(journey) == []
    [dismissed, _first] = see_moment().captures
    assert (dismissed.outcome, dismissed.reason) == (Outcome.DISMISSED, "A sale of one day")
    writes.keep_capture(watched.id, screen(another_price), acting_user=robot)
    assert len(waiting(journey)) == 1


def test_a_later_change_overtakes_the_one_that_waits_and_going_back_withdraws_it(
    watched: CardView, journey: JourneyView, see_moment: Callable[[], Moment], robot: Actor
) -> None:
    writes.keep_capture(watched.id, screen(new_price), acting_user=robot)
    [first] = waiting(journey)
    writes.keep_capture(watched.id, screen(another_price), acting_user=robot)
    [second] = waiting(journey)
    assert second.id != first.id
    assert [each.outcome for each in see_moment().captures[:2]] == [Outcome.PROPOSED, Outcome.OVERTAKEN]
    writes.keep_capture(watched.id, screen(), acting_user=robot)
    assert waiting(journey) == []


def test_what_changes_in_an_ignored_area_doesn_t_count(
    watched: CardView, journey: JourneyView, robot: Actor, alice_acts: Actor
) -> None:
    writes.set_capturing(
        journey.id, watched.id, address="/help/", ignored=[(45, 28, 25, 12)], acting_user=alice_acts
    )
    assert writes.keep_capture(watched.id, screen(new_price), acting_user=robot) is None
    moved = screen(new_price, lambda pen: pen.rectangle((500, 300, 560, 340), fill="red"))
    assert writes.keep_capture(watched.id, moved, acting_user=robot) is not None


def test_an_edge_that_is_drawn_a_little_differently_is_no_change(tmp_path: Path) -> None:
    sharp, soft = tmp_path / "sharp.png", tmp_path / "soft.png"
    sharp.write_bytes(screen())
    with Image.open(sharp) as image:
        image.resize((641, 401), Image.Resampling.BICUBIC).crop((0, 0, 640, 400)).save(soft)
    assert not compare(sharp, soft).is_visible
    digit = tmp_path / "digit.png"
    digit.write_bytes(screen(lambda pen: pen.text((300, 200), "9", fill="black", font_size=15)))
    assert compare(sharp, digit).is_visible


def test_a_page_that_grew_shows_what_was_added(tmp_path: Path) -> None:
    short, tall, narrow = (tmp_path / f"{name}.png" for name in ("short", "tall", "narrow"))
    short.write_bytes(screen())
    tall.write_bytes(screen(size=(640, 500)))
    narrow.write_bytes(screen(size=(390, 400)))
    [(_left, top, _width, _height)] = compare(short, tall).areas
    assert top == pytest.approx(80, abs=3)
    assert compare(short, narrow).share is None


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"address": "http://127.0.0.1/"}, "address"),
        ({"address": "http://169.254.169.254/latest"}, "address"),
        ({"address": "ftp://shop.example/"}, "address"),
        ({"address": "https://me:secret@shop.example/"}, "address"),
        ({"address": "/help/", "device": "watch"}, "device"),
        ({"address": "/help/", "ignored": [(90, 0, 20, 10)]}, "ignored"),
        ({"address": "/help/", "scroll": -1}, "scroll"),
    ],
)
def test_what_can_t_be_asked_for_is_refused_with_its_place(
    journey: JourneyView, moment: CardView, alice_acts: Actor, given: dict[str, Any], where: str
) -> None:
    with pytest.raises(BadInput) as refused:
        writes.set_capturing(journey.id, moment.id, **given, acting_user=alice_acts)
    assert refused.value.where == where


def test_only_moments_are_photographed_and_only_by_those_who_may_edit(
    journey: JourneyView, moment: CardView, add_card: AddCard, alice_acts: Actor, bob: Person
) -> None:
    need = add_card("Which size?")
    with pytest.raises(BadInput):
        writes.set_capturing(journey.id, need.id, address="/help/", acting_user=alice_acts)
    with pytest.raises(Forbidden):
        writes.set_capturing(journey.id, moment.id, address="/help/", acting_user=acts(bob))


def jobs() -> list[str]:
    rows = ProcrastinateJob.objects.filter(task_name="canvas.take_picture", status="todo")
    return [row.args["card_id"] for row in rows]


def test_a_look_that_is_asked_for_twice_is_one_job(
    journey: JourneyView, watched: CardView, see_moment: Callable[[], Moment], alice_acts: Actor
) -> None:
    for _again in range(2):
        writes.ask_capture(journey.id, watched.id, acting_user=alice_acts)
    assert jobs() == [str(watched.id)]
    capturing = see_moment().capturing
    assert capturing is not None
    assert capturing.asked_at is not None


def test_a_rhythm_gives_jobs_to_moments_that_are_due(watched: CardView) -> None:
    take_due_pictures(0)
    assert jobs() == []
    with clock_at(now() + timedelta(days=7, minutes=1)):
        take_due_pictures(0)
    assert jobs() == [str(watched.id)]


def test_a_card_off_the_canvas_is_photographed_no_more(
    journey: JourneyView, watched: CardView, alice_acts: Actor
) -> None:
    from parcours.canvas.writes import delete_card

    there = canvas.card(journey.brand_id, journey.id, watched.id)
    delete_card(journey.id, watched.id, expected_revision=there.revision, acting_user=alice_acts)
    with clock_at(now() + timedelta(days=8)):
        take_due_pictures(0)
    assert jobs() == []


def failing(trouble: Trouble, **facts: Any) -> Callable[[Wanted], Photograph]:
    def fail(wanted: Wanted) -> Photograph:
        raise NoPicture(trouble, **facts)

    return fail


def test_what_may_pass_is_tried_again_and_said_meanwhile(
    watched: CardView, see_moment: Callable[[], Moment], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = see_moment().card.picture
    monkeypatch.setattr("parcours.canvas.captures.addresses.whole", lambda address: (address, ()))
    monkeypatch.setattr(
        "parcours.canvas.captures.taking.photograph", failing(Trouble.NO_ANSWER, host="shop.example")
    )
    with pytest.raises(NoPicture) as refused:
        look(watched.id)
    strategy = take_picture.retry_strategy
    assert strategy is not None
    waits = []
    for attempts in range(4):
        job = type("Job", (), {"attempts": attempts})()
        decision = strategy.get_retry_decision(exception=refused.value, job=job)
        waits.append(decision and decision.retry_at)
    assert [bool(wait) for wait in waits] == [True, True, True, False]
    seen = see_moment()
    assert seen.capturing is not None
    assert seen.capturing.problem is not None
    assert "shop.example" in seen.capturing.problem.what
    assert seen.card.picture == picture


def test_what_somebody_must_change_is_said_and_not_tried_again(
    watched: CardView,
    see_moment: Callable[[], Moment],
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
) -> None:
    monkeypatch.setattr("parcours.canvas.captures.addresses.whole", lambda address: (address, ()))
    monkeypatch.setattr("parcours.canvas.captures.taking.photograph", failing(Trouble.STATUS, status=404))
    look(watched.id)
    capturing = see_moment().capturing
    assert capturing is not None
    assert capturing.problem is not None
    assert "404" in capturing.problem.what
    assert capturing.failures == 1


def test_without_an_own_address_it_says_what_to_do(
    watched: CardView, see_moment: Callable[[], Moment], settings: LazySettings
) -> None:
    settings.SERVED_AT = settings.PUBLIC_URL = ""
    look(watched.id)
    capturing = see_moment().capturing
    assert capturing is not None
    assert capturing.problem is not None
    assert "PARCOURS_URL" in capturing.problem.remedy


def test_giving_it_up_keeps_the_pictures(
    journey: JourneyView, watched: CardView, see_moment: Callable[[], Moment], alice_acts: Actor
) -> None:
    writes.stop_capturing(journey.id, watched.id, acting_user=alice_acts)
    assert see_moment().capturing is None
    assert len(see_moment().captures) == 1


def test_all_moments_are_read_in_a_constant_number_of_queries(
    journey: JourneyView, watched: CardView, add_card: AddCard, django_assert_max_num_queries: Any
) -> None:
    for n in range(5):
        add_card(f"Moment {n}", kind="moment")
    with django_assert_max_num_queries(9):
        found = reads.moments(journey.brand_id, journey.id)
    assert [each.card.title for each in found][-1] == "The page with the price"
