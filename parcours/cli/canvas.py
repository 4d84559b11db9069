"""`parcours canvas …`: journeys from the command line."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from parcours.cli.drafting import draft
from parcours.cli.options import brand_option, data_option, json_option, print_object, print_rows
from parcours.core.errors import BadInput
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    from parcours.accounts.models import Brand
    from parcours.canvas.imports.layout import Reading
    from parcours.canvas.imports.reading import Brought
    from parcours.canvas.imports.tables import Table

FORMATS = ("json", "pdf", "png", "svg", "pptx", "xlsx", "csv", "cjml", "mermaid")
Result = TypeVar("Result")


@click.group(help=_("See journeys, and carry them from one installation to another."))
def canvas() -> None:
    pass


canvas.add_command(draft)


@canvas.command("list", help=_("The journeys of a brand, the one changed last first."))
@brand_option
@data_option
@json_option
def list_journeys(brand: str | None, as_json: bool) -> None:
    with _brand(brand) as of:
        from parcours.api.objects import journey_object
        from parcours.canvas.reads import journeys

        print_rows([journey_object(each) for each in journeys(of.pk)], as_json=as_json)


@canvas.command(help=_("A journey with its numbers. ID is its id, the beginning of it, or its title."))
@click.argument("journey", metavar="ID")
@click.option("--period", metavar="P", help=_("30d, 90d, 365d or all, which it is without any."))
@click.option("--from", "from", metavar="DAY", help=_("Count from this day on, like 2026-01-31."))
@click.option("--to", "to", metavar="DAY", help=_("Count up to this day, itself included."))
@click.option("--segment", metavar="S", help=_("Count only customers of this segment, by key or name."))
@brand_option
@data_option
@json_option
def show(journey: str, *, segment: str | None, brand: str | None, as_json: bool, **asked: str | None) -> None:
    with _brand(brand) as of:
        from parcours.api.objects import board_object
        from parcours.canvas.reads import board, journey_named
        from parcours.core.periods import read_period
        from parcours.insights.reads import canvas_numbers
        from parcours.measures.logs import segment_key

        words = {name: word or "" for name, word in asked.items()}
        when = read_period(words, of.time_zone, default="all")
        who = segment_key(of, segment or "")
        drawn = board(of.pk, journey_named(of.pk, journey).id)
        shown = board_object(drawn, canvas_numbers(of, drawn, when, who), period=when, segment=who)
        if as_json:
            print_object(shown, as_json=True)
        else:
            _print_board(shown)


def _print_board(shown: dict[str, Any]) -> None:
    """The stages and touchpoints with their numbers, as aligned text."""
    head = {name: shown[name] for name in ("id", "title", "kind", "persona", "customers", "events")}
    print_object(head, as_json=False)
    columns = ("customers", "went_on", "share", "median_seconds")
    click.echo()
    print_rows(
        [
            {"stage": stage["name"], **{name: _rounded(stage[name]) for name in columns}}
            for stage in shown["stages"]
        ],
        as_json=False,
    )
    touchpoints = [
        {
            "stage": stage["name"],
            "touchpoint": each["name"],
            "customers": each["customers"],
            "events": each["events"],
        }
        for stage in shown["stages"]
        for each in stage["touchpoints"]
    ]
    if touchpoints:
        click.echo()
        print_rows(touchpoints, as_json=False)


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value


@canvas.command(
    "export", help=_("Write a journey to a file. ID is its id, the beginning of it, or its title.")
)
@click.argument("journey", metavar="ID")
@click.option(
    "--to",
    "form",
    default="json",
    show_default=True,
    metavar="FORMAT",
    help=_("The kind of file: {formats}.").format(formats=", ".join(FORMATS)),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Standard output without it."),
)
@click.option("--period", metavar="P", help=_("30d, 90d, 365d or all, which it is without any."))
@click.option("--segment", metavar="S", help=_("Count only customers of this segment, by key or name."))
@click.option(
    "--with",
    "beside",
    multiple=True,
    type=click.Choice(["comments"]),
    help=_("Of JSON: also what people said about it."),
)
@brand_option
@data_option
def export(
    journey: str,
    *,
    form: str,
    output: Path | None,
    period: str | None,
    segment: str | None,
    beside: tuple[str, ...],
    brand: str | None,
) -> None:
    if form not in FORMATS:
        raise BadInput(
            _("A journey can't be written as “{form}”.").format(form=form),
            where="--to",
            remedy=_("Use one of: {known}.").format(known=", ".join(FORMATS)),
        )
    with _brand(brand) as of:
        from parcours.canvas.reads import board, journey_named
        from parcours.core.periods import read_period
        from parcours.insights.files import journey_file
        from parcours.measures.logs import segment_key

        file = journey_file(
            of,
            board(of.pk, journey_named(of.pk, journey).id),
            form,
            period=read_period({"period": period or ""}, of.time_zone, default="all"),
            segment=segment_key(of, segment or ""),
            comments="comments" in beside,
        )
    _write(file.content, output)


@canvas.command(
    "import",
    help=_(
        "Draw journeys from a file: JSON that “export” wrote, CJML, or a table (CSV, Excel, OpenDocument)."
    ),
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@click.option("--title", default="", metavar="T", help=_("Another title than the one in the file."))
@click.option("--sheet", metavar="S", help=_("Of a workbook: the sheet by name; the first without it."))
@click.option(
    "--layout",
    type=click.Choice(["list", "grid"]),
    help=_("Of a table: a list has a card a line, a grid is drawn like the canvas; guessed without it."),
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=ROLE",
    help=_("Of a list: what a column means: {roles}.").format(
        roles="stage, lane, title, text, more, level, severity, channel"
    ),
)
@brand_option
@data_option
@json_option
def import_journey(
    file: Path,
    *,
    title: str,
    sheet: str | None,
    layout: str | None,
    columns: tuple[str, ...],
    brand: str | None,
    as_json: bool,
) -> None:
    with _brand(brand, or_first=True) as of:
        from parcours.accounts.rights import system_actor
        from parcours.canvas.writes import draw_journeys

        brought = _in_file(file, lambda: _brought(file, sheet, layout, columns))
        for notice in brought.notices:
            click.echo(notice, err=True)
        draw = partial(draw_journeys, brought.drawings, acting_user=system_actor(of.pk), title=title)
        shown = []
        for drawing, made in zip(brought.drawings, _in_file(file, draw), strict=True):
            shown.append(
                {
                    "id": str(made.id),
                    "title": made.title,
                    "stages": len(drawing.stages),
                    "cards": len(drawing.cards),
                    "touchpoints": sum(len(stage.touchpoints) for stage in drawing.stages),
                }
            )
        if len(shown) == 1:
            print_object(shown[0], as_json=as_json)
        else:
            print_rows(shown, as_json=as_json)


def _brought(file: Path, sheet: str | None, layout: str | None, columns: tuple[str, ...]) -> "Brought":
    """The journeys of a file. Raises BadInput when none comes of it."""
    from parcours.canvas.imports.reading import kind_of, likeliest, read_file
    from parcours.canvas.imports.tables import read_tables

    content = file.read_bytes()
    if kind_of(content) != "table":
        return read_file(file.name, content)
    tables = read_tables(content)
    names = [table.name for table in tables]
    if sheet is not None and sheet not in names:
        raise BadInput(
            _("There is no sheet “{name}”.").format(name=sheet),
            remedy=_("Use one of: {known}.").format(known=", ".join(names)),
        )
    place = names.index(sheet) if sheet is not None else likeliest(tables)
    reading = _reading(tables[place], layout, columns)
    brought = read_file(file.name, content, table=place, reading=reading)
    if not brought.drawings:
        raise BadInput(" ".join(brought.notices), remedy=_("Say what columns mean with --column NAME=ROLE."))
    return brought


def _reading(table: "Table", layout: str | None, columns: tuple[str, ...]) -> "Reading":
    """As guessed, with what the options say."""
    from parcours.canvas.imports.layout import ROLES, Reading, guess

    guessed = guess(table)
    if layout == "grid" or (layout is None and not columns and guessed.layout == "grid"):
        return Reading("grid", ())
    roles = list(guessed.roles or [""] * len(table.rows[0]))
    heads = [head.casefold() for head in table.rows[0]]
    for said in columns:
        name, _equals, role = said.rpartition("=")
        if name.casefold() not in heads or role not in ROLES:
            raise BadInput(
                _("“{said}” names no column of this table, or no role.").format(said=said),
                where="--column",
                remedy=_("Columns: {columns}. Roles: {roles}.").format(
                    columns=", ".join(table.rows[0]), roles=", ".join(filter(None, ROLES))
                ),
            )
        roles[heads.index(name.casefold())] = role
    return Reading("list", tuple(roles))


@contextmanager
def _brand(name: str | None, *, or_first: bool = False) -> "Iterator[Brand]":
    """The installation, open, and the brand in it; with `or_first` one is made where there is none."""
    from parcours.core.installation import open_installation

    with open_installation(existing=not or_first):
        from parcours.accounts.reads import brand_named
        from parcours.accounts.writes import brand_or_first

        yield (brand_or_first if or_first else brand_named)(name)


def _in_file(file: Path, read: Callable[[], Result]) -> Result:
    """What is wrong is told with the file's name before the place in it."""
    try:
        return read()
    except BadInput as fault:
        where = f"{file}: {fault.where}" if fault.where else str(file)
        raise BadInput(fault.what, where=where, remedy=fault.remedy) from fault


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise BadInput(
            _("The file can't be written: {reason}").format(reason=error.strerror), where=str(output)
        ) from error
    click.echo(_("Written: {path}").format(path=output), err=True)
