from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.enums import LaneKind
from parcours.canvas.errors import CardConflict
from parcours.canvas.exports.portable import as_portable
from parcours.canvas.exports.reading import read_drawing
from parcours.canvas.kinds import clean_details, feeling, fields_of, shown_details
from parcours.canvas.reads import board as read_board
from parcours.canvas.rules import name_rule
from parcours.canvas.shapes import Board, JourneyView
from parcours.core.errors import BadInput
from tests.canvas.conftest import AddCard

See = Callable[[], Board]


def test_every_kind_of_row_knows_its_fields() -> None:
    assert {str(kind) for kind in LaneKind} == {
        kind for kind in LaneKind.values if fields_of(kind) is not None
    }
    assert [field.name for field in fields_of("kpi")] == ["current", "target", "unit", "direction"]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("pain", {"severity": "4"}, {"severity": 4}),
        ("emotion", {"level": "-40"}, {"level": -40}),
        ("emotion", {"level": "−40"}, {"level": -40}),
        (
            "kpi",
            {"target": "12,5", "unit": " % ", "direction": "up"},
            {"target": 12.5, "unit": "%", "direction": "up"},
        ),
        ("kpi", {"current": "1 250"}, {"current": 1250}),
        ("moment", {"address": "shop.example/cart"}, {"address": "https://shop.example/cart"}),
        ("action", {"does": "", "state": "running"}, {"state": "running"}),
        ("need", {"severity": "2"}, {"severity": 2}),
    ],
)
def test_what_was_typed_is_kept_in_one_form(kind: str, typed: dict[str, Any], kept: dict[str, Any]) -> None:
    assert clean_details(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("pain", {"severity": "6"}),
        ("emotion", {"level": "101"}),
        ("emotion", {"level": "1.5"}),
        ("kpi", {"target": "much"}),
        ("kpi", {"target": "inf"}),
        ("kpi", {"direction": "sideways"}),
        ("moment", {"address": "javascript:alert(1)"}),
        ("touchpoint", {"touchpoint": "the cart"}),
        ("employee", {"team": "x" * 121}),
        ("free", {"colour": "red"}),
    ],
)
def test_what_fits_no_field_is_refused_with_its_place(kind: str, typed: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as fault:
        clean_details(kind, typed)
    assert fault.value.where == f"details.{next(iter(typed))}"


def test_details_are_shown_in_the_readers_language() -> None:
    with translation.override("en"):
        assert shown_details("action", {"state": "running", "severity": 3}) == [("State", "Running")]
        assert shown_details("kpi", {"target": 1250.5})[0][1] == "1,250.5"


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (-100, "very unhappy"),
        (-60, "very unhappy"),
        (-59, "rather unhappy"),
        (-20, "rather unhappy"),
        (-19, "neither happy nor unhappy"),
        (19, "neither happy nor unhappy"),
        (20, "rather happy"),
        (60, "very happy"),
        (100, "very happy"),
    ],
)
def test_a_level_has_one_of_five_names(level: int, words: str) -> None:
    with translation.override("en"):
        assert feeling(level) == words


def test_a_card_that_moves_to_another_kind_and_back_has_lost_nothing(
    add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    card = add_card("Instagram, daily", kind="action", details={"does": "chat", "state": "planned"})
    lanes = {lane.kind: lane.id for lane in see().lanes}
    for kind in ("need", "action"):
        card = writes.move_card(
            card.journey_id,
            card.id,
            stage_id=card.stage_id,
            lane_id=lanes[kind],
            expected_revision=card.revision,
            acting_user=alice_acts,
        )
        assert card.details == {"does": "chat", "state": "planned"}


def test_details_change_one_by_one_and_raise_the_revision(add_card: AddCard, alice_acts: Actor) -> None:
    card = add_card("Instagram, daily", kind="action", details={"does": "chat", "state": "planned"})
    changed = writes.edit_card(
        card.journey_id,
        card.id,
        details={"state": "running", "does": ""},
        expected_revision=card.revision,
        acting_user=alice_acts,
    )
    assert changed.details == {"state": "running"}
    assert changed.revision == card.revision + 1
    with pytest.raises(CardConflict):
        writes.edit_card(
            card.journey_id,
            card.id,
            details={"state": "stopped"},
            expected_revision=card.revision,
            acting_user=alice_acts,
        )


def test_a_card_goes_through_a_file_with_everything_it_has(
    journey: JourneyView, add_card: AddCard, see: See, alice_acts: Actor
) -> None:
    other = writes.create_journey("Mark sends shoes back", acting_user=alice_acts, language="en")
    first = see().stages[0]
    touchpoint = writes.add_touchpoint(
        journey.id, stage_id=first.id, name="Cart", rule=name_rule("Cart Viewed"), acting_user=alice_acts
    )
    for kind in ("touchpoint", "emotion"):
        writes.add_lane(journey.id, kind, acting_user=alice_acts)
    add_card("In the cart", kind="touchpoint", details={"touchpoint": str(touchpoint.id)})
    add_card("Caught", kind="emotion", text="*Really*", details={"level": -65}, leads_to=other.id)
    drawing = read_drawing(as_portable(journey.brand_id, see()))
    again = writes.draw_journey(drawing, acting_user=alice_acts, title="Again")
    before, after = see(), read_board(journey.brand_id, again.id)
    assert [(card.title, card.text, card.leads_to) for card in after.cards] == [
        (card.title, card.text, card.leads_to) for card in before.cards
    ]
    [met, felt] = after.cards
    assert felt.details == {"level": -65}
    assert met.details == {"touchpoint": str(after.touchpoints[0].id)}
    assert after.touchpoints[0].id != touchpoint.id
