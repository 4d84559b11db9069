"""Journeys as wholes and personas through the API."""

import json
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.accounts.writes import issue_token
from parcours.canvas import reads

API = "/api/v1"


class Caller:
    """A program with a token of one role."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def get(self, path: str, expect: int = 200) -> Any:
        answer = self.client.get(API + path)
        assert answer.status_code == expect, answer.content
        return answer.json()

    def send(self, method: str, path: str, data: dict[str, Any] | None = None, expect: int = 200) -> Any:
        body = json.dumps(data or {})
        answer = getattr(self.client, method)(API + path, body, content_type="application/json")
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def editor(brand: Brand, system: Actor) -> Caller:
    return Caller(issue_token(brand, role="editor", name="planner", acting_user=system))


@pytest.fixture
def viewer(brand: Brand, system: Actor) -> Caller:
    return Caller(issue_token(brand, role="viewer", name="screen", acting_user=system))


def test_a_journey_is_made_from_a_template_and_copied(editor: Caller, brand: Brand) -> None:
    keys = [each["key"] for each in editor.get("/templates?language=fr")]
    assert keys[:2] == ["field", "shop"]
    made = editor.send("post", "/journeys", {"template": "shop", "language": "fr"}, expect=201)
    assert made["title"] == "Un client achète dans notre boutique"
    plan = editor.send("post", f"/journeys/{made['id']}/to-be", {}, expect=201)
    assert (plan["kind"], plan["drawn_from"]) == ("to-be", made["id"])
    copy = editor.send("post", f"/journeys/{made['id']}/duplicate", {"segment": "z"}, expect=201)
    assert copy["segment"] == "z"
    both = editor.get(f"/journeys/{made['id']}/beside/{plan['id']}")
    assert both["counts"] == {
        "same": len(reads.board(brand.pk, reads.journeys(brand.pk)[0].journey.id).cards)
    }
    assert editor.send("post", f"/journeys/{plan['id']}/now")["kind"] == "as-is"
    assert editor.send("post", f"/journeys/{plan['id']}/now/undo")["kind"] == "to-be"
    changed = editor.send("patch", f"/journeys/{made['id']}", {"status": "archived"})
    assert changed["status"] == "archived"


def test_a_card_is_taken_over(editor: Caller) -> None:
    made = editor.send("post", "/journeys", {"template": "employee", "title": "Team"}, expect=201)
    plan = editor.send("post", f"/journeys/{made['id']}/to-be", {}, expect=201)
    entries = editor.get(f"/journeys/{made['id']}/beside/{plan['id']}")["entries"]
    sent = {"journey": plan["id"], "card": entries[0]["other"]}
    taken = editor.send("post", f"/journeys/{made['id']}/cards/take", sent)
    assert taken["id"] == entries[0]["one"]


def test_personas_are_written_changed_removed_and_restored(editor: Caller) -> None:
    made = editor.send(
        "post", "/personas", {"name": "Léa", "birth_year": 2003, "channels": ["instagram"]}, expect=201
    )
    assert (made["generation"], made["segment"]) == ("z", "z")
    changed = editor.send("patch", f"/personas/{made['id']}", {"goals": "One pair"})
    assert (changed["goals"], changed["channels"]) == ("One pair", ["instagram"])
    assert editor.get(f"/personas/{made['id']}/known")["too_few"]
    editor.send("delete", f"/personas/{made['id']}", expect=204)
    assert editor.get("/personas") == []
    editor.send("post", f"/personas/{made['id']}/restore")
    assert [each["name"] for each in editor.get("/personas")] == ["Léa"]


def test_a_viewer_reads_but_draws_nothing(editor: Caller, viewer: Caller) -> None:
    made = editor.send("post", "/journeys", {"title": "Ours"}, expect=201)
    assert viewer.get("/templates")
    viewer.send("post", "/journeys", {"title": "Mine"}, expect=403)
    viewer.send("post", f"/journeys/{made['id']}/to-be", expect=403)
    viewer.send("post", "/personas", {"name": "x"}, expect=403)
    assert viewer.get(f"/journeys/{made['id']}/generations", expect=404)["title"]
