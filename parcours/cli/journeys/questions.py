"""The questions, one a command.

To add one: a function from what is asked (and its own options) to a table, decorated with `question`.
"""

import csv
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.journeys.asking import Asked, option, print_answer, printing, question
from parcours.cli.journeys.others import other_log
from parcours.core.errors import BadInput
from parcours.core.terminal import gettext as _
from parcours.core.terminal import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from parcours.engine.conformance import Conformance

MODELS = ("first", "last", "linear", "position", "time_decay", "markov", "shapley")
PERIODS = ("day", "week", "month", "quarter", "year")

_DURATIONS = click.option("--durations", is_flag=True, help=_("With the time between both, too."))
_START = option(
    "--start", metavar="A", help_text=_("Count customers from their first event of this activity on.")
)
_STEPS = option(
    "--steps",
    metavar="A,B,C",
    help_text=_("The steps in order; quote one that has a comma in it."),
)
_WITHIN = option("--within", metavar="7d", help_text=_("The longest time from the first step to the last."))
_BY = option(
    "--by", metavar="COLUMN", help_text=_("Tell customers apart by a column, a property or their generation.")
)
_TOP = option(
    "--top", type=click.IntRange(1), default=20, show_default=True, help_text=_("How many to show.")
)


_STRICT = click.option("--strict", is_flag=True, help=_("Nothing else may happen between two steps."))


@question(_("How often one activity directly follows another."), _DURATIONS)
def transitions(asked: Asked, durations: bool) -> "pa.Table":
    return asked.sequences.transitions(durations=durations)


@question(
    _("How many customers get through steps in order."),
    _STEPS,
    _WITHIN,
    _BY,
    _STRICT,
)
def funnel(asked: Asked, steps: str | None, within: str | None, by: str | None, strict: bool) -> "pa.Table":
    return asked.log.funnel(_steps(asked, steps), within=within, by=by, strict=strict)


@question(_("The most frequent whole sequences."), _TOP)
def variants(asked: Asked, top: int) -> "pa.Table":
    return asked.sequences.variants(top=top)


@question(
    _("Visits: events of a customer without a long pause between them."),
    option("--gap", metavar="30min", default="30min", show_default=True, help_text=_("The longest pause.")),
)
def sessions(asked: Asked, gap: str) -> "pa.Table":
    return asked.log.sessions(gap)


@question(
    _("How closely customers follow a drawn journey, or a list of steps."),
    _STEPS,
    click.option("--strict", is_flag=True, help=_("Events that are in no step count as deviations too.")),
    click.option("--open", "still_open", is_flag=True, help=_("A journey may still be under way.")),
    option(
        "--show",
        type=click.Choice(("steps", "customers", "extra")),
        help_text=_("The deviations of each step, the fitness of each customer, or what was done besides."),
    ),
)
@printing
def conformance(
    asked: Asked, steps: str | None, strict: bool, still_open: bool, show: str | None
) -> "pa.Table":
    found = asked.log.conformance(_steps(asked, steps), strict=strict, whole=not still_open)
    if not show:
        _print_conformance(found, as_json=asked.as_json)
        return found.steps
    shown: pa.Table = getattr(found, show)
    print_answer(shown, as_json=asked.as_json)
    return shown


def _print_conformance(found: "Conformance", *, as_json: bool) -> None:
    from parcours.cli.options import print_object
    from parcours.cli.tables import percent

    if as_json:
        facts = {"customers": len(found.members), "fitness": found.fitness, "as_drawn": found.as_drawn}
        tables = {"steps": found.steps.to_pylist(), "extra": found.extra.to_pylist()}
        print_object({**facts, **tables}, as_json=True)
        return
    shares = {"fitness": found.fitness, "as_drawn": found.as_drawn}
    written = {name: "–" if share is None else percent(share) for name, share in shares.items()}
    print_object({"customers": number(len(found.members)), **written}, as_json=False)
    print_answer(found.steps, as_json=False)


@question(
    _("Which channels conversions are owed to."),
    option(
        "--conversion", required=True, metavar="A", help_text=_("The activity that counts as a conversion.")
    ),
    option(
        "--model",
        type=click.Choice(MODELS),
        default="linear",
        show_default=True,
        help_text=_("How it is shared out."),
    ),
    option("--lookback", metavar="30d", help_text=_("How long before a conversion a touch still counts.")),
    option(
        "--order",
        type=click.IntRange(1, 3),
        default=1,
        show_default=True,
        help_text=_("Of the Markov chain."),
    ),
    option("--half-life", metavar="7d", default="7d", show_default=True, help_text=_("Of time_decay.")),
    option(
        "--by", metavar="COLUMN", help_text=_("Another column in place of the channel, such as a campaign.")
    ),
)
def attribution(asked: Asked, by: str | None, **choice: Any) -> "pa.Table":
    return asked.log.attribution(by=by or "channel", **choice)


@question(
    _("Who comes back, by the period of their first event."),
    option(
        "--cohort",
        type=click.Choice(PERIODS),
        default="month",
        show_default=True,
        help_text=_("How long a period is."),
    ),
    _START,
    option("--active", metavar="A", help_text=_("Only an event of this activity is coming back.")),
)
def retention(asked: Asked, cohort: Any, start: str | None, active: str | None) -> "pa.Table":
    return asked.log.retention(cohort, start=start, activity=active, timezone=asked.time_zone)


@question(
    _("How long until something happens, or until customers stay away."),
    option("--goal", metavar="A", help_text=_("The activity that is waited for.")),
    option("--lapse", metavar="90d", help_text=_("Or the pause after which a customer has left.")),
    _START,
    _BY,
)
def survival(
    asked: Asked, goal: str | None, lapse: str | None, start: str | None, by: str | None
) -> "pa.Table":
    return asked.log.survival(goal, lapse=lapse, start=start, by=by)


@question(
    _("Where customers are lost between two activities, and what sets the lost apart."),
    option("--at", required=True, metavar="A", help_text=_("The activity that they reached.")),
    option("--goal", required=True, metavar="B", help_text=_("The activity that they did not come to.")),
    _WITHIN,
    click.option("--all", "everything", is_flag=True, help=_("What may be chance as well.")),
    click.option("--instead", is_flag=True, help=_("What they did first instead, in place of reasons.")),
    rich=True,
)
@printing
def dropoff(
    asked: Asked, *, at: str, goal: str, within: str | None, everything: bool, instead: bool
) -> "pa.Table":
    if instead:
        found = asked.log.instead(at, goal, within)
        print_answer(found, as_json=asked.as_json)
        return found
    level = None if everything else 0.05
    found = asked.log.dropoff(at, goal, within, level=level, timezone=asked.time_zone)
    print_answer(found, as_json=asked.as_json)
    return found


@question(
    _("What customers do more or less often than others, or than before."),
    option(
        "--against",
        metavar="X",
        default="before",
        show_default=True,
        help_text=_("before (as long a time directly before), all, a segment; for a file: another file."),
    ),
)
def compare(asked: Asked, against: str) -> "pa.Table":
    return asked.sequences.compare(other_log(asked, against))


def _steps(asked: Asked, steps: str | None) -> list[str]:
    """The steps that are named, else the stages of the drawn journey."""
    if steps:
        return next(([each.strip() for each in row if each.strip()] for row in _rows(steps)), [])
    if asked.filters["journey"]:
        present = {row["activity"] for row in asked.log.reach().to_pylist() if row["events"]}
        return [name for name in asked.log.activities if name in present]
    raise BadInput(
        _("No steps are named."), remedy=_("Name them with --steps, or a drawn journey with --journey.")
    )


def _rows(steps: str) -> "Iterator[list[str]]":
    return iter(csv.reader([steps], skipinitialspace=True))
