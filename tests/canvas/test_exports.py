import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads, writes
from parcours.canvas.exports.portable import as_portable
from parcours.canvas.exports.reading import read_drawing
from parcours.canvas.shapes import Board, JourneyView
from parcours.core.errors import BadInput
from tests.canvas.conftest import AddCard, png

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def full(
    journey: JourneyView, add_card: AddCard, see: Callable[[], Board], alice_acts: Actor
) -> dict[str, Any]:
    """A map that uses everything there is, as its file holds it."""
    picture = writes.add_picture(png(), acting_user=alice_acts)
    mark = writes.add_persona(
        "Mark",
        birth_year=1978,
        habits="Reads in the evening.",
        channels=["chat", "email"],
        segment_key="z",
        photo_id=picture.id,
        acting_user=alice_acts,
    )
    writes.edit_journey(
        journey.id,
        persona_id=mark.id,
        summary="Two lines\nhere",
        status="draft",
        segment_key="x",
        acting_user=alice_acts,
    )
    add_card("Sans mal de dos ?", text="Vu 312 fois")
    add_card("Second")
    add_card("", "Decision", "moment", picture_id=picture.id, picture_alt="The cart")
    writes.add_stage(journey.id, "Awareness", description="Twice the same name", acting_user=alice_acts)
    writes.add_touchpoint(
        journey.id,
        stage_id=see().stages[2].id,
        name="Checkout",
        channel="web",
        rule={"all": [{"field": "properties.total", "op": "gte", "value": [50]}]},
        acting_user=alice_acts,
    )
    return as_portable(journey.brand_id, see())


def without_ids(part: Any) -> Any:
    """A copy has ids of its own."""
    if isinstance(part, dict):
        return {name: without_ids(value) for name, value in part.items() if name != "id"}
    return [without_ids(each) for each in part] if isinstance(part, list) else part


def test_a_journey_comes_back_from_its_file_as_it_was(full: dict[str, Any], other_brand: Brand) -> None:
    read = read_drawing(json.loads(json.dumps(full)))
    copy = writes.draw_journey(read, acting_user=system_actor(other_brand.pk))
    assert without_ids(as_portable(other_brand.pk, reads.board(other_brand.pk, copy.id))) == without_ids(full)


def test_a_file_written_by_hand_says_only_what_it_must(system: Actor) -> None:
    drawing = read_drawing(
        {
            "title": "Loan application",
            "stages": [
                {"name": "Apply", "touchpoints": [{"name": "Submitted", "events": ["A_SUBMITTED"]}]},
                {"name": "Decide"},
            ],
            "cards": [{"stage": "decide", "lane": "need", "title": "A quick answer"}],
        }
    )
    journey = writes.draw_journey(drawing, acting_user=system)
    board = reads.board(system.brand_id, journey.id)
    assert [lane.kind for lane in board.lanes] == ["need", "moment", "action"]
    assert board.touchpoints[0].rule["all"][0]["value"] == ["A_SUBMITTED"]
    assert board.lanes[0].cells[1].cards[0].title == "A quick answer"


@pytest.mark.parametrize("language", ["", ".fr"])
def test_the_file_in_the_guide_can_be_drawn(language: str, system: Actor) -> None:
    guide = (ROOT / "docs" / "guide" / f"files{language}.md").read_text()
    example = guide.partition("```json\n")[2].partition("```")[0]
    journey = writes.draw_journey(read_drawing(json.loads(example)), acting_user=system)
    board = reads.board(system.brand_id, journey.id)
    assert (len(board.touchpoints), len(board.cards)) == (2, 1)


def test_the_same_persona_is_not_made_twice(full: dict[str, Any], alice_acts: Actor) -> None:
    writes.draw_journey(read_drawing(full), acting_user=alice_acts, title="Copy")
    assert len(reads.personas(alice_acts.brand_id)) == 1


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"format": "something else"}, "format"),
        ({"stages": {}}, ""),
        ({"stages": "Awareness"}, "stages"),
        ({"stages": [{"name": " "}]}, "stages[0].name"),
        ({"stages": [{"name": "A", "touchpoints": [{"name": "T"}]}]}, "stages[0].touchpoints[0].rule"),
        ({"lanes": [{"kind": "mood"}]}, "lanes[0].kind"),
        ({"cards": [{"stage": "Nowhere", "lane": "need", "title": "x"}]}, "cards[0].stage"),
        ({"cards": [{"stage": 1, "lane": "need", "picture": "p"}]}, "cards[0].picture"),
        ({"cards": [{"stage": 1, "lane": 1, "title": 5}]}, "cards[0].title"),
        ({"pictures": {"p": "%%%"}}, "pictures.p"),
        ({"persona": {"name": "Mark", "birth_year": "old"}}, "persona.birth_year"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_by_its_place(change: dict[str, Any], where: str) -> None:
    if where:
        with pytest.raises(BadInput) as refused:
            read_drawing({"title": "T", **change})
        assert refused.value.where.startswith(where)
    else:
        assert len(read_drawing({"title": "T", **change}).stages) == 5


def test_nothing_is_stored_of_a_file_that_is_refused(system: Actor) -> None:
    drawing = read_drawing({"title": "T", "cards": [{"stage": 1, "lane": 1, "title": "x" * 201}]})
    with pytest.raises(BadInput):
        writes.draw_journey(drawing, acting_user=system)
    assert reads.journeys(system.brand_id) == ()
