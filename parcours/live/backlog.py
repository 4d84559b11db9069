"""Where streams go on: what each missed, asked for many at once."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parcours.core.line import Line
from parcours.live.hub import Message
from parcours.live.reads import BACKLOG


class Place(NamedTuple):
    """Who follows these topics was here last; None for somebody who comes for the first time."""

    brand_id: uuid.UUID
    topics: frozenset[str]
    last_id: int | None


@dataclass(frozen=True, slots=True)
class Missed:
    """`messages` are those after the place, in order; None when some are gone, or there is no place: load
    afresh. `newest` is the brand's newest id, 0 without any.
    """

    newest: int
    messages: tuple[Message, ...] | None


NEWEST = """
SELECT brand.id,
    coalesce((SELECT id FROM live_update WHERE brand_id = brand.id ORDER BY id DESC LIMIT 1), 0),
    (SELECT min(id) FROM live_update)
FROM unnest(%s::uuid[]) AS brand (id)
"""
AFTER = """
SELECT asked.number, found.id, found.topic, found.name, found.data
FROM unnest(%s::int[], %s::uuid[], %s::text[], %s::bigint[]) AS asked (number, brand_id, topic, last_id)
CROSS JOIN LATERAL (
    SELECT id, topic, name, payload::text AS data FROM live_update
    WHERE brand_id = asked.brand_id AND topic = asked.topic AND id > asked.last_id
    ORDER BY id LIMIT %s
) AS found
ORDER BY asked.number, found.id
"""


async def missed(line: Line, places: Sequence[Place]) -> list[Missed]:
    """Who follows already misses nothing between this and what it hears."""
    brands = list({place.brand_id for place in places})
    newest: dict[uuid.UUID, int] = {}
    oldest: int | None = None
    for brand_id, last, oldest in await line.execute(NEWEST, [brands]):  # noqa: B007 - the same in each row
        newest[brand_id] = last
    found = await _after(line, places)
    return [
        Missed(newest[place.brand_id], _whole(place, oldest, found[number]))
        for number, place in enumerate(places)
    ]


async def _after(line: Line, places: Sequence[Place]) -> defaultdict[int, list[Message]]:
    """By the number of the place."""
    asked = [
        (number, place.brand_id, topic, place.last_id)
        for number, place in enumerate(places)
        if place.last_id is not None
        for topic in place.topics
    ]
    found: defaultdict[int, list[Message]] = defaultdict(list)
    if asked:
        columns = [list(column) for column in zip(*asked, strict=True)]
        for number, pk, topic, name, data in await line.execute(AFTER, [*columns, BACKLOG + 1]):
            found[number].append(Message(pk, places[number].brand_id, topic, name, data))
    return found


def _whole(place: Place, oldest: int | None, found: list[Message]) -> tuple[Message, ...] | None:
    if place.last_id is None or len(found) > BACKLOG:
        return None
    is_gone = place.last_id and oldest is not None and oldest > place.last_id
    return None if is_gone else tuple(found)
