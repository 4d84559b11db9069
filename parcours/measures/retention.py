"""Who comes back: cohorts by calendar, and how long until it happens."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from parcours.measures.answering import askable
from parcours.measures.kept import kept
from parcours.measures.logs import brand_log
from parcours.measures.scope import Question

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.calendar import Period

MOST_PERIODS = 24
MOST_COHORTS = 60
MOST_POINTS = 400
LONGEST_CURVES = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """`share` of the cohort's customers who were active; not `complete` while the period still runs."""

    period: int
    active: int
    share: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    first_day: date
    customers: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Cohorts:
    periods: tuple[int, ...]
    cohorts: tuple[Cohort, ...]
    table: "pa.Table"


@dataclass(frozen=True, slots=True)
class Survival:
    """One curve: points (seconds, share to whom it has not happened yet, low, high), thinned for drawing."""

    group: str
    customers: int
    happened: int
    median_seconds: float | None
    points: tuple[tuple[float, float, float | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class Survivals:
    curves: tuple[Survival, ...]
    table: "pa.Table"


def cohorts(question: Question, period: "Period", *, start: str = "", activity: str = "") -> Cohorts:
    """Raises BadInput."""

    def compute() -> Cohorts:
        with askable():
            table = brand_log(question).retention(
                period, start=start or None, activity=activity or None, timezone=question.brand.time_zone
            )
        return _cohorts(table)

    return kept(question, None, ("cohorts", period, start, activity), compute)


def _cohorts(table: "pa.Table") -> Cohorts:
    found: dict[date, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        if row["period"] <= MOST_PERIODS:
            found.setdefault(row["cohort"], []).append(row)
    newest = sorted(found)[-MOST_COHORTS:]
    shown = tuple(
        Cohort(
            day,
            found[day][0]["customers"],
            tuple(
                Cell(row["period"], row["active"], row["retention"], row["complete"]) for row in found[day]
            ),
        )
        for day in newest
    )
    longest = max((len(cohort.cells) for cohort in shown), default=0)
    return Cohorts(tuple(range(longest)), shown, table)


def survival(question: Question, to: str, *, start: str = "", by: str = "") -> Survivals:
    """How long until customers have an event `to`, from their first one of `start` on. Raises BadInput."""

    def compute() -> Survivals:
        with askable():
            log = brand_log(question, by)
            table = log.survival(to, start=start or None, by=by or None)
        return _survivals(table, by)

    return kept(question, None, ("survival", to, start, by), compute)


def _survivals(table: "pa.Table", by: str) -> Survivals:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        groups.setdefault(str(row["segment"] or "") if by else "", []).append(row)
    found = [_curve(group, rows) for group, rows in groups.items()]
    found.sort(key=lambda each: -each.customers)
    return Survivals(tuple(found[:LONGEST_CURVES]), table)


def _curve(group: str, rows: list[dict[str, Any]]) -> Survival:
    below = next((row["seconds"] for row in rows if row["survival"] <= 0.5), None)
    every = max(1, -(-len(rows) // MOST_POINTS))
    kept_rows = [row for place, row in enumerate(rows) if place % every == 0 or place == len(rows) - 1]
    return Survival(
        group=group,
        customers=rows[0]["at_risk"] if rows else 0,
        happened=sum(row["events"] for row in rows),
        median_seconds=below,
        points=tuple((row["seconds"], row["survival"], row["low"], row["high"]) for row in kept_rows),
    )
