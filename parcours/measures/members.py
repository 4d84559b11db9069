"""Who is behind a number of Measure: positions of customers in its log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from parcours.events.catalogue import label_of
from parcours.measures.answering import askable, sequences
from parcours.measures.drawing import Drawing
from parcours.measures.flow import NOTHING, grouped, name_of, walks_of
from parcours.measures.logs import brand_log, rich_log, visits
from parcours.measures.reasons import window_of
from parcours.measures.scope import Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from parcours.engine import EventLog
    from parcours.engine.dropoff import Cases
    from parcours.measures.questions import Variants

    Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Member:
    """A customer, when they were seen last in the period, and doing what."""

    customer: int
    seen_at: datetime
    last_event: str

    @property
    def last_label(self) -> str:
        return label_of(self.last_event)


@dataclass(frozen=True)
class Members:
    """Customers of one answer by the ids of their profiles, those seen last first."""

    log: "EventLog"
    positions: "Positions"

    def __len__(self) -> int:
        return len(self.positions)

    def between(self, first: int, last: int) -> list[Member]:
        names = (*self.log.activities, "")
        customers = self.log.customers
        found = []
        for position in self.positions[first:last].tolist():
            event = int(self.log.offsets[position + 1]) - 1
            code = int(self.log.activity.codes[event])
            seen_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(self.log.time[event]))
            found.append(Member(customers[position].as_py(), seen_at, names[min(code, len(names) - 1)]))
        return found


def paths_of(found: Members, question: Question, drawing: Drawing | None, top: int) -> "Variants":
    """The most frequent whole sequences of these customers."""
    from parcours.measures.questions import variants_of

    return variants_of(sequences(question, drawing).where(customers=found.positions), drawing, top)


def along(found: Members, question: Question, drawing: Drawing | None, path: Sequence[str]) -> Members:
    """Those of these customers who have exactly this sequence of activities. Raises BadInput."""
    import numpy as np

    with askable():
        taken = taking(sequences(question, drawing), path)
    return Members(found.log, found.positions[np.isin(found.positions, taken)])


def members(question: Question, positions: "Positions") -> Members:
    """The log tells events by their own names, whatever the question called them."""
    import numpy as np

    log = brand_log(question)
    order = np.argsort(-log.time[log.offsets[positions + 1] - 1], kind="stable")
    return Members(log, positions[order])


def on_path(question: Question, drawing: Drawing | None, path: Sequence[str]) -> Members:
    """Who has exactly this sequence of activities."""
    with askable():
        return members(question, taking(sequences(question, drawing), path))


def taking(log: "EventLog", path: Sequence[str]) -> "Positions":
    """The positions of the customers whose whole sequence it is. Raises UnknownActivityError."""
    import numpy as np

    codes = np.array([log.code_of(name) for name in path], dtype=np.int64)
    named = np.flatnonzero(log.activity.codes != log.activity.none)
    bounds = np.searchsorted(named, log.offsets)
    chosen = np.flatnonzero(np.diff(bounds) == len(codes))
    for place, code in enumerate(codes.tolist()):
        chosen = chosen[log.activity.codes[named[bounds[chosen] + place]] == code]
    return chosen


def in_transition(question: Question, drawing: Drawing | None, source: str, target: str) -> Members:
    """Who went directly from one activity to another at least once."""
    import numpy as np

    with askable():
        log = sequences(question, drawing)
        first, then = log.code_of(source), log.code_of(target)
    named = np.flatnonzero(log.activity.codes != log.activity.none)
    codes, owners = log.activity.codes[named], np.searchsorted(log.offsets, named, side="right") - 1
    pairs = np.flatnonzero((codes[:-1] == first) & (codes[1:] == then) & (owners[:-1] == owners[1:]))
    return members(question, np.unique(owners[pairs]))


def doing(question: Question, drawing: Drawing | None, activity: str) -> Members:
    import numpy as np

    with askable():
        log = sequences(question, drawing)
        found = np.flatnonzero(log.activity.codes == log.code_of(activity))
    return members(question, np.unique(np.searchsorted(log.offsets, found, side="right") - 1))


def in_flow(
    question: Question,
    drawing: Drawing | None,
    at: str,
    *,
    backwards: bool,
    depth: int,
    column: int,
    activity: str,
    target: str = "",
) -> Members:
    """Who is at an activity in a column; with `target` who goes from there to it in the next."""
    import numpy as np

    with askable():
        log = visits(brand_log(question, drawing=drawing))
        customers, walks = walks_of(log, at, backwards, depth)
    told = grouped(walks)
    names = {name_of(code, log): code for code in np.unique(told).tolist()}
    chosen = told[:, column] == names.get(activity, -9)
    if activity == "nothing" and column:
        chosen &= told[:, column - 1] != NOTHING
    if target:
        chosen &= told[:, column + 1] == names.get(target, -9)
    return members(question, customers[chosen])


def lost(
    question: Question, drawing: Drawing | None, at: str, to: str, within: str
) -> "tuple[EventLog, Cases]":
    """The log, and the customers who reached `at`, with whether they did not go on."""
    from parcours.engine.dropoff import cases_of

    with askable():
        log = rich_log(question, drawing)
        return log, cases_of(log, at, to, window_of(within))


def lost_for(
    question: Question,
    drawing: Drawing | None,
    at: str,
    to: str,
    *,
    within: str,
    reason: "dict[str, str]",
    everybody: bool = False,
) -> Members:
    """The lost, or with `everybody` all who reached `at`.

    With a `reason` (kind, name, value, since, until of `loss`) only those it applies to.
    """
    import numpy as np

    from parcours.engine.calendar import local_microseconds
    from parcours.engine.features import features, past_of

    log, cases = lost(question, drawing, at, to, within)
    customers, events = cases.customers, cases.events
    chosen = np.ones(len(customers), dtype=np.bool_) if everybody else cases.lost.copy()
    zone = question.brand.time_zone
    if reason.get("kind"):
        having = np.zeros(len(customers), dtype=np.bool_)
        past = past_of(log, customers, events)
        for feature in features(log, customers, events, past=past, at=at, timezone=zone):
            if (feature.kind, feature.name) == (reason["kind"], reason["name"]):
                for code, label in enumerate(feature.labels):
                    if label == reason["value"]:
                        having |= feature.codes == code
        chosen &= having
    if reason.get("since"):
        days = local_microseconds(log.time[events], zone)
        chosen &= (days >= _midnight(reason["since"])) & (days < _midnight(reason["until"], 1))
    return members(question, customers[chosen])


def _midnight(day: str, later: int = 0) -> int:
    from parcours.engine.moments import DAY_US

    return (datetime.fromisoformat(day).date().toordinal() - 719_163 + later) * DAY_US


def doing_instead(
    question: Question, drawing: Drawing | None, at: str, to: str, *, within: str, activity: str
) -> Members:
    """Those of the lost whose first activity after `at` it is; an empty one is nothing."""
    from parcours.engine.first import next_activity

    log, cases = lost(question, drawing, at, to, within)
    customers, events = cases.customers[cases.lost], cases.events[cases.lost]
    following = next_activity(log, events, log.offsets[customers + 1])
    wanted = log.code_of(activity) if activity else -1
    return members(question, customers[following == wanted])


def credited(question: Question, conversion: str, channel: str, *, lookback: str, by: str) -> Members:
    """Who converted with a touch of this channel on the way."""
    import numpy as np

    with askable():
        log = brand_log(question, by)
        codes, labels = log.column(by or "channel").encoded
        code = next((place for place, label in enumerate(labels) if str(label) == channel), -9)
        is_conversion = log.activity.codes == log.code_of(conversion)
        window = window_of(lookback)
    conversions = np.flatnonzero(is_conversion)
    touches = np.flatnonzero((codes == code) & ~is_conversion)
    place = np.searchsorted(conversions, touches)
    touches, place = touches[place < len(conversions)], place[place < len(conversions)]
    owners = np.searchsorted(log.offsets, touches, side="right") - 1
    then = conversions[place]
    counted = (then < log.offsets[owners + 1]) & (log.time[then] - log.time[touches] <= window)
    return members(question, np.unique(owners[counted]))


def in_cohort(
    question: Question, period: str, *, first_day: str, later: int | None, start: str, activity: str
) -> Members:
    """Who was first seen in the period that begins on a day; with `later` who was active so long after."""
    import numpy as np

    from parcours.engine.calendar import local_microseconds, number_of
    from parcours.engine.first import NEVER, first_event, owners

    with askable():
        log = brand_log(question)
        entered = first_event(log, start or None)
        numbers = number_of(local_microseconds(log.time, question.brand.time_zone), period)
        cohort = int(number_of(np.array([_midnight(first_day)]), period)[0])
        own = (entered != NEVER) & (numbers[np.maximum(entered, 0)] == cohort)
        if later is None:
            return members(question, np.flatnonzero(own))
        active = numbers == cohort + later
        if activity:
            active &= log.activity.codes == log.code_of(activity)
        positions = np.flatnonzero(active)
        whose = owners(log, positions)
        positions, whose = positions[own[whose]], whose[own[whose]]
        return members(question, np.unique(whose[positions >= entered[whose]]))
