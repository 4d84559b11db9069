"""The log that a comparison is against: another file, another segment, or as long a time before."""

from pathlib import Path
from typing import TYPE_CHECKING

from parcours.cli.journeys.asking import Asked, stays
from parcours.cli.journeys.logs import bounds, lake_bounds, lake_bounds_before, of_file, of_lake
from parcours.core.errors import BadInput
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    from parcours.engine import EventLog

BEFORE, ALL = "before", "all"


def other_log(asked: Asked, against: str) -> "EventLog":
    """`against`: “before”, a file's path where the first log is a file's, else “all” or a segment."""
    return stays(_other_log(asked, against), asked.filters)


def _other_log(asked: Asked, against: str) -> "EventLog":
    filters = dict(asked.filters)
    if against == BEFORE:
        return _earlier(asked)
    if asked.file is not None:
        return of_file(Path(against), asked.columns, filters)
    filters["segment"] = "" if against == ALL else against
    return of_lake(filters, asked.brand, "", rich=False)


def _earlier(asked: Asked) -> "EventLog":
    filters = {**asked.filters, "period": "", "from": "", "to": ""}
    if asked.file is None:
        days = lake_bounds_before(asked.filters, asked.brand)
        if days is not None:
            return of_lake(filters, asked.brand, "", rich=False).where(time=days)
    start, end = bounds(asked.filters) if asked.file is not None else lake_bounds(asked.filters, asked.brand)
    if start is None:
        raise BadInput(
            _("There is nothing before all events."), remedy=_("Choose a period with --period or --from.")
        )
    if end is None:
        end = asked.log.span[1] if asked.log.span else start
    before = start - (end - start)
    whole = (
        of_file(asked.file, asked.columns, filters)
        if asked.file is not None
        else of_lake(filters, asked.brand, "", rich=False)
    )
    return whole.where(time=(before, start))
