"""The events that a question is about: those of one brand's lake, in a period, of a segment's customers."""

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.core.periods import Period
from parcours.measures.drawing import Drawing

if TYPE_CHECKING:
    from parcours.accounts.models import Brand
    from parcours.engine import EventLog
    from parcours.events.lake import LakeIndex


@dataclass(frozen=True, slots=True)
class Question:
    """Which events count. `segment` is a segment's key; empty, like `channel`, for everybody.

    `where` are properties with the values that count, any of them; all of the properties must hold.
    """

    brand: "Brand"
    period: Period
    segment: str = ""
    channel: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Scope:
    """The events of a question, once with their names and once with touchpoints as activities.

    The two logs hold the same events at the same positions.
    """

    events: "EventLog"
    touchpoints: "EventLog"
    drawing: Drawing
    generation: int

    @cached_property
    def stages(self) -> "EventLog":
        from parcours.measures.stages import stages_of

        return stages_of(self.touchpoints, self.drawing)


def open_index(brand_id: uuid.UUID) -> "LakeIndex":
    from parcours.events.lake import Lake

    return Lake(brand_id).index()


def filtered(index: "LakeIndex", question: Question, log: "EventLog") -> "EventLog":
    """The events of `log`, which are those of the index, that the question is about. Raises NotFound."""
    period = question.period
    time = None if period.start is None and period.end is None else (period.start, period.end)
    customers = _members(index, question) if question.segment else None
    events = _counted(index, question)
    if time is None and customers is None and events is None:
        return log
    return log.where(events, time=time, customers=customers)


def _counted(index: "LakeIndex", question: Question) -> npt.NDArray[np.bool_] | None:
    """Which events of the index came by the channel and have the properties; None without such a wish."""
    wishes = [(f"properties.{name}", values) for name, values in question.where]
    if question.channel:
        wishes.append(("channel", (question.channel,)))
    masks = [_having(index, field, values) for field, values in wishes]
    return np.logical_and.reduce(masks) if masks else None


def _having(index: "LakeIndex", field: str, values: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which events have any of the values; none where no event has."""
    codes, labels = index.column(field)
    wanted = [code for code, label in enumerate(labels) if label in values]
    return np.isin(codes, wanted)


def _members(index: "LakeIndex", question: Question) -> npt.NDArray[np.bool_]:
    """Which customers of the index belong to the question's segment. Raises NotFound."""
    from parcours.customers.reads import segment_members

    return np.isin(index.customers, segment_members(question.brand, question.segment))


def touchpoints_of(index: "LakeIndex", log: "EventLog", drawing: Drawing) -> "EventLog":
    """The events of `log`, which are those of the index, with touchpoints as activities."""
    from parcours.canvas.resolver import compile_touchpoints

    codes = compile_touchpoints(drawing.touchpoints).apply(index)
    return log.relabel(codes, drawing.touchpoint_labels)


def drawn_scope(question: Question, drawing: Drawing) -> Scope:
    """The question's events, told apart by the touchpoints of a journey."""
    index = open_index(question.brand.pk)
    named = index.log()
    return Scope(
        events=filtered(index, question, named),
        touchpoints=filtered(index, question, touchpoints_of(index, named, drawing)),
        drawing=drawing,
        generation=index.generation,
    )
