"""From event to touchpoint and stage: the rules of a journey, applied to every event of a lake at once.

A condition is asked once for each entry of its field's dictionary, never for each event; the answers become a
look-up table that numpy applies to the codes. Rules over name and channel alone share one table of all pairs.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from parcours.canvas.rules import touchpoint_rule
from parcours.core.conditions import Condition
from parcours.core.rules import Rule

Codes = npt.NDArray[Any]
Truth = npt.NDArray[np.bool_]

NAME, CHANNEL = "name", "channel"


class Events(Protocol):
    """What a resolver reads of a lake's index. A code outside of the labels (-1, 255, …) means “no value”."""

    @property
    def names(self) -> Sequence[str]: ...
    @property
    def name_codes(self) -> Codes: ...
    @property
    def channels(self) -> Sequence[str]: ...
    @property
    def channel_codes(self) -> Codes: ...
    @property
    def offsets(self) -> Codes: ...
    def column(self, key: str) -> tuple[Codes, Sequence[str]]: ...


class DrawnTouchpoint(Protocol):
    """A touchpoint as far as a resolver cares; `rule` is the JSON of `core.rules`."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def stage_id(self) -> uuid.UUID: ...
    @property
    def rule(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Resolver:
    """Touchpoints in the order in which their rules are tried; the first that holds has the event."""

    touchpoints: tuple[DrawnTouchpoint, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def dtype(self) -> "np.dtype[np.unsignedinteger[Any]]":
        return np.dtype(np.uint8 if len(self.rules) < 255 else np.uint16)

    @property
    def none(self) -> int:
        """The code of an event that no touchpoint means: the highest of the type."""
        return int(np.iinfo(self.dtype).max)

    def stage_of(self, code: int) -> uuid.UUID | None:
        """The stage of a touchpoint's code; None for `none`."""
        return self.touchpoints[code].stage_id if code < len(self.touchpoints) else None

    def apply(self, events: Events) -> Codes:
        """One code into `touchpoints` for each event, `none` for those that lie in no touchpoint."""
        simple = _SimpleRules(events)
        best = np.full((len(events.names) + 1, len(events.channels) + 1), self.none, self.dtype)
        rest = []
        for code, rule in reversed(list(enumerate(self.rules))):
            if all(condition.field in {NAME, CHANNEL} for condition in rule.conditions):
                best[simple.pairs(rule)] = code
            else:
                rest.append((code, rule))
        codes = simple.spread(best)
        for code, rule in rest:
            rows = _rows_of(rule, events, simple)
            codes[rows] = np.minimum(codes[rows], self.dtype.type(code))
        return codes


def compile_touchpoints(touchpoints: Iterable[DrawnTouchpoint]) -> Resolver:
    """A resolver of these touchpoints, in their order. Raises BadInput for a rule that can't be."""
    drawn = tuple(touchpoints)
    return Resolver(drawn, tuple(touchpoint_rule(touchpoint.rule) for touchpoint in drawn))


@dataclass(frozen=True, slots=True)
class Matched:
    """What a rule alone means: how many events, of how many customers, and the names they have most often."""

    events: int
    customers: int
    names: tuple[tuple[str, int], ...]


MOST_NAMES = 5


def match(events: Events, rule: Rule) -> Matched:
    rows = positions(events, rule)
    customers = np.searchsorted(np.asarray(events.offsets), rows, side="right")
    last = len(events.names)
    counts = np.bincount(_positions(np.asarray(events.name_codes)[rows], last), minlength=last + 1)[:last]
    most = np.argsort(-counts, kind="stable")[:MOST_NAMES]
    return Matched(
        events=len(rows),
        customers=int(np.count_nonzero(np.diff(customers))) + bool(len(rows)),
        names=tuple((events.names[code], int(counts[code])) for code in most if counts[code]),
    )


def positions(events: Events, rule: Rule) -> npt.NDArray[np.int64]:
    """Where the events stand that a rule alone means, in order."""
    return _rows_of(rule, events, _SimpleRules(events))


class _SimpleRules:
    """Conditions on name and channel, answered for all their pairs; the last of each is “no value”."""

    def __init__(self, events: Events) -> None:
        self.events = events

    def pairs(self, rule: Rule) -> Truth:
        """bool[names + 1, channels + 1]: do the rule's conditions on these two hold? Others don't count."""
        by_name = np.ones(len(self.events.names) + 1, np.bool_)
        by_channel = np.ones(len(self.events.channels) + 1, np.bool_)
        for condition in rule.conditions:
            if condition.field == NAME:
                by_name &= _answers(condition, self.events.names)
            elif condition.field == CHANNEL:
                by_channel &= _answers(condition, self.events.channels)
        return by_name[:, None] & by_channel[None, :]

    def spread(self, table: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The table's entry for each event. Each column that doesn't matter is never read."""
        if (table == table[:, :1]).all():
            return _looked_up(table[:, 0], self.events.name_codes)
        if (table == table[:1, :]).all():
            return _looked_up(table[0], self.events.channel_codes)
        channels = table.shape[1]
        names = _positions(self.events.name_codes, table.shape[0] - 1).astype(np.int32) * np.int32(channels)
        names += _positions(self.events.channel_codes, channels - 1)
        return np.take(table.ravel(), names)


def _rows_of(rule: Rule, events: Events, simple: _SimpleRules) -> npt.NDArray[np.int64]:
    """The positions of the events that a rule means; others are read only where name and channel fit."""
    rows = np.flatnonzero(simple.spread(simple.pairs(rule)))
    for condition in rule.conditions:
        if condition.field not in {NAME, CHANNEL} and len(rows):
            codes, labels = events.column(condition.field)
            rows = rows[_looked_up(_answers(condition, labels), np.asarray(codes)[rows])]
    return rows


def _answers(condition: Condition, labels: Sequence[str]) -> Truth:
    """bool[labels + 1]: does the condition hold for each label, and, last, for no value?"""
    return np.fromiter((condition.holds(label) for label in (*labels, None)), np.bool_, len(labels) + 1)


def _looked_up(table: npt.NDArray[Any], codes: Codes) -> npt.NDArray[Any]:
    """`table[code]` for each code; its last entry for the codes that mean no value."""
    codes = np.asarray(codes)
    if codes.dtype.kind == "u" and codes.dtype.itemsize <= 2:
        whole = np.full(np.iinfo(codes.dtype).max + 1, table[-1], table.dtype)
        whole[: len(table) - 1] = table[:-1]
        return whole[codes]
    found: npt.NDArray[Any] = np.take(table, _positions(codes, len(table) - 1))
    return found


def _positions(codes: Codes, last: int) -> npt.NDArray[Any]:
    """Codes as positions into a table whose entry `last` is for no value."""
    codes = np.asarray(codes)
    if codes.dtype.kind == "u":
        return np.asarray(np.minimum(codes, codes.dtype.type(min(last, np.iinfo(codes.dtype).max))))
    return np.asarray(np.where((codes < 0) | (codes > last), last, codes))
