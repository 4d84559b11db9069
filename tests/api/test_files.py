"""Journeys as files, as programs bring and fetch them."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import JourneyView
from parcours.canvas.versions.reads import versions
from tests.api.test_journeys import Program, editor, outsider, viewer

__all__ = ["editor", "outsider", "viewer"]

TABLE = "Stage;Row;Title\nAwareness;Customer needs;A shoe that fits\nDecision;Pain points;Shipping is late\n"


@pytest.fixture
def journey(system: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=system, language="en")


def send(program: Program, path: str, content: bytes, name: str = "journey.json", **more: str) -> Any:
    return program.client.post(f"/api/v1/{path}", {"file": SimpleUploadedFile(name, content), **more})


def test_a_journey_comes_and_goes_as_json(editor: Program, journey: JourneyView) -> None:
    written = json.loads(editor("GET", f"journeys/{journey.id}/export").content)
    assert (written["format"], written["version"]) == ("parcours-journey", 2)
    written["stages"] = [*written["stages"][:1], {"name": "Choice"}]
    made = editor("POST", "journeys", {**written, "title": "Copy"})
    assert made.status_code == 201
    assert made.json()["title"] == "Copy"
    written = editor("GET", f"journeys/{made.json()['id']}/export").json()
    assert [stage["name"] for stage in written["stages"]] == ["Awareness", "Choice"]


def test_a_form_that_cannot_be_read_is_a_problem_not_a_page(editor: Program) -> None:
    answer = editor.client.post("/api/v1/journeys/import", b"x=1", content_type="multipart/form-data")
    assert (answer.status_code, answer.json()["where"]) == (400, "body")


def test_a_title_alone_still_begins_from_the_template(editor: Program) -> None:
    assert editor("POST", "journeys", {"title": "New"}).status_code == 201


def test_a_wrong_place_in_the_json_is_named(editor: Program) -> None:
    answer = editor(
        "POST", "journeys", {"format": "parcours-journey", "title": "T", "stages": [{"name": " "}]}
    )
    assert (answer.status_code, answer.json()["where"]) == (422, "stages[0].name")


def test_a_table_is_drawn(editor: Program) -> None:
    answer = send(editor, "journeys/import", TABLE.encode(), "workshop.csv")
    assert answer.status_code == 201
    assert answer.json()["journeys"][0] | {"id": ""} == {
        "id": "", "title": "workshop", "stages": 2, "cards": 2, "touchpoints": 0
    }  # fmt: skip


def test_a_table_is_added_to_a_journey_and_keeps_a_version(editor: Program, journey: JourneyView) -> None:
    first = send(editor, f"journeys/{journey.id}/import", TABLE.encode(), "workshop.csv")
    assert first.json() == {"cards": 2, "stages": 0, "lanes": 1, "touchpoints": 0, "known": 0, "notices": []}
    again = send(editor, f"journeys/{journey.id}/import", TABLE.encode(), "workshop.csv")
    assert (again.json()["cards"], again.json()["known"]) == (0, 2)
    board = reads.board(journey.brand_id, journey.id)
    assert [card.title for card in board.cards] == ["A shoe that fits", "Shipping is late"]
    assert "workshop.csv" in versions(journey.brand_id, journey.id)[-1].reason


def test_our_own_workbook_is_read_from_its_list(editor: Program, journey: JourneyView) -> None:
    send(editor, f"journeys/{journey.id}/import", TABLE.encode(), "workshop.csv")
    book = editor("GET", f"journeys/{journey.id}/export?to=xlsx").content
    answer = send(editor, "journeys/import", book, "book.xlsx")
    assert (answer.status_code, answer.json()["journeys"][0]["cards"]) == (201, 2)


def test_a_file_without_a_journey_is_refused(editor: Program, journey: JourneyView) -> None:
    for path in ("journeys/import", f"journeys/{journey.id}/import"):
        answer = send(editor, path, b"\x00\x01", "x.bin")
        assert answer.status_code == 422
        assert answer.json()["title"]


@pytest.mark.parametrize(
    ("to", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("cjml", b"<?xml"), ("mermaid", b"journey")]
)
def test_other_kinds_are_fetched(to: str, begins: bytes, viewer: Program, journey: JourneyView) -> None:
    answer = viewer("GET", f"journeys/{journey.id}/export?to={to}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert "mark-buys-running-shoes" in answer.headers["Content-Disposition"]


def test_a_kind_that_there_is_not_is_refused(viewer: Program, journey: JourneyView) -> None:
    answer = viewer("GET", f"journeys/{journey.id}/export?to=exe")
    assert (answer.status_code, answer.json()["where"]) == (422, "to")


def test_viewers_bring_nothing_and_outsiders_fetch_nothing(
    viewer: Program, outsider: Program, journey: JourneyView
) -> None:
    assert send(viewer, "journeys/import", TABLE.encode(), "t.csv").status_code == 403
    assert send(viewer, f"journeys/{journey.id}/import", TABLE.encode(), "t.csv").status_code == 403
    assert outsider("GET", f"journeys/{journey.id}/export").status_code == 404
    assert send(outsider, f"journeys/{journey.id}/import", TABLE.encode(), "t.csv").status_code == 404
