"""What could stand in a rule: from the events there are, from the catalogue before the first one."""

import uuid
from dataclasses import dataclass

from parcours.events.catalogue import EVENTS
from parcours.events.lake import Lake
from parcours.events.property_keys import property_keys

MOST = 300


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The most frequent first; `keys` are properties."""

    names: tuple[str, ...]
    channels: tuple[str, ...]
    sources: tuple[str, ...]
    keys: tuple[str, ...]


def suggestions(brand_id: uuid.UUID) -> Suggestions:
    lake = Lake(brand_id)
    if not lake.generation:
        return _of_the_catalogue()
    index = lake.index()
    names = tuple(entry.name for entry in index.name_counts()[:MOST])
    return Suggestions(names, index.channels[:MOST], index.sources[:MOST], property_keys(brand_id)[:MOST])


def _of_the_catalogue() -> Suggestions:
    events = EVENTS.values()
    channels = dict.fromkeys(event.channel for event in events if event.channel)
    keys = dict.fromkeys(key for event in events for key in event.properties)
    return Suggestions(tuple(EVENTS)[:MOST], tuple(channels), (), tuple(keys)[:MOST])
