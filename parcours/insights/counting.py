"""The numbers of a canvas from a log whose activities are its touchpoints. Pure: no database, no lake.

What each number means is said in docs/guide/numbers.md; the counting of who goes on and where the others go
is the engine's `progression`.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from parcours.engine import EventLog
from parcours.engine.progression import ENDED, OFF_THE_MAP, WENT_ON
from parcours.insights.shapes import (
    FEWEST_FOR_A_FLAG,
    CanvasNumbers,
    Destination,
    Kind,
    StageNumbers,
    TouchpointNumbers,
)
from parcours.measures.drawing import Drawing
from parcours.measures.stages import stages_of

RETURNED_AFTER = 24 * 3_600 * 1_000_000
"""Microseconds between the first and the last event in a stage from which on a customer returned to it."""


def count(log: EventLog, drawing: Drawing, *, generation: int, computed_at: datetime) -> CanvasNumbers:
    """Everything the canvas shows, from the events of one period and segment.

    `log` has the touchpoints' ids as its activities, in the drawing's order.
    """
    stage_log = stages_of(log, drawing)
    stages = _flagged(_stages(stage_log, drawing, computed_at))
    touchpoints = _touchpoints(log, drawing, stages)
    on_the_map, forward = _followers(stage_log)
    return CanvasNumbers(
        customers=log.n_customers,
        events=len(log),
        on_the_map=on_the_map,
        events_on_the_map=sum(stage.events for stage in stages),
        forward=forward,
        stages=tuple(stages),
        touchpoints=tuple(touchpoints),
        generation=generation,
        computed_at=computed_at,
    )


def _stages(log: EventLog, drawing: Drawing, computed_at: datetime) -> list[StageNumbers]:
    if not drawing.stages:
        return []
    progression = log.progression(drawing.stage_labels)
    groups = {row["group"]: row for row in progression.groups.to_pylist()}
    outcomes = progression.outcomes_by_group.to_pylist()
    events = {row["activity"]: row["events"] for row in log.reach().to_pylist()}
    found = []
    for place, (label, stage) in enumerate(zip(drawing.stage_labels, drawing.stages, strict=True)):
        group, following = groups[label], drawing.next_of(place)
        customers = group["customers"]
        others = [
            _destination(row["outcome"], row["customers"], customers, place, drawing)
            for row in outcomes
            if row["group"] == label and row["outcome"] != WENT_ON
        ]
        found.append(
            StageNumbers(
                stage=stage.id,
                name=stage.name,
                customers=customers,
                events=events[label],
                went_on=group["went_on"],
                share=group["went_on"] / customers if customers and following is not None else None,
                median_seconds=group["median_seconds"],
                returned=_returned(log, place),
                others=tuple(others),
                next_stage=None if following is None else drawing.stages[following].id,
                computed_at=computed_at,
            )
        )
    return found


def _destination(outcome: str, customers: int, of: int, place: int, drawing: Drawing) -> Destination:
    if outcome in {OFF_THE_MAP, ENDED}:
        return Destination("off_map" if outcome == OFF_THE_MAP else "ended", customers, customers / of)
    target = drawing.stage_labels.index(outcome)
    kind: Kind = "ahead" if target > place else "back"
    stage = drawing.stages[target]
    return Destination(kind, customers, customers / of, stage.id, stage.name)


def _returned(log: EventLog, code: int) -> int:
    """Customers whose events of this code span at least a day."""
    positions = np.flatnonzero(log.activity.codes == code)
    bounds = np.searchsorted(positions, log.offsets)
    present = np.diff(bounds) > 0
    first, last = bounds[:-1][present], bounds[1:][present] - 1
    spans = log.time[positions[last]] - log.time[positions[first]]
    return int(np.count_nonzero(spans >= RETURNED_AFTER))


def _flagged(stages: list[StageNumbers]) -> list[StageNumbers]:
    losing = [each for each in stages if each.share is not None and each.customers >= FEWEST_FOR_A_FLAG]
    worst = min(losing, key=lambda each: each.share or 0.0, default=None)
    return [replace(each, leaves_flag=True) if each is worst and each.share != 1 else each for each in stages]


def _touchpoints(log: EventLog, drawing: Drawing, stages: list[StageNumbers]) -> list[TouchpointNumbers]:
    if not drawing.touchpoints:
        return []
    reach: list[dict[str, Any]] = log.reach().to_pylist()
    return [
        TouchpointNumbers(
            touchpoint=touchpoint.id,
            stage=stages[place].stage,
            customers=row["customers"],
            events=row["events"],
            share=row["customers"] / stages[place].customers if stages[place].customers else None,
        )
        for touchpoint, place, row in zip(
            drawing.touchpoints, drawing.stage_of_touchpoint.tolist(), reach, strict=True
        )
    ]


def _followers(log: EventLog) -> tuple[int, int]:
    """How many customers are on the map, and how many of them never went back to a stage drawn before."""
    codes = log.activity.codes
    positions = np.flatnonzero(codes != log.activity.none)
    bounds = np.searchsorted(positions, log.offsets)
    on_the_map = np.diff(bounds) > 0
    mapped = codes[positions]
    falls = np.flatnonzero(mapped[1:] < mapped[:-1]) + 1
    # A fall across two customers is none; what remains belongs to the customer whose bounds enclose it.
    owners = np.searchsorted(bounds, falls, side="right") - 1
    within = falls > bounds[owners]
    went_back = np.unique(owners[within])
    reached = int(np.count_nonzero(on_the_map))
    return reached, reached - len(went_back)
