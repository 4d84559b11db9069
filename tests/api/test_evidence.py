"""Evidence through the API, as a program uses it."""

from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import CardView
from tests.api.test_journeys import Program

RULE = {"all": [{"field": "name", "op": "is", "value": ["Message Received"]}]}


@pytest.fixture
def card(brand: Brand) -> CardView:
    acting: Actor = system_actor(brand.pk)
    journey = writes.create_journey("Mark", acting_user=acting, language="en")
    board = reads.board(brand.pk, journey.id)
    return writes.add_card(
        journey.id, stage_id=board.stages[0].id, lane_id=board.lanes[0].id, title="A need", acting_user=acting
    )


@pytest.fixture
def agent(brand: Brand) -> Program:
    return Program(brand, "agent")


def of_card(card: CardView) -> str:
    return f"journeys/{card.journey_id}/cards/{card.id}/evidence"


def add(program: Program, card: CardView, **more: Any) -> Any:
    return program("POST", of_card(card), {"rule": RULE, **more})


def test_a_program_gives_lists_changes_confirms_and_takes_evidence(brand: Brand, card: CardView) -> None:
    editor = Program(brand, "editor")
    added = add(editor, card, title="They ask")
    assert added.status_code == 201
    piece = added.json()
    assert (piece["side"], piece["source"], piece["period"]) == ("for", "conversations", {"period": "90d"})
    address = added.headers["Location"].removeprefix("/api/v1/")
    assert editor("GET", address).json()["title"] == "They ask"

    changed = editor("PATCH", address, {"side": "against", "period": {"period": "30d"}}).json()
    assert (changed["side"], changed["title"], changed["period"]) == (
        "against",
        "They ask",
        {"period": "30d"},
    )
    confirmed = editor("POST", f"{address}/confirm", {"note": "heard it today"}).json()
    assert confirmed["confirmed"]["note"] == "heard it today"

    listed = editor("GET", of_card(card)).json()
    assert [each["id"] for each in listed["evidence"]] == [piece["id"]]
    assert listed["proof"]["against"] == 1
    assert editor("DELETE", address).status_code == 204
    assert editor("GET", of_card(card)).json()["evidence"] == []
    assert editor("POST", f"{address}/restore").json()["id"] == piece["id"]


def test_a_journey_says_how_much_of_it_stands_on_evidence(brand: Brand, card: CardView) -> None:
    editor = Program(brand, "editor")
    empty = editor("GET", f"journeys/{card.journey_id}/evidence").json()
    assert (empty["cards"], empty["founded"], empty["items"][0]["proof"]["standing"]) == (1, 0, "none")
    add(editor, card)
    found = editor("GET", f"journeys/{card.journey_id}/evidence").json()
    assert (found["founded"], found["share"], found["items"][0]["proof"]["supporting"]) == (1, 1.0, 1)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"rule": None}, "rule"),
        ({"rule": {"all": []}}, "rule"),
        ({"rule": {"all": [{"field": "email", "op": "is", "value": "x"}]}}, "condition 1"),
        ({"period": {"period": "soon"}}, "period"),
        ({"source": "rumour"}, "source"),
        ({"kind": "note", "text": ""}, "text"),
        ({"kind": "note", "text": "x", "address": "javascript:alert(1)"}, "address"),
        ({"kind": "number", "asked": {"place": "nowhere"}}, "asked"),
    ],
)
def test_bad_evidence_is_refused_with_the_place_that_is_wrong(
    given: dict[str, Any], where: str, brand: Brand, card: CardView
) -> None:
    refused = Program(brand, "editor")("POST", of_card(card), {"rule": RULE, **given})
    assert refused.status_code == 422
    assert refused.json()["where"] == where


def test_the_same_evidence_twice_is_a_conflict(brand: Brand, card: CardView) -> None:
    editor = Program(brand, "editor")
    add(editor, card)
    assert add(editor, card).status_code == 409


def test_an_agent_changes_only_what_they_gave(brand: Brand, card: CardView, agent: Program) -> None:
    own = add(agent, card).json()
    theirs = add(Program(brand, "editor"), card, period={"period": "all"}).json()
    piece = f"journeys/{card.journey_id}/evidence"
    assert agent("PATCH", f"{piece}/{own['id']}", {"title": "mine"}).status_code == 200
    assert agent("PATCH", f"{piece}/{theirs['id']}", {"title": "mine"}).status_code == 403
    assert agent("POST", f"{piece}/{theirs['id']}/confirm", {}).status_code == 200


def test_a_viewer_reads_and_an_outsider_finds_nothing(
    brand: Brand, other_brand: Brand, card: CardView
) -> None:
    viewer, outsider = Program(brand, "viewer"), Program(other_brand, "owner")
    assert viewer("GET", of_card(card)).status_code == 200
    assert add(viewer, card).status_code == 403
    for path in (of_card(card), f"journeys/{card.journey_id}/evidence"):
        assert outsider("GET", path).status_code == 404
    assert add(outsider, card).status_code == 404
