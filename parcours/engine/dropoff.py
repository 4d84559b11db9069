"""Where customers are lost on the way from one activity to another, and what sets them apart.

A case is a customer at the first event of `at`. It is lost when no event of `to` follows one of `at` within
the window (as in a funnel of two steps). Cases that began too late for the log to tell are left out: those
less than the window, or without one less than 95 % of the successful took, before the log's end.

Every value of every property and of the channel at that event, the activity just before, activities before it
and repeated before it, weekdays, hours, and runs of 1, 2 and 4 weeks, alone and together with a value, makes
a group. A group is compared with all other cases, only among cases with about as many events before (see
`excess`), for with longer journeys come both more activities and other chances.

The reason with the strongest evidence comes first. Each further one is found among the cases that none of the
reasons before it applies to, so that one cause is not told twice. Only what is over-represented among the
lost counts as a reason. Its `p_value` is corrected for the number of all groups that were looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from parcours.engine import calendar, excess, funnel
from parcours.engine.arrays import Int64s, Mask
from parcours.engine.arrow import arrow, as_numpy, numbers, one_array, strings, table
from parcours.engine.casebook import CaseBook, case_book, chances
from parcours.engine.excess import Comparison, Floats
from parcours.engine.features import Feature, features, past_of
from parcours.engine.first import NEVER, first_event, next_activity
from parcours.engine.moments import FOREVER, moment
from parcours.engine.spread import Spread

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

OBSERVED = 0.95
WEEKS = (1, 2, 4)
MOST_WEEKS = 160
MOST_REASONS = 20
# How many events came before, in classes.
_CLASSES = np.array([1, 2, 3, 4, 6, 9, 13, 20, 50])


@dataclass(frozen=True, slots=True)
class Cases:
    customers: Int64s
    """Positions in the log."""
    events: Int64s
    """The first event of `at` of each."""
    lost: Mask


@dataclass(frozen=True, slots=True)
class Group:
    """A value of a feature, in the weeks `first` to `last` (both included), or at any time."""

    feature: Feature
    value: int
    weeks: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Reason:
    group: Group
    comparison: Comparison
    p_value: float


def cases_of(log: "EventLog", at: str, to: str, within: int) -> Cases:
    """The customers who reached `at` and could be followed for long enough."""
    chains = funnel.follow(log, [at, to], within)
    events = first_event(log, at)
    known = events != NEVER
    if len(log):
        until = int(log.time.max()) - _horizon(chains.gaps[0][chains.reached == 2], within)
        known &= log.time[np.maximum(events, 0)] <= until
    customers = np.flatnonzero(known)
    return Cases(customers, events[customers], chains.reached[customers] < 2)


def _horizon(took: Int64s, within: int) -> int:
    """How long before the log's end a case must have begun."""
    if within != FOREVER:
        return within
    return int(np.quantile(took, OBSERVED)) if len(took) else 0


def _book_of(log: "EventLog", at: str, to: str, within: int, *, values: bool) -> CaseBook:
    """The same cases of a log in parts, with what is asked of them."""
    book = case_book(log, at, to, within, values)
    return book.chosen(book.time <= _last_time(log) - _horizon(book.took[~book.lost], within))


def _last_time(log: "EventLog") -> int:
    span = log.span
    return moment(span[1]) if span else 0


def dropped(log: "EventLog", at: str, to: str, within: int) -> Int64s:
    """See `EventLog.dropped`."""
    if not isinstance(log, Spread):
        cases = cases_of(log, at, to, within)
        return cases.customers[cases.lost]
    found = chances(log, at, to, within)
    lost = as_numpy(one_array(found["took"]).is_null())
    began = as_numpy(one_array(found["began"]).fill_null(FOREVER))
    took = as_numpy(one_array(found["took"]).drop_null())
    return np.flatnonzero(lost & (began <= _last_time(log) - _horizon(took, within)))


def reasons(
    log: "EventLog", at: str, to: str, within: int, *, level: float | None, timezone: str | None
) -> "pa.Table":
    if isinstance(log, Spread):
        book = _book_of(log, at, to, within, values=True)
        log, past, places = book.log(log), book.past, np.arange(len(book.time))
        cases = Cases(places, places, book.lost)
    else:
        cases = cases_of(log, at, to, within)
        past = past_of(log, cases.customers, cases.events)
    found = list(features(log, cases.customers, cases.events, past=past, at=at, timezone=timezone))
    local = calendar.local_microseconds(log.time[cases.events], timezone)
    weeks = calendar.number_of(local, "week")
    board = _Board(found, cases.lost, np.searchsorted(_CLASSES, past.sizes, side="right"), weeks)
    return _told(board.all() if level is None else board.strongest(level), board.first_week)


class _Board:
    """All groups of all features, scored over the cases that are left."""

    def __init__(self, found: list[Feature], lost: Mask, strata: Int64s, weeks: Int64s) -> None:
        self.features, self.lost, self.strata = found, lost, strata
        self.first_week = int(weeks.min()) if len(weeks) else 0
        self.weeks = weeks - self.first_week
        self.spans = int(self.weeks.max()) + 1 if len(weeks) else 1
        self.kept = np.ones(len(lost), dtype=np.bool_)

    def all(self) -> list[Reason]:
        """Every group that is large enough and has more than its share, the strongest evidence first."""
        scored = list(self._scored())
        tried = sum(len(scores) for _, _, scores in scored)
        ranked = [
            (score, feature, place)
            for feature, _, scores in scored
            for place, score in enumerate(scores.tolist())
            if score > 0
        ]
        ranked.sort(key=lambda each: -each[0])
        return [self._reason(self._group(feature, place), score, tried) for score, feature, place in ranked]

    def strongest(self, level: float) -> list[Reason]:
        chosen: list[Reason] = []
        tried = 0
        while len(chosen) < MOST_REASONS:
            best: tuple[float, Feature, int] | None = None
            looked_at = 0
            for feature, _, scores in self._scored():
                looked_at += len(scores)
                place = int(np.argmax(scores)) if len(scores) else 0
                if len(scores) and scores[place] > (best[0] if best else 0):
                    best = float(scores[place]), feature, place
            tried = tried or looked_at
            if best is None or excess.probability(best[0], tried) > level:
                break
            group = self._group(best[1], best[2])
            chosen.append(self._reason(group, best[0], tried))
            self.kept &= ~self._members(group)
        return chosen

    def _scored(self) -> Iterator[tuple[Feature, Floats, Floats]]:
        all_cases, all_hits = self._totals(self.kept)
        for feature in self.features:
            cases, hits = self._counts(feature)
            yield feature, cases, excess.scores(cases, hits, all_cases, all_hits)

    def _totals(self, members: Mask) -> tuple[Floats, Floats]:
        size = len(_CLASSES) + 1
        cases = np.bincount(self.strata[members], minlength=size)
        hits = np.bincount(self.strata[members & self.lost], minlength=size)
        return cases.astype(np.float64), hits.astype(np.float64)

    def _counts(self, feature: Feature) -> tuple[Floats, Floats]:
        """Cases and lost ones of each group of a feature, (groups, strata), in the order of `_spans`."""
        strata, spans = len(_CLASSES) + 1, self._spans_of(feature)
        members = self.kept & (feature.codes >= 0)
        weeks = self.weeks if feature.by_period else np.zeros_like(self.weeks)
        width = self.spans if feature.by_period else 1
        keys = (feature.codes * width + weeks) * strata + self.strata
        shape = (len(feature.labels), width, strata)
        size = int(np.prod(shape))
        counted = []
        for chosen in (members, members & self.lost):
            sums = np.bincount(keys[chosen], minlength=size).astype(np.float64).reshape(shape)
            until = np.concatenate([np.zeros((shape[0], 1, strata)), np.cumsum(sums, axis=1)], axis=1)
            parts = [until[:, last + 1] - until[:, first] for first, last in spans]
            counted.append(np.stack(parts, axis=1).reshape(-1, strata))
        return counted[0], counted[1]

    def _spans_of(self, feature: Feature) -> list[tuple[int, int]]:
        """The runs of weeks looked at: all, then each of 1, 2 and 4 weeks."""
        if not feature.by_period:
            return [(0, 0)]
        whole = (0, self.spans - 1)
        if self.spans > MOST_WEEKS:
            return [whole]
        runs = [
            (first, first + length - 1)
            for length in WEEKS
            if length < self.spans
            for first in range(self.spans - length + 1)
        ]
        return [whole, *runs]

    def _group(self, feature: Feature, place: int) -> Group:
        spans = self._spans_of(feature)
        span = place % len(spans)
        return Group(feature, place // len(spans), spans[span] if span else None)

    def _members(self, group: Group) -> Mask:
        members: Mask = group.feature.codes == group.value
        if group.weeks is not None:
            members = members & (self.weeks >= group.weeks[0]) & (self.weeks <= group.weeks[1])
        return members

    def _reason(self, group: Group, score: float, tried: int) -> Reason:
        members = self._members(group)
        everybody = np.ones(len(members), dtype=np.bool_)
        comparison = excess.compare(*self._totals(members), *self._totals(everybody))
        return Reason(group, comparison, excess.probability(score, tried))


def _told(found: list[Reason], first_week: int) -> "pa.Table":
    def day(reason: Reason, place: int) -> date | None:
        weeks = reason.group.weeks
        return None if weeks is None else calendar.first_day(first_week + weeks[place] + place, "week")

    def floats(name: str) -> Any:
        return numbers(np.array([getattr(each.comparison, name) for each in found], dtype=np.float64))

    def integers(name: str) -> Any:
        return numbers(np.array([getattr(each.comparison, name) for each in found], dtype=np.int64))

    labels = [each.group.feature.labels[each.group.value] for each in found]
    return table(
        {
            "kind": strings([each.group.feature.kind for each in found]),
            "name": strings([each.group.feature.name for each in found]),
            "value": strings(labels),
            "since": arrow().array([day(each, 0) for each in found], "date32"),
            "until": arrow().array([day(each, 1) for each in found], "date32"),
            "customers": integers("cases"),
            "lost": integers("hits"),
            "lost_share": floats("share"),
            "others_share": floats("others_share"),
            "difference": floats("difference"),
            "low": floats("low"),
            "high": floats("high"),
            "p_value": numbers(np.array([each.p_value for each in found], dtype=np.float64)),
        }
    )


def whereto(log: "EventLog", at: str, to: str, within: int) -> "pa.Table":
    """activity, customers, share: what the lost did first after their first `at`; null for nothing."""
    following = _following(log, at, to, within)
    counts = np.bincount(following + 1, minlength=len(log.activities) + 1)
    labels = [None, *log.activities]
    order = [each for each in np.argsort(-counts, kind="stable").tolist() if counts[each]]
    return table(
        {
            "activity": arrow().array([labels[each] for each in order], "string"),
            "customers": numbers(counts[order].astype(np.int64)),
            "share": numbers(counts[order] / max(1, len(following))),
        }
    )


def _following(log: "EventLog", at: str, to: str, within: int) -> Int64s:
    """The code of what each lost one did next, or -1."""
    if isinstance(log, Spread):
        book = _book_of(log, at, to, within, values=False)
        return book.following[book.lost]
    cases = cases_of(log, at, to, within)
    lost, events = cases.customers[cases.lost], cases.events[cases.lost]
    return next_activity(log, events, log.offsets[lost + 1])
