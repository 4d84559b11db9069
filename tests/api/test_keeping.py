"""Versions, reviews and links through the API."""

from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.accounts.writes import issue_token
from parcours.canvas import reads, writes
from parcours.canvas.shapes import CardView, JourneyView


@pytest.fixture
def journey(alice_acts: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")


@pytest.fixture
def card(journey: JourneyView, alice_acts: Actor) -> CardView:
    board = reads.board(journey.brand_id, journey.id)
    return writes.add_card(
        journey.id,
        stage_id=board.stages[0].id,
        lane_id=board.lanes[0].id,
        title="42 or 42.5?",
        acting_user=alice_acts,
    )


class Api:
    def __init__(self, brand: Brand, role: str, acts: Actor, journey: JourneyView) -> None:
        secret = issue_token(brand, role=role, name=role, acting_user=acts)
        self.headers = {"authorization": f"Bearer {secret}"}
        self.base = f"/api/v1/journeys/{journey.id}/"

    def get(self, path: str) -> Any:
        return Client().get(self.base + path, headers=self.headers)

    def send(self, method: str, path: str, body: dict[str, Any]) -> Any:
        send = getattr(Client(), method)
        return send(self.base + path, body, content_type="application/json", headers=self.headers)


@pytest.fixture
def api(brand: Brand, alice_acts: Actor, journey: JourneyView) -> Api:
    return Api(brand, "editor", alice_acts, journey)


def test_a_version_is_kept_compared_and_brought_back(api: Api, card: CardView, alice_acts: Actor) -> None:
    made = api.send("post", "versions", {"reason": "Agreed"})
    assert made.status_code == 201
    version = made.json()["id"]
    writes.edit_card(
        card.journey_id, card.id, expected_revision=1, title="Which size?", acting_user=alice_acts
    )
    (group,) = api.get(f"versions/{version}/changes").json()
    assert [each["sentence"] for each in group["changes"]] == [
        "The need “42 or 42.5?” is now called “Which size?”."
    ]
    restored = api.send("post", f"versions/{version}/restore", {"card": str(card.id)}).json()
    assert restored["changes"] == 1
    assert reads.card(alice_acts.brand_id, card.journey_id, card.id).title == "42 or 42.5?"
    assert [each["number"] for each in api.get("versions").json()["items"]] == [2, 1]
    content = api.get(f"versions/{version}").json()["content"]
    assert content["cards"][0]["title"] == "42 or 42.5?"


def test_pages_of_versions_follow_a_cursor(api: Api) -> None:
    for number in range(3):
        api.send("post", "versions", {"reason": f"Version {number}"})
    first = api.get("versions?limit=2").json()
    assert [each["number"] for each in first["items"]] == [3, 2]
    second = api.get(f"versions?limit=2&cursor={first['next']}").json()
    assert [each["number"] for each in second["items"]] == [1]
    assert second["next"] is None


def test_a_card_is_put_on_the_list_and_taken_off(api: Api, card: CardView) -> None:
    asked = api.send("post", "reviews", {"card": str(card.id), "words": "Still so?"})
    assert asked.json()["sentence"] == "Still so?"
    assert len(api.get("reviews").json()["open"]) == 1
    api.send("post", f"reviews/{asked.json()['id']}/close", {})
    assert api.get("reviews").json()["open"] == []


def test_the_rhythm_says_when_the_next_review_is_due(api: Api) -> None:
    changed = api.send("put", "rhythm", {"every_days": 90, "due": "2031-02-03"}).json()
    assert (changed["every_days"], changed["due"]) == (90, "2031-02-03")
    assert api.send("put", "rhythm", {"every_days": 2}).status_code == 422


def test_a_link_is_made_once_and_taken_back(api: Api, journey: JourneyView) -> None:
    made = api.send("post", "shares", {"name": "The agency"})
    assert made.status_code == 201
    path = made.json()["path"]
    assert Client().get(path).status_code == 200
    assert "path" not in api.get("shares").json()[0]
    gone = Client().delete(f"{api.base}shares/{made.json()['id']}", headers=api.headers)
    assert gone.status_code == 204
    assert Client().get(path).status_code == 410


def test_a_viewers_token_reads_versions_and_writes_nothing(
    brand: Brand, alice_acts: Actor, journey: JourneyView
) -> None:
    viewer = Api(brand, "viewer", alice_acts, journey)
    assert viewer.get("versions").status_code == 200
    assert viewer.send("post", "versions", {"reason": "x"}).status_code == 403
    assert viewer.get("shares").status_code == 403
