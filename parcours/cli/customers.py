"""`parcours customers`: the people whose events are known."""

import click

from parcours.cli import privacy
from parcours.core.terminal import gettext as _


@click.group(help=_("Hand over or erase what is known about a customer."))
def customers() -> None:
    pass


customers.add_command(privacy.export)
customers.add_command(privacy.erase)
customers.add_command(privacy.erased)
customers.add_command(privacy.erase_again)
