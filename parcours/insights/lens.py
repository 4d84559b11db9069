"""One journey, seen once for each generation or segment: what each does more or less often than all others.

Everything is counted in one pass over the log: how customers go on, by stage; which touchpoints they meet;
which channels they use. Then each segment's share is held against that of everybody outside of it; a
generation's against that of all other generations, for whoever hides a year of birth behaves differently. The
interval of the difference is Newcombe's at 95 %; the probability that of the test of two proportions with
continuity correction. Of the many differences on one page some would look certain by chance alone, so
probabilities are corrected by Holm's method over all that are tested; only those that stay at 5 % or below
are called certain.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from parcours.canvas.shapes import Board
from parcours.core.formats import share
from parcours.core.periods import Period
from parcours.customers.reads import segment_members, segments, segments_as_of
from parcours.customers.segments.birth_years import birth_years
from parcours.customers.segments.generations import GENERATION_BY_KEY
from parcours.events.channels import channel_label
from parcours.measures.drawing import Drawing
from parcours.measures.kept import kept
from parcours.measures.scope import Question, Scope, drawn_scope

if TYPE_CHECKING:
    from parcours.accounts.models import Brand

FEWEST_TO_COMPARE = 20
"""Below so many customers, in a segment or outside of it, a share is not shown beside others."""
LEVEL = 0.05
MOST_SENTENCES = 6
MOST_CHANNELS = 8
MOST_SEGMENTS = 8

REACH, ON, LEAVE, TOUCHPOINT, CHANNEL = "reach", "on", "leave", "touchpoint", "channel"

Mask = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
About = tuple[str, str, uuid.UUID | None, str]
"""kind, name, stage and thing of a row."""


@dataclass(frozen=True, slots=True)
class LensColumn:
    """A segment with its customers who have any event in the period."""

    key: str
    name: str
    customers: int

    @property
    def too_few(self) -> bool:
        return self.customers < FEWEST_TO_COMPARE


@dataclass(frozen=True, slots=True)
class LensCell:
    """`hits` of `n` customers of the segment, held against everybody outside of it (see above).

    `difference` is of the two shares, from `low` to `high` at 95 %; `p_value` is corrected for all that were
    tested. All of them are None where there are too few on either side.
    """

    hits: int
    n: int
    share: float | None = None
    others: float | None = None
    difference: float | None = None
    low: float = 0.0
    high: float = 0.0
    p_value: float = 1.0

    @property
    def too_few(self) -> bool:
        return self.share is None

    @property
    def certain(self) -> bool:
        return self.difference is not None and self.p_value <= LEVEL


@dataclass(frozen=True, slots=True)
class LensRow:
    """One share, for all and for each column. `thing` is a touchpoint's id or a channel's name."""

    kind: str
    name: str
    stage: uuid.UUID | None
    thing: str
    share: float | None
    cells: tuple[LensCell, ...]


@dataclass(frozen=True, slots=True)
class LensStage:
    """`seconds` are the medians until going on, for all first, then by column; None where too few went on."""

    id: uuid.UUID
    name: str
    number: int
    customers: int
    reach: LensRow
    on: LensRow | None
    leave: LensRow
    seconds: tuple[float | None, ...]
    touchpoints: tuple[LensRow, ...]

    @property
    def rows(self) -> tuple[LensRow, ...]:
        return (self.reach, *((self.on,) if self.on else ()), self.leave, *self.touchpoints)


@dataclass(frozen=True, slots=True)
class Standout:
    """A difference that is certain, with the column and row it stands in."""

    column: LensColumn
    row: LensRow
    cell: LensCell
    stage_name: str

    @property
    def sentence(self) -> str:
        """“Baby boomers: 46 % use the phone; of the others 12 %.”"""
        words = {
            REACH: _("{who}: {share} reach {stage}; of the others {others}."),
            ON: _("{who}: {share} go on from {stage}; of the others {others}."),
            LEAVE: _("{who}: for {share} nothing more happens after {stage}; of the others for {others}."),
            TOUCHPOINT: _("{who}: in {stage}, {share} meet “{thing}”; of the others {others}."),
            CHANNEL: _("{who}: {share} use “{thing}”; of the others {others}."),
        }[self.row.kind]
        return words.format(
            who=self.column.name,
            share=share(self.cell.share),
            others=share(self.cell.others),
            stage=self.stage_name,
            thing=channel_label(self.row.thing) if self.row.kind == CHANNEL else self.row.name,
        )


@dataclass(frozen=True)
class Lens:
    """`customers` are all that have an event in the period; `tested` differences were looked at."""

    customers: int
    columns: tuple[LensColumn, ...]
    stages: tuple[LensStage, ...]
    channels: tuple[LensRow, ...]
    tested: int

    @property
    def standouts(self) -> tuple[Standout, ...]:
        """The largest certain differences, of each row only its largest."""
        found = []
        for row, stage in self._rows():
            certain = [pair for pair in zip(self.columns, row.cells, strict=True) if pair[1].certain]
            if certain:
                column, cell = max(certain, key=lambda pair: abs(pair[1].difference or 0))
                found.append(Standout(column, row, cell, stage))
        found.sort(key=lambda each: -abs(each.cell.difference or 0))
        return tuple(found[:MOST_SENTENCES])

    def _rows(self) -> list[tuple[LensRow, str]]:
        by_stage = [(row, stage.name) for stage in self.stages for row in stage.rows]
        return by_stage + [(row, "") for row in self.channels]


def lens(brand: "Brand", board: Board, keys: Sequence[str], period: Period) -> Lens | None:
    """The journey by the segments with these keys; None for a brand without any event.

    Raises NotFound for a segment that isn't there.
    """
    from parcours.events.lake import Lake

    if not Lake(brand.pk).generation:
        return None
    question, drawing = Question(brand, period), Drawing(board.stages)
    words = ("lens", tuple(keys), segments_as_of(brand))
    return kept(question, drawing, words, lambda: _Counting(question, drawing, keys).answer())


class _Counting:
    """Counts everything for every segment from the same arrays; a row of `members` a segment, a column a
    customer of the log.
    """

    def __init__(self, question: Question, drawing: Drawing, keys: Sequence[str]) -> None:
        self.drawing = drawing
        self.scope: Scope = drawn_scope(question, drawing)
        self.n = self.scope.touchpoints.n_customers
        self.members, self.outside = _members(question.brand, self.scope, keys)
        names = {each.key: each.name for each in segments(question.brand)}
        sizes = self.members.sum(axis=1).tolist()
        self.columns = tuple(
            LensColumn(key, str(names.get(key, key)), size) for key, size in zip(keys, sizes, strict=True)
        )

    def answer(self) -> Lens:
        stages = tuple(self._stages())
        channels = tuple(self._channels())
        rows = [row for stage in stages for row in stage.rows] + list(channels)
        p_values = [cell.p_value for row in rows for cell in row.cells if not cell.too_few]
        corrected = iter(holm(p_values))

        def settle(row: LensRow) -> LensRow:
            cells = [cell if cell.too_few else replace(cell, p_value=next(corrected)) for cell in row.cells]
            return replace(row, cells=tuple(cells))

        settled = [
            replace(
                stage,
                reach=settle(stage.reach),
                on=settle(stage.on) if stage.on else None,
                leave=settle(stage.leave),
                touchpoints=tuple(settle(row) for row in stage.touchpoints),
            )
            for stage in stages
        ]
        return Lens(
            self.n, self.columns, tuple(settled), tuple(settle(row) for row in channels), len(p_values)
        )

    def _stages(self) -> list[LensStage]:
        from parcours.engine.kernels.progression import ENDED, NOT_REACHED, WENT_ON

        if not self.drawing.stages or not self.drawing.touchpoints:
            return []
        progression = self.scope.stages.progression(self.drawing.stage_labels)
        everybody = np.ones(self.n, dtype=bool)
        met = _present(
            self.scope.touchpoints.activity.codes, self.scope.touchpoints, len(self.drawing.touchpoints)
        )
        found = []
        for place, stage in enumerate(self.drawing.stages):
            outcomes = progression.outcomes[place]
            reached, went = outcomes != NOT_REACHED, outcomes == WENT_ON
            following = self.drawing.next_of(place)
            on = None
            if following is not None:
                on = self._row((ON, _("go on"), stage.id, ""), went, reached)
            found.append(
                LensStage(
                    id=stage.id,
                    name=stage.name,
                    number=place + 1,
                    customers=int(reached.sum()),
                    reach=self._row((REACH, _("reach this stage"), stage.id, ""), reached, everybody),
                    on=on,
                    leave=self._row(
                        (LEAVE, _("nothing more happens"), stage.id, ""), outcomes == ENDED, reached
                    ),
                    seconds=self._seconds(progression.gaps[place], went),
                    touchpoints=tuple(
                        self._row(
                            (TOUCHPOINT, touchpoint.name, stage.id, str(touchpoint.id)),
                            met[self.drawing.code_of(touchpoint.id) or 0],
                            reached,
                        )
                        for touchpoint in stage.touchpoints
                    ),
                )
            )
        return found

    def _channels(self) -> list[LensRow]:
        log = self.scope.events
        if log.channel is None:
            return []
        labels = log.channel.labels
        used = _present(log.channel.codes, log, len(labels))
        everybody = np.ones(self.n, dtype=bool)
        order = np.argsort(-used.sum(axis=1), kind="stable")[:MOST_CHANNELS].tolist()
        return [
            self._row((CHANNEL, str(labels[code]), None, str(labels[code])), used[code], everybody)
            for code in order
            if used[code].any() and labels[code]
        ]

    def _row(self, about: About, hit: Mask, among: Mask) -> LensRow:
        hit = hit & among
        a, n = _counted(self.members, hit), _counted(self.members, among)
        all_a, all_n = int(hit.sum()), int(among.sum())
        of_all = all_a / all_n if all_n >= FEWEST_TO_COMPARE else None
        b, m = _counted(self.outside, hit), _counted(self.outside, among)
        return LensRow(*about, of_all, _cells(a, n, b, m))

    def _seconds(self, gaps: Counts, went: Mask) -> tuple[float | None, ...]:
        masks = [went, *(went & member for member in self.members)]
        return tuple(
            float(np.median(gaps[mask])) / 1e6 if int(mask.sum()) >= FEWEST_TO_COMPARE else None
            for mask in masks
        )


def _counted(members: Mask, mask: Mask) -> Counts:
    """How many of each segment's customers the mask holds for."""
    found: Counts = np.count_nonzero(members[:, mask], axis=1).astype(np.int64)
    return found


def _present(codes: npt.NDArray[Any], log: Any, width: int) -> Mask:
    """(code, customer): whether the customer has any event with that code."""
    owner = np.repeat(np.arange(log.n_customers), np.diff(log.offsets))
    known = codes < width
    found = np.zeros((width, log.n_customers), dtype=bool)
    found[codes[known], owner[known]] = True
    return found


def _members(brand: "Brand", scope: Scope, keys: Sequence[str]) -> tuple[Mask, Mask]:
    """Who belongs to each segment, and whom each is held against."""
    customers = scope.events.customers.to_numpy(zero_copy_only=False)
    born = birth_years(brand) if any(key in GENERATION_BY_KEY for key in keys) else None
    rows = [
        born.of(GENERATION_BY_KEY[key]) if born and key in GENERATION_BY_KEY else segment_members(brand, key)
        for key in keys
    ]
    shape = len(rows), len(customers)
    members = np.array([np.isin(customers, ids) for ids in rows], dtype=bool).reshape(shape)
    everybody = np.ones(len(customers), dtype=bool)
    known = np.isin(customers, born.ids) if born else everybody
    others = [known if key in GENERATION_BY_KEY else everybody for key in keys]
    return members, np.array(others, dtype=bool).reshape(shape) & ~members


def _cells(a: Counts, n: Counts, b: Counts, m: Counts) -> tuple[LensCell, ...]:
    """`a` of `n` in each segment, `b` of `m` outside of it."""
    return tuple(
        _cell(*numbers) for numbers in zip(a.tolist(), n.tolist(), b.tolist(), m.tolist(), strict=True)
    )


def _cell(a: int, n: int, b: int, m: int) -> LensCell:
    from parcours.engine.comparison import newcombe, probabilities

    if n < FEWEST_TO_COMPARE or m < FEWEST_TO_COMPARE:
        return LensCell(a, n)
    one, other = np.array([a]), np.array([b])
    low, high = newcombe(one / n, n, other / m, m)
    chance = probabilities(one, n, other, m)
    return LensCell(
        hits=a,
        n=n,
        share=a / n,
        others=b / m,
        difference=a / n - b / m,
        low=float(low[0]),
        high=float(high[0]),
        p_value=float(chance[0]),
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Probabilities corrected for having looked at all of them, by Holm's method, in their order."""
    corrected = [1.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        largest = max(largest, min(1.0, p_values[place] * (len(p_values) - rank)))
        corrected[place] = largest
    return corrected
