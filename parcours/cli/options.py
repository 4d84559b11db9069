"""What commands share: options, and how a result is printed."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from parcours.core.errors import BadInput
from parcours.core.terminal import gettext as _

type_of_command = Callable[..., Any]


def _name_installation(_context: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        os.environ["PARCOURS_DATA"] = str(folder.expanduser().resolve())


def data_option(command: type_of_command) -> type_of_command:
    """`--data DIR`: what `open_installation()` opens then. No argument is passed to the command."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        callback=_name_installation,
        expose_value=False,
        metavar="DIR",
        help=_("The installation's folder; PARCOURS_DATA or ./var without it."),
    )(command)


def brand_option(command: type_of_command) -> type_of_command:
    """`--brand B`, passed as `brand`, for `accounts.reads.brand_named`; None is the only brand."""
    return click.option(
        "--brand", metavar="B", help=_("The brand's name; not needed when there is only one.")
    )(command)


def json_option(command: type_of_command) -> type_of_command:
    """`--json`, passed as `as_json`: hand it to `print_rows` or `print_object`."""
    return click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))(command)


@contextmanager
def output_file(path: Path) -> Iterator[IO[bytes]]:
    """The file that `-o` names, open to be written. Raises BadInput when it can't be."""
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise BadInput(
            _("The file can't be written: {reason}.").format(reason=error.strerror or error),
            where=str(path),
            remedy=_("Name another one with -o."),
        ) from error


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Prints rows that share their column names: as a JSON list of objects, or as aligned text."""
    if as_json:
        click.echo(json.dumps(list(rows), default=str, ensure_ascii=False, indent=2))
        return
    if not rows:
        return
    names = list(rows[0])
    table = [names, *([_text(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(names))]
    for line in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_object(values: Mapping[str, Any], *, as_json: bool) -> None:
    """Prints one result: as a JSON object, or one name and value a line."""
    if as_json:
        click.echo(json.dumps(dict(values), default=str, ensure_ascii=False, indent=2))
        return
    width = max(map(len, values), default=0)
    for name, value in values.items():
        click.echo(f"{name.ljust(width)}  {_text(value)}".rstrip())


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " → ".join(map(str, value))
    return str(value)
