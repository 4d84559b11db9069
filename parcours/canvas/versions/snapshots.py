"""What stands on a canvas at one moment, with its ids: kept as JSON, compared, and drawn again.

What hangs on cards by their ids (evidence, comments, proposals) is no part of it and stays where it is.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from parcours.canvas.shapes import (
    Board,
    CardView,
    Cell,
    JourneyView,
    LaneView,
    PersonaView,
    PictureView,
    StageView,
    TouchpointView,
)
from parcours.canvas.templates.hints import hint

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Head:
    """About the journey itself; ids are strings, empty for none."""

    title: str
    summary: str = ""
    kind: str = ""
    status: str = ""
    persona: str = ""
    persona_name: str = ""
    segment: str = ""
    owner: str = ""
    owner_name: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    name: str
    description: str
    key: str
    order_key: str


@dataclass(frozen=True, slots=True)
class Lane:
    id: str
    kind: str
    name: str
    order_key: str


@dataclass(frozen=True, slots=True)
class Touchpoint:
    id: str
    stage: str
    name: str
    channel: str
    rule: Mapping[str, Any]
    order_key: str


@dataclass(frozen=True, slots=True)
class Card:
    """`picture` is its id, empty for none; `width` and `height` are those of the picture."""

    id: str
    stage: str
    lane: str
    order_key: str
    title: str
    text: str
    picture: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    caption: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    leads_to: str = ""
    leads_to_title: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Stages and lanes in their order; cards and touchpoints by id, each cell's in their order."""

    head: Head
    stages: Mapping[str, Stage]
    lanes: Mapping[str, Lane]
    touchpoints: Mapping[str, Touchpoint]
    cards: Mapping[str, Card]

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "journey": asdict(self.head),
            "stages": [asdict(each) for each in self.stages.values()],
            "lanes": [asdict(each) for each in self.lanes.values()],
            "touchpoints": [asdict(each) for each in self.touchpoints.values()],
            "cards": [asdict(each) for each in self.cards.values()],
        }


def digest_of(content: Mapping[str, Any]) -> str:
    """The same for the same canvas."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def from_json(content: Mapping[str, Any]) -> Snapshot:
    """What `Snapshot.as_json` wrote."""
    return Snapshot(
        Head(**content["journey"]),
        {each["id"]: Stage(**each) for each in content["stages"]},
        {each["id"]: Lane(**each) for each in content["lanes"]},
        {each["id"]: Touchpoint(**each) for each in content["touchpoints"]},
        {each["id"]: Card(**each) for each in content["cards"]},
    )


def from_board(board: Board) -> Snapshot:
    """What stands now."""
    return Snapshot(
        _head(board.journey),
        {str(each.id): _stage(each) for each in board.stages},
        {str(each.id): Lane(str(each.id), each.kind, each.name, each.order_key) for each in board.lanes},
        {str(each.id): _touchpoint(each) for each in board.touchpoints},
        {str(each.id): _card(each) for each in board.cards},
    )


def _head(journey: JourneyView) -> Head:
    return Head(
        title=journey.title,
        summary=journey.summary,
        kind=journey.kind,
        status=journey.status,
        persona=_id(journey.persona.id if journey.persona else None),
        persona_name=journey.persona.name if journey.persona else "",
        segment=_id(journey.segment_id),
        owner=_id(journey.owner_id),
        owner_name=journey.owner_label,
    )


def _stage(stage: StageView) -> Stage:
    return Stage(str(stage.id), stage.name, stage.description, stage.key, stage.order_key)


def _touchpoint(each: TouchpointView) -> Touchpoint:
    return Touchpoint(
        str(each.id), str(each.stage_id), each.name, each.channel, dict(each.rule), each.order_key
    )


def _card(card: CardView) -> Card:
    picture = card.picture
    return Card(
        id=str(card.id),
        stage=str(card.stage_id),
        lane=str(card.lane_id),
        order_key=card.order_key,
        title=card.title,
        text=card.text,
        picture=_id(picture.id if picture else None),
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        alt=picture.alt if picture else "",
        caption=picture.caption if picture else "",
        details=dict(card.details),
        leads_to=_id(card.leads_to),
        leads_to_title=card.leads_to_title,
    )


def _id(value: uuid.UUID | None) -> str:
    return str(value) if value else ""


def as_board(snapshot: Snapshot, journey: JourneyView, persona: PersonaView | None = None) -> Board:
    """The canvas as it stood, to look at. `journey` is how it stands now, `persona` who it was drawn for."""
    touchpoints = defaultdict(list)
    for each in snapshot.touchpoints.values():
        touchpoints[each.stage].append(_touchpoint_view(each))
    stages = tuple(
        StageView(
            uuid.UUID(each.id),
            each.name,
            each.description,
            each.key,
            each.order_key,
            number,
            tuple(touchpoints[each.id]),
        )
        for number, each in enumerate(snapshot.stages.values(), 1)
    )
    cells = defaultdict(list)
    for card in snapshot.cards.values():
        cells[card.stage, card.lane].append(_card_view(card, snapshot, journey))
    lanes = tuple(
        LaneView(
            uuid.UUID(lane.id),
            lane.kind,
            lane.name,
            lane.order_key,
            tuple(_cell(stage, lane, tuple(cells[str(stage.id), lane.id])) for stage in stages),
        )
        for lane in snapshot.lanes.values()
    )
    return Board(_journey_view(snapshot.head, journey, persona), stages, lanes)


def _cell(stage: StageView, lane: Lane, cards: tuple[CardView, ...]) -> Cell:
    return Cell(stage, uuid.UUID(lane.id), lane.kind, lane.name, cards, hint(stage.key, lane.kind))


def _touchpoint_view(each: Touchpoint) -> TouchpointView:
    return TouchpointView(
        uuid.UUID(each.id),
        uuid.UUID(each.stage),
        each.name,
        each.channel,
        dict(each.rule),
        each.order_key,
    )


def _card_view(card: Card, snapshot: Snapshot, journey: JourneyView) -> CardView:
    picture = uuid.UUID(card.picture) if card.picture else None
    return CardView(
        id=uuid.UUID(card.id),
        journey_id=journey.id,
        stage_id=uuid.UUID(card.stage),
        lane_id=uuid.UUID(card.lane),
        kind=snapshot.lanes[card.lane].kind,
        title=card.title,
        text=card.text,
        picture=PictureView(
            picture, f"/map/pictures/{picture}/", card.width, card.height, card.alt, card.caption
        )
        if picture
        else None,
        revision=1,
        order_key=card.order_key,
        edited_by="",
        updated_at=journey.updated_at,
        details=card.details,
        leads_to=uuid.UUID(card.leads_to) if card.leads_to else None,
        leads_to_title=card.leads_to_title,
    )


def _journey_view(head: Head, journey: JourneyView, persona: PersonaView | None) -> JourneyView:
    return replace(
        journey, title=head.title, summary=head.summary, kind=head.kind, status=head.status, persona=persona
    )
