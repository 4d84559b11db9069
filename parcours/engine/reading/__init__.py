"""From a file or a table to a log."""

from os import PathLike
from pathlib import Path
from typing import Any

from parcours.engine.arrow import arrow
from parcours.engine.errors import UnreadableSourceError
from parcours.engine.log import ACTIVITY, CHANNEL, CUSTOMER, TIME, EventLog
from parcours.engine.reading.build import build
from parcours.engine.reading.files import FilesSource, find, is_many
from parcours.engine.reading.source import Names, Source, TableSource, from_file
from parcours.engine.words import gettext as _


def read(
    source: Any,
    *,
    customer: str | None,
    time: str | None,
    activity: str | None,
    channel: str | None,
    timezone: str | None,
) -> EventLog:
    """See `EventLog.read`."""
    texts = {customer or CUSTOMER, activity or ACTIVITY, channel or CHANNEL}
    columns = _source(source, texts, time or TIME)
    names = names_of(columns, customer=customer, time=time, activity=activity, channel=channel)
    return build(columns, names, timezone)


def names_of(
    columns: Source, *, customer: str | None, time: str | None, activity: str | None, channel: str | None
) -> Names:
    """What the columns are called: as the caller says, or as the source does, or by their usual names."""
    return Names(
        customer=customer or columns.defaults.get(CUSTOMER, CUSTOMER),
        time=time or columns.defaults.get(TIME, TIME),
        activity=activity or columns.defaults.get(ACTIVITY, ACTIVITY),
        channel=channel or (CHANNEL if CHANNEL in columns.names else None),
    )


def _source(source: Any, text: set[str], time: str) -> Source:
    if is_many(source):
        return FilesSource(find(source))
    if isinstance(source, str | PathLike):
        return from_file(Path(source), text, time)
    if type(source).__module__.partition(".")[0] == "pandas":
        return TableSource(arrow().Table.from_pandas(source, preserve_index=False))
    if hasattr(source, "__arrow_c_stream__"):
        return TableSource(arrow().table(source))
    raise UnreadableSourceError(
        _("A log cannot be read from {kind}. Give a path, or a pyarrow, pandas or polars table.").format(
            kind=type(source).__name__
        )
    )
