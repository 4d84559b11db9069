"""Results of analyses in the terminal: as a JSON list of objects, or as a table for the eye."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from parcours.core.terminal import gettext as _
from parcours.core.terminal import number

if TYPE_CHECKING:
    import pyarrow as pa

_WIDE = 10_000
"""Characters a line has when no terminal shows it: whoever reads a pipe wants one row a line."""


SHARES = frozenset(
    {
        "conversion",
        "share",
        "fitness",
        "lost_share",
        "others_share",
        "other_share",
        "difference",
        "low",
        "high",
    }
    | {"retention", "survival"}
)


def print_table(table: "pa.Table", *, as_json: bool) -> None:
    """Prints an arrow table; JSON keeps its column names and values, times as ISO 8601."""
    rows = table.to_pylist()
    if as_json:
        click.echo(json.dumps(rows, default=_plain, ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo(_("There is nothing to show."), err=True)
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in table.column_names:
        numeric = all(isinstance(row[name], int | float | None) for row in rows)
        shown.add_column(name, justify="right" if numeric else "left", no_wrap=numeric)
    for row in rows:
        shown.add_row(*(Text(_text(name, value)) for name, value in row.items()))
    Console(width=None if sys.stdout.isatty() else _WIDE).print(shown)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _text(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return " → ".join(map(str, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float) and name != "customer":
        return _number(name, value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _number(name: str, value: float) -> str:
    if isinstance(value, int):
        return number(value)
    return percent(value) if name in SHARES else _small(value) if name == "p_value" else number(value, 1)


def percent(share: float) -> str:
    """0.125 → “12.5 %”."""
    return f"{number(share * 100, 1)}\N{NO-BREAK SPACE}%"


def _small(value: float) -> str:
    """Two figures that count, however small: 0.00012 → “0.00012”."""
    return f"{value:.2g}".replace(".", number(0.5, 1)[1])
