"""Any file of a journey: which kind it is, and the journeys in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from parcours.canvas.exports.drawn import Drawing
from parcours.canvas.exports.reading import read_drawing
from parcours.canvas.imports.cjml import read_cjml
from parcours.canvas.imports.layout import Reading, guess, understand
from parcours.canvas.imports.tables import Table, read_tables
from parcours.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file holds. `tables` are empty unless it is one; then `reading` says how `table` was read."""

    kind: str
    drawings: tuple[Drawing, ...]
    notices: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    table: int = 0
    reading: Reading | None = None


def kind_of(content: bytes) -> str:
    """json, cjml or table, by how it begins."""
    start = content[:2_000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"{"):
        return "json"
    return "cjml" if start.startswith(b"<") else "table"


def read_file(
    name: str, content: bytes, *, table: int | None = None, reading: Reading | None = None
) -> Brought:
    """The journeys of a file; of a workbook those of the sheet at place `table`, or of the likeliest, read as
    guessed or as said.

    Raises BadInput for what can't be read.
    """
    kind = kind_of(content)
    if kind == "json":
        return Brought(kind, (read_drawing(_json(content)),))
    if kind == "cjml":
        found = read_cjml(content)
        return Brought(kind, found.drawings, found.notices)
    tables = read_tables(content)
    place = likeliest(tables) if table is None else table if 0 <= table < len(tables) else 0
    how = reading or guess(tables[place])
    title = PurePath(name).stem.replace("_", " ").strip() or _("Imported journey")
    try:
        understood = understand(tables[place], how, title=title)
    except BadInput as fault:
        return Brought(kind, (), (str(fault),), tables, place, how)
    return Brought(kind, (understood.drawing,), understood.notices, tables, place, how)


def likeliest(tables: Sequence[Table]) -> int:
    """The first sheet that is a list with stages, rows and titles: it says more than a drawing of it, as
    workbooks of Parcours have both. Else the first.
    """
    told = [set(guess(table).roles) for table in tables]
    return next((place for place, roles in enumerate(told) if {"stage", "lane", "title"} <= roles), 0)


def _json(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadInput(
            _("This file isn't JSON: {reason}").format(reason=error),
            remedy=_("Write it with “canvas export”."),
        ) from error
