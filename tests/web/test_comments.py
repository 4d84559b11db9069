"""Conversations through the pages: beginning, answering, changing, finding."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas.comments.models import Comment, Thread
from parcours.canvas.comments.reads import Where
from parcours.canvas.comments.shapes import ThreadView
from parcours.canvas.comments.writes import start_thread
from parcours.canvas.rules import name_rule
from parcours.canvas.shapes import Board, CardView, JourneyView
from parcours.canvas.writes import add_touchpoint
from parcours.notices.models import Notice
from tests.canvas.conftest import AddCard
from tests.canvas.conftest import add_card as add_card  # noqa: PLC0414 - fixtures of the canvas, used here too
from tests.canvas.conftest import journey as journey  # noqa: PLC0414
from tests.canvas.conftest import see as see  # noqa: PLC0414

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def card(add_card: AddCard) -> CardView:
    return add_card("Will it hurt my back?")


@pytest.fixture
def talk(journey: JourneyView, card: CardView, alice_acts: Actor) -> ThreadView:
    return start_thread(
        journey.id, Where(card_id=card.id), text="Is this still true?", acting_user=alice_acts
    )


def test_a_card_s_tab_shows_what_was_said_and_takes_more(
    as_agnes: Client, journey: JourneyView, card: CardView, talk: ThreadView
) -> None:
    address = f"/map/{journey.id}/cards/{card.id}/comments/"
    tab = as_agnes.get(address, headers=FRAGMENT).content.decode()
    assert "Is this still true?" in tab
    assert "<html" not in tab
    answered = as_agnes.post(
        f"/map/{journey.id}/comments/{talk.id}/reply/",
        {"text": "Yes, *every* week", "where": "about"},
        headers=FRAGMENT,
    )
    assert "<em>every</em>" in answered.content.decode()
    assert "<html" in as_agnes.get(address, headers={"Accept": "text/html"}).content.decode()


def test_the_card_on_the_map_says_how_much_was_said(
    as_bob: Client, journey: JourneyView, card: CardView, talk: ThreadView
) -> None:
    page = as_bob.get(f"/map/{journey.id}/").content.decode()
    assert f'href="#card-{card.id}/comments"' in page
    fragment = as_bob.get(f"/map/{journey.id}/cards/{card.id}/", headers=FRAGMENT).content.decode()
    assert "mark-comments" in fragment


def test_stages_cells_and_touchpoints_say_how_much_was_said_about_them(
    as_bob: Client, journey: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    stage, lane = see().stages[0], see().lanes[0]
    point = add_touchpoint(
        journey.id, stage_id=stage.id, name="Shop", rule=name_rule("Viewed"), acting_user=alice_acts
    )
    for where in (
        Where(stage_id=stage.id),
        Where(stage_id=stage.id, lane_id=lane.id),
        Where(touchpoint_id=point.id),
    ):
        start_thread(journey.id, where, text="Is this so?", acting_user=alice_acts)
    page = as_bob.get(f"/map/{journey.id}/").content.decode()
    for about in (f"stage:{stage.id}", f"cell:{stage.id}:{lane.id}", f"touchpoint:{point.id}"):
        address = f"/map/{journey.id}/comments/about/{about}/"
        assert page.count(f'href="{address}"') == 1
        assert "Is this so?" in as_bob.get(address).content.decode()


def test_without_scripts_a_comment_leads_back_to_where_it_was_written(
    as_agnes: Client, journey: JourneyView, see: Callable[[], Board]
) -> None:
    plain = {"Accept": "text/html"}
    stage = see().stages[1]
    begun = as_agnes.post(
        f"/map/{journey.id}/comments/start/",
        {"text": "Who owns this stage?", "about": f"stage:{stage.id}", "where": "open"},
        headers=plain,
    )
    found = Thread.objects.get()
    assert begun.headers["Location"] == f"/map/{journey.id}/comments/?show=open#thread-{found.pk}"
    assert "Who owns this stage?" in as_agnes.get(begun.headers["Location"]).content.decode()
    about = as_agnes.get(f"/map/{journey.id}/comments/about/stage:{stage.id}/", headers=plain)
    assert "Who owns this stage?" in about.content.decode()


@pytest.mark.parametrize("where", ["open", "about"])
def test_an_empty_comment_says_what_is_wrong(as_agnes: Client, journey: JourneyView, where: str) -> None:
    answer = as_agnes.post(
        f"/map/{journey.id}/comments/start/", {"text": " ", "about": "journey", "where": where}
    )
    assert answer.status_code == 422
    assert "can&#x27;t be empty" in answer.content.decode()


def test_an_empty_answer_says_so_in_its_thread(
    as_agnes: Client, journey: JourneyView, talk: ThreadView
) -> None:
    for headers in (FRAGMENT, {"Accept": "text/html"}):
        answer = as_agnes.post(f"/map/{journey.id}/comments/{talk.id}/reply/", {"text": ""}, headers=headers)
        assert answer.status_code == 422
        assert "can&#x27;t be empty" in answer.content.decode()


def test_one_changes_deletes_and_puts_back_ones_own_words(
    as_alice: Client, journey: JourneyView, card: CardView, talk: ThreadView
) -> None:
    comment = talk.comments[0].id
    form = as_alice.get(f"/map/{journey.id}/cards/{card.id}/comments/?edit={comment}", headers=FRAGMENT)
    assert "Is this still true?</textarea>" in form.content.decode()
    one = f"/map/{journey.id}/comments/said/{comment}"
    as_alice.post(f"{one}/edit/", {"text": "Is it?"}, headers=FRAGMENT)
    assert Comment.objects.get().text == "Is it?"
    gone = as_alice.post(f"{one}/delete/", headers=FRAGMENT).content.decode()
    assert "Is it?" not in gone
    assert "Put back" in gone
    assert "Is it?" in as_alice.post(f"{one}/restore/", headers=FRAGMENT).content.decode()


def test_somebody_elses_words_are_theirs(as_agnes: Client, journey: JourneyView, talk: ThreadView) -> None:
    one = f"/map/{journey.id}/comments/said/{talk.comments[0].id}"
    assert as_agnes.post(f"{one}/edit/", {"text": "Mine"}).status_code == 403
    assert as_agnes.post(f"{one}/delete/").status_code == 403


def test_a_thread_is_resolved_found_and_opened_again(
    as_agnes: Client, journey: JourneyView, talk: ThreadView
) -> None:
    address = f"/map/{journey.id}/comments/{talk.id}/resolve/"
    as_agnes.post(address)
    assert "Is this" not in as_agnes.get(f"/map/{journey.id}/comments/").content.decode()
    assert "Resolved by Agnes" in as_agnes.get(f"/map/{journey.id}/comments/?show=resolved").content.decode()
    as_agnes.post(address, {"open": "1"})
    assert "Is this" in as_agnes.get(f"/map/{journey.id}/comments/").content.decode()


def test_a_viewer_reads_and_has_no_form(as_bob: Client, journey: JourneyView, talk: ThreadView) -> None:
    for address in (
        f"/map/{journey.id}/comments/",
        f"/map/{journey.id}/comments/{talk.id}/",
        f"/map/{journey.id}/comments/about/journey/",
    ):
        page = as_bob.get(address).content.decode()
        assert "<textarea" not in page
    assert as_bob.post(f"/map/{journey.id}/comments/start/", {"text": "x"}).status_code == 403


def test_following_a_notice_shows_the_words_and_reads_every_notice_of_them(
    as_alice: Client, as_agnes: Client, agnes: Person, journey: JourneyView, talk: ThreadView
) -> None:
    for words in ("@Agnes look", "@Agnes again"):
        as_alice.post(f"/map/{journey.id}/comments/{talk.id}/reply/", {"text": words})
    first = Notice.objects.filter(person=agnes).earliest("id")
    followed = as_agnes.get(f"/notices/{first.pk}/", follow=True)
    assert "@Agnes</span> look" in followed.content.decode()
    assert 'class="mention me"' in followed.content.decode()
    assert not Notice.objects.filter(person=agnes, read_at=None).exists()


def test_colleagues_can_be_called_by_those_who_read_the_journey_only(
    as_bob: Client, as_charlie: Client, journey: JourneyView, agnes: Person
) -> None:
    found = as_bob.get(f"/map/{journey.id}/comments/people/").json()["people"]
    assert {"label": "Agnes", "email": "agnes@example.org", "writes": "Agnes"} in found
    assert as_charlie.get(f"/map/{journey.id}/comments/people/").status_code == 404


def test_a_thread_of_another_journey_is_not_found(
    as_alice: Client, journey: JourneyView, talk: ThreadView
) -> None:
    assert as_alice.get(f"/map/{uuid.uuid4()}/comments/{talk.id}/").status_code == 404
    assert as_alice.get(f"/map/{journey.id}/comments/{uuid.uuid4()}/").status_code == 404
    assert as_alice.get(f"/map/{journey.id}/comments/about/nothing/").status_code == 404
