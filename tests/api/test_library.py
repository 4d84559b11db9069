"""The library and the details of cards through the API."""

from typing import Any

from parcours.canvas.shapes import JourneyView
from tests.api.test_journeys import Program, see
from tests.api.test_journeys import editor as editor  # noqa: PLC0414 - fixtures of the journeys, used here too
from tests.api.test_journeys import journey as journey  # noqa: PLC0414
from tests.api.test_journeys import outsider as outsider  # noqa: PLC0414
from tests.api.test_journeys import viewer as viewer  # noqa: PLC0414


def place(journey: JourneyView, kind: str = "action") -> dict[str, str]:
    board = see(journey)
    lane = next(lane for lane in board.lanes if lane.kind == kind)
    return {"stage": str(board.stages[0].id), "lane": str(lane.id)}


def added(editor: Program, **more: Any) -> dict[str, Any]:
    entry = {"title": "Call back", "kind": "action", "details": {"does": "call"}, **more}
    answer = editor("POST", "library", entry)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_an_entry_is_written_inserted_changed_and_removed(editor: Program, journey: JourneyView) -> None:
    entry = added(editor)
    card = editor("POST", f"journeys/{journey.id}/from-library", {"entry": entry["id"], **place(journey)})
    assert card.status_code == 201
    assert card.json()["details"] == {"does": "call"}
    editor("PATCH", f"library/{entry['id']}", {"text": "Within *two* hours"})
    [use] = editor("GET", f"library/{entry['id']}/uses").json()["items"]
    assert use["card"] == card.json()["id"]
    assert use["outdated"]
    assert editor("DELETE", f"library/{entry['id']}").status_code == 204
    assert editor("GET", f"library/{entry['id']}").status_code == 404
    assert editor("POST", f"library/{entry['id']}/restore").json()["text"] == "Within *two* hours"


def test_a_touchpoint_of_the_library_needs_a_rule_and_brings_it(
    editor: Program, journey: JourneyView
) -> None:
    assert editor("POST", "library", {"form": "touchpoint", "title": "Cart"}).status_code == 422
    rule = {"all": [{"field": "name", "op": "is", "value": ["Cart Viewed"]}]}
    entry = editor("POST", "library", {"form": "touchpoint", "title": "Cart", "rule": rule}).json()
    sent = {"entry": entry["id"], "stage": place(journey)["stage"]}
    assert editor("POST", f"journeys/{journey.id}/from-library", sent).status_code == 201
    assert [each.name for each in see(journey).touchpoints] == ["Cart"]


def test_pages_of_the_library_follow_each_other(editor: Program) -> None:
    for n in range(3):
        added(editor, title=f"Entry {n}")
    first = editor("GET", "library?limit=2").json()
    second = editor("GET", f"library?limit=2&cursor={first['next']}").json()
    assert [each["title"] for each in first["items"] + second["items"]] == ["Entry 2", "Entry 1", "Entry 0"]
    assert second["next"] is None


def test_viewers_read_it_and_others_find_nothing(editor: Program, viewer: Program, outsider: Program) -> None:
    entry = added(editor)
    assert viewer("GET", f"library/{entry['id']}").status_code == 200
    assert viewer("DELETE", f"library/{entry['id']}").status_code == 403
    for method in ("GET", "PATCH", "DELETE"):
        assert outsider(method, f"library/{entry['id']}", {"title": "Mine"}).status_code == 404


def test_details_go_in_and_out_with_the_card(editor: Program, journey: JourneyView) -> None:
    cards = f"journeys/{journey.id}/cards"
    details = {"does": "chat", "state": "planned"}
    card = editor("POST", cards, {**place(journey), "title": "Instagram", "details": details}).json()
    assert card["details"] == details
    changed = editor(
        "PATCH", f"{cards}/{card['id']}", {"details": {"state": "running", "does": None}}, if_match='"1"'
    )
    assert changed.json()["details"] == {"state": "running"}
    wrong = editor("PATCH", f"{cards}/{card['id']}", {"details": {"state": "gone"}}, if_match='"2"')
    assert wrong.status_code == 422
    assert wrong.json()["where"] == "details.state"


def test_a_card_opens_a_journey_until_it_is_told_not_to(editor: Program, journey: JourneyView) -> None:
    cards = f"journeys/{journey.id}/cards"
    card = editor("POST", cards, {**place(journey), "title": "Again", "leads_to": journey.id}).json()
    assert card["leads_to"] == str(journey.id)
    kept = editor("PATCH", f"{cards}/{card['id']}", {"title": "Once more"}, if_match='"1"').json()
    assert kept["leads_to"] == str(journey.id)
    gone = editor("PATCH", f"{cards}/{card['id']}", {"leads_to": None}, if_match='"2"').json()
    assert gone["leads_to"] is None
