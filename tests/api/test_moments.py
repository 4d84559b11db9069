"""Moments and brand values as programs see them."""

import json
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import issue_token
from parcours.canvas import reads
from parcours.canvas.captures.writes import keep_capture
from parcours.canvas.shapes import CardView, JourneyView
from parcours.canvas.writes import add_card, add_touchpoint, create_journey
from tests.canvas.test_captures import new_price, screen

RULE = {"all": [{"field": "name", "op": "is", "value": ["Checkout Started"]}]}


class Program:
    def __init__(self, brand: Brand, role: str) -> None:
        token = issue_token(brand, role=role, name=role, acting_user=system_actor(brand.pk))
        self.headers = {"authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, data: Any = None) -> Any:
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        return getattr(Client(), method)(f"/api/v1{path}", headers=self.headers, **body)


@pytest.fixture
def editor(brand: Brand) -> Program:
    return Program(brand, "editor")


@pytest.fixture
def agent(brand: Brand) -> Program:
    return Program(brand, "agent")


@pytest.fixture
def journey(alice_acts: Actor) -> JourneyView:
    return create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")


@pytest.fixture
def moment(journey: JourneyView, brand: Brand, alice_acts: Actor) -> CardView:
    board = reads.board(brand.pk, journey.id)
    lane = next(lane for lane in board.lanes if lane.kind == "moment")
    return add_card(
        journey.id, stage_id=board.stages[2].id, lane_id=lane.id, title="Payment", acting_user=alice_acts
    )


def test_a_moment_is_set_up_photographed_and_given_up(
    editor: Program, agent: Program, journey: JourneyView, moment: CardView, brand: Brand
) -> None:
    path = f"/journeys/{journey.id}/moments/{moment.id}"
    wanted = {"address": "/help/", "device": "phone", "rhythm": "weekly", "ignored": [[0, 90, 100, 10]]}
    assert agent("put", f"{path}/capturing", wanted).status_code == 403
    assert editor("put", f"{path}/capturing", wanted).json()["rhythm"] == "weekly"
    assert editor("put", f"{path}/capturing", {"address": "http://10.0.0.1/"}).status_code == 422
    assert editor("post", f"{path}/captures").json()["asked_at"]
    robot = system_actor(brand.pk)
    keep_capture(moment.id, screen(), acting_user=robot)
    keep_capture(moment.id, screen(new_price), acting_user=robot)
    [found] = agent("get", f"/journeys/{journey.id}/moments").json()["items"]
    assert found == agent("get", path).json()
    assert [capture["outcome"] for capture in found["captures"]] == ["proposed", "shown"]
    assert found["captures"][0]["areas"]
    assert found["capturing"]["asked_at"] is None
    assert editor("delete", f"{path}/capturing").status_code == 204
    assert agent("get", path).json()["capturing"] is None


def test_values_are_written_and_rated(
    editor: Program, agent: Program, journey: JourneyView, brand: Brand, alice_acts: Actor
) -> None:
    stage = reads.board(brand.pk, journey.id).stages[2]
    touchpoint = add_touchpoint(
        journey.id, stage_id=stage.id, name="Payment", rule=RULE, acting_user=alice_acts
    )
    value = editor("post", "/brand/values", {"name": "Honest prices"}).json()
    assert editor("post", "/brand/values", {"name": "Honest prices"}).status_code == 409
    other = editor("post", "/brand/values", {"name": "Advice"}).json()
    editor("patch", f"/brand/values/{other['id']}", {"position": 0, "sentence": "First ask."})
    assert [each["name"] for each in agent("get", "/brand/values").json()["items"]] == [
        "Advice",
        "Honest prices",
    ]
    path = f"/journeys/{journey.id}/values/{touchpoint.id}/{value['id']}"
    assert agent("put", f"{path}/wanted", {"level": 4}).status_code == 403
    assert editor("put", f"{path}/wanted", {"level": 5}).status_code == 422
    editor("put", f"{path}/wanted", {"level": 4})
    assert agent("put", f"{path}/felt", {"level": 1}).json()["gap"] == 3.0
    quote = agent("post", f"{path}/quotes", {"text": "A lure."}).json()
    [fit] = agent("get", f"/journeys/{journey.id}/values").json()["fits"]
    assert (fit["wanted"], fit["felt"], fit["quotes"][0]["text"]) == (4, 1.0, "A lure.")
    quotes = f"/journeys/{journey.id}/values/quotes/{quote['id']}"
    assert agent("delete", quotes).status_code == 204
    assert agent("post", f"{quotes}/restore").status_code == 200
    assert editor("delete", f"/brand/values/{value['id']}").status_code == 204
    assert agent("get", f"/journeys/{journey.id}/values").json()["fits"] == []
    assert editor("post", f"/brand/values/{value['id']}/restore").status_code == 200


def test_another_brand_finds_neither(other_brand: Brand, journey: JourneyView, moment: CardView) -> None:
    outsider = Program(other_brand, "owner")
    for path in ("moments", f"moments/{moment.id}", "values"):
        assert outsider("get", f"/journeys/{journey.id}/{path}").status_code == 404
