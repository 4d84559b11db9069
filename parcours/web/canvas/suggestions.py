"""What could stand in a rule, from the events there are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex

MOST = 300


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The most frequent names first; `keys` are properties."""

    names: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def suggestions(index: "LakeIndex | None") -> Suggestions:
    if index is None:
        return Suggestions()
    names = tuple(entry.name for entry in index.name_counts()[:MOST])
    return Suggestions(names, index.channels[:MOST], index.sources[:MOST])
