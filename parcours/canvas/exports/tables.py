"""The canvas as a table: CSV for programs, XLSX for people who go on working with it."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from math import ceil
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parcours.canvas.exports.sheet import Sheet, SheetCard
from parcours.core.cells import harmless

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_WIDE, _NARROW = 42, 18
_LINE, _HIGHEST = 15.0, 409.0
"""Of a line of a worksheet, in points; none can be higher."""
_A3, _A4 = 8, 9
_MANY = 220
"""Characters side by side, of which A4 makes them too small to read."""
_COUNT, _SHARE = "#,##0", "0%"
COLUMNS = (
    "stage", "row", "title", "text", "channel", "customers", "events", "level", "severity", "facts",
    "caption", "evidence", "gap", "opens",
)  # fmt: skip
"""Of a list. `level` and `severity` are numbers, `facts` what else the card says beyond words."""

Line = tuple[str | float | None, ...]


def as_csv(sheet: Sheet) -> bytes:
    """One line a card or touchpoint, with `COLUMNS`. UTF-8 with a mark for spreadsheets."""
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow(COLUMNS)
    for line in _lines(sheet):
        lines.writerow(["" if word is None else harmless(word) for word in line])
    return written.getvalue().encode("utf-8-sig")


def _lines(sheet: Sheet) -> list[Line]:
    found: list[Line] = []
    for place, stage in enumerate(sheet.stages):
        for each in stage.touchpoints:
            more = (each.channel, each.customers, each.events, None, None, "", "", "", each.gap, "")
            found.append((stage.name, sheet.touchpoints, each.name, "", *more))
        found += [(stage.name, row.name, *_of_card(card)) for row in sheet.rows for card in row.cells[place]]
    return found


def _of_card(card: SheetCard) -> Line:
    """Title, text and what else there is of a card, in the order of `COLUMNS`."""
    said = {fact.name: fact for fact in card.facts}
    severity = said["severity"].value[:1] if "severity" in said else ""
    channel = said["channel"].value if "channel" in said else ""
    others = [fact.sentence for fact in card.facts if fact.name != "channel"]
    return (
        card.title,
        card.text,
        channel,
        None,
        None,
        card.level,
        int(severity) if severity.isdecimal() else None,
        "\n".join(others),
        card.caption,
        card.marks[0] if card.marks else "",
        "\n".join(card.marks[1:]),
        card.leads_to,
    )


def as_xlsx(sheet: Sheet) -> bytes:
    """The canvas as it is drawn, a list to filter, the numbers to reckon with, and what cards stand on."""
    import xlsxwriter

    written = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": sheet.title, "comments": sheet.about})
        _canvas(book, sheet)
        _list(book, sheet)
        _numbers(book, sheet)
        _evidence(book, sheet)
        if sheet.gaps:
            _gaps(book, sheet)
        for page in book.worksheets():
            page.set_footer(f"&L{sheet.footer.replace('&', '&&')}&R&P / &N")
    return written.getvalue()


def _canvas(book: "Workbook", sheet: Sheet) -> None:
    """Stages across, rows down: a card a cell, to be read whole. The first line of a row names it."""
    page = book.add_worksheet(_("Canvas"))
    title = book.add_format({"bold": True, "font_size": 16})
    top = {"text_wrap": True, "valign": "top"}
    soft = book.add_format({"font_color": "#5b5964", **top})
    words = book.add_format({"border": 1, "border_color": "#d9d6cf", **top})
    name = book.add_format({"bold": True, "top": 1, "top_color": "#5b5964", **top})
    page.write_string(0, 0, sheet.title, title)
    page.write_string(1, 0, " · ".join(filter(None, (sheet.about, sheet.summary))), book.add_format())
    page.set_column(0, 0, _NARROW)
    page.set_column(1, max(1, len(sheet.stages)), _WIDE)
    page.write_blank(3, 0, None, book.add_format())
    for column, stage in enumerate(sheet.stages, 1):
        head = {"bold": True, "bottom": 5, "bottom_color": stage.hue, "font_size": 12, **top}
        page.write_string(3, column, stage.name, book.add_format(head))
        page.write_string(4, column, "\n".join(stage.numbers), soft)
    page.set_row(3, _high([stage.name for stage in sheet.stages], [_WIDE * 0.75]))
    page.set_row(4, _high(["\n".join(stage.numbers) for stage in sheet.stages], [_WIDE]))
    met = [
        [
            " · ".join(filter(None, (each.name, each.channel, each.number, each.gap)))
            for each in stage.touchpoints
        ]
        for stage in sheet.stages
    ]
    rows = [(sheet.touchpoints, [["\n".join(each)] if each else [] for each in met])]
    rows += [(row.name, [[_whole(card) for card in cards] for cards in row.cells]) for row in sheet.rows]
    line = 5
    for called, cells in rows:
        page.write_string(line, 0, called, name)
        for deep in range(max(1, *map(len, cells), 1)):
            texts = [cell[deep] if deep < len(cell) else "" for cell in cells]
            for column, text in enumerate(texts, 1):
                page.write_string(line, column, text, words)
            page.set_row(line, _high([called if deep == 0 else "", *texts], [_NARROW * 0.9, _WIDE]))
            line += 1
    page.freeze_panes(4, 1)
    _for_paper(page, _A3, heads=3)


def _whole(card: SheetCard) -> str:
    """All that a card says."""
    return "\n".join(filter(None, (card.title, card.text, card.caption, *card.below)))


def _high(texts: Sequence[object], widths: Sequence[float]) -> float:
    """How high a line must be, in points, that texts wrap into columns of these widths: programs that don't
    measure for themselves would cut them. The last width goes for all columns that follow.
    """
    lines = 1
    for place, text in enumerate(texts):
        wide = max(1.0, widths[min(place, len(widths) - 1)] * 0.95)
        lines = max(lines, sum(max(1, ceil(len(each) / wide)) for each in str(text or "").split("\n")))
    return min(_HIGHEST, _LINE * lines)


def _for_paper(page: "Worksheet", paper: int, *, heads: int) -> None:
    """Across, as wide as the paper, the heads again on each page."""
    page.set_paper(paper)
    page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(heads)


def _list(book: "Workbook", sheet: Sheet) -> None:
    heads = (
        _("Stage"), pgettext("of a canvas", "Row"), _("Title"), _("Text"), _("Channel"), _("Customers"),
        _("Events"), _("How the customer feels"), _("How much it hurts"), _("Details"), _("Caption"),
        _("Evidence"), _("Gap"), _("Opens the journey"),
    )  # fmt: skip
    widths = (20, 20, 36, 60, 16, 12, 12, 12, 12, 40, 30, 30, 24, 24)
    forms = ("", "", "", "", "", _COUNT, _COUNT, "+0;−0;0")
    _table(book, _("List"), heads, _lines(sheet), widths, forms=forms)


def _numbers(book: "Workbook", sheet: Sheet) -> None:
    """Numbers as numbers, each stage before its touchpoints."""
    heads = (
        _("Stage"), _("Touchpoint"), _("Customers"), _("Events"), _("Go on"), _("Share who go on"),
        _("Median days to the next stage"),
    )  # fmt: skip
    lines: list[Line] = []
    for stage in sheet.stages:
        days = None if stage.median_seconds is None else round(stage.median_seconds / 86_400, 2)
        lines.append((stage.name, "", stage.customers, stage.events, stage.went_on, stage.share, days))
        lines += [
            (stage.name, each.name, each.customers, each.events, None, None, None)
            for each in stage.touchpoints
        ]
    forms = ("", "", _COUNT, _COUNT, _COUNT, _SHARE, "0.0")
    _table(book, _("Numbers"), heads, lines, (24, 36, 14, 14, 14, 18, 26), forms=forms)


def _evidence(book: "Workbook", sheet: Sheet) -> None:
    heads = (
        _("Stage"), pgettext("of a canvas", "Row"), _("Card"), _("For or against"), _("Source"),
        _("Evidence"), _("What was found"), _("Customers"), _("Standing"), _("Address"),
    )  # fmt: skip
    lines: list[Line] = [
        (
            stage.name, row.name, card.title, each.side, each.source, each.name, each.text, each.customers,
            each.standing, each.address,
        )
        for place, stage in enumerate(sheet.stages)
        for row in sheet.rows
        for card in row.cells[place]
        for each in card.evidence
    ]  # fmt: skip
    _table(
        book,
        _("Evidence"),
        heads,
        lines,
        (20, 20, 36, 14, 20, 36, 60, 12, 16, 30),
        forms=("",) * 7 + (_COUNT,),
    )


def _gaps(book: "Workbook", sheet: Sheet) -> None:
    heads = (_("Stage"), _("Touchpoint"), _("Value"), _("Wanted"), _("Felt"), _("Gap"), _("People who rated"))
    lines: list[Line] = [
        (each.stage, each.touchpoint, each.value, each.wanted, each.felt, each.gap, each.raters)
        for each in sheet.gaps
    ]
    _table(book, _("Brand values"), heads, lines, (20, 30, 24, 14, 14, 8, 16))


def _table(
    book: "Workbook",
    name: str,
    heads: Sequence[Any],
    lines: Iterable[Line],
    widths: Sequence[int],
    *,
    forms: Sequence[str] = (),
) -> None:
    """A sheet that can be filtered; long texts wrap, so that all of them can be read. `forms` are those of
    the numbers of a column.
    """
    page = book.add_worksheet(name)
    data = [list(line) for line in lines]
    bold = book.add_format({"text_wrap": True, "valign": "top", "bold": True})
    columns = []
    for place, head in enumerate(heads):
        form = forms[place] if place < len(forms) else ""
        looks = {"text_wrap": True, "valign": "top", **({"num_format": form} if form else {})}
        columns.append({"header": str(head), "header_format": bold, "format": book.add_format(looks)})
    page.add_table(0, 0, max(1, len(data)), len(heads) - 1, {"data": data, "columns": columns})
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    # The buttons of the filter take some of a head's width.
    page.set_row(0, _high([str(head) for head in heads], [width - 4 for width in widths]))
    for line, cells in enumerate(data, 1):
        page.set_row(line, _high(cells, widths))
    page.freeze_panes(1, 0)
    _for_paper(page, _A3 if sum(widths) > _MANY else _A4, heads=0)
