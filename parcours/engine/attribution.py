"""Which channels the conversions are owed to.

A touch is an event that has a channel and is not a conversion. Each conversion has a path: the touches since
the customer's conversion before, at most `lookback` before it (inclusive). The touches after a customer's
last conversion are a path that led to none, counted from at most `lookback` before the last of them; Markov
and Shapley by rate learn from these as well. A conversion without a touch is owed to nobody (`NO_TOUCH`).

first, last   all to the first, or the last, touch
linear        equal parts to all touches
position      40 % to the first touch, 40 % to the last, 20 % in equal parts to those between; halves to two
time_decay    in proportion to 2^(-t / half_life), t before the last touch
markov        by removal effect. The states of the chain are the last `order` channels; from a state one goes
              to the next channel, to a conversion or to nowhere as often as the paths did. The removal effect
              of a channel is the share of the probability to convert that is lost when every step to this
              channel leads nowhere. Conversions are shared in proportion to the removal effects, which come
              from solving the linear system, not from simulation
shapley       the Shapley value of the game in which a set of channels is worth the conversions whose paths
              touch no other channel (`worth="conversions"`; equal parts to the distinct channels of each
              path), or the share of paths within the set that convert (`worth="rate"`, scaled to the number
              of conversions; at most 15 channels; can be below zero)
"""

from dataclasses import dataclass, replace
from math import factorial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.arrays import Int64s, Labelled, labelled
from parcours.engine.arrow import numbers, strings, table
from parcours.engine.columns import Column, in_order_of_values
from parcours.engine.errors import QuestionError, UnknownColumnError, closest
from parcours.engine.kernels import attribution as kernels
from parcours.engine.kernels.attribution import count_steps, count_together, credit_touches
from parcours.engine.log import CHANNEL
from parcours.engine.spread import Spread, adds_up, total
from parcours.engine.words import count
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

Model = Literal["first", "last", "linear", "position", "time_decay", "markov", "shapley"]
Worth = Literal["conversions", "rate"]
Number = TypeVar("Number", np.int64, np.float64)
Floats = npt.NDArray[np.float64]

MODELS = ("first", "last", "linear", "position", "time_decay", "markov", "shapley")
NO_TOUCH = "(no touch)"
MOST_SHAPLEY_CHANNELS = 15
MOST_ORDER = 3
MOST_COUNTS = 1 << 23
MOST_STATES = 4_000
# Parts of all conversions that are further apart than this are different.
SAME = 1e-9

_SHARED = {
    "first": kernels.FIRST,
    "last": kernels.LAST,
    "linear": kernels.LINEAR,
    "position": kernels.POSITION,
    "time_decay": kernels.TIME_DECAY,
    "shapley": kernels.DISTINCT,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for. Times in microseconds."""

    conversion: str
    model: str
    lookback: int
    half_life: int
    order: int
    worth: str
    by: str
    values: tuple[Any, ...] | None = None
    """All values of `by`, where a log in parts has several lists of them."""

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            near = closest(self.model, MODELS)
            hint = " " + _("Did you mean “{name}”?").format(name=near) if near else ""
            unknown = _("There is no model “{model}”.").format(model=self.model)
            known = _("Known: {names}.").format(names=", ".join(MODELS))
            raise QuestionError(f"{unknown}{hint} {known}")
        if self.model == "markov" and self.order not in range(1, MOST_ORDER + 1):
            raise QuestionError(
                _("The order of a Markov chain is 1, 2 or 3, not {order}.").format(order=self.order)
            )
        if self.worth not in ("conversions", "rate"):
            raise QuestionError(
                _("A set of channels is worth its “conversions” or its “rate”, not “{worth}”.").format(
                    worth=self.worth
                )
            )
        if self.half_life <= 0:
            raise QuestionError(_("The half-life must be longer than nothing."))


def attribution(log: "EventLog", choice: Choice) -> "pa.Table":
    if isinstance(log, Spread) and choice.by != CHANNEL:
        choice = replace(choice, values=tuple(in_order_of_values(values_of(log, choice.by))))
    channels = channels_of(log, choice)
    if choice.model == "markov":
        return finish(_markov(step_counts(log, choice), len(channels), choice.order), channels)
    if choice.model == "shapley" and choice.worth == "rate":
        return finish(_shapley(together_counts(log, choice), len(channels)), channels)
    return finish(credits_of(log, choice), channels)


def channels_of(log: "EventLog", choice: Choice) -> tuple[str, ...]:
    if choice.by == CHANNEL and log.channel is None:
        raise UnknownColumnError(CHANNEL, list(log.columns))
    if choice.by == CHANNEL:
        return log.channels
    if choice.values is not None:
        return tuple(str(value) for value in choice.values)
    return _touches(log, choice).labels


def _either(parts: list[frozenset[Any]]) -> frozenset[Any]:
    return frozenset().union(*parts)


@adds_up(_either)
def values_of(log: "EventLog", name: str) -> frozenset[Any]:
    """The values of a property of events."""
    return frozenset(_event_column(log, name).encoded[1])


def _touches(log: "EventLog", choice: Choice) -> Labelled:
    if choice.by == CHANNEL and log.channel is not None:
        return log.channel
    codes, values = _event_column(log, choice.by).encoded
    if choice.values is not None:
        place = {value: code for code, value in enumerate(choice.values)}
        codes = np.array([*(place[value] for value in values), -1], dtype=np.int32)[codes]
        values = list(choice.values)
    return labelled("channel", codes, [str(value) for value in values])


def _event_column(log: "EventLog", name: str) -> Column:
    column = log.column(name)
    if column.per == "customer":
        raise QuestionError(
            _("“{name}” is a property of customers; touches need one of events.").format(name=name)
        )
    return column


@adds_up(total)
def credits_of(log: "EventLog", choice: Choice) -> Floats:
    """The conversions owed to each channel, and last those owed to none. These add up over logs."""
    touches = _touches(log, choice)
    conversion = log.code_of(choice.conversion)

    def part(first: int, last: int) -> Floats:
        credit = np.zeros(len(touches.labels) + 1)
        credit_touches(
            log.activity.codes, touches.codes, log.time, log.offsets, first, last, conversion, touches.none,
            choice.lookback, _SHARED[choice.model], choice.half_life,
            np.full(touches.width, -1, dtype=np.int64), credit,
        )  # fmt: skip
        return credit

    return _summed(threads.run(part, threads.parts(log.offsets)))


@adds_up(total)
def step_counts(log: "EventLog", choice: Choice) -> Int64s:
    """Steps (state, next) of all paths, see the kernel; those of several logs add up."""
    touches = _touches(log, choice)
    conversion = log.code_of(choice.conversion)
    base = len(touches.labels) + 1
    states = base**choice.order
    if states * (base + 1) > MOST_COUNTS:
        raise QuestionError(
            _(
                "A Markov chain of order {order} over {n} channels has too many states. "
                "Take a lower order, or a property with fewer values."
            ).format(order=choice.order, n=base - 1)
        )

    def part(first: int, last: int) -> Int64s:
        counts = np.zeros(states * (base + 1), dtype=np.int64)
        count_steps(
            log.activity.codes, touches.codes, log.time, log.offsets, first, last, conversion, touches.none,
            choice.lookback, base, choice.order, counts,
        )  # fmt: skip
        return counts

    return _summed(threads.run(part, threads.parts(log.offsets)))


@adds_up(total)
def together_counts(log: "EventLog", choice: Choice) -> Int64s:
    """(2, sets of channels): paths that converted, and that did not, by the set of channels they touched."""
    touches = _touches(log, choice)
    conversion = log.code_of(choice.conversion)
    if len(touches.labels) > MOST_SHAPLEY_CHANNELS:
        raise QuestionError(
            _(
                "Shapley values by rate can be had of at most {most} channels, not {n}. "
                "Join the smallest, or share out conversions in place of rates."
            ).format(most=MOST_SHAPLEY_CHANNELS, n=len(touches.labels))
        )

    def part(first: int, last: int) -> Int64s:
        counts = np.zeros((2, 1 << len(touches.labels)), dtype=np.int64)
        count_together(
            log.activity.codes, touches.codes, log.time, log.offsets, first, last, conversion, touches.none,
            choice.lookback, counts[0], counts[1],
        )  # fmt: skip
        return counts

    return _summed(threads.run(part, threads.parts(log.offsets)))


def _summed(parts: list[npt.NDArray[Number]]) -> npt.NDArray[Number]:
    summed: npt.NDArray[Number] = np.sum(parts, axis=0)
    return summed


def _markov(counts: Int64s, channels: int, order: int) -> Floats:
    """Conversions of each channel, and last those without a touch."""
    base = channels + 1
    steps = counts.reshape(base**order, base + 1).copy()
    without = steps[0, kernels.CONVERTED]
    steps[0, kernels.CONVERTED] = 0
    conversions = steps[:, kernels.CONVERTED].sum()
    effects = removal_effects(steps, base)
    shares = effects / effects.sum() if effects.sum() > 0 else effects
    return np.append(shares * conversions, without)


def removal_effects(steps: Int64s, base: int) -> Floats:
    """The share of the probability to convert that is lost without each channel.

    With G = (I - Q)^-1, the visits from state to state, and x = G r, the probabilities to convert: of the
    conversions from the start those that pass a state of the channel are F x, F = G[start] G[C, C]^-1 being
    where the channel is first entered.
    """
    used = np.flatnonzero(steps.sum(axis=1))
    if not len(used) or used[0] != 0 or not steps[:, kernels.CONVERTED].any():
        return np.zeros(base - 1)
    if len(used) > MOST_STATES:
        raise QuestionError(
            _("The Markov chain has {n} states, over {most}. Lower the order.").format(
                n=count(len(used)), most=count(MOST_STATES)
            )
        )
    chances = steps[used] / steps[used].sum(axis=1, keepdims=True)
    place = np.full(len(steps), -1)
    place[used] = np.arange(len(used))
    moves = np.zeros((len(used), len(used)))
    for channel in range(base - 1):
        chance = chances[:, kernels.FIRST_CHANNEL + channel]
        source = np.flatnonzero(chance)
        target = place[(used[source] * base + channel + 1) % len(steps)]
        moves[source, target] = chance[source]
    visits = np.linalg.inv(np.eye(len(used)) - moves)
    converts = visits @ chances[:, kernels.CONVERTED]
    newest = used % base
    effects = np.zeros(base - 1)
    for channel in range(base - 1):
        inside = np.flatnonzero(newest == channel + 1)
        if len(inside):
            entered = np.linalg.solve(visits[np.ix_(inside, inside)].T, visits[0, inside])
            effects[channel] = entered @ converts[inside] / converts[0]
    return effects


def _shapley(counts: Int64s, channels: int) -> Floats:
    """Shapley values of the rate, scaled to the conversions with a touch; and last those without one."""
    converted, paths = counts[0].copy(), counts.sum(axis=0)
    without = converted[0]
    converted[0] = paths[0] = 0
    conversions = converted.sum()
    for channel in range(channels):
        # Adds to each set with the channel what is in the set without it, so that sums run over all subsets.
        for sums in (converted, paths):
            halves = sums.reshape(-1, 2, 1 << channel)
            halves[:, 1] += halves[:, 0]
    worth = np.divide(converted, paths, out=np.zeros(len(paths)), where=paths > 0)
    sizes = np.array([each.bit_count() for each in range(len(worth))])
    weights = np.array(
        [factorial(size) * factorial(channels - size - 1) / factorial(channels) for size in range(channels)]
    )
    values = np.zeros(channels)
    for channel in range(channels):
        gains = worth.reshape(-1, 2, 1 << channel)
        without_it = sizes.reshape(-1, 2, 1 << channel)[:, 0]
        values[channel] = ((gains[:, 1] - gains[:, 0]) * weights[without_it]).sum()
    shares = values / values.sum() if values.sum() > 0 else values
    return np.append(shares * conversions, without)


def finish(credit: Floats, channels: tuple[str, ...]) -> "pa.Table":
    """channel, conversions, share: the largest first, equal ones by name, of these nobody last."""
    labels = [*channels, *([NO_TOUCH] if credit[-1] else [])]
    values = credit[: len(labels)]
    whole = values.sum()
    order = _largest_first(values, labels, whole * SAME)
    return table(
        {
            "channel": strings([labels[each] for each in order]),
            "conversions": numbers(values[order]),
            "share": numbers(values[order] / whole if whole else np.zeros(len(labels))),
        }
    )


def _largest_first(values: Floats, labels: list[str], same: float) -> Int64s:
    """Sums of fractions differ in their last digits by the order of adding: the nearly equal are equal."""
    falling = np.argsort(-values, kind="stable")
    rank = np.empty(len(values), dtype=np.int64)
    rank[falling] = np.cumsum(-np.diff(values[falling], prepend=values[falling[:1]]) > same)
    order = sorted(range(len(labels)), key=lambda each: (rank[each], labels[each] == NO_TOUCH, labels[each]))
    return np.array(order, dtype=np.int64)
