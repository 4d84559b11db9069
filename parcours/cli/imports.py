"""`parcours import`: files into an installation."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.options import brand_option, data_option, json_option, print_object, print_rows
from parcours.core.errors import BadInput
from parcours.core.installation import open_installation
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcours.events.imports import ImportReport

FILE = click.Path(path_type=Path, dir_okay=True)
FORMATS = click.Choice(["csv", "parquet", "jsonl", "xes"])


@click.group("import", help=_("Take files in: events, customers."))
def import_() -> None:
    pass


@import_.command("events", help=_("Take any log of events in; the same file again stores nothing new."))
@click.argument("file", type=FILE)
@click.option("--format", "format_name", type=FORMATS, help=_("Guessed from the file without it."))
@click.option("--customer", default="", metavar="C", help=_("The column that names the customer."))
@click.option("--time", default="", metavar="T", help=_("The column with the time."))
@click.option("--activity", default="", metavar="A", help=_("The column with the name of the event."))
@click.option("--channel", default="", metavar="H", help=_("The column with the channel."))
@click.option("--id", "id_column", default="", metavar="I", help=_("A column that identifies an event."))
@click.option("--event", default="", metavar="NAME", help=_("The name of every event, without a column."))
@click.option("--timezone", metavar="ZONE", help=_("Where times without a zone were written: Europe/Paris."))
@click.option("--time-format", metavar="F", help=_("How times are written: %d/%m/%Y %H:%M."))
@click.option(
    "--trait", "traits", multiple=True, metavar="[FIELD=]COLUMN",
    help=_("A column for the customer's profile, not the event; may be repeated."),
)  # fmt: skip
@click.option("--orders", is_flag=True, help=_("Rows are lines of orders; an order becomes one event."))
@click.option("--order", default="", metavar="COLUMN", help=_("With --orders: the order's number."))
@click.option("--quantity", default="", metavar="COLUMN", help=_("With --orders: how many pieces."))
@click.option("--price", default="", metavar="COLUMN", help=_("With --orders: the price of one piece."))
@click.option("--amount", default="", metavar="COLUMN", help=_("With --orders: the price of the whole line."))
@click.option(
    "--cancelled-prefix", default="", metavar="P",
    help=_("With --orders: numbers that begin so are cancellations."),
)  # fmt: skip
@click.option(
    "--source", default="import", show_default=True, metavar="NAME", help=_("Where they come from.")
)
@click.option("--rejects", type=click.Path(path_type=Path), help=_("Where rows that can't be read go."))
@brand_option
@data_option
@json_option
def events(file: Path, format_name: str | None, brand: str | None, as_json: bool, **options: Any) -> int:
    with open_installation(), _naming_options():
        from parcours.accounts.rights import system_actor
        from parcours.accounts.writes import brand_or_first
        from parcours.events.imports import import_events

        of = brand_or_first(brand)
        with _progress_bar(file) as progress:
            report = import_events(
                of,
                file,
                format=format_name,
                mapping=_mapping(options),
                source=options["source"],
                rejects=options["rejects"],
                progress=progress,
                acting_user=system_actor(of.pk),
            )
        _print_report(report, as_json=as_json)
        return 1 if report.read and report.rejected == report.read else 0


@import_.command(
    "customers", help=_("Take customers in, by their number; the same file again changes nothing.")
)
@click.argument("file", type=FILE)
@click.option("--format", "format_name", type=FORMATS, help=_("Guessed from the file without it."))
@click.option("--customer", default="", metavar="C", help=_("The column that names the customer."))
@click.option(
    "--map", "mapped", multiple=True, metavar="COLUMN=FIELD",
    help=_("What a column means: a field, a trait, or nothing (COLUMN=) to leave it out; may be repeated."),
)  # fmt: skip
@click.option("--preview", "only_look", is_flag=True, help=_("Say what the columns mean and store nothing."))
@click.option("--rejects", type=click.Path(path_type=Path), help=_("Where rows that can't be read go."))
@brand_option
@data_option
@json_option
def customers(  # noqa: PLR0917 - click passes options by name
    file: Path,
    format_name: str | None,
    customer: str,
    mapped: tuple[str, ...],
    only_look: bool,
    rejects: Path | None,
    brand: str | None,
    as_json: bool,
) -> int:
    with open_installation(), _naming_options():
        from parcours.accounts.rights import system_actor
        from parcours.accounts.writes import brand_or_first
        from parcours.events.imports import import_customers
        from parcours.events.imports.customers import preview_customers

        fields = dict(entry.partition("=")[::2] for entry in mapped)
        if only_look:
            seen = preview_customers(file, format=format_name, customer=customer, fields=fields)
            print_rows([dict(column._asdict()) for column in seen.columns], as_json=as_json)
            return 0
        of = brand_or_first(brand)
        with _progress_bar(file) as progress:
            report = import_customers(
                of,
                file,
                format=format_name,
                customer=customer,
                fields=fields,
                rejects=rejects,
                progress=progress,
                acting_user=system_actor(of.pk),
            )
        print_object(report.as_json(), as_json=as_json)
        return 1 if report.read and report.rejected == report.read else 0


@contextmanager
def _naming_options() -> Iterator[None]:
    """What an import says of a column is about the option of that name, here."""
    try:
        yield
    except BadInput as error:
        if error.where in _NAMED_COLUMNS:
            error.where = f"--{error.where}"
        raise


_NAMED_COLUMNS = frozenset(
    {
        "customer",
        "time",
        "activity",
        "channel",
        "id",
        "trait",
        "timezone",
        "order",
        "quantity",
        "price",
        "amount",
    }
)


def _mapping(options: dict[str, Any]) -> Any:
    from parcours.events.imports import ColumnMapping

    names = (
        "customer", "time", "activity", "channel", "event", "timezone", "time_format", "orders", "order",
        "quantity", "price", "amount", "cancelled_prefix",
    )  # fmt: skip
    chosen = {name: options[name] for name in names}
    _refuse_lonely(options)
    return ColumnMapping(id=options["id_column"], traits=_traits(options["traits"]), **chosen)


def _refuse_lonely(options: dict[str, Any]) -> None:
    lonely = [name for name in ("order", "quantity", "price", "amount", "cancelled_prefix") if options[name]]
    if lonely and not options["orders"]:
        raise BadInput(
            _("--{option} says something about orders only.").format(option=lonely[0].replace("_", "-")),
            remedy=_("Add --orders when the file's rows are lines of orders."),
        )


def _traits(named: tuple[str, ...]) -> dict[str, str]:
    """`country=Country` is a field and its column; `Country` alone is both."""
    from parcours.customers.profiles import profile_field

    traits = {}
    for entry in named:
        field, equals, column = entry.partition("=")
        traits[field if equals else profile_field(entry) or entry] = column if equals else entry
    return traits


def _print_report(report: "ImportReport", *, as_json: bool) -> None:
    if as_json:
        print_object(report.as_json(), as_json=True)
        return
    for notice in report.notices:
        click.echo(notice, err=True)
    rows = {
        _("read"): report.read,
        _("stored"): report.stored,
        _("already there"): report.already_there,
        _("lines of the same orders"): report.combined,
        _("about customers only"): report.profiles,
        _("rejected"): report.rejected,
    }
    always = {_("read"), _("stored"), _("already there"), _("rejected")}
    shown = {name: f"{count:,}" for name, count in rows.items() if count or name in always}
    width = max(map(len, shown.values()))
    print_object({name: value.rjust(width) for name, value in shown.items()}, as_json=False)
    for reason, count in report.reasons.items():
        click.echo(f"  {count:,} × {reason}")
    if report.rejects_path:
        click.echo(_("Rejected rows, each with its line and reason: {path}").format(path=report.rejects_path))


@contextmanager
def _progress_bar(file: Path) -> "Iterator[Callable[[str, int, int], None] | None]":
    """A bar with rate and estimate on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    phases = {"reading": _("Reading {file}").format(file=file.name), "storing": _("Storing")}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bar.add_task(phases[phase], total=total or None)
            bar.update(tasks[phase], completed=done, total=total or None)

        yield tell
