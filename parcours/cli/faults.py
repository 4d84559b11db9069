"""How a command ends: 0 done, 1 an error with its sentence, 2 a wrong call, 70 our fault, 130 Ctrl-C."""

import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

from parcours.core.environment import data_folder
from parcours.core.errors import ParcoursError
from parcours.core.logs import keep_small
from parcours.core.terminal import gettext as _

FAULT = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130
CLOSED_PIPE = 141


def run(command: click.Command) -> None:
    """Runs a command and ends the process; errors are told on standard error in plain words."""
    sys.exit(_status_of(command))


def _status_of(command: click.Command) -> int:
    try:
        status = command.main(prog_name="parcours", standalone_mode=False)
        sys.stdout.flush()
    except ParcoursError as error:
        tell(error)
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("Stopped."), err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output is gone (`| head`): nothing to tell, and Python must not try to flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except Exception as error:  # noqa: BLE001 - the rim: a fault gets a sentence here, and its trace goes to a log
        return _tell_unexpected(error)
    return status if isinstance(status, int) else 0


def _tell_unexpected(error: Exception) -> int:
    """Tells it, and returns the status to end with."""
    if known := _not_our_fault(error):
        tell(known)
        return 1
    tell_fault(error)
    return FAULT


def _not_our_fault(error: Exception) -> ParcoursError | None:
    """The sentence for what Django raises when a setting is wrong or the database has gone."""
    django = sys.modules.get("django.core.exceptions"), sys.modules.get("django.db.utils")
    if django[0] and isinstance(error, django[0].ImproperlyConfigured):
        return ParcoursError(str(error), remedy=_("The settings are explained in docs/guide/settings.md."))
    if django[1] and isinstance(error, django[1].OperationalError | django[1].InterfaceError):
        return ParcoursError(
            _("The database went away: {reason}").format(reason=str(error).strip().partition("\n")[0]),
            remedy=_("What was not finished was not stored. Try again once the database answers."),
        )
    return None


def tell(error: ParcoursError) -> None:
    """What happened, where, and what to do, each on a line of its own."""
    click.echo(error.what, err=True)
    if error.where:
        click.echo(f"  {error.where}", err=True)
    if error.remedy:
        click.echo(error.remedy, err=True)


def tell_fault(error: Exception) -> None:
    """A sentence on standard error; the trace goes to a log."""
    folder = data_folder() / "log"
    log = (folder if folder.is_dir() else Path(tempfile.gettempdir())) / "parcours-faults.log"
    trace = "".join(traceback.format_exception(error))
    try:
        keep_small(log)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {sys.argv[1:2]}\n{trace}\n")
    except OSError:
        click.echo(trace, err=True)
    click.echo(
        _("Parcours has a fault here: {kind}: {reason}").format(kind=type(error).__name__, reason=error),
        err=True,
    )
    click.echo(_("Please report it with the log: {path}").format(path=log), err=True)
