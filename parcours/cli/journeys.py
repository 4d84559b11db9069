"""`parcours journeys …`: the engine's questions, asked of a file or of an installation's lake.

To add a question: a function from a log (and its own options) to a table, decorated with `question`.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.options import brand_option, data_option, json_option, type_of_command
from parcours.core.errors import BadInput
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine import EventLog

COLUMNS = ("customer", "time", "activity", "channel", "timezone")
FILTERS = ("period", "from", "to", "segment")
MODELS = ("first", "last", "linear", "position", "time_decay", "markov", "shapley")
PERIODS = ("day", "week", "month", "quarter", "year")


@click.group(help=_("Ask what customers did, in which order: of a file, or of everything that is stored."))
def journeys() -> None:
    pass


def question(
    help_text: str, *options: type_of_command
) -> Callable[[Callable[..., "pa.Table"]], click.Command]:
    """Makes a subcommand named like the function, which gets the log and the values of its own options."""

    def register(answer: Callable[..., "pa.Table"]) -> click.Command:
        def command(file: Path | None, brand: str | None, as_json: bool, **given: Any) -> None:
            from parcours.cli.tables import print_table

            columns = {name: given.pop(name) for name in COLUMNS}
            filters = {name: given.pop(name) or "" for name in FILTERS}
            with _in_plain_words(), _log(file, columns, filters, brand, given.get("by") or "") as log:
                print_table(answer(log, **given), as_json=as_json)

        for option in reversed((*_COMMON, *options)):
            command = option(command)
        return journeys.command(answer.__name__, help=help_text)(command)

    return register


def _option(*names: str, help_text: str, **more: Any) -> type_of_command:
    return click.option(*names, help=help_text, **more)


_COMMON: tuple[type_of_command, ...] = (
    click.argument("file", required=False, type=click.Path(path_type=Path)),
    _option("--customer", metavar="C", help_text=_("The file's column that says who.")),
    _option("--time", metavar="T", help_text=_("The file's column that says when.")),
    _option("--activity", metavar="A", help_text=_("The file's column that says what.")),
    _option("--channel", metavar="H", help_text=_("The file's column that says where.")),
    _option(
        "--timezone", metavar="Z", help_text=_("The zone of the file's times without one; UTC otherwise.")
    ),
    _option("--period", metavar="P", help_text=_("Only events of this period: 30d, 90d, 365d or all.")),
    _option("--from", "from", metavar="DAY", help_text=_("Only events from this day on, like 2026-01-31.")),
    _option("--to", "to", metavar="DAY", help_text=_("Only events up to this day, itself included.")),
    _option("--segment", metavar="S", help_text=_("Only customers of this segment, by its key or name.")),
    brand_option,
    data_option,
    json_option,
)

_STEPS = _option(
    "--steps",
    required=True,
    metavar="A,B,C",
    help_text=_("The steps in order; quote one that has a comma in it."),
)
_WITHIN = _option("--within", metavar="7d", help_text=_("The longest time from the first step to the last."))
_BY = _option(
    "--by", metavar="COLUMN", help_text=_("Tell customers apart by a column, a property or their generation.")
)
_TOP = _option(
    "--top", type=click.IntRange(1), default=20, show_default=True, help_text=_("How many to show.")
)


@question(_("How often one activity directly follows another."))
def transitions(log: "EventLog") -> "pa.Table":
    return log.transitions()


@question(_("How many customers get through steps in order."), _STEPS, _WITHIN, _BY)
def funnel(log: "EventLog", steps: str, within: str | None, by: str | None) -> "pa.Table":
    return log.funnel(_split(steps), within=within, by=by)


@question(_("The most frequent whole sequences."), _TOP)
def variants(log: "EventLog", top: int) -> "pa.Table":
    return log.variants(top=top)


@question(
    _("Which channels conversions are owed to."),
    _option(
        "--conversion", required=True, metavar="A", help_text=_("The activity that counts as a conversion.")
    ),
    _option(
        "--model",
        type=click.Choice(MODELS),
        default="linear",
        show_default=True,
        help_text=_("How it is shared out."),
    ),
    _option("--lookback", metavar="30d", help_text=_("How long before a conversion a touch still counts.")),
    _option(
        "--order",
        type=click.IntRange(1, 3),
        default=1,
        show_default=True,
        help_text=_("Of the Markov chain."),
    ),
    _option("--half-life", metavar="7d", default="7d", show_default=True, help_text=_("Of time_decay.")),
    _option(
        "--by", metavar="COLUMN", help_text=_("Another column in place of the channel, such as a campaign.")
    ),
)
def attribution(log: "EventLog", by: str | None, **choice: Any) -> "pa.Table":
    return log.attribution(by=by or "channel", **choice)


@question(
    _("Who comes back, by the period of their first event."),
    _option(
        "--cohort",
        type=click.Choice(PERIODS),
        default="month",
        show_default=True,
        help_text=_("How long a period is."),
    ),
    _option(
        "--start", metavar="A", help_text=_("Count customers from their first event of this activity on.")
    ),
    _option("--active", metavar="A", help_text=_("Only an event of this activity is coming back.")),
)
def retention(log: "EventLog", cohort: Any, start: str | None, active: str | None) -> "pa.Table":
    return log.retention(cohort, start=start, activity=active)


def _split(steps: str) -> list[str]:
    return [step.strip() for step in next(csv.reader([steps], skipinitialspace=True), []) if step.strip()]


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """The engine knows nothing of Parcours; its errors are the caller's input all the same."""
    from parcours.engine import EngineError

    try:
        yield
    except EngineError as error:
        raise BadInput(str(error)) from error


@contextmanager
def _log(
    file: Path | None,
    columns: Mapping[str, str | None],
    filters: Mapping[str, str],
    brand: str | None,
    by: str,
) -> "Iterator[EventLog]":
    if file is not None:
        yield _of_file(file, columns, filters)
        return
    if any(columns.values()):
        raise BadInput(
            _("Columns are named for a file, and there is none."),
            remedy=_("Give the file, or leave them out."),
        )
    from parcours.core.installation import open_installation

    with open_installation():
        yield _of_lake(filters, brand, by)


def _of_file(file: Path, columns: Mapping[str, str | None], filters: Mapping[str, str]) -> "EventLog":
    from parcours.engine import EventLog

    if filters["segment"]:
        raise BadInput(
            _("A file knows no segments."), remedy=_("Import it first: parcours import events FILE")
        )
    log = EventLog.read(
        file,
        customer=columns["customer"],
        time=columns["time"],
        activity=columns["activity"],
        channel=columns["channel"],
        timezone=columns["timezone"],
    )
    for reason, count in log.skipped.items():
        click.echo(_("Left out: {count} {reason}").format(count=count, reason=reason), err=True)
    start, end = _bounds(filters)
    return log if start is None and end is None else log.where(time=(start, end))


def _bounds(filters: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
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


def _of_lake(filters: Mapping[str, str], brand: str | None, by: str) -> "EventLog":
    from parcours.accounts.reads import brand_named
    from parcours.core.periods import read_period
    from parcours.measures.logs import brand_log, segment_key
    from parcours.measures.scope import Question

    of = brand_named(brand)
    period = read_period(filters, of.time_zone, default="all")
    return brand_log(Question(of, period, segment_key(of, filters["segment"])), by)
