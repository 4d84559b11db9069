"""Tables of any kind as rows of texts: CSV in any usual encoding and delimiter, Excel and OpenDocument."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from parcours.canvas.imports.books import check_book
from parcours.core.errors import BadInput

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
_DELIMITERS = (",", ";", "\t", "|")
_ZIP = b"PK\x03\x04"
_SHEET_MARKS = (_ZIP, b"\xd0\xcf\x11\xe0")  # xlsx, ods; and the old Excel
_QUOTED = re.compile(r"^'(?=[=+\-@\t\r])")
"""What Parcours, like others, puts before a text that a spreadsheet would take for a formula."""
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are texts, as many in each; `name` is the sheet's, empty for CSV."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def read_tables(content: bytes) -> tuple[Table, ...]:
    """The tables of a file that have anything in them. Raises BadInput for what isn't a table."""
    if len(content) > MOST_BYTES:
        raise BadInput(_("The file is larger than {n} MB.").format(n=MOST_BYTES // 1024 // 1024))
    is_book = content.startswith(_SHEET_MARKS)
    tables = _book(content) if is_book else [Table("", _rows(_csv(content)))]
    filled = tuple(table for table in tables if table.rows)
    if not filled:
        raise BadInput(_("There is nothing in this file."))
    return filled


def _book(content: bytes) -> list[Table]:
    from python_calamine import CalamineError, CalamineWorkbook

    if content.startswith(_ZIP):
        check_book(content, most_cells=MOST_ROWS * MOST_COLUMNS)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            Table(name, _rows(book.get_sheet_by_name(name).to_python(nrows=MOST_ROWS + 1)))
            for name in book.sheet_names
        ]
    except CalamineError as error:
        raise BadInput(
            _("The workbook can't be read: {reason}").format(reason=error),
            remedy=_("Save it anew as .xlsx, .ods or .csv, without a password."),
        ) from error


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise BadInput(_("This file isn't a table."), remedy=_("Bring a .csv, .xlsx or .ods file."))
    said = re.match(r"sep=([^\w\s\"]|\t)\r?\n", text)  # as Excel writes and obeys it
    text = text[said.end() :] if said else text
    delimiter = said[1] if said else _delimiter(text)
    csv.field_size_limit(1_000_000)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [[_QUOTED.sub("", cell) for cell in line] for line in lines]
    except csv.Error as error:
        raise BadInput(_("The table can't be read: {reason}").format(reason=error)) from error


def _decoded(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """The one by which most lines have the same number of columns, more than one."""

    def fit(delimiter: str) -> tuple[int, int]:
        sample = csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=delimiter)
        widths = [len(row) for _place, row in zip(range(50), sample, strict=False) if row]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=fit)


def _rows(cells: Sequence[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    """Without empty rows and columns around what there is, every row as long as the longest."""
    texts = [[_text(cell) for cell in row] for row in cells]
    texts = [row for row in texts if any(row)]
    if len(texts) > MOST_ROWS:
        raise BadInput(_("The table has more than {n} rows.").format(n=MOST_ROWS))
    width = max((place for row in texts for place, cell in enumerate(row, 1) if cell), default=0)
    if width > MOST_COLUMNS:
        raise BadInput(_("The table has more than {n} columns.").format(n=MOST_COLUMNS))
    return tuple(tuple((row + [""] * width)[:width]) for row in texts)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).replace("\0", "").strip()
