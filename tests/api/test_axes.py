"""What a canvas is drawn on, through the API: stages, rows, touchpoints, copies and pictures of cards."""

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.rules import name_rule
from parcours.canvas.shapes import Board, JourneyView
from tests.api.test_journeys import Program
from tests.canvas.conftest import png, titles


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


def stage_names(journey: JourneyView) -> list[str]:
    return [stage.name for stage in see(journey).stages]


def test_a_stage_is_added_changed_moved_removed_and_restored(editor: Program, journey: JourneyView) -> None:
    stages = f"journeys/{journey.id}/stages"
    answer = editor("POST", stages, {"name": "Trial", "description": "A week of running", "position": 1})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["position"]) == ("Trial", 1)
    changed = editor("PATCH", f"{stages}/{made['id']}", {"name": "First runs", "position": 0}).json()
    assert (changed["name"], changed["description"]) == ("First runs", "A week of running")
    assert stage_names(journey)[0] == "First runs"
    assert editor("DELETE", f"{stages}/{made['id']}").status_code == 204
    assert "First runs" not in stage_names(journey)
    assert editor("POST", f"{stages}/{made['id']}/restore").json()["position"] == 0
    assert stage_names(journey)[0] == "First runs"


def test_the_last_stage_stays(editor: Program, journey: JourneyView) -> None:
    *others, last = see(journey).stages
    for stage in others:
        assert editor("DELETE", f"journeys/{journey.id}/stages/{stage.id}").status_code == 204
    answer = editor("DELETE", f"journeys/{journey.id}/stages/{last.id}")
    assert answer.status_code == 422
    assert answer.json()["title"] == "A canvas needs at least one stage."


def test_a_row_is_added_renamed_moved_removed_and_restored(editor: Program, journey: JourneyView) -> None:
    lanes = f"journeys/{journey.id}/lanes"
    made = editor("POST", lanes, {"kind": "pain", "position": 0}).json()
    assert made["name"]
    renamed = editor("PATCH", f"{lanes}/{made['id']}", {"name": "What hurts", "position": 2}).json()
    assert (renamed["kind"], renamed["name"], renamed["position"]) == ("pain", "What hurts", 2)
    assert editor("DELETE", f"{lanes}/{made['id']}").status_code == 204
    assert "What hurts" not in [lane.name for lane in see(journey).lanes]
    editor("POST", f"{lanes}/{made['id']}/restore")
    assert "What hurts" in [lane.name for lane in see(journey).lanes]
    assert editor("POST", lanes, {"kind": "nonsense"}).status_code == 422


def test_a_touchpoint_says_which_events_it_means(editor: Program, journey: JourneyView) -> None:
    first, second = see(journey).stages[:2]
    points = f"journeys/{journey.id}/touchpoints"
    wanted = {"stage": first.id, "name": "The shop", "channel": "web", "rule": name_rule("Viewed")}
    made = editor("POST", points, wanted).json()
    assert made["rule"] == name_rule("Viewed")
    change = {"stage": second.id, "name": "The shop window", "position": 0}
    assert editor("PATCH", f"{points}/{made['id']}", change).json()["stage"] == str(second.id)
    assert [each.name for each in see(journey).stages[1].touchpoints] == ["The shop window"]
    assert editor("DELETE", f"{points}/{made['id']}").status_code == 204
    assert see(journey).touchpoints == ()
    assert editor("POST", f"{points}/{made['id']}/restore").json()["name"] == "The shop window"
    bad = editor(
        "POST", points, {**wanted, "rule": {"all": [{"field": "no such", "op": "is", "value": ["x"]}]}}
    )
    assert bad.status_code == 422


def test_a_card_is_copied_once_however_often_it_is_asked_for(
    editor: Program, journey: JourneyView, system: Actor
) -> None:
    other = writes.create_journey("Another", acting_user=system, language="en")
    there, here = see(other), see(journey)
    source = writes.add_card(
        other.id,
        stage_id=there.stages[0].id,
        lane_id=there.lanes[0].id,
        title="Which shoes?",
        text="**Asked** often",
        acting_user=system,
    )
    wanted = {"source": source.id, "stage": here.stages[0].id, "lane": here.lanes[0].id}
    copies = f"journeys/{journey.id}/cards/copy"
    one = editor("POST", copies, wanted, idempotency_key="k1")
    again = editor("POST", copies, wanted, idempotency_key="k1")
    assert (one.status_code, one.json()["id"]) == (201, again.json()["id"])
    assert one.json()["text"] == "**Asked** often"
    assert titles(see(journey)) == ["Which shoes?"]


def test_a_card_gets_a_picture_and_loses_it(editor: Program, journey: JourneyView, system: Actor) -> None:
    board = see(journey)
    card = writes.add_card(
        journey.id, stage_id=board.stages[0].id, lane_id=board.lanes[0].id, title="Page", acting_user=system
    )
    address = f"/api/v1/journeys/{journey.id}/cards/{card.id}/picture"
    form = {"picture": png(), "alt": "The shop", "caption": "In June"}
    assert editor.client.post(address, form).status_code == 428
    given = editor.client.post(address, {**form, "picture": png()}, headers={"If-Match": '"1"'})
    assert given.status_code == 200
    assert (given.json()["picture_alt"], given.json()["picture_caption"]) == ("The shop", "In June")
    stale = editor.client.post(address, {**form, "picture": png(colour="red")}, headers={"If-Match": '"1"'})
    assert stale.status_code == 409
    text = png()
    text.truncate(0)
    text.write(b"no picture at all")
    text.seek(0)
    refused = editor.client.post(address, {"picture": text}, headers={"If-Match": given.headers["ETag"]})
    assert refused.status_code == 422
    gone = editor.client.delete(address, headers={"If-Match": given.headers["ETag"]})
    assert gone.json()["picture"] is None


def test_a_journey_is_taken_away_and_put_back(editor: Program, journey: JourneyView) -> None:
    assert editor("DELETE", f"journeys/{journey.id}").status_code == 204
    assert editor("GET", f"journeys/{journey.id}").status_code == 404
    assert editor("POST", f"journeys/{journey.id}/restore").json()["title"] == "Mark buys running shoes"
    assert editor("GET", f"journeys/{journey.id}").status_code == 200


def test_who_may_only_look_and_who_is_from_elsewhere_change_nothing(
    viewer: Program, outsider: Program, journey: JourneyView
) -> None:
    stage, lane = see(journey).stages[0], see(journey).lanes[0]
    before = see(journey)
    asked = [
        ("POST", "stages", {"name": "x"}),
        ("PATCH", f"stages/{stage.id}", {"name": "x"}),
        ("DELETE", f"stages/{stage.id}", None),
        ("POST", "lanes", {"kind": "pain"}),
        ("PATCH", f"lanes/{lane.id}", {"name": "x"}),
        ("DELETE", f"lanes/{lane.id}", None),
        ("POST", "touchpoints", {"stage": stage.id, "name": "x", "rule": name_rule("x")}),
    ]
    for method, path, data in asked:
        assert viewer(method, f"journeys/{journey.id}/{path}", data).status_code == 403
        assert outsider(method, f"journeys/{journey.id}/{path}", data).status_code == 404
    assert viewer("DELETE", f"journeys/{journey.id}").status_code == 403
    assert outsider("DELETE", f"journeys/{journey.id}").status_code == 404
    assert see(journey) == before
