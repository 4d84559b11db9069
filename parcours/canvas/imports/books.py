"""How much a workbook would take, before a reader makes room for it.

A file of a few kilobytes can unpack to gigabytes, or name one cell so far away that the room for all cells
before it is more than the machine has: the process would end. So the packed parts are read through once.
"""

import re
import zipfile
from io import BytesIO

from django.utils.translation import gettext as _

from parcours.core.errors import BadInput

MOST_UNPACKED = 200 * 1024 * 1024
_PIECE = 1024 * 1024
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,9})["']""")
_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_REPEATED = re.compile(rb"""repeated\s*=\s*["']([0-9]{1,9})["']""")
_ACROSS = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
_KEPT = 64
"""Bytes of a piece that are looked at again with the next: a name may lie across."""


def check_book(content: bytes, *, most_cells: int) -> None:
    """Raises BadInput for a packed workbook that is too large for `most_cells` or can't be unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as book:
            parts = {part.filename.lower(): part for part in book.infolist()}
            if sum(part.file_size for part in parts.values()) > MOST_UNPACKED:
                raise _too_large()
            if "xl/workbook.bin" in parts:
                raise BadInput(_("Binary workbooks aren't read."), remedy=_remedy())
            for name, part in parts.items():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    if _cells_of_sheet(book, part) > most_cells:
                        raise _too_large()
                elif name == "content.xml" and _cells_repeated(book.read(part)) > most_cells:
                    raise _too_large()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadInput(
            _("The workbook can't be read: {reason}").format(reason=error), remedy=_remedy()
        ) from error


def _cells_of_sheet(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Of the rectangle from the first cell to the farthest that an Excel sheet names."""
    across, down, kept = 1, 1, b""
    with book.open(part) as sheet:
        while piece := sheet.read(_PIECE):
            for letters, number in _CELL.findall(kept + piece):
                across, down = max(across, _column(letters)), max(down, int(number))
            kept = piece[-_KEPT:]
    return across * down


def _column(letters: bytes) -> int:
    """AA is the 27th."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _cells_repeated(content: bytes) -> int:
    """Of all rows of an OpenDocument sheet that hold something, as often as they are repeated."""
    found = 0
    for head, cells in _ROW.findall(content):
        before, filled, _rest = cells.rpartition(b"value-type=")
        if filled:
            # Empty cells after the last that is filled are mere padding.
            last = len(before) + cells[len(before) :].find(b">") + 1
            across = sum(_times(cell) for cell in _ACROSS.findall(cells[:last]))
            found += across * _times(head)
    return found


def _times(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _too_large() -> BadInput:
    return BadInput(_("The workbook is too large, or has a cell far away from the others."), remedy=_remedy())


def _remedy() -> str:
    return _("Copy what is filled into a new workbook, and save it as .xlsx or .csv, without a password.")
