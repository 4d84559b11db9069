"""`parcours brand`: the tenants of an installation."""

import click

from parcours.cli.options import data_option, json_option, print_object, print_rows
from parcours.core.installation import open_installation
from parcours.core.terminal import gettext as _


@click.group(help=_("Add brands and list them."))
def brand() -> None:
    pass


@brand.command("add", help=_("Add a brand. Then add its owner with: parcours user add … --brand NAME"))
@click.argument("name")
@click.option("--time-zone", default="Europe/Paris", show_default=True, help=_("Where its days begin."))
@click.option("--currency", default="EUR", show_default=True, help=_("Its three letters."))
@data_option
@json_option
def add_brand(name: str, time_zone: str, currency: str, as_json: bool) -> None:
    with open_installation():
        from parcours.accounts.writes import create_brand

        made = create_brand(name, time_zone=time_zone, currency=currency)
        print_object({"name": made.name, "slug": made.slug}, as_json=as_json)


@brand.command("list", help=_("List the brands of the installation."))
@data_option
@json_option
def list_brands(as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import all_brands

        rows = [
            {"name": one.name, "slug": one.slug, "time_zone": one.time_zone, "currency": one.currency}
            for one in all_brands()
        ]
        print_rows(rows, as_json=as_json)
