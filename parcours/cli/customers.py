"""`parcours customers`: the people whose events are known."""

import click

from parcours.cli import customer_lists, privacy
from parcours.core.terminal import gettext as _


@click.group(help=_("List customers; hand over or erase what is known about one."))
def customers() -> None:
    pass


customers.add_command(customer_lists.list_customers)
customers.add_command(privacy.export)
customers.add_command(privacy.erase)
customers.add_command(privacy.erased)
customers.add_command(privacy.erase_again)
customers.add_command(privacy.consents)
