"""`parcours serve` and `parcours demo`."""

import click

from parcours.cli.options import data_option, type_of_command
from parcours.core.terminal import gettext as _


def _address_options(command: type_of_command) -> type_of_command:
    port = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), metavar="N")
    host = click.option("--host", default="127.0.0.1", show_default=True, metavar="H")
    return port(host(command))


@click.command(help=_("Serve an installation on this machine: database, web and worker. Ctrl-C ends them."))
@_address_options
@data_option
def serve(port: int, host: str) -> int:
    from parcours.cli.supervisor import supervise

    return supervise(host, port, preparation="prepare")


@click.command(
    help=_("Serve the simulated shop Foulée, made at first start. Ctrl-C ends it and keeps the data.")
)
@_address_options
@data_option
def demo(port: int, host: str) -> int:
    from parcours.cli.supervisor import supervise

    return supervise(host, port, preparation="prepare-demo")
