"""How customers move through the groups of a map, and where the others go.

The log's activities are the groups (stages, touchpoints); an event without activity lies off the map. For
each group of the order, the customers who reached it are split by what came after their *first* event there:

- went on: a later event lies in the next group of the order, at any time after;
- otherwise the group of the first later event that lies in another group (skipped ahead, or back, or one that
  is not in the order);
- otherwise off the map: some later event has no group;
- otherwise ended: nothing followed, or only more of the same group.

The parts of a group add up to the customers who reached it. After the last group of the order nobody goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.answers import told
from parcours.engine.arrays import Int64s
from parcours.engine.arrow import floats, numbers, strings, table
from parcours.engine.errors import QuestionError, UnknownNameError
from parcours.engine.funnel import median_seconds
from parcours.engine.kernels import progression as codes_of
from parcours.engine.kernels.progression import follow_groups
from parcours.engine.spread import Ranks, in_order
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

WENT_ON = "(went on)"
OFF_THE_MAP = "(off the map)"
ENDED = "(ended)"

_NAMES = {codes_of.WENT_ON: WENT_ON, codes_of.OFF_THE_MAP: OFF_THE_MAP, codes_of.ENDED: ENDED}
_CODES = {name: code for code, name in _NAMES.items()}


@dataclass(frozen=True, slots=True, repr=False)
class Progression:
    """The answer, for each group of `order`; `members` gives the customers behind a number."""

    order: tuple[str, ...]
    labels: tuple[str, ...]
    outcomes: npt.NDArray[np.int32]
    """(groups, customers): the code of another group, or one of the kernel's constants."""
    gaps: Int64s
    """(groups, customers): microseconds from the first event to the next group; only where the customer went
    on.
    """

    def __repr__(self) -> str:
        return f"Progression({' → '.join(self.order)}; {self.outcomes.shape[1]:,} customers)"

    @property
    def groups(self) -> "pa.Table":
        """group, customers, went_on, share (of customers, null for the last group), median_seconds."""
        reached = [int(np.count_nonzero(row != codes_of.NOT_REACHED)) for row in self.outcomes]
        gaps = [
            row[outcomes == codes_of.WENT_ON] for row, outcomes in zip(self.gaps, self.outcomes, strict=True)
        ]
        went = [len(row) for row in gaps]
        last = len(self.order) - 1
        shares = [
            went_on / customers if customers and place < last else None
            for place, (went_on, customers) in enumerate(zip(went, reached, strict=True))
        ]
        found = table(
            {
                "group": strings(self.order),
                "customers": numbers(np.array(reached, dtype=np.int64)),
                "went_on": numbers(np.array(went, dtype=np.int64)),
                "share": floats(shares),
                "median_seconds": floats([median_seconds(row) for row in gaps]),
            }
        )
        return told("progression", found)

    @property
    def outcomes_by_group(self) -> "pa.Table":
        """group, outcome, customers: the parts of each group, the largest first, empty ones left out."""
        rows = []
        for group, outcomes in zip(self.order, self.outcomes, strict=True):
            codes, counts = np.unique(outcomes[outcomes != codes_of.NOT_REACHED], return_counts=True)
            parts = [
                (group, self._name(code), count)
                for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
            ]
            rows += sorted(parts, key=lambda part: (-part[2], part[1]))
        found = table(
            {
                "group": strings([row[0] for row in rows]),
                "outcome": strings([row[1] for row in rows]),
                "customers": numbers(np.array([row[2] for row in rows], dtype=np.int64)),
            }
        )
        return told("outcomes", found)

    def members(self, group: str, outcome: str | None = None) -> Int64s:
        """Positions of the customers who reached `group`, or of those of them with this outcome.

        `log.where(customers=positions)` gives their log. Raises UnknownNameError for a name that is not
        known.
        """
        if group not in self.order:
            raise UnknownNameError(_("There is no group “{name}”."), group, self.order)
        outcomes = self.outcomes[self.order.index(group)]
        if outcome is None:
            return np.flatnonzero(outcomes != codes_of.NOT_REACHED)
        if outcome not in _CODES and outcome not in self.labels:
            raise UnknownNameError(_("There is no outcome “{name}”."), outcome, [*_CODES, *self.labels])
        code = _CODES[outcome] if outcome in _CODES else self.labels.index(outcome)
        return np.flatnonzero(outcomes == code)

    def _name(self, code: int) -> str:
        return _NAMES[code] if code < 0 else self.labels[code]


def _joined(parts: list[tuple[Progression, Ranks]]) -> Progression:
    order = np.argsort(np.concatenate([ranks for _, ranks in parts]))
    whole = [part for part, _ in parts]
    return Progression(
        whole[0].order,
        whole[0].labels,
        np.concatenate([part.outcomes for part in whole], axis=1)[:, order],
        np.concatenate([part.gaps for part in whole], axis=1)[:, order],
    )


@in_order(_joined)
def progression(log: "EventLog", order: Sequence[str]) -> Progression:
    if isinstance(order, str) or not order:
        raise QuestionError(_("A progression needs the list of groups in their order."))
    if len(set(order)) != len(order):
        raise QuestionError(_("A group stands twice in the order of the progression."))
    code_of_place = np.array([log.code_of(group) for group in order], dtype=np.int64)
    place_of_code = np.full(log.activity.none + 1, -1, dtype=np.int64)
    place_of_code[code_of_place] = np.arange(len(order))
    outcomes = np.empty((len(order), log.n_customers), dtype=np.int32)
    gaps = np.zeros((len(order), log.n_customers), dtype=np.int64)

    def part(first: int, last: int) -> None:
        follow_groups(
            log.activity.codes, log.time, log.offsets, first, last, log.activity.none, place_of_code,
            len(order), np.empty(len(order), dtype=np.int64), outcomes.reshape(-1), gaps.reshape(-1),
        )  # fmt: skip

    threads.run(part, threads.parts(log.offsets))
    return Progression(tuple(order), log.activities, outcomes, gaps)
