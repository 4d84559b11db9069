"""The log that a command is about: a file's, or that of an installation's lake."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from parcours.cli.log_files import read_log, refuse_columns
from parcours.core.errors import BadInput
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    from parcours.engine import EventLog
    from parcours.measures.drawing import Drawing
    from parcours.measures.scope import Question


@contextmanager
def log_of(
    file: Path | None,
    columns: Mapping[str, str | None],
    filters: Mapping[str, str],
    brand: str | None,
    by: str,
    *,
    rich: bool = False,
) -> "Iterator[EventLog]":
    """The events a command is about. `by` is a property that has to be there; `rich` wants all of them."""
    if file is not None:
        yield of_file(file, columns, filters)
        return
    refuse_columns(columns)
    from parcours.core.installation import open_installation

    with open_installation(existing=True):
        yield of_lake(filters, brand, by, rich=rich)


def of_file(file: Path, columns: Mapping[str, str | None], filters: Mapping[str, str]) -> "EventLog":
    if filters["segment"]:
        raise BadInput(
            _("A file knows no segments."), remedy=_("Import it first: parcours import events FILE")
        )
    if filters["journey"]:
        raise BadInput(
            _("A file knows no drawn journeys."), remedy=_("Import it first: parcours import events FILE")
        )
    log = read_log(file, columns)
    start, end = bounds(filters)
    return log if start is None and end is None else log.where(time=(start, end))


def bounds(filters: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """The period of a file's events; days are those of UTC, and a period of days ends today."""
    if filters["period"] not in {"", "all"} and not (filters["from"] or filters["to"]):
        days = filters["period"].removesuffix("d")
        if not days.isdecimal():
            raise BadInput(
                _("“{key}” is not a period.").format(key=filters["period"]),
                remedy=_("Write 30d, 90d, 365d or all."),
            )
        tomorrow = datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time.min, UTC)
        return tomorrow - timedelta(days=int(days)), tomorrow
    start, end = _midnight(filters["from"]), _midnight(filters["to"])
    return start, end + timedelta(days=1) if end else None


def _midnight(day: str) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.min, UTC)
    except ValueError as error:
        raise BadInput(
            _("“{text}” is not a day.").format(text=day), remedy=_("Write it as 2026-01-31.")
        ) from error


def of_lake(filters: Mapping[str, str], brand: str | None, by: str, *, rich: bool) -> "EventLog":
    from parcours.measures.logs import brand_log, rich_log

    question = _question(filters, brand)
    drawing, names = _drawn(question.brand.pk, filters["journey"])
    log = rich_log(question, drawing) if rich else brand_log(question, by, drawing)
    return log.relabel(log.activity.codes, names) if drawing else log


def lake_bounds(filters: Mapping[str, str], brand: str | None) -> tuple[datetime | None, datetime | None]:
    """The period of the lake's events, in the brand's time zone."""
    period = _question(filters, brand).period
    return period.start, period.end


def lake_bounds_before(filters: Mapping[str, str], brand: str | None) -> tuple[datetime, datetime] | None:
    """As many days directly before; None for a period without a beginning or an end."""
    from parcours.measures.comparison import before

    earlier = before(_question(filters, brand))
    if earlier is None or earlier.period.start is None or earlier.period.end is None:
        return None
    return earlier.period.start, earlier.period.end


def _question(filters: Mapping[str, str], brand: str | None) -> "Question":
    from parcours.accounts.reads import brand_named
    from parcours.core.periods import read_period
    from parcours.measures.logs import segment_key
    from parcours.measures.scope import Question

    of = brand_named(brand)
    period = read_period(filters, of.time_zone, default="all")
    return Question(of, period, segment_key(of, filters["segment"]))


def _drawn(brand: uuid.UUID, journey: str) -> "tuple[Drawing | None, list[str]]":
    """A journey by its id or title, with the names of its stages; none for an empty one."""
    if not journey:
        return None, []
    from parcours.canvas.reads import board, journey_named
    from parcours.measures.drawing import Drawing

    stages = board(brand, journey_named(brand, journey).id).stages
    names: list[str] = []
    for stage in stages:
        names.append(stage.name if stage.name not in names else f"{stage.name} ({stage.number})")
    return Drawing(stages), names
