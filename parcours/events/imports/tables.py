"""Rows that stand in a pyarrow table already."""

from collections.abc import Callable, Mapping
from typing import Any

from parcours.events.imports.properties import as_objects
from parcours.events.imports.rows import Rows


def rows_of_table(
    table: Any,
    *,
    lines: Any,
    raw: Callable[[int], str],
    roles: Mapping[str, str],
    traits: Mapping[str, str],
) -> Rows:
    """Splits the columns into those with a role, those of the profile, and the rest: the properties."""
    taken = {*roles.values(), *traits.values()}
    rest = {name: table[name] for name in table.column_names if name not in taken}
    return Rows(
        lines=lines,
        roles={role: table[column] for role, column in roles.items()},
        properties=as_objects(rest, table.num_rows),
        raw=raw,
        traits={field: table[column] for field, column in traits.items()},
        read=table.num_rows,
    )
