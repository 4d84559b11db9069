"""What differs between two canvases, card by card."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from parcours.canvas.beside.aligning import Pair, aligned
from parcours.canvas.beside.words import Piece, word_changes
from parcours.canvas.shapes import Board, CardView, LaneView, StageView

State = Literal["same", "changed", "moved-away", "moved-here", "added", "removed"]
_NOT_SAID = frozenset({"example", "touchpoint"})
"""Details that say nothing about the content: copies differ in them by themselves."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A card in one place of either canvas.

    Of a card that was moved there are two: where it was (`moved-away`, `elsewhere` says where it is now) and
    where it is (`moved-here`). `changed` when its words, details or picture differ.
    """

    state: State
    one: CardView | None
    other: CardView | None
    changed: bool = False
    elsewhere: str = ""

    @property
    def title(self) -> tuple[Piece, ...]:
        return word_changes(self.one.title if self.one else "", self.other.title if self.other else "")

    @property
    def text(self) -> tuple[Piece, ...]:
        return word_changes(self.one.text if self.one else "", self.other.text if self.other else "")

    @property
    def differs(self) -> bool:
        return self.state != "same"


@dataclass(frozen=True, slots=True)
class Row:
    """The cards of a row within one stage."""

    lane: Pair[LaneView]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A stage with its rows that hold any card."""

    stage: Pair[StageView]
    rows: tuple[Row, ...]

    @property
    def differs(self) -> bool:
        renamed = (
            self.stage.one is None
            or self.stage.other is None
            or (self.stage.one.name != self.stage.other.name)
        )
        return renamed or any(entry.differs for row in self.rows for entry in row.entries)


@dataclass(frozen=True)
class Beside:
    """Two canvases, stage by stage."""

    one: Board
    other: Board
    sections: tuple[Section, ...]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Cards by what became of them: same, changed, moved, added, removed."""
        found: Counter[str] = Counter()
        for section in self.sections:
            for row in section.rows:
                found.update(_count_as(entry) for entry in row.entries if entry.state != "moved-away")
        return found

    @property
    def differences(self) -> int:
        return sum(count for state, count in self.counts.items() if state != "same")


def _count_as(entry: Entry) -> str:
    return "moved" if entry.state == "moved-here" else entry.state


def beside(one: Board, other: Board) -> Beside:
    """The second canvas held against the first: what was added, changed, moved and removed to get there."""
    return _Comparing(one, other).answer()


class _Comparing:
    def __init__(self, one: Board, other: Board) -> None:
        self.one, self.other = one, other
        self.partners = partners(one, other)
        links = [(a, b) for a, b in self.partners.items()]
        by_id = {card.id: card for card in (*one.cards, *other.cards)}
        self.stages = aligned(
            one.stages,
            other.stages,
            key=lambda stage: stage.key,
            links=[(by_id[a].stage_id, by_id[b].stage_id) for a, b in links],
        )
        self.lanes = aligned(
            one.lanes,
            other.lanes,
            key=lambda lane: lane.kind,
            links=[(by_id[a].lane_id, by_id[b].lane_id) for a, b in links],
        )
        self.card = by_id

    def answer(self) -> Beside:
        sections = tuple(Section(stage, tuple(self._rows(stage))) for stage in self.stages)
        return Beside(self.one, self.other, sections)

    def _rows(self, stage: Pair[StageView]) -> Iterator[Row]:
        for lane in self.lanes:
            entries = tuple(self._entries(stage, lane))
            if entries:
                yield Row(lane, entries)

    def _entries(self, stage: Pair[StageView], lane: Pair[LaneView]) -> Iterator[Entry]:
        back = {b: a for a, b in self.partners.items()}
        for card in _in_cell(self.one, stage.one, lane.one):
            yield self._of_the_first(card)
        for card in _in_cell(self.other, stage.other, lane.other):
            if card.id not in back:
                yield Entry("added", None, card)
            elif not self._same_place(self.card[back[card.id]], card):
                yield self._moved_here(self.card[back[card.id]], card)

    def _of_the_first(self, card: CardView) -> Entry:
        other = self.card.get(self.partners.get(card.id, card.id))
        if other is None or other is card:
            return Entry("removed", card, None)
        if not self._same_place(card, other):
            return Entry("moved-away", card, None, elsewhere=_place(self.other, other))
        changed = content_differs(card, other)
        return Entry("changed" if changed else "same", card, other, changed=changed)

    def _moved_here(self, one: CardView, other: CardView) -> Entry:
        return Entry(
            "moved-here", one, other, changed=content_differs(one, other), elsewhere=_place(self.one, one)
        )

    def _same_place(self, one: CardView, other: CardView) -> bool:
        stage = any(
            pair.one and pair.other and (pair.one.id, pair.other.id) == (one.stage_id, other.stage_id)
            for pair in self.stages
        )
        lane = any(
            pair.one and pair.other and (pair.one.id, pair.other.id) == (one.lane_id, other.lane_id)
            for pair in self.lanes
        )
        return stage and lane


def partners(one: Board, other: Board) -> dict[uuid.UUID, uuid.UUID]:
    """Cards of the first canvas with the card of the second that is the same one.

    One was drawn from the other, both from a third, or they have the same title and kind.
    """
    found: dict[uuid.UUID, uuid.UUID] = {}
    ones = {card.id: card for card in one.cards}
    by_origin = {card.drawn_from_id: card for card in reversed(one.cards) if card.drawn_from_id}
    for card in other.cards:
        mate = ones.get(card.drawn_from_id) if card.drawn_from_id else None
        mate = (
            mate
            or by_origin.get(card.id)
            or (by_origin.get(card.drawn_from_id) if card.drawn_from_id else None)
        )
        if mate is not None and mate.id not in found:
            found[mate.id] = card.id
    taken = set(found.values())
    free = {
        (card.kind, card.title): card for card in reversed(one.cards) if card.id not in found and card.title
    }
    for card in other.cards:
        mate = free.get((card.kind, card.title))
        if card.id not in taken and mate is not None and mate.id not in found:
            found[mate.id] = card.id
    return found


def content_differs(one: CardView, other: CardView) -> bool:
    return _content(one) != _content(other)


def _content(card: CardView) -> tuple[Any, ...]:
    picture = (card.picture.id, card.picture.caption) if card.picture else None
    details = {
        name: value
        for name, value in card.details.items()
        if name not in _NOT_SAID and value not in ("", None)
    }
    return card.title, card.text, picture, card.leads_to, details


def _in_cell(board: Board, stage: StageView | None, lane: LaneView | None) -> Iterator[CardView]:
    if stage is None or lane is None:
        return iter(())
    return (
        card
        for row in board.lanes
        if row.id == lane.id
        for cell in row.cells
        if cell.stage.id == stage.id
        for card in cell.cards
    )


def _place(board: Board, card: CardView) -> str:
    stage = next((stage.name for stage in board.stages if stage.id == card.stage_id), "")
    lane = next((lane.name for lane in board.lanes if lane.id == card.lane_id), "")
    return f"{stage}, {lane}"
