"""A journey as a JSON file that people can read, write by hand and bring into another installation.

`docs/guide/files.md` describes the format, `journey.schema.json` says it exactly.
"""

import base64
import uuid
from collections import Counter
from typing import Any

from django.conf import settings

from parcours.canvas import reads
from parcours.canvas.comments.models import Thread
from parcours.canvas.exports.hanging import Hanging
from parcours.canvas.exports.segments import SegmentsWritten
from parcours.canvas.shapes import Board, CardView, PersonaView, PictureView, StageView, TouchpointView

FORMAT = "parcours-journey"
VERSION = 2
READ_VERSIONS = (1, 2)
SCHEMA_PATH = "/schema/journey.json"

Written = dict[str, Any]


def as_portable(brand_id: uuid.UUID, board: Board, *, comments: bool = False) -> Written:
    """Everything that stands on the canvas, pictures included, as JSON can hold it; with `comments` also what
    people said about it.
    """
    return _Writer(brand_id, board).written(comments=comments)


class _Writer:
    def __init__(self, brand_id: uuid.UUID, board: Board) -> None:
        self._board = board
        self._pictures = _Pictures(brand_id)
        self._segments = SegmentsWritten(brand_id)
        self._hanging = Hanging(board, self._segments)
        stages = _references([stage.name for stage in board.stages])
        lanes = _references([lane.name for lane in board.lanes])
        self._stages = {stage.id: name for stage, name in zip(board.stages, stages, strict=True)}
        self._lanes = {lane.id: name for lane, name in zip(board.lanes, lanes, strict=True)}
        names = Counter(each.name.casefold() for each in board.touchpoints)
        self._touchpoints = {
            str(each.id): each.name if names[each.name.casefold()] == 1 else str(each.id)
            for each in board.touchpoints
        }

    def written(self, *, comments: bool) -> Written:
        board = self._board
        whole = {
            "$schema": f"{settings.PUBLIC_URL}{SCHEMA_PATH}",
            "format": FORMAT,
            "version": VERSION,
            **self._head(),
            "persona": self._persona(board.persona) if board.persona else None,
            "values": self._hanging.values,
            "stages": [self._stage(stage) for stage in board.stages],
            "lanes": [{"kind": lane.kind, "name": lane.name} for lane in board.lanes],
            "cards": [self._card(card) for card in board.cards],
        }
        if comments:
            whole["comments"] = [self._thread(row, said) for row, said in self._hanging.threads]
        return {**whole, "pictures": self._pictures.contents}

    def _head(self) -> Written:
        journey = self._board.journey
        head: Written = {
            "id": str(journey.id),
            "title": journey.title,
            "summary": journey.summary,
            "kind": journey.kind,
            "status": journey.status,
            "segment": self._segments.of_id(journey.segment_id),
            "review_every_days": journey.review_every_days,
            "review_due": journey.review_due.isoformat() if journey.review_due else None,
        }
        if journey.drawn_from_id:
            known = reads.journey_titles(journey.brand_id, [journey.drawn_from_id])
            head["drawn_from"] = _journey(journey.drawn_from_id, known.get(journey.drawn_from_id, ""))
        return head

    def _persona(self, persona: PersonaView) -> Written:
        return {
            "name": persona.name,
            "birth_year": persona.birth_year,
            "sketch": persona.sketch,
            "goals": persona.goals,
            "habits": persona.habits,
            "quote": persona.quote,
            "channels": list(persona.channels),
            "segment": self._segments.of_id(persona.segment_id),
            "photo": self._pictures.take(persona.photo),
        }

    def _stage(self, stage: StageView) -> Written:
        return {
            "id": str(stage.id),
            "name": stage.name,
            "description": stage.description,
            "key": stage.key,
            "touchpoints": [self._touchpoint(each) for each in stage.touchpoints],
        }

    def _touchpoint(self, each: TouchpointView) -> Written:
        written: Written = {"id": str(each.id), "name": each.name, "channel": each.channel, "rule": each.rule}
        fits = self._hanging.fits.get(each.id)
        return {**written, "values": fits} if fits else written

    def _card(self, card: CardView) -> Written:
        """What a card doesn't have isn't named."""
        written: Written = {
            "id": str(card.id),
            "stage": self._stages[card.stage_id],
            "lane": self._lanes[card.lane_id],
            "title": card.title,
            "text": card.text,
        }
        if card.picture:
            written |= {"picture": self._pictures.take(card.picture), "picture_alt": card.picture.alt}
            if card.picture.caption:
                written["picture_caption"] = card.picture.caption
        if details := self._details(card):
            written["details"] = details
        if card.leads_to:
            written["leads_to"] = _journey(card.leads_to, card.leads_to_title)
        if card.drawn_from_id:
            written["drawn_from"] = str(card.drawn_from_id)
        if pieces := self._hanging.evidence.get(card.id):
            written["evidence"] = pieces
        if capture := self._hanging.captures.get(card.id):
            written["capture"] = capture
        return written

    def _details(self, card: CardView) -> Written:
        details = dict(card.details)
        if "touchpoint" in details:
            details["touchpoint"] = self._touchpoints.get(details["touchpoint"])
        return {name: value for name, value in details.items() if value is not None}

    def _thread(self, row: Thread, comments: list[Written]) -> Written:
        board = self._board
        about: Written = {}
        if row.card_id in (ids := [card.id for card in board.cards]):
            about["card"] = ids.index(row.card_id) + 1
        if row.touchpoint_id in (ids := [each.id for each in board.touchpoints]):
            about["touchpoint"] = ids.index(row.touchpoint_id) + 1
        if row.stage_id in self._stages:
            about["stage"] = self._stages[row.stage_id]
            if row.lane_id in self._lanes:
                about["lane"] = self._lanes[row.lane_id]
        resolved = {"resolved_at": row.resolved_at.isoformat()} if row.resolved_at else {}
        began = {"at": row.created_at.isoformat()}
        return {"about": about, **began, **resolved, "comments": comments}


def _journey(journey_id: uuid.UUID, title: str) -> Written:
    """Another journey: where it is brought to, it goes by its title."""
    return {"id": str(journey_id), "title": title}


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
