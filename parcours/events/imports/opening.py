"""Opens a file of events, whatever its format."""

import gzip
from pathlib import Path

from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.events.enums import FileFormat
from parcours.events.imports.rows import RowSource

_SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".xes": "xes",
}  # fmt: skip


def open_rows(path: Path, format_name: str | None = None) -> RowSource:
    """Raises BadInput for a file that is missing, empty, or not what it was taken for."""
    _check_file(path)
    if format_name is not None and format_name not in FileFormat.values:
        raise BadInput(
            _("There is no format “{name}”.").format(name=format_name),
            where="format",
            remedy=_("Choose one of: {known}.").format(known=", ".join(FileFormat.values)),
        )
    chosen = format_name or guess_format(path)
    if chosen == FileFormat.PARQUET:
        from parcours.events.imports.parquet_rows import ParquetSource

        return ParquetSource(path)
    if chosen == FileFormat.JSONL:
        from parcours.events.imports.json_rows import JsonSource

        return JsonSource(path)
    if chosen == FileFormat.XES:
        from parcours.events.imports.xes_rows import XesSource

        return XesSource(path)
    from parcours.events.imports.csv_rows import CsvSource

    return CsvSource(path)


def guess_format(path: Path) -> str:
    """By the first bytes, and by the name where those tell nothing."""
    head = _head(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if (text.startswith(b"<") and b"<log" in head) or (text.startswith(b"<?xml") and ".xes" in path.suffixes):
        return "xes"
    if text.startswith(b"{"):
        return "jsonl"
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return _SUFFIXES.get(suffixes[-1], "csv") if suffixes else "csv"


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(65_536)
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(65_536)
    except (OSError, EOFError) as error:
        raise BadInput(
            _("The file can't be unpacked: {reason}.").format(reason=error), where=str(path)
        ) from error


def _check_file(path: Path) -> None:
    if not path.exists():
        raise BadInput(_("There is no such file."), where=str(path))
    if not path.is_file():
        raise BadInput(_("This is not a file."), where=str(path))
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise BadInput(
            _("The file can't be opened: {reason}.").format(reason=error.strerror or error), where=str(path)
        ) from error
    if empty:
        raise BadInput(_("The file is empty; nothing was stored."), where=str(path))
