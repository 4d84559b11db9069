"""Small drawn journeys and logs, written as people would say them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from parcours.engine import EventLog
from parcours.measures.drawing import Drawing
from parcours.measures.scope import Scope

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000


@dataclass(frozen=True)
class Touchpoint:
    id: uuid.UUID
    name: str
    stage_id: uuid.UUID
    rule: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    id: uuid.UUID
    name: str
    touchpoints: tuple[Touchpoint, ...]


def identifier(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, name)


def drawing(**touchpoints_by_stage: str) -> Drawing:
    """`drawing(A="a1 a2", B="b1")`: stage A with two touchpoints, then stage B with one."""
    return Drawing(
        tuple(
            Stage(
                identifier(stage),
                stage,
                tuple(Touchpoint(identifier(name), name, identifier(stage)) for name in touchpoints.split()),
            )
            for stage, touchpoints in touchpoints_by_stage.items()
        )
    )


Walk = str | Sequence[tuple[str, float]]


def touchpoint_log(drawn: Drawing, walks: Sequence[Walk]) -> EventLog:
    """One walk a customer: names of touchpoints an hour apart, or pairs of name and hours.

    Any other name is off the map.
    """
    code_by_name: Mapping[str, int] = {each.name: code for code, each in enumerate(drawn.touchpoints)}
    start = int(EPOCH.timestamp()) * 1_000_000
    codes: list[int] = []
    times: list[int] = []
    offsets = [0]
    for walk in walks:
        steps = _steps(walk)
        codes += [code_by_name.get(name, -1) for name, _hours in steps]
        times += [start + int(hours * HOUR) for _name, hours in steps]
        offsets.append(len(codes))
    return EventLog.from_codes(
        customers=np.arange(1, len(walks) + 1),
        offsets=np.array(offsets, dtype=np.int64),
        time=np.array(times, dtype=np.int64),
        activity=np.array(codes, dtype=np.int64),
        activities=drawn.touchpoint_labels,
        check=True,
    )


def _steps(walk: Walk) -> Sequence[tuple[str, float]]:
    return [(name, hour) for hour, name in enumerate(walk.split())] if isinstance(walk, str) else walk


def scope(drawn: Drawing, *walks: Walk) -> Scope:
    """The events of the walks; the name of an event is its step, on or off the map."""
    touchpoints = touchpoint_log(drawn, walks)
    names = [name for walk in walks for name, _hour in _steps(walk)]
    known = sorted(set(names))
    codes = np.array([known.index(name) for name in names], dtype=np.int64)
    return Scope(touchpoints.relabel(codes, known), touchpoints, drawn, 1)
