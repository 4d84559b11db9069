"""A draft as the JSON from which a journey is drawn: the format of `parcours canvas import`."""

from typing import Any

from parcours.canvas.exports.drawn import Drawing


def as_json(drawing: Drawing) -> dict[str, Any]:
    """What `canvas.exports.reading.read_drawing` reads back."""
    return {
        "title": drawing.title,
        "summary": drawing.summary,
        "kind": str(drawing.kind),
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
            for stage in drawing.stages
        ],
        "lanes": [{"kind": str(lane.kind), "name": lane.name} for lane in drawing.lanes],
        "cards": [
            {
                "stage": card.stage + 1,
                "lane": card.lane + 1,
                "title": card.title,
                "text": card.text,
                "details": dict(card.details),
            }
            for card in drawing.cards
        ],
    }
