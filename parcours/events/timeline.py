"""A customer's events a page at a time, the newest first: found in the lake's index, read where they lie."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.errors import BadInput
from parcours.customers.reads import merges_not_in_lake
from parcours.events.lake import Lake
from parcours.events.lake.layout import bucket_of
from parcours.events.reads import EventView, view_of

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex

Positions = npt.NDArray[np.int64]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Cursor(NamedTuple):
    """Where a page begins: at this moment (microseconds since 1970), after so many events of it."""

    time: int
    shown: int

    def __str__(self) -> str:
        return f"{self.time}.{self.shown}"


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """`total` counts the events that fit the filter, `of` all of the customer's.

    `names` and `channels` are those the customer has, with their counts, the most frequent first. `older`
    names the next page; `since` is the time of this page's last event, None on the last page.
    """

    events: tuple[EventView, ...]
    total: int
    of: int
    names: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    older: str
    since: datetime | None


def read_cursor(text: str) -> Cursor | None:
    """Raises BadInput for a cursor that no page gave."""
    if not text:
        return None
    time, _dot, shown = text.partition(".")
    if not (time.removeprefix("-").isdecimal() and shown.isdecimal()) or len(time) > 18 or len(shown) > 9:
        raise BadInput(_("This page of the timeline doesn't exist."), where=text)
    return Cursor(int(time), int(shown))


def timeline_page(
    brand: Brand, customer_id: int, *, before: str = "", name: str = "", channel: str = "", size: int = 50
) -> TimelinePage:
    """The newest events before the cursor `before`, of one name or channel when given.

    Reads no more of the files than the rows around the page. Raises BadInput for a cursor that can't be.
    """
    cursor = read_cursor(before)
    index = Lake(brand.pk).index()
    ids = _ids_in_lake(brand, customer_id)
    own = _positions(index, ids)
    chosen = own[_fits(index, own, name, channel)]
    times = np.asarray(index.time[chosen])
    end = len(times) if cursor is None else _place(times, cursor)
    start = max(0, end - size)
    events: tuple[EventView, ...] = ()
    if start < end:
        first, last = int(times[start]), int(times[end - 1])
        skipped = int(np.searchsorted(times, last, side="right")) - end
        rows = [row for row in _rows(brand, ids, first, last) if _is_asked(row, name, channel)]
        rows = rows[::-1][skipped : skipped + end - start]
        events = tuple(view_of(row) for row in rows)
    older = ""
    if start:
        edge = int(times[start])
        older = str(Cursor(edge, int(np.searchsorted(times, edge, side="right")) - start))
    return TimelinePage(
        events,
        total=len(chosen),
        of=len(own),
        names=_counts(index.name_codes, index.names, own),
        channels=_counts(index.channel_codes, index.channels, own),
        older=older,
        since=_EPOCH + timedelta(microseconds=int(times[start])) if start else None,
    )


def count_of(brand: Brand, customer_id: int) -> tuple[int, datetime | None, datetime | None]:
    """How many events a customer has, and when the first and the last of them happened."""
    index = Lake(brand.pk).index()
    ids = _ids_in_lake(brand, customer_id)
    own = _positions(index, ids)
    if not len(own):
        return 0, None, None
    first, last = int(index.time[own[0]]), int(index.time[own[-1]])
    return len(own), _EPOCH + timedelta(microseconds=first), _EPOCH + timedelta(microseconds=last)


def _ids_in_lake(brand: Brand, customer_id: int) -> set[int]:
    """The ids under which the lake holds the customer's events until it follows the latest merges."""
    moves = merges_not_in_lake(brand)
    return {customer_id, *(loser for loser, winner in moves.items() if winner == customer_id)}


def _positions(index: "LakeIndex", ids: Collection[int]) -> Positions:
    """Where the customers' events stand, by time."""
    places = np.flatnonzero(np.isin(index.customers, list(ids)))
    parts = [np.arange(index.offsets[place], index.offsets[place + 1]) for place in places]
    if not parts:
        return np.empty(0, np.int64)
    own = np.concatenate(parts).astype(np.int64)
    return own if len(parts) == 1 else own[np.argsort(index.time[own], kind="stable")]


def _fits(index: "LakeIndex", own: Positions, name: str, channel: str) -> npt.NDArray[np.bool_]:
    fits = np.ones(len(own), np.bool_)
    for wanted, codes, labels in (
        (name, index.name_codes, index.names),
        (channel, index.channel_codes, index.channels),
    ):
        if wanted:
            code = labels.index(wanted) if wanted in labels else -1
            fits &= np.asarray(codes)[own].astype(np.int64) == code
    return fits


def _place(times: npt.NDArray[np.int64], cursor: Cursor) -> int:
    """How many events come before the cursor: those of its moment that were shown don't."""
    return max(0, int(np.searchsorted(times, cursor.time, side="right")) - cursor.shown)


def _counts(codes: Any, labels: tuple[str, ...], own: Positions) -> tuple[tuple[str, int], ...]:
    found = np.bincount(np.asarray(codes)[own].astype(np.int64), minlength=len(labels))[: len(labels)]
    order = np.argsort(-found, kind="stable")
    return tuple((labels[code], int(found[code])) for code in order if found[code])


def _rows(brand: Brand, ids: Collection[int], first: int, last: int) -> list[dict[str, Any]]:
    """The customers' stored rows from one moment to another, both included, in their order."""
    from parcours.events.arrow import pa, pq

    stamp = pa.timestamp("us", "UTC")
    between = [
        ("time", ">=", pa.scalar(first, pa.int64()).cast(stamp)),
        ("time", "<=", pa.scalar(last, pa.int64()).cast(stamp)),
    ]
    lake = Lake(brand.pk)
    rows: list[dict[str, Any]] = []
    for bucket in sorted({int(bucket) for bucket in bucket_of(np.array(sorted(ids)))}):
        of_bucket = [each for each in ids if int(bucket_of(np.array([each]))[0]) == bucket]
        wanted = [("customer", "in", of_bucket), *between]
        for path in lake.manifest().paths(bucket):
            rows += pq.read_table(lake.folder / path, filters=wanted, partitioning=None).to_pylist()
    return sorted(rows, key=lambda row: (row["time"], row["seq"]))


def _is_asked(row: dict[str, Any], name: str, channel: str) -> bool:
    return (not name or row["name"] == name) and (not channel or row["channel"] == channel)
