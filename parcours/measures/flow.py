"""The steps that customers take after an event, or before one, counted column by column.

The same activity several times in a row is one step. Whoever comes back to an activity is shown in it again
further on, so that no band ever leads backwards.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parcours.measures.answering import askable, step_of
from parcours.measures.drawing import Drawing
from parcours.measures.kept import kept
from parcours.measures.logs import brand_log, visits
from parcours.measures.scope import Question
from parcours.measures.steps import Step

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from parcours.engine import EventLog

MOST_IN_A_COLUMN = 5
DEPTHS = (2, 3, 4, 5, 6)
NOTHING, OTHER = -1, -2


@dataclass(frozen=True, slots=True)
class Place:
    """An activity in a column, counted from 0; `step` is None for nothing more, and for the rarer ones.

    `activity` is its name, or `nothing` or `other`.
    """

    column: int
    activity: str
    step: Step | None
    customers: int
    share: float

    @property
    def key(self) -> str:
        return f"{self.column}:{self.activity}"


@dataclass(frozen=True, slots=True)
class Band:
    source: Place
    target: Place
    customers: int


@dataclass(frozen=True, slots=True)
class Flow:
    """From the first event of an activity on, or with `backwards` up to the last one."""

    customers: int
    backwards: bool
    places: tuple[Place, ...]
    bands: tuple[Band, ...]


def flow(
    question: Question,
    at: str,
    *,
    drawing: Drawing | None = None,
    backwards: bool = False,
    depth: int = 4,
) -> Flow:
    """Raises BadInput."""

    def compute() -> Flow:
        with askable():
            log = visits(brand_log(question, drawing=drawing))
            _customers, walks = walks_of(log, at, backwards, depth)
        return _counted(log, walks, drawing, backwards)

    return kept(question, drawing, ("flow", at, backwards, depth), compute)


def walks_of(
    log: "EventLog", at: str, backwards: bool, depth: int
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]":
    """The positions of the customers who did it, and for each the codes of the steps, (customers, depth + 1).

    Where nothing more comes there is `NOTHING`.
    """
    import numpy as np

    code = log.code_of(at)
    named = np.flatnonzero(log.activity.codes != log.activity.none)
    codes = log.activity.codes[named].astype(np.int64)
    owners = np.searchsorted(log.offsets, named, side="right") - 1
    found = np.flatnonzero(codes == code)
    whose = owners[found][::-1] if backwards else owners[found]
    customers, first = np.unique(whose, return_index=True)
    starts = (found[::-1] if backwards else found)[first]
    walks = np.full((len(customers), depth + 1), NOTHING, dtype=np.int64)
    for column in range(depth + 1):
        places = starts - column if backwards else starts + column
        inside = (places >= 0) & (places < len(named))
        inside[inside] = owners[places[inside]] == customers[inside]
        walks[inside, column] = codes[places[inside]]
    return customers, walks


def grouped(walks: "npt.NDArray[np.int64]") -> "npt.NDArray[np.int64]":
    """The walks with all but the most frequent activities of each column as `OTHER`."""
    import numpy as np

    told = walks.copy()
    for column in range(walks.shape[1]):
        present = walks[:, column][walks[:, column] >= 0]
        codes, counts = np.unique(present, return_counts=True)
        frequent = codes[np.argsort(-counts, kind="stable")[:MOST_IN_A_COLUMN]]
        if len(codes) > MOST_IN_A_COLUMN + 1:
            rare = (walks[:, column] >= 0) & ~np.isin(walks[:, column], frequent)
            told[rare, column] = OTHER
    return told


def name_of(code: int, log: "EventLog") -> str:
    return {NOTHING: "nothing", OTHER: "other"}.get(code) or log.activities[code]


def _counted(
    log: "EventLog", walks: "npt.NDArray[np.int64]", drawing: Drawing | None, backwards: bool
) -> Flow:
    import numpy as np

    told = grouped(walks)
    places: dict[tuple[int, int], Place] = {}
    for column in range(told.shape[1]):
        # Who has stopped is shown stopping once, not in every column behind.
        going = told[:, column - 1] != NOTHING if column else np.ones(len(told), dtype=np.bool_)
        codes, counts = np.unique(told[going, column], return_counts=True)
        for code, count in sorted(
            zip(codes.tolist(), counts.tolist(), strict=True),
            key=lambda each: (each[0] < 0, -each[1], each[0]),
        ):
            name = name_of(code, log)
            step = step_of(name, drawing) if code >= 0 else None
            places[column, code] = Place(column, name, step, count, count / max(1, len(told)))
    bands = []
    for column in range(told.shape[1] - 1):
        pairs, counts = np.unique(told[:, column : column + 2], axis=0, return_counts=True)
        for (source, target), count in zip(pairs.tolist(), counts.tolist(), strict=True):
            if source != NOTHING:
                bands.append(Band(places[column, source], places[column + 1, target], count))
    bands.sort(key=lambda each: (each.source.column, -each.customers))
    return Flow(len(told), backwards, tuple(places.values()), tuple(bands))
