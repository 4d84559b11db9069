"""A journey as a JSON file that people can read, write by hand and bring into another installation.

`docs/guide/canvas.md` describes the format.
"""

import base64
import uuid
from collections import Counter
from typing import Any

from parcours.canvas import reads
from parcours.canvas.shapes import Board, CardView, PersonaView, PictureView
from parcours.customers.segments.generations import GENERATION_BY_KEY
from parcours.customers.segments.keys import key_of_segment

FORMAT = "parcours-journey"
VERSION = 1


def as_portable(brand_id: uuid.UUID, board: Board) -> dict[str, Any]:
    """Everything that stands on the canvas, pictures included, as JSON can hold it."""
    journey = board.journey
    pictures = _Pictures(brand_id)
    stages = _references([stage.name for stage in board.stages])
    lanes = _references([lane.name for lane in board.lanes])
    stage_of = {stage.id: name for stage, name in zip(board.stages, stages, strict=True)}
    lane_of = {lane.id: name for lane, name in zip(board.lanes, lanes, strict=True)}
    touchpoints = {str(each.id): each.name for each in board.touchpoints}
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": journey.title,
        "summary": journey.summary,
        "kind": journey.kind,
        "status": journey.status,
        "segment": generation_in(journey.segment_id),
        "review_every_days": journey.review_every_days,
        "persona": _persona(journey.persona, pictures) if journey.persona else None,
        "stages": [
            {
                "name": stage.name,
                "description": stage.description,
                "key": stage.key,
                "touchpoints": [
                    {"name": each.name, "channel": each.channel, "rule": each.rule}
                    for each in stage.touchpoints
                ],
            }
            for stage in board.stages
        ],
        "lanes": [{"kind": lane.kind, "name": lane.name} for lane in board.lanes],
        "cards": [
            {
                "stage": stage_of[card.stage_id],
                "lane": lane_of[card.lane_id],
                **_content(card, pictures, touchpoints),
            }
            for card in board.cards
        ],
        "pictures": pictures.contents,
    }


def generation_in(segment_id: uuid.UUID | None) -> str:
    """A generation's key, the same everywhere; one of the brand's segments means nothing elsewhere."""
    key = key_of_segment(segment_id)
    return key if key in GENERATION_BY_KEY else ""


def _persona(persona: PersonaView, pictures: "_Pictures") -> dict[str, Any]:
    return {
        "name": persona.name,
        "birth_year": persona.birth_year,
        "sketch": persona.sketch,
        "goals": persona.goals,
        "habits": persona.habits,
        "quote": persona.quote,
        "channels": list(persona.channels),
        "segment": generation_in(persona.segment_id),
        "photo": pictures.take(persona.photo),
    }


def _content(card: CardView, pictures: "_Pictures", touchpoints: dict[str, str]) -> dict[str, Any]:
    """What a card doesn't have isn't named. A touchpoint goes by its name, a journey by its title."""
    content: dict[str, Any] = {"title": card.title, "text": card.text}
    if card.picture:
        content |= {"picture": pictures.take(card.picture), "picture_alt": card.picture.alt}
        if card.picture.caption:
            content["picture_caption"] = card.picture.caption
    details = dict(card.details)
    if "touchpoint" in details:
        details["touchpoint"] = touchpoints.get(details["touchpoint"])
    if details := {name: value for name, value in details.items() if value is not None}:
        content["details"] = details
    if card.leads_to_title:
        content["leads_to"] = card.leads_to_title
    return content


def _references(names: list[str]) -> list[str | int]:
    """How cards name their stage or lane: by name, or by place (from 1) when several share the name."""
    counts = Counter(name.casefold() for name in names)
    return [name if counts[name.casefold()] == 1 else place for place, name in enumerate(names, 1)]


class _Pictures:
    """The contents of pictures in base64, each once, by the key that cards use."""

    def __init__(self, brand_id: uuid.UUID) -> None:
        self._brand_id = brand_id
        self.contents: dict[str, str] = {}

    def take(self, picture: PictureView | None) -> str | None:
        if picture is None:
            return None
        path, digest = reads.picture_file(self._brand_id, picture.id)
        key = digest[:16]
        if key not in self.contents:
            self.contents[key] = base64.b64encode(path.read_bytes()).decode()
        return key
