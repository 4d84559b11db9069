"""Which stages or rows of two canvases are the same one."""

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar


class Named(Protocol):
    @property
    def id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...


Thing = TypeVar("Thing", bound=Named)
Links = Collection[tuple[uuid.UUID, uuid.UUID]]


class Pair(NamedTuple, Generic[Thing]):
    """`one` of the first canvas, `other` of the second; None where only the other has it."""

    one: Thing | None
    other: Thing | None

    @property
    def named(self) -> Thing:
        found = self.other or self.one
        if found is None:
            raise ValueError("a pair of nothing")
        return found


def aligned(
    ones: Sequence[Thing], others: Sequence[Thing], *, key: Callable[[Thing], Hashable], links: Links
) -> tuple[Pair[Thing], ...]:
    """Every one of either side, once. Pairs share their name, else `key`, else most of their cards.

    `links` are the places of cards that belong together, (in the first, in the second), one a card. Pairs
    stand in the order of the second canvas; what only the first has stands behind its neighbour.
    """
    partner: dict[uuid.UUID, Thing] = {}
    for same in (lambda thing: thing.name.casefold(), key):
        _match(ones, others, partner, same)
    _match_by_cards(ones, others, partner, links)
    return _in_order(ones, others, partner)


def _match(
    ones: Sequence[Thing],
    others: Sequence[Thing],
    partner: dict[uuid.UUID, Thing],
    same: Callable[[Thing], Hashable],
) -> None:
    taken = {thing.id for thing in partner.values()}
    for one in ones:
        wanted = same(one)
        if one.id in partner or not wanted:
            continue
        found = next((other for other in others if other.id not in taken and same(other) == wanted), None)
        if found is not None:
            partner[one.id] = found
            taken.add(found.id)


def _match_by_cards(
    ones: Sequence[Thing], others: Sequence[Thing], partner: dict[uuid.UUID, Thing], links: Links
) -> None:
    """A thing that was renamed still holds the same cards."""
    by_id = {other.id: other for other in others}
    waiting = {one.id for one in ones}
    for (one, other), _cards in Counter(links).most_common():
        taken = {thing.id for thing in partner.values()}
        if one in waiting and one not in partner and other in by_id and other not in taken:
            partner[one] = by_id[other]


def _in_order(
    ones: Sequence[Thing], others: Sequence[Thing], partner: Mapping[uuid.UUID, Thing]
) -> tuple[Pair[Thing], ...]:
    one_of = {other.id: one for one in ones if (other := partner.get(one.id)) is not None}
    pairs: list[Pair[Thing]] = [Pair(one_of.get(other.id), other) for other in others]
    for place, one in enumerate(ones):
        if one.id in partner:
            continue
        before = ones[place - 1].id if place else None
        at = next(
            (n + 1 for n, pair in enumerate(pairs) if pair.one is not None and pair.one.id == before), 0
        )
        pairs.insert(at, Pair(one, None))
    return tuple(pairs)
