"""The canvas on paper and on the wall: PDF, PNG and SVG from one Typst template."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import msgspec

from parcours.canvas.exports.sheet import Sheet, SheetPicture

Layout = Literal["pages", "poster"]
_TEMPLATE = Path(__file__).with_name("sheet.typ")


def as_pdf(sheet: Sheet) -> bytes:
    """Pages for a printer, tagged for screen readers (PDF/UA-1)."""
    return _compiled(sheet, "pdf", "pages")


def as_png(sheet: Sheet, *, dots_per_inch: float = 144) -> bytes:
    """The whole canvas as one picture."""
    return _compiled(sheet, "png", "poster", dots_per_inch)


def as_svg(sheet: Sheet) -> bytes:
    """The whole canvas as one drawing that scales."""
    return _compiled(sheet, "svg", "poster")


def _compiled(sheet: Sheet, form: Literal["pdf", "png", "svg"], layout: Layout, ppi: float = 144) -> bytes:
    import font_source_sans_pro
    import typst

    with _folder(sheet) as folder:
        made: Any = typst.compile(
            folder / _TEMPLATE.name,
            root=folder,
            format=form,
            ppi=ppi,
            font_paths=[Path(font_source_sans_pro.__file__).parent / "files"],
            ignore_system_fonts=True,
            sys_inputs={"layout": layout},
            pdf_standards=["ua-1"] if form == "pdf" else [],
        )
    return bytes(made)


@contextmanager
def _folder(sheet: Sheet) -> Iterator[Path]:
    """All that the template reads: itself, the words and the pictures."""
    with tempfile.TemporaryDirectory(prefix="parcours-sheet-") as name:
        folder = Path(name)
        shutil.copyfile(_TEMPLATE, folder / _TEMPLATE.name)
        words = msgspec.json.encode(_with_files(asdict(sheet), sheet, folder))
        (folder / "sheet.json").write_bytes(words)
        yield folder


def _with_files(words: dict[str, Any], sheet: Sheet, folder: Path) -> dict[str, Any]:
    for row, kept in zip(words["rows"], sheet.rows, strict=True):
        for cell, cards in zip(row["cells"], kept.cells, strict=True):
            for card, known in zip(cell, cards, strict=True):
                card["picture"] = _file(known.picture, known.title, folder)
    if sheet.persona:
        words["persona"]["photo"] = _file(sheet.persona.photo, sheet.persona.name, folder)
    return words


def _file(picture: SheetPicture | None, title: str, folder: Path) -> dict[str, str] | None:
    """A picture that Typst can read, with words for those who can't see it."""
    if picture is None:
        return None
    name = picture.path.name
    if not (folder / name).exists():
        shutil.copyfile(picture.path, folder / name)
    return {"file": name, "alt": picture.alt or title}
