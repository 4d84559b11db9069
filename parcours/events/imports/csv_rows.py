"""CSV files: any usual delimiter and encoding, read in blocks, every row with its line."""

import codecs
import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from parcours.core.errors import BadInput
from parcours.events.arrow import Table, pa, pa_csv
from parcours.events.imports.csv_scan import CONTROL, UNCLOSED, Records, scan
from parcours.events.imports.rejects import Reject
from parcours.events.imports.rows import Progress, Rows
from parcours.events.imports.tables import rows_of_table

BLOCK = 4 * 1024 * 1024
_DELIMITERS = ",;\t|"
_SAMPLE = 262_144
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


class CsvSource:
    """A CSV file, packed with gzip or not. Raises BadInput for one that is no text or has no header."""

    format = "csv"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[str] = []
        self._size = path.stat().st_size
        self._done = 0
        self._file = path.open("rb")
        head = self._read_head()
        self._encoding, self._skip = self._guess_encoding(head)
        text = head[self._skip :].decode(self._encoding, "replace")
        if not text.strip():
            raise BadInput(_("The file is empty; nothing was stored."), where=str(path))
        self._ends_lines_with_returns = "\r" in text and "\n" not in text
        text = self._lines(text)
        self._delimiter = _guess_delimiter(text)
        self.columns = _header(text, self._delimiter)

    def sample(self, rows: int) -> list[dict[str, Any]]:
        """The first rows as texts."""
        with self._opened() as file:
            file.read(self._skip)
            text = self._lines(file.read(_SAMPLE).decode(self._encoding, "replace"))
        records = list(csv.reader(io.StringIO(text), delimiter=self._delimiter))[1:]
        if len(records) > 1 and len(text) >= _SAMPLE // 2:
            records = records[:-1]
        named = (record for record in records if len(record) == len(self.columns))
        return [
            dict(zip(self.columns, record, strict=True))
            for record, _row in zip(named, range(rows), strict=False)
        ]

    def chunks(self, roles: Mapping[str, str], traits: Mapping[str, str]) -> Iterator[Rows]:
        line = 1
        header = True
        for block, records in self._blocks():
            rows = _without_first(records) if header and len(records.starts) else records
            header = header and not len(records.starts)
            yield self._rows(block, rows, line, roles, traits)
            line += records.newlines

    def progress(self) -> Progress:
        return Progress(self._done, self._size)

    def _lines(self, text: str) -> str:
        return text.replace("\r", "\n") if self._ends_lines_with_returns else text

    def _rows(
        self, block: bytes, records: Records, line: int, roles: Mapping[str, str], traits: Mapping[str, str]
    ) -> Rows:
        """`line` is the number of the block's first line."""
        reasons = self._reasons(block, records)
        good = np.ones(len(records.starts), np.bool_)
        good[list(reasons)] = False
        lines = records.lines + line
        table = self._parsed(_kept(block, records, good), int(good.sum()))
        starts, ends = records.starts[good], records.ends[good]
        rows = rows_of_table(
            table,
            lines=lines[good],
            raw=lambda row: block[starts[row] : ends[row]].decode("utf-8", "replace"),
            roles=roles,
            traits=traits,
        )
        rows.rejects = [
            Reject(
                int(lines[row]),
                reason,
                block[records.starts[row] : records.ends[row]].decode("utf-8", "replace"),
            )
            for row, reason in sorted(reasons.items())
        ]
        rows.read = len(good)
        return rows

    def _reasons(self, block: bytes, records: Records) -> dict[int, str]:
        """The records that can't be read as rows, and why."""
        expected = len(self.columns)
        reasons = {
            int(row): _n(
                "The line has {n} value where the header has {expected} columns.",
                "The line has {n} values where the header has {expected} columns.",
                int(records.fields[row]),
            ).format(n=int(records.fields[row]), expected=expected)
            for row in np.flatnonzero(records.fields != expected)
        }
        for place in np.flatnonzero(records.flags & CONTROL):
            reasons[int(place)] = _("The line holds control bytes.")
        for place in np.flatnonzero(records.flags & UNCLOSED):
            reasons[int(place)] = _("A quote opens and never closes.")
        if not _is_utf8(block):
            for row, (start, end) in enumerate(zip(records.starts, records.ends, strict=True)):
                if not _is_utf8(block[start:end]):
                    reasons[row] = _("The line holds bytes that are not UTF-8.")
        return reasons

    def _parsed(self, block: bytes, rows: int) -> Table:
        if not rows:
            return pa.table({name: pa.array([], pa.string()) for name in self.columns})
        table = pa_csv.read_csv(
            pa.BufferReader(block),
            read_options=pa_csv.ReadOptions(
                column_names=self.columns, use_threads=False, block_size=max(len(block) + 1, 1024)
            ),
            parse_options=pa_csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, pa.string()), strings_can_be_null=False
            ),
        )
        if table.num_rows != rows:
            raise AssertionError(f"{table.num_rows} rows parsed where {rows} records were found")
        return table

    def _blocks(self) -> Iterator[tuple[bytes, Records]]:
        """Blocks of whole records in UTF-8."""
        rest = b""
        for text, final in self._utf8():
            block = rest + text
            records = scan(block, delimiter=self._delimiter, final=final)
            rest = block[records.consumed :]
            if len(records.starts) or records.newlines:
                yield block[: records.consumed], records

    def _utf8(self) -> Iterator[tuple[bytes, bool]]:
        decoder = (
            None if self._encoding == "utf-8" else codecs.getincrementaldecoder(self._encoding)("replace")
        )
        with self._opened() as file:
            file.read(self._skip)
            following = self._read(file)
            while following:
                block, following = following, self._read(file)
                if decoder is not None:
                    block = decoder.decode(block, not following).encode()
                if self._ends_lines_with_returns:
                    block = block.replace(b"\r", b"\n")
                yield block, not following

    def _read(self, file: BinaryIO) -> bytes:
        try:
            block = file.read(BLOCK)
        except (OSError, EOFError) as error:
            raise BadInput(
                _("The file can't be unpacked: {reason}.").format(reason=error), where=str(self.path)
            ) from error
        self._done = self._file.tell()
        return block

    def _opened(self) -> BinaryIO:
        self._file = self.path.open("rb")
        packed = self._file.read(2) == b"\x1f\x8b"
        self._file.seek(0)
        return cast(BinaryIO, gzip.GzipFile(fileobj=self._file)) if packed else self._file

    def _read_head(self) -> bytes:
        self._file.close()
        with self._opened() as file:
            return self._read_some(file)

    def _read_some(self, file: BinaryIO) -> bytes:
        try:
            return file.read(_SAMPLE)
        except (OSError, EOFError) as error:
            raise BadInput(
                _("The file can't be unpacked: {reason}.").format(reason=error), where=str(self.path)
            ) from error

    def _guess_encoding(self, head: bytes) -> tuple[str, int]:
        """The encoding and the length of the byte order mark."""
        for mark, encoding in _BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return encoding, len(mark)
        controls = sum(head.count(byte) for byte in (b"\x00", b"\x01", b"\x02", b"\x03", b"\x04"))
        if controls > len(head) / 1_000 + 8 or b"\x00\x00" in head:
            raise BadInput(
                _("The file is not text, so it can't be read as CSV; nothing was stored."),
                where=str(self.path),
                remedy=_("Name its format if it is another one."),
            )
        if _looks_like_utf8(head):
            return "utf-8", 0
        self.notices.append(_("The file is not UTF-8; it was read as Windows-1252 (Latin-1)."))
        return "cp1252", 0


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _looks_like_utf8(head: bytes) -> bool:
    """Most of what isn't ASCII makes whole UTF-8 characters, which accents of Windows-1252 hardly ever do.

    So a few broken lines in a file of UTF-8 are rejected, and don't spell all its names anew.
    """
    text = (head[: head.rfind(b"\n") + 1] or head).decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(not character.isascii() for character in text) - broken
    return not broken or whole > broken


def _guess_delimiter(text: str) -> str:
    """The delimiter under which most lines have as many fields as the header, and the header most."""

    def fit(delimiter: str) -> tuple[float, int]:
        records = [record for record in csv.reader(io.StringIO(text[:20_000]), delimiter=delimiter) if record]
        width = len(records[0])
        agreeing = sum(len(record) == width for record in records[:50]) / len(records[:50])
        return (agreeing if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=fit)


def _header(text: str, delimiter: str) -> list[str]:
    """The names of the columns, each once."""
    names: list[str] = []
    for place, name in enumerate(
        next(record for record in csv.reader(io.StringIO(text), delimiter=delimiter) if record), 1
    ):
        wanted = name.strip() or f"column {place}"
        unique, again = wanted, 2
        while unique in names:
            unique, again = f"{wanted} {again}", again + 1
        names.append(unique)
    return names


def _kept(block: bytes, records: Records, good: Any) -> bytes:
    """The block without the records that aren't good."""
    if good.all() and len(good) and records.starts[0] == 0:
        return block
    kept = (block[records.starts[row] : records.ends[row]] for row in np.flatnonzero(good))
    return b"\n".join(kept) + b"\n"


def _without_first(records: Records) -> Records:
    names = ("starts", "ends", "lines", "fields", "flags")
    return records._replace(**{name: getattr(records, name)[1:] for name in names})
