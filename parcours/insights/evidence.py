"""Counting what cards stand on: all evidence of a brand in one pass over its events.

What each number means is said in docs/guide/evidence.md.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from parcours.accounts.models import Brand
from parcours.canvas.evidence.enums import EvidenceKind
from parcours.canvas.evidence.keeping import keep_counts
from parcours.canvas.evidence.reads import to_count
from parcours.canvas.evidence.shapes import Counted, ToCount
from parcours.canvas.resolver import positions
from parcours.canvas.rules import touchpoint_rule
from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.core.periods import Period, read_period
from parcours.core.registry import asked_customers
from parcours.customers.consent.ledger import states
from parcours.customers.privacy_enums import ConsentState
from parcours.customers.reads import customers_revision, segment_members, segments_as_of
from parcours.events.lake import Lake
from parcours.insights.kept import digest_of
from parcours.insights.words import said

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex

log = logging.getLogger(__name__)

Int64s = npt.NDArray[np.int64]
WEEKS = 12
WEEK_US = 7 * 86_400 * 1_000_000
GONE = "gone"
"""The query names something that is no longer there: a segment, a journey, a step."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def count_evidence(brand: Brand) -> int:
    """Counts every piece of the brand whose answer may have changed; returns how many those were."""
    generation = Lake(brand.pk).generation
    counting: Counting | None = None
    counts: dict[uuid.UUID, Counted] = {}
    for piece in to_count(brand.pk):
        digest = _digest(brand, piece, generation)
        if digest == piece.digest:
            continue
        if generation and counting is None:
            counting = Counting(brand, Lake(brand.pk).index(), now())
        counts[piece.id] = counting.count(piece, digest) if counting else _nothing(digest)
    if counts:
        keep_counts(brand.pk, counts)
    return len(counts)


def _digest(brand: Brand, piece: ToCount, generation: int) -> str:
    """Names everything that a count depends on; a new day moves the period and the weeks."""
    today = now().astimezone(ZoneInfo(brand.time_zone)).date()
    query = (piece.rule, piece.asked, piece.words, piece.period, piece.segment)
    about_customers = segments_as_of(brand) if piece.segment or piece.asked else customers_revision(brand)
    return digest_of(brand.pk, generation, today, about_customers, query)


def _nothing(digest: str, problem: str = "") -> Counted:
    return Counted(digest, None if problem else 0, 0, None, (0,) * WEEKS, (), None, problem)


@dataclass
class Counting:
    """One pass over a brand's events; what several pieces ask for is worked out once."""

    brand: Brand
    index: "LakeIndex"
    moment: datetime
    _customers: dict[object, int] = field(default_factory=dict)
    _members: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def count(self, piece: ToCount, digest: str) -> Counted:
        try:
            if piece.kind == EvidenceKind.NUMBER:
                return self._number(piece, digest)
            return self._query(piece, digest)
        except ParcoursError:
            return _nothing(digest, GONE)
        except FileNotFoundError:
            raise  # the files were replaced meanwhile: the whole pass begins anew
        except Exception:
            # One question that can't be asked must not keep all others from being counted.
            log.exception("evidence %s could not be counted", piece.id)
            return _nothing(digest, GONE)

    def _query(self, piece: ToCount, digest: str) -> Counted:
        period = read_period(piece.period, self.brand.time_zone)
        rows = positions(self.index, touchpoint_rule(piece.rule))
        if piece.segment:
            rows = rows[self._in_segment(piece.segment)[self._owners(rows)]]
        happened = rows[self.index.time[rows] <= self._now]
        last = int(self.index.time[happened].max()) if len(happened) else None
        inside = rows[self._within(self.index.time[rows], period)]
        customers = np.unique(self._owners(inside))
        return Counted(
            digest=digest,
            events=len(inside),
            customers=len(customers),
            share=self._share(len(customers), period, piece.segment),
            weeks=self._weeks(self.index.time[rows], self._owners(rows)),
            samples=self._samples(inside, piece.words),
            last_at=_moment(last),
        )

    def _number(self, piece: ToCount, digest: str) -> Counted:
        asked = dict(piece.asked or {})
        handler = asked_customers.get(asked.get("place", ""))
        if handler is None:
            return _nothing(digest, GONE)
        # The filters are the piece's own: somebody may have changed them since.
        ids, seen = handler(self.brand, {**asked, "period": piece.period, "segment": piece.segment})
        period = read_period(piece.period, self.brand.time_zone)
        places = np.flatnonzero(np.isin(self.index.customers, ids))
        rows = _all_of(self.index.offsets, places)
        rows = rows[self._within(self.index.time[rows], period)]
        return Counted(
            digest=digest,
            events=None,
            customers=len(ids),
            share=self._share(len(ids), period, piece.segment),
            weeks=self._weeks(seen, np.arange(len(seen))),
            samples=self._samples(rows, piece.words),
            last_at=_moment(int(seen.max()) if len(seen) else None),
        )

    @cached_property
    def _now(self) -> int:
        return _micros(self.moment)

    def _owners(self, rows: Int64s) -> Int64s:
        """The place of the customer of each event."""
        return np.searchsorted(self.index.offsets, rows, side="right") - 1

    def _within(self, times: Int64s, period: Period) -> npt.NDArray[np.bool_]:
        fits = np.ones(len(times), np.bool_)
        if period.start is not None:
            fits &= times >= _micros(period.start)
        if period.end is not None:
            fits &= times < _micros(period.end)
        return fits

    def _in_segment(self, segment: str) -> npt.NDArray[np.bool_]:
        """Which customers of the index belong to it. Raises NotFound."""
        if segment not in self._members:
            self._members[segment] = np.isin(self.index.customers, segment_members(self.brand, segment))
        return self._members[segment]

    def _share(self, customers: int, period: Period, segment: str) -> float | None:
        """Of all customers, of the segment, with any event in the period."""
        key = (period.start, period.end, segment)
        if key not in self._customers:
            rows = np.flatnonzero(self._within(self.index.time, period))
            owners = np.unique(self._owners(rows))
            if segment:
                owners = owners[self._in_segment(segment)[owners]]
            self._customers[key] = len(owners)
        of = self._customers[key]
        return customers / of if of else None

    def _weeks(self, times: Int64s, owners: Int64s) -> tuple[int, ...]:
        """Customers in each of the last twelve times seven days up to the end of today, the oldest first."""
        midnight = self.moment.astimezone(ZoneInfo(self.brand.time_zone)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        end = _micros(midnight + timedelta(days=1))
        back = (end - 1 - times) // WEEK_US
        fits = (times < end) & (back < WEEKS)
        pairs = np.unique(np.stack([back[fits], owners[fits]]), axis=1)
        counts = np.bincount(pairs[0].astype(np.int64), minlength=WEEKS)[:WEEKS]
        return tuple(int(each) for each in counts[::-1])

    def _samples(self, rows: Int64s, words: str) -> tuple[tuple[str, datetime, str, int], ...]:
        found = said(self.index, rows, words, self._may_be_quoted)
        return tuple(
            (each.text, _EPOCH + timedelta(microseconds=each.time), each.channel, each.customer)
            for each in found
        )

    def _may_be_quoted(self, customers: Sequence[int]) -> set[int]:
        """Who never refused that the brand studies what they do."""
        answers: Mapping[int, Any] = states(self.brand, customers, "analytics")
        return {customer for customer, state in answers.items() if state != ConsentState.DENIED}


def _all_of(offsets: Int64s, places: Int64s) -> Int64s:
    """The positions of all events of these customers."""
    parts = [np.arange(offsets[place], offsets[place + 1]) for place in places.tolist()]
    return np.concatenate(parts).astype(np.int64) if parts else np.empty(0, np.int64)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)
