"""The sequences customers share.

A variant is the whole sequence of a customer's activities, in order. Customers without any activity have none
and are not counted.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from parcours.engine import threads
from parcours.engine.arrays import Codes, Int64s
from parcours.engine.arrow import arrow, named, numbers, table
from parcours.engine.errors import QuestionError
from parcours.engine.kernels.variants import deal_out, group_sequences, hash_sequences
from parcours.engine.spread import adds_up
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog


# Customers a share, so that its table stays in the processor's cache.
SHARE = 8_192
MOST_SHARES = 1_024


@dataclass(frozen=True, slots=True)
class Groups:
    """Each distinct sequence of a log: one customer that has it, and how many have it."""

    holders: Int64s
    counts: Int64s


def group(log: "EventLog") -> Groups:
    activity, parts = log.activity, threads.parts(log.offsets)
    shares = min(MOST_SHARES, 1 << (log.n_customers // SHARE).bit_length())
    hashes = np.empty(log.n_customers, dtype=np.uint64)
    dealt = np.empty(log.n_customers, dtype=np.int64)

    def hashed(first: int, last: int) -> Int64s:
        sizes = np.zeros(shares + 1, dtype=np.int64)
        hash_sequences(activity.codes, log.offsets, first, last, activity.none, shares, hashes, sizes)
        return sizes

    def deal(first: int, last: int, cursor: Int64s) -> None:
        deal_out(activity.codes, log.offsets, first, last, activity.none, shares, hashes, cursor, dealt)

    # One row a share and in it one entry a part, laid one after the other.
    sizes = np.stack(threads.run(hashed, parts), axis=1)
    ends = np.cumsum(sizes).reshape(sizes.shape)
    cursors = (ends - sizes).T.copy()
    threads.run(deal, [(*part, cursor) for part, cursor in zip(parts, cursors, strict=True)])
    starts = np.append(0, ends[:, -1])

    def grouped(first: int, last: int) -> tuple[Int64s, Int64s]:
        most = int(starts[last] - starts[first])
        largest = int(np.diff(starts[first : last + 1]).max(initial=0))
        table = np.empty(max(16, 1 << (2 * largest).bit_length()), dtype=np.int64)
        holders, counts = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
        found = group_sequences(
            activity.codes, log.offsets, activity.none, hashes, dealt,
            starts, first, last, table, holders, counts,
        )  # fmt: skip
        return holders[:found], counts[:found]

    cuts = np.linspace(0, shares, min(len(parts), shares) + 1).astype(int).tolist()
    found = threads.run(grouped, list(pairwise(cuts)))
    return Groups(np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found]))


def sequence(log: "EventLog", customer: int) -> Codes:
    """The codes of a customer's activities, in order."""
    codes = log.activity.codes[log.offsets[customer] : log.offsets[customer + 1]]
    present: Codes = codes[codes != log.activity.none]
    return present


def merge(partials: list[dict[bytes, int]]) -> dict[bytes, int]:
    total: dict[bytes, int] = {}
    for each in partials:
        for key, count in each.items():
            total[key] = total.get(key, 0) + count
    return total


@adds_up(merge, top=None)
def partial(log: "EventLog", top: int | None = None) -> dict[bytes, int]:
    """How many customers have each sequence, by its codes as big-endian bytes; these add up over logs.

    With `top`, only the most frequent: right for a whole log, not for a part of one.
    """
    if top is not None and top < 1:
        raise QuestionError(_("“{top}” is no number of sequences; it is 1 or more.").format(top=top))
    groups = group(log)
    order = _most_frequent(groups, log, top)
    return {_key(log, int(groups.holders[each])): int(groups.counts[each]) for each in order}


def _key(log: "EventLog", customer: int) -> bytes:
    codes = sequence(log, customer)
    return codes.tobytes() if codes.dtype == np.uint8 else codes.astype(">u2").tobytes()


def _most_frequent(groups: Groups, log: "EventLog", top: int | None) -> Int64s:
    """Positions in `groups`: the most frequent first, equal ones in the order of their codes."""
    chosen = np.arange(len(groups.counts))
    if top is not None and top < len(chosen):
        least = np.partition(groups.counts, len(chosen) - top)[len(chosen) - top]
        chosen = np.flatnonzero(groups.counts >= least)
    keys = {int(each): _key(log, int(groups.holders[each])) for each in chosen}
    ordered = sorted(keys, key=lambda each: (-int(groups.counts[each]), keys[each]))
    return np.array(ordered[:top], dtype=np.int64)


def finish(counts: dict[bytes, int], log: "EventLog", top: int | None) -> "pa.Table":
    """variant (list of activities), customers: the most frequent first, equal ones in the order of
    activities.
    """
    kind = "u1" if log.activity.codes.dtype == np.uint8 else ">u2"
    best = sorted(counts, key=lambda key: (-counts[key], key))[:top]
    labels = log.activities
    variants = [np.frombuffer(key, dtype=kind) for key in best]
    offsets = np.cumsum([0, *map(len, variants)], dtype=np.int32)
    names = named(labels, np.concatenate(variants) if variants else np.zeros(0, dtype=np.uint8))
    return table(
        {
            "variant": arrow().ListArray.from_arrays(numbers(offsets), names),
            "customers": numbers(np.array([counts[key] for key in best], dtype=np.int64)),
        }
    )
