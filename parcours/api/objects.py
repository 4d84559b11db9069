"""Journeys as JSON objects: what the API answers and `parcours canvas show --json` prints."""

from typing import Any

from parcours.canvas.shapes import Board, CardView, JourneySummary, StageView, TouchpointView
from parcours.core.periods import Period
from parcours.insights.shapes import CanvasNumbers, Destination


def journey_object(summary: JourneySummary) -> dict[str, Any]:
    journey = summary.journey
    return {
        "id": str(journey.id),
        "title": journey.title,
        "kind": journey.kind,
        "persona": journey.persona.name if journey.persona else None,
        "stages": len(summary.stages),
        "cards": summary.cards,
        "touchpoints": summary.touchpoints,
        "updated_at": journey.updated_at.isoformat(),
    }


def board_object(
    board: Board, numbers: CanvasNumbers | None, *, period: Period, segment: str = ""
) -> dict[str, Any]:
    """A whole canvas with its numbers; before the first event they are 0, and shares and medians null."""
    journey = board.journey
    return {
        "id": str(journey.id),
        "title": journey.title,
        "summary": journey.summary,
        "kind": journey.kind,
        "persona": journey.persona.name if journey.persona else None,
        "period": {
            "key": period.key,
            "start": period.start.isoformat() if period.start else None,
            "end": period.end.isoformat() if period.end else None,
        },
        "segment": segment or None,
        "customers": numbers.customers if numbers else 0,
        "customers_on_the_map": numbers.on_the_map if numbers else 0,
        "events": numbers.events if numbers else 0,
        "events_on_the_map": numbers.events_on_the_map if numbers else 0,
        "computed_at": numbers.computed_at.isoformat() if numbers else None,
        "stages": [_stage(stage, numbers) for stage in board.stages],
        "lanes": [{"id": str(lane.id), "kind": lane.kind, "name": lane.name} for lane in board.lanes],
        "cards": [card_object(card) for card in board.cards],
        "updated_at": journey.updated_at.isoformat(),
    }


def card_object(card: CardView) -> dict[str, Any]:
    picture = card.picture
    return {
        "id": str(card.id),
        "stage": str(card.stage_id),
        "lane": str(card.lane_id),
        "kind": card.kind,
        "title": card.title,
        "text": card.text,
        "picture": picture.url if picture else None,
        "picture_alt": picture.alt if picture else None,
        "picture_caption": picture.caption if picture else None,
        "details": dict(card.details),
        "leads_to": str(card.leads_to) if card.leads_to else None,
        "revision": card.revision,
        "edited_by": card.edited_by,
        "updated_at": card.updated_at.isoformat(),
    }


def _stage(stage: StageView, numbers: CanvasNumbers | None) -> dict[str, Any]:
    counted = numbers.stage_by_id.get(stage.id) if numbers else None
    return {
        "id": str(stage.id),
        "name": stage.name,
        "description": stage.description,
        "customers": counted.customers if counted else 0,
        "events": counted.events if counted else 0,
        "went_on": counted.went_on if counted else 0,
        "returned": counted.returned if counted else 0,
        "share": counted.share if counted else None,
        "median_seconds": counted.median_seconds if counted else None,
        "others": [_destination(other) for other in counted.others] if counted else [],
        "touchpoints": [_touchpoint(each, numbers) for each in stage.touchpoints],
    }


def _destination(other: Destination) -> dict[str, Any]:
    return {
        "kind": other.kind,
        "stage": other.stage_name or None,
        "customers": other.customers,
        "share": other.share,
    }


def _touchpoint(touchpoint: TouchpointView, numbers: CanvasNumbers | None) -> dict[str, Any]:
    counted = numbers.touchpoint_by_id.get(touchpoint.id) if numbers else None
    return {
        "id": str(touchpoint.id),
        "name": touchpoint.name,
        "channel": touchpoint.channel,
        "rule": touchpoint.rule,
        "customers": counted.customers if counted else 0,
        "events": counted.events if counted else 0,
        "share": counted.share if counted else None,
    }
