"""`parcours source`: places events come from."""

import click

from parcours.cli.options import brand_option, data_option, json_option, print_object, print_rows
from parcours.core.installation import open_installation
from parcours.core.terminal import gettext as _


@click.group(help=_("Places events come from, each with a write key."))
def source() -> None:
    pass


@source.command("add", help=_("Add a source; prints its write key once."))
@click.argument("name")
@brand_option
@data_option
@json_option
def add(name: str, brand: str | None, as_json: bool) -> None:
    with open_installation():
        from parcours.accounts.rights import system_actor
        from parcours.accounts.writes import brand_or_first
        from parcours.events.writes import add_source

        of = brand_or_first(brand)
        _added, key = add_source(of, name, acting_user=system_actor(of.pk))
        print_object({"name": name, "brand": of.name, "key": key}, as_json=as_json)


@source.command("list", help=_("List the sources."))
@brand_option
@data_option
@json_option
def list_sources(brand: str | None, as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import brand_named
        from parcours.events.reads import sources

        rows = [
            {"name": each.name, "created": each.created_at.isoformat(timespec="seconds")}
            for each in sources(brand_named(brand))
        ]
        print_rows(rows, as_json=as_json)
