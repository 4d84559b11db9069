"""Journeys and cards through the API, as a program uses it."""

import uuid
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from parcours.accounts.models import Brand, Token
from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import issue_token, revoke_token
from parcours.canvas import reads, writes
from parcours.canvas.shapes import Board, JourneyView
from tests.canvas.conftest import titles


class Program:
    """A client with a bearer token, which sends and reads JSON."""

    def __init__(self, brand: Brand, role: str) -> None:
        secret = issue_token(brand, role=role, name=f"a {role}", acting_user=system_actor(brand.pk))
        self.client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, f"/api/v1/{path}", _json(data), content_type="application/json", headers=named
        )


def _json(data: Any) -> str:
    import json

    return json.dumps(data, default=str) if data is not None else ""


@pytest.fixture
def editor(brand: Brand) -> Program:
    return Program(brand, "editor")


@pytest.fixture
def viewer(brand: Brand) -> Program:
    return Program(brand, "viewer")


@pytest.fixture
def outsider(other_brand: Brand) -> Program:
    return Program(other_brand, "owner")


@pytest.fixture
def journey(system: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=system, language="en")


def see(journey: JourneyView) -> Board:
    return reads.board(journey.brand_id, journey.id)


def cell(journey: JourneyView, title: str) -> dict[str, Any]:
    board = see(journey)
    return {"stage": board.stages[0].id, "lane": board.lanes[0].id, "title": title}


def test_without_a_token_there_is_nothing_to_see(brand: Brand) -> None:
    answer = Client().get("/api/v1/journeys")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_opens_nothing(viewer: Program, system: Actor) -> None:
    assert viewer("GET", "journeys").status_code == 200
    revoke_token(Token.objects.get(name="a viewer"), acting_user=system)
    assert viewer("GET", "journeys").status_code == 401


def test_the_list_comes_in_pages(viewer: Program, system: Actor) -> None:
    for n in range(3):
        writes.create_journey(f"Journey {n}", acting_user=system)
    first = viewer("GET", "journeys?limit=2").json()
    rest = viewer("GET", f"journeys?limit=2&cursor={first['next']}").json()
    assert [each["title"] for each in first["items"] + rest["items"]] == [
        "Journey 2",
        "Journey 1",
        "Journey 0",
    ]
    assert rest["next"] is None


def test_a_journey_comes_with_stages_rows_cards_and_numbers(
    viewer: Program, editor: Program, journey: JourneyView
) -> None:
    editor("POST", f"journeys/{journey.id}/cards", cell(journey, "Back pain"))
    shown = viewer("GET", f"journeys/{journey.id}?period=90d").json()
    assert [stage["name"] for stage in shown["stages"]][:2] == ["Awareness", "Consideration"]
    assert (shown["stages"][0]["customers"], shown["stages"][0]["share"]) == (0, None)
    assert shown["cards"][0]["title"] == "Back pain"
    assert shown["period"]["key"] == "90d"


def test_a_card_is_added_edited_moved_deleted_and_restored(editor: Program, journey: JourneyView) -> None:
    added = editor("POST", f"journeys/{journey.id}/cards", cell(journey, "Back pain"))
    assert (added.status_code, added.headers["ETag"]) == (201, '"1"')
    address = added.headers["Location"].removeprefix("/api/v1/")
    advocacy = see(journey).stages[4].id
    changed = editor("PATCH", address, {"title": "Knees", "stage": advocacy}, If_Match='"1"')
    assert (changed.json()["title"], changed.headers["ETag"]) == ("Knees", '"3"')
    assert titles(see(journey), "Advocacy") == ["Knees"]
    assert editor("DELETE", address, If_Match='"3"').status_code == 204
    assert editor("GET", address).status_code == 404
    assert editor("POST", f"{address}/restore").status_code == 200
    assert titles(see(journey), "Advocacy") == ["Knees"]


def test_an_old_revision_is_refused_with_the_card_as_it_stands(editor: Program, journey: JourneyView) -> None:
    added = editor("POST", f"journeys/{journey.id}/cards", cell(journey, "Back pain"))
    address = added.headers["Location"].removeprefix("/api/v1/")
    editor("PATCH", address, {"title": "Theirs"}, If_Match='"1"')
    answer = editor("PATCH", address, {"title": "Mine"}, If_Match='"1"')
    assert (answer.status_code, answer.json()["card"]["title"]) == (409, "Theirs")
    assert answer.headers["ETag"] == '"2"'
    assert editor("PATCH", address, {"title": "Mine"}).status_code == 428


def test_a_move_from_an_old_revision_does_not_undo_somebody_elses(
    editor: Program, journey: JourneyView
) -> None:
    added = editor("POST", f"journeys/{journey.id}/cards", cell(journey, "Back pain"))
    address = added.headers["Location"].removeprefix("/api/v1/")
    stages = see(journey).stages
    editor("PATCH", address, {"stage": stages[1].id}, If_Match='"1"')
    assert editor("PATCH", address, {"stage": stages[2].id}, If_Match='"1"').status_code == 409
    both = editor("PATCH", address, {"title": "New", "stage": stages[2].id}, If_Match='"1"')
    assert both.status_code == 409
    assert titles(see(journey), "Consideration") == ["Back pain"]


def test_a_key_keeps_a_repeated_request_from_adding_twice(editor: Program, journey: JourneyView) -> None:
    for _n in range(2):
        answer = editor(
            "POST", f"journeys/{journey.id}/cards", cell(journey, "Once"), Idempotency_Key="import 7"
        )
        assert answer.status_code == 201
    assert titles(see(journey)) == ["Once"]


def test_what_was_sent_wrong_is_named_by_its_place(editor: Program, journey: JourneyView) -> None:
    answer = editor("POST", f"journeys/{journey.id}/cards", {"stage": "x", "lane": uuid.uuid4()})
    assert answer.status_code == 422
    assert answer.json()["where"].endswith("stage")
    empty = editor("POST", f"journeys/{journey.id}/cards", cell(journey, ""))
    assert (empty.status_code, empty.json()["where"]) == (422, "title")


def test_a_viewers_token_reads_only(viewer: Program, journey: JourneyView) -> None:
    assert viewer("POST", f"journeys/{journey.id}/cards", cell(journey, "Mine")).status_code == 403
    assert see(journey).cards == ()


def test_another_brands_token_finds_nothing(outsider: Program, journey: JourneyView) -> None:
    assert outsider("GET", f"journeys/{journey.id}").status_code == 404
    assert outsider("POST", f"journeys/{journey.id}/cards", cell(journey, "Mine")).status_code == 404
    assert outsider("GET", "journeys").json()["items"] == []


def test_the_api_describes_itself(brand: Brand) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    assert described["info"]["title"] == "Parcours"
    patch = described["paths"]["/api/v1/journeys/{journey_id}/cards/{card_id}"]["patch"]
    assert {"200", "409", "428"} <= set(patch["responses"])
    assert "If-Match" in {parameter["name"] for parameter in patch["parameters"]}


def test_a_database_that_is_away_is_told_as_a_problem(
    viewer: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(reads, "journeys", away)
    monkeypatch.setattr(reads, "board", away)
    answer = viewer("GET", f"journeys/{uuid.uuid4()}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.headers["Content-Type"] == "application/problem+json"
