"""Bringing a journey through the page: a look at what becomes of a file, then a map, new or there already."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.exports.portable import as_portable
from parcours.canvas.shapes import JourneyView
from parcours.canvas.versions.reads import versions

TABLE = "Phase;Swimlane;Idea\nAwareness;Customer needs;A shoe that fits\nDecision;Pain points;Late\n"


@pytest.fixture
def journey(alice_acts: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")


def bring(client: Client, content: bytes, name: str = "workshop.csv", query: str = "") -> str:
    """The address of the look at a file."""
    answer = client.post(f"/map/import/{query}", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_nothing_is_stored_before_it_was_looked_at(as_alice: Client, brand: Brand) -> None:
    page = as_alice.get(bring(as_alice, TABLE.encode())).content.decode()
    assert "A shoe that fits" in page
    assert reads.journeys(brand.pk) == ()


def test_a_column_that_was_guessed_wrongly_is_set_right(as_alice: Client, brand: Brand) -> None:
    look = bring(as_alice, TABLE.encode())
    said = {"layout": "list", "column-0": "stage", "column-1": "text", "column-2": "title"}
    page = as_alice.get(look, said).content.decode()
    assert "A shoe that fits" in page
    as_alice.post(look, {**said, "title": "Workshop"})
    [summary] = reads.journeys(brand.pk)
    board = reads.board(brand.pk, summary.journey.id)
    assert (summary.journey.title, board.cards[0].text) == ("Workshop", "Customer needs")


def test_a_file_is_added_to_a_journey_that_is_there(
    as_alice: Client, brand: Brand, journey: JourneyView
) -> None:
    look = bring(as_alice, TABLE.encode(), query=f"?into={journey.id}")
    page = as_alice.get(look).content.decode()
    assert f'<option value="{journey.id}" selected>' in page
    answer = as_alice.post(look, {"into": str(journey.id)}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/map/{journey.id}/"
    assert "2 cards were added." in answer.content.decode()
    assert len(reads.journeys(brand.pk)) == 1
    assert len(reads.board(brand.pk, journey.id).cards) == 2
    assert [version.cause for version in versions(brand.pk, journey.id)] == ["before-import"]


def test_a_journey_of_another_brand_takes_no_cards(as_charlie: Client, journey: JourneyView) -> None:
    look = bring(as_charlie, TABLE.encode())
    assert as_charlie.post(look, {"into": str(journey.id)}).status_code == 404


def test_what_is_wrong_in_a_file_is_named_with_its_place(as_alice: Client) -> None:
    content = json.dumps({"title": "T", "stages": [{"name": " "}]}).encode()
    answer = as_alice.post("/map/import/", {"file": SimpleUploadedFile("j.json", content)})
    assert answer.status_code == 422
    assert "stages[0].name" in answer.content.decode()


def test_json_that_is_broken_is_named_with_its_line_and_column(as_alice: Client) -> None:
    answer = as_alice.post("/map/import/", {"file": SimpleUploadedFile("j.json", b'{\n  "title": oops}')})
    assert answer.status_code == 422
    assert "line 2 column 12" in answer.content.decode()


def test_an_exported_journey_is_brought_back(as_alice: Client, brand: Brand, journey: JourneyView) -> None:
    written = as_alice.get(f"/map/{journey.id}/export/json/?with=comments")
    assert written.json()["comments"] == []
    look = bring(as_alice, written.content, "j.json")
    assert as_alice.post(look, {"title": "Again"}).status_code == 302
    copy = next(each.journey for each in reads.journeys(brand.pk) if each.journey.title == "Again")
    again = as_portable(brand.pk, reads.board(brand.pk, copy.id))
    assert [stage["name"] for stage in again["stages"]] == [
        stage["name"] for stage in written.json()["stages"]
    ]


def test_the_ways_to_it_are_shown_to_whoever_may_go_them(
    as_alice: Client, as_bob: Client, journey: JourneyView
) -> None:
    for page in ("/map/", "/map/new", f"/map/{journey.id}/"):
        assert 'href="/map/import/' in as_alice.get(page).content.decode()
    for page in ("/map/", f"/map/{journey.id}/"):
        assert 'href="/map/import/' not in as_bob.get(page).content.decode()


def test_viewers_bring_nothing(as_bob: Client) -> None:
    assert as_bob.get("/map/import/").status_code == 403


def test_the_schema_is_open_to_everybody(client: Client) -> None:
    answer = client.get("/schema/journey.json")
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert json.loads(answer.content)["$schema"].startswith("https://json-schema.org/draft/2020-12")
