"""The command `parcours`. Commands are imported when they are called, so that asking for help is quick."""

import importlib
from typing import NamedTuple

import click

from parcours.cli.click_words import speak_the_same_language
from parcours.cli.faults import run
from parcours.core.terminal import gettext as _


class Row(NamedTuple):
    """A command: where it lives (`module:attribute`) and the line that `parcours --help` shows."""

    target: str
    help: str


COMMANDS: dict[str, Row] = {
    "demo": Row("serve:demo", _("Serve the simulated shop Foulée, made at first start.")),
    "serve": Row("serve:serve", _("Serve an installation on this machine: database, web and worker.")),
    "web": Row("parts:web", _("Serve pages only, one of several; needs DATABASE_URL.")),
    "worker": Row("parts:worker", _("Work off jobs only, one of several; needs DATABASE_URL.")),
    "brand": Row("brand:brand", _("Add brands and list them.")),
    "user": Row("people:user", _("Add people and change their passwords.")),
    "token": Row("people:token", _("Make tokens for the API.")),
    "canvas": Row("canvas:canvas", _("See journeys, and carry them to another installation.")),
    "journeys": Row("journeys:journeys", _("Ask what customers did, in which order.")),
    "source": Row("source:source", _("Add places that events come from.")),
    "import": Row("imports:import_", _("Take files of events or customers in.")),
    "customers": Row("customers:customers", _("List customers; hand over or erase what is known about one.")),
    "inbox": Row("inbox:inbox", _("Hold the inbox against what platforms have, and put it right.")),
    "events": Row("events:events", _("Count the stored events and list their names.")),
    "doctor": Row("doctor:doctor", _("Check an installation and say what to do.")),
    "backup": Row("backup:backup", _("Write everything of an installation into one file.")),
    "restore": Row("backup:restore", _("Make an installation from a backup.")),
}


class LazyGroup(click.Group):
    """A group whose commands are named in a table and imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        row = COMMANDS.get(cmd_name)
        if row is None:
            return None
        module, attribute = row.target.split(":")
        command = getattr(importlib.import_module(f"parcours.cli.{module}"), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"parcours.cli.{row.target} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, row.help) for name, row in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("Parcours, the living customer-journey canvas."),
)
@click.version_option(package_name="parcours", prog_name="Parcours", help=_("Show the version and exit."))
def parcours() -> None:
    pass


def main() -> None:
    speak_the_same_language()
    run(parcours)
