"""`parcours canvas draft`: a first canvas from a log."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.log_files import read_log, refuse_columns
from parcours.cli.options import brand_option, data_option, json_option, print_object
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    from parcours.canvas.exports.drawn import Drawing
    from parcours.insights.drafting.plan import Wishes


@click.command(
    "draft",
    help=_(
        "Draw a first journey from events: from those of the brand, or of FILE (csv, parquet, jsonl, xes), "
        "which stays where it is."
    ),
)
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="[FILE]"
)
@click.option("--title", default="", metavar="T", help=_("The title of the journey."))
@click.option(
    "--language",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help=_("The language it is written in."),
)
@click.option(
    "--stages",
    type=click.IntRange(3, 7),
    help=_("How many stages; without it as many as the log shows."),
)
@click.option("--customer", metavar="C", help=_("The column of FILE that names the customer."))
@click.option("--time", metavar="T", help=_("The column of FILE with the time."))
@click.option("--activity", metavar="A", help=_("The column of FILE that says what happened."))
@click.option("--channel", metavar="H", help=_("The column of FILE with the channel."))
@click.option("--timezone", metavar="Z", help=_("The time zone of times in FILE that name none."))
@brand_option
@data_option
@json_option
def draft(
    file: Path | None,
    *,
    title: str,
    language: str,
    stages: int | None,
    brand: str | None,
    as_json: bool,
    **columns: str | None,
) -> None:
    from parcours.core.installation import open_installation

    if file is None:
        refuse_columns(columns)
    with open_installation(existing=file is None):
        from parcours.accounts.reads import brand_named
        from parcours.accounts.rights import system_actor
        from parcours.accounts.writes import brand_or_first
        from parcours.canvas.writes import draw_journey
        from parcours.insights.drafting.plan import Wishes
        from parcours.insights.drafting.running import draft_of_lake

        of = brand_named(brand) if file is None else brand_or_first(brand)
        wishes = Wishes(title, language, stages)
        drawing = draft_of_lake(of, wishes) if file is None else _of_file(file, columns, wishes)
        made = draw_journey(drawing, acting_user=system_actor(of.pk))
        shown = {
            "id": str(made.id),
            "title": made.title,
            "stages": len(drawing.stages),
            "cards": len(drawing.cards),
            "touchpoints": sum(len(stage.touchpoints) for stage in drawing.stages),
        }
        print_object(shown, as_json=as_json)


def _of_file(file: Path, columns: dict[str, str | None], wishes: "Wishes") -> "Drawing":
    from parcours.insights.drafting.plan import drafted, unmarked

    return drafted(unmarked(read_log(file, columns)), wishes)
