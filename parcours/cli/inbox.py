"""`parcours inbox reconcile`: the nightly check, now."""

from typing import Any

import click

from parcours.cli.options import brand_option, data_option, json_option, print_rows
from parcours.core.installation import open_installation
from parcours.core.terminal import gettext as _


@click.group(help=_("Hold the inbox against what platforms have, and put it right."))
def inbox() -> None:
    pass


@inbox.command(
    help=_("Run the nightly check now. Ends with status 1 when something is left that a person must do.")
)
@click.option(
    "--days",
    default=3,
    show_default=True,
    type=click.IntRange(1, 90),
    metavar="N",
    help=_("How many days to look back."),
)
@brand_option
@data_option
@json_option
def reconcile(days: int, brand: str | None, as_json: bool) -> int:
    with open_installation():
        from parcours.accounts.reads import all_brands, brand_named
        from parcours.inbox.reconciling.running import reconcile as look

        rows: list[dict[str, Any]] = []
        troubles = 0
        for each in [brand_named(brand)] if brand else list(all_brands()):
            check = look(each, days=days)
            troubles += len(check.troubles)
            rows += [
                {
                    "brand": each.name,
                    "account": told["finding"].account_name,
                    "kind": told["finding"].kind,
                    "number": told["finding"].number,
                    "mended": told["finding"].mended,
                    "finding": f"{told['sentence']}. {told['became']}".strip(),
                }
                for told in check.told
            ]
    if not rows and not as_json:
        click.echo(_("Nothing is missing, and everything agrees."))
    print_rows(rows, as_json=as_json)
    return 1 if troubles else 0
