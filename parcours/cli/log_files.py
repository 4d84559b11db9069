"""Logs in files, read by commands as they lie: the columns that name customer, time and the rest."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.core.errors import BadInput
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    from parcours.engine import EventLog


def read_log(file: Path, columns: Mapping[str, str | None]) -> "EventLog":
    """The file's events; rows that can't be read are counted on the error output."""
    from parcours.engine import EventLog
    from parcours.engine.showing import left_out

    log = EventLog.read(
        file,
        customer=columns["customer"],
        time=columns["time"],
        activity=columns["activity"],
        channel=columns["channel"],
        timezone=columns["timezone"],
    )
    for reason, count in log.skipped.items():
        click.echo(_("Left out: {rows}").format(rows=left_out(reason, count)), err=True)
    return log


def refuse_columns(columns: Mapping[str, str | None]) -> None:
    """Without a file nobody may name its columns. Raises BadInput."""
    if any(columns.values()):
        raise BadInput(
            _("Columns are named for a file, and there is none."),
            remedy=_("Give the file, or leave them out."),
        )
