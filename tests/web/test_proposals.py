"""Proposals through the pages: who may suggest, who decides, and where they stand."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads, writes
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.suggesting import suggest_change
from parcours.canvas.proposals.writes import propose
from parcours.canvas.rules import name_rule
from parcours.canvas.shapes import Board, CardView, JourneyView
from parcours.canvas.versions.enums import Cause
from parcours.canvas.versions.reads import versions
from tests.canvas.conftest import titles

WITHOUT_SCRIPT = {"Accept": "text/html"}
Propose = Callable[..., ProposalView]


@pytest.fixture
def journey(alice_acts: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")


def see(journey: JourneyView) -> Board:
    return reads.board(journey.brand_id, journey.id)


@pytest.fixture
def card(journey: JourneyView, alice_acts: Actor) -> CardView:
    board = see(journey)
    return writes.add_card(
        journey.id,
        stage_id=board.stages[0].id,
        lane_id=board.lanes[0].id,
        title="Back pain",
        acting_user=alice_acts,
    )


@pytest.fixture
def need(journey: JourneyView) -> ProposalView:
    """The log proposes a need in the first stage."""
    board = see(journey)
    made = propose(
        journey.id,
        kind="suggestion",
        key="delivery",
        facts={"title": "When does it arrive?", "words": "Asked 312 times"},
        change={"do": "add_card", "kind": "need", "title": "When does it arrive?"},
        stage_id=board.stages[0].id,
        acting_user=system_actor(journey.brand_id),
    )
    assert made is not None
    return made


def waiting(journey: JourneyView) -> list[str]:
    return [each.title for each in open_proposals(journey.brand_id, journey.id)]


def test_a_proposal_stands_in_its_cell_of_the_map_with_what_can_be_done(
    as_alice: Client, journey: JourneyView, need: ProposalView
) -> None:
    board = see(journey)
    page = as_alice.get(f"/map/{journey.id}/").content.decode()
    place = f"cell:{board.stages[0].id}:{board.lanes[0].id}"
    cell = page[page.index(place) :][:8000]
    for words in ("When does it arrive?", "Asked 312 times", "Accept", "Dismiss", "From the log"):
        assert words in cell
    assert need.id.hex in page.replace("-", "")


def test_a_touchpoint_is_proposed_among_the_touchpoints(as_alice: Client, journey: JourneyView) -> None:
    stage = see(journey).stages[2]
    propose(
        journey.id,
        kind="suggestion",
        key="touchpoint",
        facts={"title": "Size guide"},
        change={"do": "add_touchpoint", "name": "Size guide", "rule": name_rule("Size Guide Opened")},
        stage_id=stage.id,
        acting_user=system_actor(journey.brand_id),
    )
    page = as_alice.get(f"/map/{journey.id}/").content.decode()
    assert "Size guide" in page[page.index(f"touchpoints:{stage.id}") :][:1500]


def test_viewers_see_proposals_without_deciding(
    as_bob: Client, journey: JourneyView, need: ProposalView
) -> None:
    for path in (f"/map/{journey.id}/", f"/map/{journey.id}/proposals/"):
        page = as_bob.get(path).content.decode()
        assert need.title in page
        assert "/accept/" not in page
    assert as_bob.post(f"/map/{journey.id}/proposals/{need.id}/accept/").status_code == 403


def test_an_editor_accepts_with_other_words_and_returns_to_where_they_were(
    as_alice: Client, journey: JourneyView, need: ProposalView
) -> None:
    answer = as_alice.post(
        f"/map/{journey.id}/proposals/{need.id}/accept/",
        {"title": "How long does delivery take?", "back_to": f"/map/{journey.id}/"},
        headers=WITHOUT_SCRIPT,
    )
    assert answer["Location"] == f"/map/{journey.id}/"
    assert titles(see(journey)) == ["How long does delivery take?"]
    assert waiting(journey) == []


def test_many_are_accepted_at_once_after_a_version_and_taken_back_at_once(
    as_alice: Client, journey: JourneyView, need: ProposalView, card: CardView, alice_acts: Actor
) -> None:
    gone = suggest_change(journey.id, card.id, title="Backache", text="", words="", acting_user=alice_acts)
    later = propose(
        journey.id,
        kind="suggestion",
        key="later",
        facts={"title": "Came after the page was read"},
        change={"do": "add_card", "kind": "need", "title": "Later"},
        stage_id=see(journey).stages[0].id,
        acting_user=system_actor(journey.brand_id),
    )
    assert later
    writes.delete_card(journey.id, card.id, expected_revision=card.revision, acting_user=alice_acts)
    dismissed = "not-an-id"
    page = as_alice.post(
        f"/map/{journey.id}/proposals/accept/",
        {"proposal": [str(need.id), str(gone.id), dismissed]},
        follow=True,
    ).content.decode()
    assert titles(see(journey)) == ["When does it arrive?"]
    assert "1 proposal was accepted." in page
    [before] = versions(journey.brand_id, journey.id)
    assert before.cause == Cause.BEFORE_PROPOSALS
    assert f"/versions/{before.id}/" in page
    assert "Came after the page was read" in waiting(journey)
    back = f"/map/{journey.id}/proposals/back/"
    assert f'action="{back}"' in page
    said = as_alice.post(back, follow=True).content.decode()
    assert "1 proposal waits again." in said
    assert titles(see(journey)) == []
    assert waiting(journey) == ["When does it arrive?", "Came after the page was read"]


def test_what_cant_be_done_waits_on_and_says_why(
    as_alice: Client, journey: JourneyView, need: ProposalView, card: CardView, alice_acts: Actor
) -> None:
    first = suggest_change(journey.id, card.id, title="Backache", text="", words="", acting_user=alice_acts)
    writes.edit_card(
        journey.id, card.id, expected_revision=card.revision, title="My back", acting_user=alice_acts
    )
    page = as_alice.post(
        f"/map/{journey.id}/proposals/accept/", {"proposal": [str(first.id), str(need.id)]}, follow=True
    ).content.decode()
    assert "1 proposal was accepted." in page
    assert "still waits" in page
    assert sorted(titles(see(journey))) == ["My back", "When does it arrive?"]


def test_a_form_cant_send_the_person_elsewhere(
    as_alice: Client, journey: JourneyView, need: ProposalView
) -> None:
    answer = as_alice.post(
        f"/map/{journey.id}/proposals/{need.id}/dismiss/",
        {"back_to": "//evil.example/"},
        headers=WITHOUT_SCRIPT,
    )
    assert answer["Location"] == f"/map/{journey.id}/proposals/"


def test_what_was_dismissed_is_kept_with_who_and_why_and_can_be_brought_back(
    as_alice: Client, journey: JourneyView, need: ProposalView
) -> None:
    address = f"/map/{journey.id}/proposals/{need.id}"
    as_alice.post(f"{address}/dismiss/", {"reason": "We say it already"}, headers=WITHOUT_SCRIPT)
    page = as_alice.get(f"/map/{journey.id}/proposals/").content.decode()
    for words in ("Dismissed", "Alice", "We say it already", "Bring back"):
        assert words in page
    as_alice.post(f"{address}/back/", headers=WITHOUT_SCRIPT)
    assert waiting(journey) == [need.title]


def test_an_agent_suggests_a_card_for_a_cell(
    as_agnes: Client, as_alice: Client, journey: JourneyView
) -> None:
    board = see(journey)
    stage, lane = board.stages[1], board.lanes[0]
    path = f"/map/{journey.id}/proposals/suggest/?stage={stage.id}&lane={lane.id}"
    assert re.search(rf'value="{stage.id}" selected', as_agnes.get(path).content.decode())
    as_agnes.post(
        path,
        {"stage": stage.id, "lane": lane.id, "title": "Which size?", "words": "Every second chat"},
        headers=WITHOUT_SCRIPT,
    )
    assert waiting(journey) == ["Which size?"]
    page = as_alice.get(f"/map/{journey.id}/").content.decode()
    assert "Agnes suggests" in page


def test_an_agent_suggests_other_words_for_a_card_and_takes_them_back(
    as_agnes: Client, journey: JourneyView, card: CardView
) -> None:
    path = f"/map/{journey.id}/cards/{card.id}/proposals/"
    answer = as_agnes.post(
        path,
        {"title": "My back hurts", "text": "", "words": "They say it so"},
        headers={"HX-Request": "true"},
    ).content.decode()
    for words in ("My back hurts", "Back pain", "They say it so", "Take it back"):
        assert words in answer
    assert titles(see(journey)) == ["Back pain"]
    mine = open_proposals(journey.brand_id, journey.id)[0]
    as_agnes.post(f"/map/{journey.id}/proposals/{mine.id}/withdraw/")
    assert waiting(journey) == []


def test_an_empty_suggestion_says_what_is_missing(
    as_agnes: Client, journey: JourneyView, card: CardView
) -> None:
    answer = as_agnes.post(f"/map/{journey.id}/cards/{card.id}/proposals/", {"title": "Back pain"})
    assert answer.status_code == 422
    assert "say what should change" in answer.content.decode()


def test_viewers_cant_suggest(as_bob: Client, journey: JourneyView, card: CardView) -> None:
    assert as_bob.get(f"/map/{journey.id}/proposals/suggest/").status_code == 403
    path = f"/map/{journey.id}/cards/{card.id}/proposals/"
    assert as_bob.post(path, {"title": "Other", "words": ""}).status_code == 403


def test_the_tab_and_the_card_count_what_waits(
    as_alice: Client, as_agnes: Client, journey: JourneyView, card: CardView
) -> None:
    as_agnes.post(f"/map/{journey.id}/cards/{card.id}/proposals/", {"title": "My back hurts"})
    page = as_alice.get(f"/map/{journey.id}/").content.decode()
    assert re.search(r"data-proposals-count[^>]*>1<", page)
    assert f"#card-{card.id}/proposals" in page
