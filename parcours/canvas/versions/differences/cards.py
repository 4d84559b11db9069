"""Cards that came, went, moved, or say something else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from parcours.canvas.versions.differences.both import (
    Both,
    Said,
    card_name,
    card_title,
    out_of_order,
    sentence,
)
from parcours.canvas.versions.differences.content import content_change
from parcours.canvas.versions.shapes import Change
from parcours.canvas.versions.snapshots import Card, Snapshot

Cell = tuple[str, str]


def said(both: Both) -> Iterator[Said]:
    yield from _came(both)
    yield from _went(both)
    yield from _moved(both)
    yield from _reordered(both)
    touchpoints = {each.id: each.name for side in (both.old, both.new) for each in side.touchpoints.values()}
    for card in both.new.cards.values():
        was = both.old.cards.get(card.id)
        change = content_change(was, card, both.kind(card), touchpoints) if was else None
        if change:
            yield Said(card.stage, change)


def _came(both: Both) -> Iterator[Said]:
    """What was added to stages and rows that were there before; the rest is told with them."""
    for (stage, lane), cards in _only_in(both.new, both.old).items():
        about = tuple((card.id, "presence") for card in cards)
        if len(cards) == 1:
            words = _("{card} was added.").format(card=card_name(cards[0], both.kind(cards[0])))
            yield Said(stage, Change(sentence(words), about))
            continue
        words = _n("{n} card was added to {lane}.", "{n} cards were added to {lane}.", len(cards))
        words = words.format(n=len(cards), lane=both.lane_name(lane))
        yield Said(stage, Change(words, about, names=tuple(map(card_title, cards))))


def _went(both: Both) -> Iterator[Said]:
    for (stage, lane), cards in _only_in(both.old, both.new).items():
        about = tuple((card.id, "presence") for card in cards)
        if len(cards) == 1:
            words = _("{card} was removed.").format(card=card_name(cards[0], both.kind(cards[0])))
            yield Said(stage, Change(sentence(words), about))
            continue
        words = _n("{n} card was removed from {lane}.", "{n} cards were removed from {lane}.", len(cards))
        words = words.format(n=len(cards), lane=both.lane_name(lane))
        yield Said(stage, Change(words, about, names=tuple(map(card_title, cards))))


def _only_in(here: Snapshot, there: Snapshot) -> Mapping[Cell, list[Card]]:
    found: dict[Cell, list[Card]] = defaultdict(list)
    for card in here.cards.values():
        if card.id not in there.cards and card.stage in there.stages and card.lane in there.lanes:
            found[card.stage, card.lane].append(card)
    return found


def _moved(both: Both) -> Iterator[Said]:
    ways: dict[tuple[Cell, Cell], list[Card]] = defaultdict(list)
    for card in both.new.cards.values():
        was = both.old.cards.get(card.id)
        if was and (was.stage, was.lane) != (card.stage, card.lane):
            ways[(was.stage, was.lane), (card.stage, card.lane)].append(card)
    for (source, target), cards in ways.items():
        about = tuple((card.id, "place") for card in cards)
        start, end = _places(both, source, target)
        if len(cards) == 1:
            name = card_name(cards[0], both.kind(cards[0]))
            words = _("{card} moved from {source} to {target}.").format(card=name, source=start, target=end)
            yield Said(target[0], Change(sentence(words), about))
            continue
        words = _n(
            "{n} card moved from {source} to {target}.",
            "{n} cards moved from {source} to {target}.",
            len(cards),
        ).format(n=len(cards), source=start, target=end)
        yield Said(target[0], Change(words, about, names=tuple(map(card_title, cards))))


def _places(both: Both, source: Cell, target: Cell) -> tuple[str, str]:
    """How the two cells are told apart: by stage, by row, or by both."""
    if source[1] == target[1]:
        return both.stage_name(source[0]), both.stage_name(target[0])
    if source[0] == target[0]:
        return both.lane_name(source[1]), both.lane_name(target[1])
    return _cell(both, source), _cell(both, target)


def _cell(both: Both, cell: Cell) -> str:
    return _("{lane} in {stage}").format(lane=both.lane_name(cell[1]), stage=both.stage_name(cell[0]))


def _reordered(both: Both) -> Iterator[Said]:
    """Once a cell, however many cards changed places in it."""
    old, new = _by_cell(both.old), _by_cell(both.new)
    for (stage, lane), after in new.items():
        moved = out_of_order(old.get((stage, lane), []), after)
        if not moved:
            continue
        about = tuple((card, "order") for card in moved)
        if len(moved) > 1:
            words = _("The cards of {lane} stand in another order.").format(lane=both.lane_name(lane))
        else:
            words = _standing(both, moved[0], after)
        yield Said(stage, Change(words, about))


def _standing(both: Both, card: str, order: list[str]) -> str:
    row = both.new.cards[card]
    name = card_name(row, both.kind(row))
    place = order.index(card)
    if place == 0:
        return sentence(_("{card} now stands first.").format(card=name))
    above = card_title(both.new.cards[order[place - 1]])
    return sentence(_("{card} now stands below {other}.").format(card=name, other=above))


def _by_cell(snapshot: Snapshot) -> Mapping[Cell, list[str]]:
    found: dict[Cell, list[str]] = defaultdict(list)
    for card in snapshot.cards.values():
        found[card.stage, card.lane].append(card.id)
    return found
