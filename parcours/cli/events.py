"""`parcours events`: what is stored."""

from datetime import UTC, datetime

import click

from parcours.cli.options import brand_option, data_option, json_option, print_object, print_rows
from parcours.core.errors import BadInput
from parcours.core.installation import open_installation
from parcours.core.terminal import gettext as _


@click.group(help=_("What events are stored."))
def events() -> None:
    pass


@events.command("count", help=_("Count the stored events."))
@click.option("--name", metavar="N", help=_("Only events of this name."))
@click.option("--since", metavar="T", help=_("Only events at or after this time, as in 2026-01-31T08:00Z."))
@brand_option
@data_option
@json_option
def count(name: str | None, since: str | None, brand: str | None, as_json: bool) -> None:
    moment = None if since is None else _moment(since)
    with open_installation(existing=True):
        from parcours.accounts.reads import brand_named
        from parcours.events.reads import count_events

        found = count_events(brand_named(brand), name=name, since=moment)
        if as_json:
            print_object({"events": found, "name": name, "since": since}, as_json=True)
        else:
            click.echo(found)


@events.command("names", help=_("List the names of the stored events with their counts."))
@brand_option
@data_option
@json_option
def names(brand: str | None, as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import brand_named
        from parcours.events.reads import name_counts

        rows = [
            {
                "name": each.name,
                "events": each.events,
                "first": _written(each.first),
                "last": _written(each.last),
            }
            for each in name_counts(brand_named(brand))
        ]
        print_rows(rows, as_json=as_json)


@events.command(
    "hand-over", help=_("Take what waits in the inbox into the lake now; a worker does it by itself.")
)
@brand_option
@data_option
@json_option
def hand_over(brand: str | None, as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import brand_named
        from parcours.events.ingest.handoff import hand_over_all

        print_object({"messages": hand_over_all(brand_named(brand).pk)}, as_json=as_json)


def _moment(text: str) -> datetime:
    """The moment; without a zone it is UTC. Raises BadInput."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            _("“{text}” is not a time.").format(text=text),
            where="--since",
            remedy=_("Write it as 2026-01-31 or 2026-01-31T08:00Z."),
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(microseconds: int) -> str:
    return datetime.fromtimestamp(microseconds / 1e6, UTC).isoformat(timespec="seconds")
