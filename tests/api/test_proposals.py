"""Proposals and drafts through the API, as a program uses it."""

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.proposals.writes import propose
from parcours.canvas.shapes import JourneyView
from parcours.insights.drafting.running import make_draft
from tests.api.test_journeys import Program
from tests.canvas.conftest import titles
from tests.insights.happened import Happened, Store
from tests.insights.shop import store as store  # noqa: PLC0414 - a fixture of the shop, used here too

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(system: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=system, language="en")


@pytest.fixture
def editor(brand: Brand) -> Program:
    return Program(brand, "editor")


@pytest.fixture
def agent(brand: Brand) -> Program:
    return Program(brand, "agent")


@pytest.fixture
def proposed(journey: JourneyView, system: Actor) -> str:
    """The log proposes a need."""
    made = propose(
        journey.id,
        kind="new-need",
        key="parcel",
        facts={
            "words": "Where is my parcel?",
            "customers": 312,
            "days": 90,
            "lately": 200,
            "earlier": 112,
            "samples": [{"text": "Where is it?", "customer": 7}],
        },
        change={"do": "add_card", "kind": ["need"]},
        stage_id=reads.stages(journey.brand_id, journey.id)[3].id,
        acting_user=system,
    )
    assert made is not None
    return f"journeys/{journey.id}/proposals/{made.id}"


def test_a_program_reads_what_waits_with_its_numbers_and_not_whose_words_they_are(
    editor: Program, journey: JourneyView, proposed: str
) -> None:
    (found,) = editor("GET", f"journeys/{journey.id}/proposals").json()["items"]
    assert (found["title"], found["kind"], found["by_the_log"]) == ("“Where is my parcel?”", "new-need", True)
    assert "312 customers" in found["why"]
    assert found["samples"] == [{"text": "Where is it?"}]
    assert "customer" not in found["facts"].get("samples", {})


def test_it_accepts_all_at_once_and_learns_which_version_holds_what_stood_before(
    editor: Program, agent: Program, journey: JourneyView, proposed: str
) -> None:
    address = f"journeys/{journey.id}/proposals/accept"
    assert agent("POST", address, {}).status_code == 403
    answer = editor("POST", address, {}).json()
    assert answer["accepted"] == [proposed.rpartition("/")[2]]
    assert answer["left"] == []
    assert editor("GET", f"journeys/{journey.id}/versions/{answer['version']}").status_code == 200
    assert editor("POST", address, {}).json() == {"accepted": [], "left": [], "version": None}


def test_it_accepts_with_other_words_and_takes_it_back(
    editor: Program, journey: JourneyView, proposed: str
) -> None:
    assert editor("POST", f"{proposed}/accept", {"title": "Where are my shoes?"}).status_code == 200
    board = reads.board(journey.brand_id, journey.id)
    assert titles(board, "Retention") == ["Where are my shoes?"]
    assert editor("POST", f"{proposed}/accept", {}).status_code == 409
    assert editor("POST", f"{proposed}/back").json()["state"] == "open"
    assert titles(reads.board(journey.brand_id, journey.id), "Retention") == []


def test_it_dismisses_with_a_reason(editor: Program, journey: JourneyView, proposed: str) -> None:
    editor("POST", f"{proposed}/dismiss", {"reason": "We say it already"})
    (found,) = editor("GET", f"journeys/{journey.id}/proposals?state=decided").json()["items"]
    assert (found["state"], found["reason"]) == ("dismissed", "We say it already")


def test_an_agent_suggests_and_doesnt_decide(agent: Program, journey: JourneyView, proposed: str) -> None:
    board = reads.board(journey.brand_id, journey.id)
    card = {"stage": board.stages[0].id, "lane": board.lanes[0].id, "title": "Which size?"}
    assert agent("POST", f"journeys/{journey.id}/proposals", card).status_code == 201
    assert agent("POST", f"journeys/{journey.id}/proposals", {"title": "Nowhere"}).status_code == 422
    assert agent("POST", f"{proposed}/accept", {}).status_code == 403


def test_a_look_is_asked_for_and_watched(editor: Program, journey: JourneyView) -> None:
    assert editor("POST", f"journeys/{journey.id}/proposals/look").json()["under_way"]
    assert editor("GET", f"journeys/{journey.id}/proposals/look").json() == {
        "looked_at": None,
        "under_way": True,
    }


def test_a_draft_is_asked_for_read_and_stored(editor: Program, brand: Brand, store: Store) -> None:
    assert editor("POST", "drafts", {}).status_code == 422  # before the first event
    store([Happened(f"u{n}", name, 9) for n in range(9) for name in ("Page Viewed", "Order Completed")])
    asked = editor("POST", "drafts", {"title": "How they buy"}).json()
    assert editor("POST", f"drafts/{asked['id']}/store", {}).status_code == 422
    make_draft(brand.pk, asked["id"])
    made = editor("GET", f"drafts/{asked['id']}").json()
    assert made["state"] == "ready"
    assert made["plan"]["title"] == "How they buy"
    stored = editor("POST", f"drafts/{asked['id']}/store", {})
    assert stored.status_code == 201
    assert reads.journey(brand.pk, stored.json()["id"]).title == "How they buy"
