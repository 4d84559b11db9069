"""What the looks at the log have in common: a thing to propose, and the evidence that goes with it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parcours.canvas.enums import LaneKind
from parcours.canvas.evidence.enums import EvidenceKind
from parcours.canvas.shapes import Board, StageView

USUAL_DAYS = 90
NOTES = [LaneKind.PAIN, LaneKind.FREE, LaneKind.NEED]


@dataclass(frozen=True)
class Found:
    """One thing to propose, as `propose` takes it."""

    kind: str
    key: str
    facts: Mapping[str, Any]
    change: dict[str, Any] | None
    places: dict[str, uuid.UUID | None] = field(default_factory=dict)


def counted(rule: dict[str, Any], *, words: str = "", days: int = USUAL_DAYS) -> dict[str, Any]:
    """A query as evidence, as `evidence.shapes.Given` takes it."""
    return {"kind": EvidenceKind.QUERY, "rule": rule, "words": words, "period": {"period": f"{days}d"}}


def paths_of(board: Board, stage: StageView, query: str, *, days: int = USUAL_DAYS) -> dict[str, Any]:
    """The customers behind one of a stage's numbers as evidence, counted anew as time goes on."""
    asked = {"place": "paths", "journey": str(board.journey.id), "stage": str(stage.id), "query": query}
    return {"kind": EvidenceKind.NUMBER, "asked": asked, "period": {"period": f"{days}d"}}


def short(key: str) -> str:
    """A key that fits its column and stays the same."""
    from hashlib import blake2b

    return key if len(key) <= 200 else key[:160] + blake2b(key.encode(), digest_size=16).hexdigest()
