"""The canvas as a table: CSV for programs, XLSX for people who go on working with it."""

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from parcours.canvas.exports.sheet import Sheet
from parcours.core.cells import harmless

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_WIDE, _NARROW = 42, 18


def as_csv(sheet: Sheet) -> bytes:
    """One line a card or touchpoint: stage, row, title, text, channel, customers. UTF-8 with a mark for
    spreadsheets.
    """
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow(("stage", "row", "title", "text", "channel", "customers"))
    for line in _lines(sheet):
        lines.writerow([harmless(word) for word in line])
    return written.getvalue().encode("utf-8-sig")


def _lines(sheet: Sheet) -> list[tuple[str, str, str, str, str, str]]:
    found = []
    for place, stage in enumerate(sheet.stages):
        found += [
            (stage.name, sheet.touchpoints, each.name, "", each.channel, each.number)
            for each in stage.touchpoints
        ]
        found += [
            (stage.name, row.name, card.title, card.text, "", "")
            for row in sheet.rows
            for card in row.cells[place]
        ]
    return found


def as_xlsx(sheet: Sheet) -> bytes:
    """The canvas as it is drawn on the first sheet, and as a list to filter on the second."""
    import xlsxwriter

    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        _canvas(book, sheet)
        _list(book, sheet)
    return written.getvalue()


def _canvas(book: "Workbook", sheet: Sheet) -> None:
    page = book.add_worksheet(_("Canvas"))
    title = book.add_format({"bold": True, "font_size": 16})
    soft = book.add_format({"font_color": "#5b5964", "text_wrap": True, "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#d9d6cf"})
    name = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    page.write_string(0, 0, sheet.title, title)
    page.write_string(1, 0, " · ".join(filter(None, (sheet.about, sheet.summary))), book.add_format())
    page.set_column(0, 0, _NARROW)
    page.set_column(1, max(1, len(sheet.stages)), _WIDE)
    page.write_blank(3, 0, None, name)
    for column, stage in enumerate(sheet.stages, 1):
        head = {"bold": True, "font_color": "#ffffff", "bg_color": stage.hue, "font_size": 12}
        page.write_string(3, column, stage.name, book.add_format(head))
        page.write_string(4, column, "\n".join(stage.numbers), soft)
    page.write_string(5, 0, sheet.touchpoints, name)
    for column, stage in enumerate(sheet.stages, 1):
        met = [" · ".join(filter(None, (each.name, each.channel, each.number))) for each in stage.touchpoints]
        page.write_string(5, column, "\n".join(met), words)
    for line, row in enumerate(sheet.rows, 6):
        page.write_string(line, 0, row.name, name)
        for column, cards in enumerate(row.cells, 1):
            texts = ["\n".join(filter(None, (card.title, card.text))) for card in cards]
            page.write_string(line, column, "\n\n".join(texts), words)
    page.freeze_panes(4, 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(3)


def _list(book: "Workbook", sheet: Sheet) -> None:
    page = book.add_worksheet(_("List"))
    heads = (_("Stage"), _("Row"), _("Title"), _("Text"), _("Channel"), _("Customers"))
    lines = _lines(sheet)
    page.add_table(
        0, 0, max(1, len(lines)), len(heads) - 1,
        {"data": [list(line) for line in lines], "columns": [{"header": str(head)} for head in heads]},
    )  # fmt: skip
    for column, width in enumerate((20, 20, 36, 60, 16, 12)):
        page.set_column(column, column, width)
