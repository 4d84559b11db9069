"""The canvas on paper and on the wall: PDF, PNG and SVG from one Typst template."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import msgspec

from parcours.canvas.exports.curve import as_curve, said
from parcours.canvas.exports.sheet import Sheet, SheetPicture, SheetRow

Form = Literal["pdf", "png", "svg"]
Layout = Literal["pages", "poster"]
_TEMPLATE = Path(__file__).with_name("sheet.typ")
_BLANK = Path(__file__).with_name("blank.typ")
_TALL = 1.4
"""How many times higher than wide a picture may be that fills the width of its card."""
_STAGES_A_PAGE = 6
_NO_FONT = "could not be displayed with font"


def as_pdf(sheet: Sheet) -> bytes:
    """Pages for a printer, tagged for screen readers (PDF/UA-1)."""
    return _compiled(sheet, "pdf", "pages")


def as_png(sheet: Sheet, *, dots_per_inch: float = 144) -> bytes:
    """The whole canvas as one picture."""
    return _compiled(sheet, "png", "poster", dots_per_inch)


def as_svg(sheet: Sheet) -> bytes:
    """The whole canvas as one drawing that scales."""
    return _compiled(sheet, "svg", "poster")


def compiled_blank(words: dict[str, Any], form: Form) -> bytes:
    """An empty canvas of these words (see `blank`)."""
    with tempfile.TemporaryDirectory(prefix="parcours-blank-") as name:
        folder = Path(name)
        shutil.copyfile(_BLANK, folder / _BLANK.name)
        (folder / "blank.json").write_bytes(msgspec.json.encode(words))
        return _typeset(folder / _BLANK.name, form, "pages")


def _compiled(sheet: Sheet, form: Form, layout: Layout, ppi: float = 144) -> bytes:
    with _folder(
        sheet, _parts(len(sheet.stages)) if layout == "pages" else [range(len(sheet.stages))]
    ) as folder:
        return _typeset(folder / _TEMPLATE.name, form, layout, ppi)


def _typeset(template: Path, form: Form, layout: Layout, ppi: float = 144) -> bytes:
    """The template with all that stands beside it.

    Where no font of this machine has a sign (an emoji, a Chinese name), a box stands for it on paper. The PDF
    is then tagged and keeps the words as ever, but doesn't say that it is PDF/UA-1.
    """
    import typst

    if form != "pdf":
        return _compile(template, form, layout, ppi)
    try:
        return _compile(template, form, layout, ppi, standard="ua-1")
    except typst.TypstError as fault:
        if _NO_FONT not in fault.diagnostic:
            raise
        return _compile(template, form, layout, ppi)


def _compile(
    template: Path, form: Form, layout: Layout, ppi: float, standard: Literal["ua-1"] | None = None
) -> bytes:
    import font_source_sans_pro
    import typst

    made: Any = typst.compile(
        template,
        root=template.parent,
        format=form,
        ppi=ppi,
        font_paths=[Path(font_source_sans_pro.__file__).parent / "files"],
        sys_inputs={"layout": layout},
        pdf_standards=[standard] if standard else [],
    )
    return bytes(made)


def _parts(stages: int) -> list[range]:
    """The stages that stand together on a page: as many in each as can be, and not too many to read."""
    pages = max(1, -(-stages // _STAGES_A_PAGE))
    bounds = [round(stages * page / pages) for page in range(pages + 1)]
    return [range(first, last) for first, last in pairwise(bounds)]


@contextmanager
def _folder(sheet: Sheet, parts: list[range]) -> Iterator[Path]:
    """All that the template reads: itself, the words and the pictures."""
    with tempfile.TemporaryDirectory(prefix="parcours-sheet-") as name:
        folder = Path(name)
        shutil.copyfile(_TEMPLATE, folder / _TEMPLATE.name)
        words = msgspec.json.encode(_with_files(asdict(sheet), sheet, parts, folder))
        (folder / "sheet.json").write_bytes(words)
        yield folder


def _with_files(words: dict[str, Any], sheet: Sheet, parts: list[range], folder: Path) -> dict[str, Any]:
    words["parts"] = [[part.start, part.stop] for part in parts]
    for place, (row, kept) in enumerate(zip(words["rows"], sheet.rows, strict=True)):
        row["curves"] = [
            _curve(kept, sheet, part, folder / f"curve-{place}-{part.start}.svg") for part in parts
        ]
        for cell, cards in zip(row["cells"], kept.cells, strict=True):
            for card, known in zip(cell, cards, strict=True):
                card["picture"] = _file(known.picture, known.title, folder)
                card["below"] = known.below
    if sheet.persona:
        words["persona"]["photo"] = _file(sheet.persona.photo, sheet.persona.name, folder)
    return words


def _curve(row: SheetRow, sheet: Sheet, shown: range, file: Path) -> dict[str, str] | None:
    drawing = as_curve(row, len(sheet.stages), shown=shown)
    if not drawing:
        return None
    file.write_text(drawing)
    return {"file": file.name, "alt": said(row, sheet, shown=shown)}


def _file(picture: SheetPicture | None, title: str, folder: Path) -> dict[str, str | bool] | None:
    """A picture that Typst can read, with words for those who can't see it."""
    if picture is None:
        return None
    name = picture.path.name
    if not (folder / name).exists():
        shutil.copyfile(picture.path, folder / name)
    return {
        "file": name,
        "alt": picture.alt or title,
        "caption": picture.caption,
        "tall": picture.height > _TALL * picture.width,
    }
