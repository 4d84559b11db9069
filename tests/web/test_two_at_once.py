"""Two people change the words of a stage, a row, a touchpoint or a journey at once: nobody's are lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.errors import WordsConflict
from parcours.canvas.shapes import Board, JourneyView
from parcours.canvas.writes.merging import settled
from tests.canvas.conftest import journey as journey  # noqa: PLC0414 - fixtures of the canvas, used here too
from tests.canvas.conftest import see as see  # noqa: PLC0414

RULE = {"all": [{"field": "name", "op": "is", "value": ["Page Viewed"]}]}


def test_each_field_is_settled_by_itself() -> None:
    seen = {"name": "Old", "text": "Old"}
    assert settled({"name": "Old", "text": "Theirs"}, {"name": "Mine", "text": "Old"}, seen) == {
        "name": "Mine",
        "text": "Theirs",
    }
    assert settled({"name": "Same"}, {"name": "Same"}, seen) == {"name": "Same"}
    assert settled({"name": "Theirs"}, {"name": "Mine"}, None) == {"name": "Mine"}
    with pytest.raises(WordsConflict, match="Theirs"):
        settled({"name": "Theirs"}, {"name": "Mine"}, seen)


def test_two_names_for_a_stage_are_put_beside_each_other_and_one_is_chosen(
    as_alice: Client, journey: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    stage = see().stages[0]
    address = f"/map/{journey.id}/stages/{stage.id}/edit/"
    form = {"name": "Mine", "description": "", "seen-name": stage.name, "seen-description": stage.description}
    writes.edit_stage(journey.id, stage.id, name="Theirs", acting_user=alice_acts)
    answer = as_alice.post(address, form, headers={"Accept": "text/html"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="Theirs" checked' in page
    assert 'value="Mine"' in page
    assert see().stages[0].name == "Theirs"
    chosen = {"name": "Mine", "seen-name": "Theirs", "description": "", "seen-description": ""}
    as_alice.post(address, chosen, headers={"Accept": "text/html"})
    assert see().stages[0].name == "Mine"


def test_a_description_and_a_name_changed_at_once_both_stay(
    as_alice: Client, journey: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    stage = see().stages[0]
    writes.edit_stage(journey.id, stage.id, description="Theirs", acting_user=alice_acts)
    as_alice.post(
        f"/map/{journey.id}/stages/{stage.id}/edit/",
        {
            "name": "Mine",
            "description": stage.description,
            "seen-name": stage.name,
            "seen-description": stage.description,
        },
    )
    assert (see().stages[0].name, see().stages[0].description) == ("Mine", "Theirs")


def test_a_row_renamed_on_the_map_meanwhile_is_not_overwritten(
    as_alice: Client, journey: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    lane = see().lanes[0]
    writes.edit_lane(journey.id, lane.id, name="Theirs", acting_user=alice_acts)
    answer = as_alice.post(
        f"/map/{journey.id}/lanes/{lane.id}/edit/",
        {"name": "Mine", "seen-name": lane.name},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert see().lanes[0].name == "Theirs"


def test_the_head_of_a_journey_is_settled_field_by_field(
    as_alice: Client, journey: JourneyView, alice_acts: Actor
) -> None:
    writes.edit_journey(journey.id, summary="Theirs", acting_user=alice_acts)
    form: dict[str, Any] = {
        "title": "Mine",
        "summary": "",
        "kind": journey.kind,
        "status": "active",
        "seen-title": journey.title,
        "seen-summary": "",
    }
    as_alice.post(f"/map/{journey.id}/settings/", form)
    now = reads.journey(journey.brand_id, journey.id)
    assert (now.title, now.summary) == ("Mine", "Theirs")
    answer = as_alice.post(f"/map/{journey.id}/settings/", {**form, "title": "Other"})
    assert answer.status_code == 409


def test_a_rule_changed_meanwhile_stands_until_somebody_saves_knowingly(
    as_alice: Client, journey: JourneyView, see: Callable[[], Board], alice_acts: Actor
) -> None:
    stage = see().stages[0]
    point = writes.add_touchpoint(
        journey.id, stage_id=stage.id, name="Shop", rule=RULE, acting_user=alice_acts
    )
    theirs = {"all": [{"field": "name", "op": "is", "value": ["Cart Viewed"]}]}
    changed = writes.edit_touchpoint(journey.id, point.id, rule=theirs, acting_user=alice_acts)
    form = {
        "do": "save",
        "stage": str(stage.id),
        "name": "Shop",
        "channel": "",
        "field": "name",
        "op": "is",
        "value": "Order Completed",
        "seen-name": "Shop",
        "seen-channel": "",
        "seen-rule": point.sentence,
    }
    address = f"/map/{journey.id}/touchpoints/{point.id}/"
    answer = as_alice.post(address, form)
    assert answer.status_code == 422
    assert "Cart Viewed" in answer.content.decode()
    assert reads.touchpoint(journey.brand_id, journey.id, point.id).rule == changed.rule
    as_alice.post(address, {**form, "seen-rule": changed.sentence})
    assert "Order Completed" in str(reads.touchpoint(journey.brand_id, journey.id, point.id).rule)
