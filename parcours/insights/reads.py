"""The living numbers of a canvas, and what is behind each of them."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from parcours.accounts.models import Brand
from parcours.canvas.shapes import Board, StageView
from parcours.core.clock import now
from parcours.core.periods import Period
from parcours.customers.reads import segments_as_of
from parcours.events.lake import Lake
from parcours.insights.kept import digest_of, kept_or_counted
from parcours.insights.shapes import CanvasNumbers
from parcours.measures.drawing import Drawing
from parcours.measures.scope import Question, drawn_scope

if TYPE_CHECKING:
    from parcours.insights.paths import Behind, Target

__all__ = ["canvas_numbers", "numbers_of", "paths_behind"]


def canvas_numbers(brand: Brand, board: Board, period: Period, segment: str = "") -> CanvasNumbers | None:
    """The numbers of every stage and touchpoint; None for a brand without any event yet.

    `segment` is a segment's key, empty for everybody. A few queries, whatever is drawn. Raises NotFound for a
    segment that isn't there.
    """
    return numbers_of(brand, board.journey.id, board.stages, period, segment)


def numbers_of(
    brand: Brand, journey_id: uuid.UUID, stages: tuple[StageView, ...], period: Period, segment: str = ""
) -> CanvasNumbers | None:
    """The same of a journey of which only the stages were read."""
    generation = Lake(brand.pk).generation
    if not generation:
        return None
    drawing = Drawing(stages)
    question = Question(brand, period, segment)
    digest = _digest(question, stages, generation)
    return kept_or_counted(brand, journey_id, digest, lambda: _counted(question, drawing))


def paths_behind(
    brand: Brand, stages: Sequence[StageView], target: "Target", period: Period, segment: str = ""
) -> "Behind":
    """The customers behind one number of the canvas. Raises NotFound for a segment that isn't there."""
    from parcours.insights.paths import behind

    return behind(drawn_scope(Question(brand, period, segment), Drawing(tuple(stages))), target)


def _counted(question: Question, drawing: Drawing) -> CanvasNumbers:
    from parcours.insights.counting import count

    scope = drawn_scope(question, drawing)
    return count(scope.touchpoints, drawing, generation=scope.generation, computed_at=now())


def _digest(question: Question, stages: Sequence[StageView], generation: int) -> str:
    """Names everything the numbers depend on."""
    return digest_of(
        question.brand.pk,
        generation,
        question.period.start,
        question.period.end,
        (question.segment, segments_as_of(question.brand)) if question.segment else "",
        [(stage.id, stage.name, _rules(stage)) for stage in stages],
    )


def _rules(stage: StageView) -> Sequence[object]:
    return [(touchpoint.id, touchpoint.rule) for touchpoint in stage.touchpoints]
