"""Journeys in CJML: ours are valid, those of others are read, broken ones are mended or refused."""

import uuid
from pathlib import Path

import pytest
from django.utils.translation import override
from lxml import etree

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.exports import cjml
from parcours.canvas.exports.cjml import as_cjml, level_of, rating_of
from parcours.canvas.imports.cjml import read_cjml
from parcours.canvas.shapes import Board
from parcours.core.errors import BadInput
from parcours.core.periods import read_period
from parcours.insights.files import journey_file
from tests.canvas.conftest import png

pytestmark = pytest.mark.django_db

SCHEMA = etree.XMLSchema(etree.parse(Path(cjml.__file__).with_name("cjml.xsd")))

FROM_THE_TOOL = """<CJML version="2.0"><actualJourney><journeyID>AJ1</journeyID>
<plannedReference>PJ1</plannedReference>
<journeyPhases><journeyPhase phaseID="Before"><phaseName>Before</phaseName>
<phaseDescription></phaseDescription>
</journeyPhase></journeyPhases>
<journeyShortSummary>Getting a passport</journeyShortSummary>
<actors><endUser actorID="Ola"></endUser><serviceProvider actorID="Police"></serviceProvider></actors>
<touchpoints>
<actualCommunicationPoint><touchpointID>T1</touchpointID><belongsTo phaseIDref="Before"></belongsTo>
<compliance>completed</compliance>
<initiator><refersTo actorIDref="Ola"/><initiatorLabel>Books an appointment</initiatorLabel></initiator>
<receiver><refersTo actorIDref="Police"/><receiverLabel>Confirms it</receiverLabel></receiver>
<channel><channelName>Web</channelName></channel></actualCommunicationPoint>
<actualAction><touchpointID>2</touchpointID>
<initiator><refersTo actorIDref="Police"/><initiatorLabel>Takes the picture</initiatorLabel></initiator>
<touchpointExperience><experienceDescription>Long queue</experienceDescription>
<experienceRating>2</experienceRating></touchpointExperience></actualAction>
</touchpoints></actualJourney></CJML>"""


@pytest.fixture
def board(brand: Brand, alice_acts: Actor) -> Board:
    journey = writes.create_journey("Mark buys\x0b <running> shoes", acting_user=alice_acts, language="en")
    writes.add_lane(journey.id, "emotion", acting_user=alice_acts)
    drawn = reads.board(brand.pk, journey.id)
    lanes = {lane.kind: lane.id for lane in drawn.lanes}

    def add(kind: str, stage: int, title: str, **more: object) -> uuid.UUID:
        return writes.add_card(
            journey.id, stage_id=drawn.stages[stage].id, lane_id=lanes[kind], title=title,
            acting_user=alice_acts, **more,  # type: ignore[arg-type]
        ).id  # fmt: skip

    add("need", 0, "“Which shoes & why?”", text="**Pain** makes careful.")
    add("action", 2, "Mail about the cart", details={"does": "playbook", "state": "running"})
    add("emotion", 2, "Shipping costs", details={"level": -60})
    writes.add_touchpoint(
        journey.id, stage_id=drawn.stages[1].id, name="Product page", channel="web",
        rule={"all": [{"field": "name", "op": "is", "value": ["Product Viewed"]}]}, acting_user=alice_acts,
    )  # fmt: skip
    return reads.board(brand.pk, journey.id)


def test_what_is_written_is_valid_and_says_everything(board: Board) -> None:
    written = as_cjml(board, brand="Foulée")
    root = etree.fromstring(written)
    SCHEMA.assertValid(root)
    assert root.get("version") == "2.0"
    assert root.findtext("plannedJourney/journeyTitle") == "Mark buys <running> shoes"
    assert [each.text for each in root.iter("phaseName")] == [stage.name for stage in board.stages]
    assert [each.text for each in root.iter("initiatorLabel")] == [
        "“Which shoes & why?”", "Product page", "Mail about the cart", "Shipping costs",
    ]  # fmt: skip
    actions = {each.findtext("initiator/initiatorLabel"): each for each in root.iter("plannedAction")}
    action = actions["Mail about the cart"]
    assert action.findtext("category") == "action"
    actor = action.find("initiator/refersTo")
    assert actor is not None
    assert actor.get("actorIDref") == "Foulée"
    assert "Running" in (action.findtext("comment") or "")


def test_it_comes_back_with_its_rows(board: Board, brand: Brand, alice_acts: Actor) -> None:
    found = read_cjml(as_cjml(board, brand="Foulée"))
    assert found.notices == ()
    drawn = writes.draw_journey(found.drawings[0], acting_user=alice_acts)
    again = reads.board(brand.pk, drawn.id)
    assert [stage.name for stage in again.stages] == [stage.name for stage in board.stages]
    cards = {card.title: card for card in again.cards}
    assert cards["“Which shoes & why?”"].kind == "need"
    assert cards["“Which shoes & why?”"].text == "Pain makes careful."
    assert cards["Product page"].kind == "touchpoint"
    assert cards["Mail about the cart"].kind == "action"
    assert cards["Shipping costs"].details == {"level": -50}


def test_journeys_that_cards_open_and_what_pictures_show_are_in_the_file(
    board: Board, brand: Brand, alice_acts: Actor
) -> None:
    under = writes.create_journey("Mark sends shoes back", acting_user=alice_acts)
    stage, lane = board.stages[3].id, board.lanes[1].id
    picture = writes.add_picture(png(), acting_user=alice_acts)
    writes.add_card(
        board.journey.id, stage_id=stage, lane_id=lane, title="They are too tight", leads_to=under.id,
        picture_id=picture.id, picture_alt="A tight shoe", picture_caption="After one run",
        acting_user=alice_acts,
    )  # fmt: skip
    place = reads.board(brand.pk, under.id)
    writes.add_card(
        under.id, stage_id=place.stages[0].id, lane_id=place.lanes[0].id, title="Up again",
        leads_to=board.journey.id, acting_user=alice_acts,
    )  # fmt: skip
    period = read_period({}, brand.time_zone)
    written = journey_file(brand, reads.board(brand.pk, board.journey.id), "cjml", period=period).content
    root = etree.fromstring(written)
    SCHEMA.assertValid(root)
    assert [each.text for each in root.iter("journeyID")] == ["PJ1", "PJ2"]
    comments = [each.text for each in root.iter("comment")]
    assert "Picture: After one run. A tight shoe\nOpens the journey: Mark sends shoes back (PJ2)" in comments
    over, beneath = writes.draw_journeys(read_cjml(written).drawings, acting_user=alice_acts)
    opening = next(c for c in reads.board(brand.pk, over.id).cards if c.title == "They are too tight")
    assert opening.leads_to == beneath.id
    assert opening.text == "Picture: After one run. A tight shoe"
    (back,) = [c for c in reads.board(brand.pk, beneath.id).cards if c.title == "Up again"]
    assert back.leads_to == over.id


def test_a_file_written_in_french_opens_a_journey_that_is_there_by_its_title(
    board: Board, brand: Brand, alice_acts: Actor
) -> None:
    under = writes.create_journey("Returns (shoes)", acting_user=alice_acts)
    writes.add_card(
        board.journey.id, stage_id=board.stages[0].id, lane_id=board.lanes[0].id, title="Back",
        leads_to=under.id, acting_user=alice_acts,
    )  # fmt: skip
    period = read_period({}, brand.time_zone)
    with override("fr"):
        written = journey_file(brand, reads.board(brand.pk, board.journey.id), "cjml", period=period).content
    # The journey beneath is in the file too; without it only its title can find it.
    alone = written.replace(b" (PJ2)", b"")
    (drawing,) = [each for each in read_cjml(alone).drawings if each.title == board.journey.title]
    made = writes.draw_journey(drawing, acting_user=alice_acts)
    assert [c.leads_to for c in reads.board(brand.pk, made.id).cards if c.title == "Back"] == [under.id]


def test_a_file_of_the_tool_is_read(brand: Brand, alice_acts: Actor) -> None:
    found = read_cjml(FROM_THE_TOOL.encode())
    (drawing,) = found.drawings
    assert (drawing.title, drawing.summary) == ("AJ1", "Getting a passport")
    assert drawing.persona is not None
    assert drawing.persona.name == "Ola"
    assert [stage.name for stage in drawing.stages] == ["Before", "Without a stage"]
    rows = {card.title: drawing.lanes[card.lane].kind for card in drawing.cards}
    assert rows == {
        "Books an appointment": "touchpoint",
        "Takes the picture": "action",
        "Long queue": "emotion",
    }
    assert len(found.notices) == 1, "one touchpoint names no phase"


@pytest.mark.parametrize(
    ("broken", "titles"),
    [
        (FROM_THE_TOOL[: FROM_THE_TOOL.index("</touchpoints>")], 3),  # cut off
        (FROM_THE_TOOL.replace("Books an", "Books & pays an"), 3),  # not escaped
        (FROM_THE_TOOL.replace('phaseIDref="Before"', 'phaseIDref="Elsewhere"'), 3),
        ("\ufeff\n" + FROM_THE_TOOL, 3),
        (FROM_THE_TOOL.replace("<CJML ", '<CJML xmlns="http://cjml.no/2.0" '), 3),
    ],
)
def test_what_is_a_little_broken_is_mended_and_told(broken: str, titles: int) -> None:
    found = read_cjml(broken.encode())
    assert len(found.drawings[0].cards) == titles
    assert found.notices


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"stage,title\nA,B",
        b"<CJML version='2.0'></CJML>",
        b"<html><body>plannedJourney</body></html>",
        b"\x00\x01\x02",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><CJML>&a;</CJML>',
    ],
)
def test_what_is_no_journey_is_refused_with_a_sentence(broken: bytes) -> None:
    with pytest.raises(BadInput) as fault:
        read_cjml(broken)
    assert fault.value.what


def test_levels_and_ratings_agree_at_their_ends() -> None:
    assert [rating_of(level) for level in (-100, -50, 0, 50, 100)] == [1, 2, 3, 4, 5]
    assert [level_of(rating) for rating in (1, 2, 3, 4, 5, 9)] == [-100, -50, 0, 50, 100, 100]
