"""What customers said in some of their events."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from parcours.canvas.evidence.sources import WORDS_OF
from parcours.core.masking import masked

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex

Int64s = npt.NDArray[np.int64]
MOST_SAMPLES = 5
MOST_READ = 400
"""Events that are looked at for samples, the newest first."""


class Said(NamedTuple):
    """`time` in microseconds since 1970; `customer` is an id."""

    text: str
    time: int
    channel: str
    customer: int


def said(
    index: "LakeIndex", rows: Int64s, words: str, may_be_quoted: Callable[[Sequence[int]], set[int]]
) -> list[Said]:
    """At most five different things said in the events at `rows`, the newest first, without personal data.

    `words` is the property to read; without it, whatever customers usually say in such events.
    """
    found = _newest(index, rows, words)
    allowed = may_be_quoted(sorted({each.customer for each in found})) if found else set()
    different: dict[str, Said] = {}
    for each in found:
        if each.customer in allowed:
            different.setdefault(each.text.casefold(), each)
    return list(different.values())[:MOST_SAMPLES]


def _newest(index: "LakeIndex", rows: Int64s, words: str) -> list[Said]:
    properties = ((words, rows),) if words else _usual(index, rows)
    found: list[Said] = []
    for name, some in properties:
        found += _read(index, some, name)
    found.sort(key=lambda each: (-each.time, each.text))
    return found[:MOST_READ]


def _usual(index: "LakeIndex", rows: Int64s) -> Iterator[tuple[str, Int64s]]:
    """Each property in which customers speak, with those of the events that have it so."""
    codes = np.asarray(index.name_codes)[rows].astype(np.int64)
    speaking: dict[str, list[int]] = {}
    for code, name in enumerate(index.names):
        for key in WORDS_OF.get(name, ()):
            speaking.setdefault(key, []).append(code)
    for key, names in speaking.items():
        some = rows[np.isin(codes, names)]
        if len(some):
            yield key, some


def _read(index: "LakeIndex", rows: Int64s, name: str) -> list[Said]:
    codes, labels = index.column(f"properties.{name}")
    own = np.asarray(codes)[rows]
    rows, own = rows[own >= 0], own[own >= 0]
    newest = np.argsort(-index.time[rows], kind="stable")[:MOST_READ]
    places = np.searchsorted(index.offsets, rows[newest], side="right") - 1
    channels = (*index.channels, "")
    channel_codes = np.asarray(index.channel_codes)[rows[newest]].astype(np.int64)
    found = []
    for row, code, place, channel in zip(
        rows[newest].tolist(), own[newest].tolist(), places.tolist(), channel_codes.tolist(), strict=True
    ):
        text = masked(str(labels[code]))
        if text:
            where = channels[min(channel, len(channels) - 1)]
            found.append(Said(text, int(index.time[row]), where, int(index.customers[place])))
    return found
