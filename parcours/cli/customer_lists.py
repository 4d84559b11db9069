"""`parcours customers list`: who is known, on the terminal or as a file."""

from pathlib import Path
from typing import Any

import click

from parcours.cli.options import brand_option, data_option, json_option, output_file, print_object, print_rows
from parcours.core.errors import BadInput
from parcours.core.installation import open_installation
from parcours.core.terminal import gettext as _


@click.command("list", help=_("List customers, or write all of them to a file with -o."))
@click.option("--segment", default="", metavar="S", help=_("Only those of a segment, by its key or name."))
@click.option(
    "--search", default="", metavar="TEXT", help=_("Only those whose name, address or number begins so.")
)
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help=_("How many to list.")
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help=_("Write everybody of the segment to FILE: .csv, .parquet or .jsonl."),
)  # fmt: skip
@brand_option
@data_option
@json_option
def list_customers(  # noqa: PLR0917 - click passes options by name
    segment: str, search: str, limit: int, output: Path | None, brand: str | None, as_json: bool
) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import brand_named
        from parcours.customers.search import search_customers
        from parcours.measures.logs import segment_key

        of = brand_named(brand)
        key = segment_key(of, segment)
        if output is not None:
            if search:
                raise BadInput(
                    _("A file holds a whole segment."), where="--search", remedy=_("Leave --search out.")
                )
            print_object({"file": str(output), "customers": _write(of, output, key)}, as_json=as_json)
            return
        found, _total = search_customers(of, text=search, segment_key=key, limit=limit)
        print_rows([_row(each) for each in found], as_json=as_json)


def _write(brand: Any, path: Path, key: str) -> int:
    from parcours.accounts.rights import system_actor
    from parcours.customers.copies.many import do_export_customers, kind_of

    kind = kind_of(path)
    with output_file(path) as file:
        return do_export_customers(brand, file, kind, segment_key=key, acting_user=system_actor(brand.pk))


def _row(customer: Any) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "birth_year": customer.birth_year,
        "country": customer.country,
        "language": customer.language,
        "identities": ", ".join(each.value for each in customer.identities),
    }
