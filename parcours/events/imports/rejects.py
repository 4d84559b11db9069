"""Rows that could not be taken in, each with its line, reason and text."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, TextIO

from django.utils.translation import gettext as _

from parcours.core.errors import BadInput

LONGEST_RAW = 4_000


class Reject(NamedTuple):
    """`line` is counted from 1, in the file (a row's number where the format has no lines)."""

    line: int
    reason: str
    raw: str


class RejectsFile:
    """A CSV file (line, reason, raw), made when the first row is rejected.

    Raises BadInput when it is the file that is read, `source`, or when it can't be written.
    """

    def __init__(self, path: Path, *, source: Path) -> None:
        if path.exists() and source.exists() and path.samefile(source):
            raise BadInput(
                _("Rejected rows can't go into the file that is read."),
                where=str(path),
                remedy=_("Name another one with --rejects."),
            )
        self.path = path
        self.reasons: Counter[str] = Counter()
        self._file: TextIO | None = None

    @property
    def count(self) -> int:
        return self.reasons.total()

    def add(self, rejects: Iterable[Reject]) -> None:
        for reject in rejects:
            if self._file is None:
                self._open()
            self._writer.writerow([reject.line, reject.reason, _safe(reject.raw[:LONGEST_RAW])])
            self.reasons[reject.reason] += 1

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def start_over(self) -> None:
        """Forgets what was written."""
        if self._file is not None:
            self.close()
            self.path.unlink(missing_ok=True)
        self.reasons.clear()

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise BadInput(
                _("The file of rejected rows can't be written: {reason}.").format(
                    reason=error.strerror or error
                ),
                where=str(self.path),
                remedy=_("Name another one with --rejects."),
            ) from error
        self._writer = csv.writer(self._file)
        self._writer.writerow(["line", "reason", "raw"])


def _safe(raw: str) -> str:
    """Text without bytes that would break the file for whoever opens it."""
    return "".join(character if character.isprintable() or character == "\t" else "�" for character in raw)
