"""How a question of the engine becomes a command: its common options, its log, its table and its picture."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.journeys.logs import log_of
from parcours.cli.options import brand_option, data_option, json_option, type_of_command
from parcours.core.errors import BadInput
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine import EventLog

COLUMNS = ("customer", "time", "activity", "channel", "timezone")
FILTERS = ("period", "from", "to", "segment", "journey")


@click.group(help=_("Ask what customers did, in which order: of a file, or of everything that is stored."))
def journeys() -> None:
    pass


@dataclass(frozen=True)
class Asked:
    """What a question's function gets beside its own options: the log, and how another one is read."""

    log: "EventLog"
    file: Path | None
    columns: Mapping[str, str | None]
    filters: Mapping[str, str]
    brand: str | None
    as_json: bool

    @property
    def sequences(self) -> "EventLog":
        """Events, or stays in the stages of the drawn journey, as the pages of Measure count them."""
        return stays(self.log, self.filters)

    @property
    def time_zone(self) -> str | None:
        """The brand's, or the one said for a file."""
        if self.file is not None:
            return self.columns["timezone"]
        from parcours.accounts.reads import brand_named

        return brand_named(self.brand).time_zone


def stays(log: "EventLog", filters: Mapping[str, str]) -> "EventLog":
    """Of a drawn journey, several events in a row in one stage are one stay."""
    if not filters["journey"]:
        return log
    from parcours.measures.logs import visits

    return visits(log)


def question(
    help_text: str, *options: type_of_command, rich: bool = False
) -> Callable[[Callable[..., "pa.Table"]], click.Command]:
    """Makes a subcommand named like the function, which gets what is asked and the values of its options.

    `rich` questions look at every property. A function that prints its answer itself returns the table that
    is drawn, all the same.
    """

    def register(answer: Callable[..., "pa.Table"]) -> click.Command:
        prints = getattr(answer, "prints", False)

        def command(file: Path | None, brand: str | None, as_json: bool, **given: Any) -> None:
            svg: Path | None = given.pop("svg")
            columns = {name: given.pop(name) for name in COLUMNS}
            filters = {name: given.pop(name) or "" for name in FILTERS}
            by = given.get("by") or ""
            speak_the_terminals_language()
            with (
                in_plain_words(file, {**columns, **given}),
                log_of(file, columns, filters, brand, by, rich=rich) as log,
            ):
                table = answer(Asked(log, file, columns, filters, brand, as_json), **given)
                if not prints:
                    print_answer(table, as_json=as_json)
                if svg is not None:
                    _write_picture(svg, table, of_lake=file is None)

        for each in reversed((*options, *_COMMON)):
            command = each(command)
        return journeys.command(answer.__name__, help=help_text)(command)

    return register


def printing(answer: Callable[..., "pa.Table"]) -> Callable[..., "pa.Table"]:
    """Marks a question that prints its answer itself."""
    answer.prints = True  # type: ignore[attr-defined]
    return answer


def print_answer(table: "pa.Table", *, as_json: bool) -> None:
    from parcours.cli.tables import print_table

    print_table(table, as_json=as_json)


def _write_picture(path: Path, table: "pa.Table", *, of_lake: bool) -> None:
    """A file's activities keep the names they have there; those of the lake are known to the catalogue."""
    from parcours.engine import plot

    try:
        path.write_text(plot(table, names=_label_of if of_lake else None).svg, "utf-8")
    except OSError as error:
        raise BadInput(
            _("The picture cannot be written: {reason}").format(reason=error.strerror), where=str(path)
        ) from error
    click.echo(_("Drawn: {file}").format(file=path), err=True)


def _label_of(activity: str) -> str:
    from parcours.events.catalogue import label_of

    return label_of(activity)


def option(*names: str, help_text: str, **more: Any) -> type_of_command:
    return click.option(*names, help=help_text, **more)


_COMMON: tuple[type_of_command, ...] = (
    click.argument("file", required=False, type=click.Path(path_type=Path)),
    option("--customer", metavar="C", help_text=_("The file's column that says who.")),
    option("--time", metavar="T", help_text=_("The file's column that says when.")),
    option("--activity", metavar="A", help_text=_("The file's column that says what.")),
    option("--channel", metavar="H", help_text=_("The file's column that says where.")),
    option(
        "--timezone", metavar="Z", help_text=_("The zone of the file's times without one; UTC otherwise.")
    ),
    option("--period", metavar="P", help_text=_("Only events of this period: 30d, 90d, 365d or all.")),
    option("--from", "from", metavar="DAY", help_text=_("Only events from this day on, like 2026-01-31.")),
    option("--to", "to", metavar="DAY", help_text=_("Only events up to this day, itself included.")),
    option("--segment", metavar="S", help_text=_("Only customers of this segment, by its key or name.")),
    option("--journey", metavar="J", help_text=_("The stages of this drawn journey in place of events.")),
    brand_option,
    data_option,
    json_option,
    click.option(
        "--svg",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help=_("Draw the answer into this file too."),
    ),
)


def speak_the_terminals_language() -> None:
    """Where Django is set up, the engine speaks as pages do, in the language that is active there."""
    django = sys.modules.get("django.apps")
    if django is None or not django.apps.ready:
        from parcours.core.engine_words import speak_as_terminal

        speak_as_terminal()


@contextmanager
def in_plain_words(file: Path | None, given: Mapping[str, object]) -> Iterator[None]:
    """The engine knows nothing of Parcours; its errors are the caller's input all the same.

    They name the option that was misunderstood, where its value is what they are about, else the file.
    """
    from parcours.engine import EngineError

    try:
        yield
    except EngineError as error:
        place = _option_of(error, given) or ("" if file is None or str(file) in str(error) else str(file))
        raise BadInput(str(error), where=place, remedy=_remedy(error)) from error


def _remedy(error: Exception) -> str:
    """The option that helps, where one does."""
    from parcours.engine import MixedZonesError, UnknownColumnError

    if isinstance(error, MixedZonesError):
        return _("Add --timezone Europe/Paris, or whichever it is.")
    if not isinstance(error, UnknownColumnError):
        return ""
    if error.name == "channel":
        return _("Name the column of channels with --channel, or another one with --by.")
    if error.name in {"customer", "time", "activity"}:
        return _("Name the file’s columns with --customer, --time and --activity.")
    return ""


def _option_of(error: Exception, given: Mapping[str, object]) -> str:
    about = getattr(error, "name", None)
    for option_name, value in given.items():
        if not isinstance(value, str) or not value:
            continue
        named = about is not None and about in {value, *(each.strip(' "') for each in value.split(","))}
        if named or f"“{value}”" in str(error) or repr(value) in str(error):
            return f"--{option_name.replace('_', '-')}"
    return ""
