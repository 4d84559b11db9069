"""The kinds of files that people read, by the name that commands and addresses use."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parcours.canvas.exports.mermaid import as_mermaid
from parcours.canvas.exports.paper import as_pdf, as_png, as_svg
from parcours.canvas.exports.sheet import Sheet, writable
from parcours.canvas.exports.slides import as_pptx
from parcours.canvas.exports.tables import as_csv, as_xlsx

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """`label` says what somebody gets, `suffix` is the ending of the file's name."""

    label: str | Promise
    media_type: str
    suffix: str
    writer: Callable[[Sheet], bytes]

    def write(self, sheet: Sheet) -> bytes:
        return self.writer(writable(sheet))


KINDS: dict[str, Kind] = {
    "pdf": Kind(_("PDF to print or send, readable by screen readers"), "application/pdf", "pdf", as_pdf),
    "png": Kind(_("Picture (PNG)"), "image/png", "png", as_png),
    "svg": Kind(_("Drawing that scales (SVG)"), "image/svg+xml", "svg", as_svg),
    "pptx": Kind(_("Slides to edit (PowerPoint)"), f"{_OFFICE}.presentationml.presentation", "pptx", as_pptx),
    "xlsx": Kind(_("Workbook (Excel)"), f"{_OFFICE}.spreadsheetml.sheet", "xlsx", as_xlsx),
    "csv": Kind(_("List for programs (CSV)"), "text/csv; charset=utf-8", "csv", as_csv),
    "mermaid": Kind(_("Text for wikis (Mermaid)"), "text/plain; charset=utf-8", "mmd", as_mermaid),
}
