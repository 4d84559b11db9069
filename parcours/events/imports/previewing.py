"""The beginning of a file, read as an import would read it."""

from collections import Counter
from pathlib import Path

from parcours.core.errors import BadInput
from parcours.events.imports.mapping import ColumnMapping, Roles, find_roles
from parcours.events.imports.opening import open_rows
from parcours.events.imports.rejects import Reject
from parcours.events.imports.rows import RowSource
from parcours.events.imports.run import Preview
from parcours.events.imports.shaping import Shaper
from parcours.events.imports.times import MixedZonesError, TimeReader

_SHOWN = 8


def read_beginning(path: Path, format_name: str | None, mapping: ColumnMapping, most: int) -> Preview:
    """Raises BadInput for a file that can't be read at all."""
    source = open_rows(path, format_name)
    roles, problem = Roles({}, {}, {}), ""
    rejects: list[Reject] = []
    rows, notices = 0, list(source.notices)
    try:
        roles = find_roles(source, mapping)
        rows, rejects, more = _beginning(source, roles, mapping, most)
        notices += more
    except BadInput as error:
        problem = error.what  # the remedy speaks of options; the page has fields
    return Preview(
        format=source.format,
        columns=tuple(source.columns),
        messages=bool(getattr(source, "messages", False)) and not roles.columns,
        roles=roles.columns,
        guessed=tuple(roles.guessed),
        sample=tuple(source.sample(_SHOWN)),
        rows=rows,
        rejects=tuple(rejects[:_SHOWN]),
        reasons=dict(Counter(reject.reason for reject in rejects).most_common()),
        notices=tuple(notices),
        problem=problem,
    )


def _beginning(
    source: RowSource, roles: Roles, mapping: ColumnMapping, most: int
) -> tuple[int, list[Reject], list[str]]:
    """How many rows were looked at, those that would be rejected, and what a person should know."""
    mixed = False
    while True:
        times = TimeReader(mapping.timezone, mapping.time_format, mixed=mixed)
        try:
            return _first_rows(source, roles, Shaper(times, mapping.event), times, most)
        except MixedZonesError:
            mixed = True


def _first_rows(
    source: RowSource, roles: Roles, shaper: Shaper, times: TimeReader, most: int
) -> tuple[int, list[Reject], list[str]]:
    for rows in source.chunks(roles.columns, roles.traits):
        rejects = sorted([*rows.rejects, *(shaper.shape(rows).rejects if len(rows.lines) else [])])
        lines = sorted([*(int(line) for line in rows.lines), *(reject.line for reject in rows.rejects)])
        last = lines[most - 1] if len(lines) > most else None
        if last is not None:
            rejects = [reject for reject in rejects if reject.line <= last]
        times.finish()
        return min(rows.read, most), rejects, times.notices
    return 0, [], []
