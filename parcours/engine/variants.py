"""The sequences customers share.

A variant is the whole sequence of a customer's activities, in order. Customers without any activity have none
and are not counted.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.arrays import Codes, Int64s
from parcours.engine.arrow import arrow, table
from parcours.engine.errors import QuestionError
from parcours.engine.kernels.variants import group_sequences, hash_sequences

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog


@dataclass(frozen=True, slots=True)
class Groups:
    """Each distinct sequence of a log: one customer that has it (the first), and how many have it."""

    holders: Int64s
    counts: Int64s
    hashes: npt.NDArray[np.uint64]
    """One entry a customer of the log, 0 for an empty sequence."""


def group(log: "EventLog") -> Groups:
    hashes = np.empty(log.n_customers, dtype=np.uint64)
    activity = log.activity

    def hash_part(first: int, last: int) -> None:
        hash_sequences(activity.codes, log.offsets, first, last, activity.none, hashes)

    parts = list(threads.parts(log.offsets))
    threads.run(hash_part, parts)
    shares = 1 << (len(parts) - 1).bit_length()
    places = _places(log.n_customers, shares)

    def group_part(share: int) -> tuple[Int64s, Int64s]:
        holders = np.full(places, -1, dtype=np.int64)
        counts = np.zeros(places, dtype=np.int64)
        group_sequences(
            activity.codes, log.offsets, activity.none, hashes, share, shares, places - 1, holders, counts
        )  # fmt: skip
        used = np.flatnonzero(counts)
        return holders[used], counts[used]

    found = threads.run(group_part, [(share,) for share in range(shares)])
    return Groups(
        np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found]), hashes
    )


def _places(customers: int, shares: int) -> int:
    # Hashes spread evenly, but a few customers may all fall to one share.
    expected = customers if customers < 10_000 else customers // shares + customers // 20
    return 1 << max(4, (2 * min(customers, expected)).bit_length())


def sequence(log: "EventLog", customer: int) -> Codes:
    """The codes of a customer's activities, in order."""
    codes = log.activity.codes[log.offsets[customer] : log.offsets[customer + 1]]
    present: Codes = codes[codes != log.activity.none]
    return present


def partial(log: "EventLog", top: int | None = None) -> dict[bytes, int]:
    """How many customers have each sequence, by its codes as big-endian bytes; these add up over logs.

    With `top`, only the most frequent: right for a whole log, not for a part of one.
    """
    if top is not None and top < 1:
        raise QuestionError(f"`top` must be at least 1, or None for all, not {top}.")
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


def merge(partials: list[dict[bytes, int]]) -> dict[bytes, int]:
    total: dict[bytes, int] = {}
    for each in partials:
        for key, count in each.items():
            total[key] = total.get(key, 0) + count
    return total


def finish(counts: dict[bytes, int], log: "EventLog", top: int | None) -> "pa.Table":
    """variant (list of activities), customers: the most frequent first, equal ones in the order of
    activities.
    """
    pa = arrow()
    kind = ">u1" if log.activity.codes.dtype == np.uint8 else ">u2"
    best = sorted(counts, key=lambda key: (-counts[key], key))[:top]
    labels = log.activities
    variants = [[labels[code] for code in np.frombuffer(key, dtype=kind)] for key in best]
    return table(
        {
            "variant": pa.array(variants, pa.list_(pa.string())),
            "customers": pa.array([counts[key] for key in best], pa.int64()),
        }
    )
