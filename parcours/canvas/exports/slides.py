"""The canvas as slides that can be edited: real tables, a real chart, and notes for whoever presents."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parcours.canvas.exports.sheet import Sheet, SheetCard, SheetStage

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide

STAGES_A_SLIDE = 6
_BLANK_WITH_TITLE = 5
_INK, _SOFT = "1C1B22", "5B5964"


def as_pptx(sheet: Sheet) -> bytes:
    """A slide with the whole canvas (several when it is wide), one with how many customers each stage has,
    and one a key moment.
    """
    from pptx import Presentation
    from pptx.util import Cm

    deck = Presentation()
    deck.slide_width, deck.slide_height = Cm(33.867), Cm(19.05)
    deck.core_properties.title = sheet.title
    deck.core_properties.language = sheet.language
    for first in range(0, max(1, len(sheet.stages)), STAGES_A_SLIDE):
        _canvas(deck, sheet, range(first, min(first + STAGES_A_SLIDE, len(sheet.stages))))
    if any(stage.customers for stage in sheet.stages):
        _chart(deck, sheet)
    for row in sheet.rows:
        for stage, cards in zip(sheet.stages, row.cells, strict=True):
            for card in cards:
                if card.picture:
                    _moment(deck, stage, card)
    written = BytesIO()
    deck.save(written)
    return written.getvalue()


def _slide(deck: "Deck", title: str, notes: str) -> "Slide":
    from pptx.util import Cm, Pt

    slide = deck.slides.add_slide(deck.slide_layouts[_BLANK_WITH_TITLE])
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = Cm(1), Cm(0.5), Cm(31.8), Cm(1.5)
    head.text_frame.text = title
    run = head.text_frame.paragraphs[0]
    run.font.size, run.font.bold = Pt(22), True
    run.alignment = 1
    slide.notes_slide.notes_text_frame.text = notes
    return slide


def _canvas(deck: "Deck", sheet: Sheet, places: range) -> None:
    from pptx.util import Cm

    notes = "\n".join(filter(None, (sheet.about, sheet.summary, *_about_persona(sheet))))
    slide = _slide(deck, sheet.title, notes)
    lines = 2 + len(sheet.rows)
    frame = slide.shapes.add_table(lines, 1 + len(places), Cm(1), Cm(2.2), Cm(31.8), Cm(15.5))
    table = frame.table
    table.columns[0].width = Cm(3)
    for column in range(1, len(table.columns)):
        table.columns[column].width = int((Cm(31.8) - Cm(3)) / max(1, len(places)))
    _write(table.cell(0, 0), "", size=10)
    _write(table.cell(1, 0), sheet.touchpoints, size=9, bold=True)
    for column, place in enumerate(places, 1):
        stage = sheet.stages[place]
        _write(
            table.cell(0, column), "\n".join((stage.name, *stage.numbers)), size=10, bold=True, fill=stage.hue
        )
        met = [f"{each.name}  {each.number}".strip() for each in stage.touchpoints]
        _write(table.cell(1, column), "\n".join(met), size=7)
    for line, row in enumerate(sheet.rows, 2):
        _write(table.cell(line, 0), row.name, size=9, bold=True)
        for column, place in enumerate(places, 1):
            _write(table.cell(line, column), "\n".join(card.title for card in row.cells[place]), size=8)


def _write(cell: Any, text: str, *, size: float, bold: bool = False, fill: str = "") -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Cm, Pt

    cell.text = text
    cell.margin_left = cell.margin_right = Cm(0.15)
    cell.margin_top = cell.margin_bottom = Cm(0.08)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(fill.lstrip("#").upper() if fill else "FFFFFF")
    for place, paragraph in enumerate(cell.text_frame.paragraphs):
        paragraph.font.size = Pt(size)
        paragraph.font.bold = bold and (place == 0 or not fill)
        paragraph.font.color.rgb = RGBColor.from_string("FFFFFF" if fill else _INK)


def _chart(deck: "Deck", sheet: Sheet) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Cm, Pt

    slide = _slide(deck, _("Customers by stage"), sheet.about)
    data = CategoryChartData()
    data.categories = [stage.name for stage in sheet.stages]
    data.add_series(_("Customers"), [stage.customers for stage in sheet.stages])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(2.5), Cm(31.8), Cm(15), data)
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = False
    plot = chart.plots[0]
    plot.has_data_labels = True
    plot.data_labels.font.size = Pt(14)
    plot.gap_width = 60


def _moment(deck: "Deck", stage: SheetStage, card: SheetCard) -> None:
    from pptx.util import Cm

    picture = card.picture
    if picture is None:
        return
    slide = _slide(deck, f"{stage.name} · {card.title}", card.text)
    most_wide, most_high = Cm(31.8), Cm(13.5)
    scale = min(most_wide / picture.width, most_high / picture.height)
    width, height = int(picture.width * scale), int(picture.height * scale)
    left = int((deck.slide_width - width) / 2)
    shape = slide.shapes.add_picture(_as_png(picture.path), left, Cm(2.4), width, height)
    shape._element.nvPicPr.cNvPr.set("descr", picture.alt or card.title)  # noqa: SLF001 - no other way to it
    box = slide.shapes.add_textbox(Cm(1), Cm(16.2), Cm(31.8), Cm(2))
    box.text_frame.word_wrap = True
    box.text_frame.text = card.text


def _as_png(path: Path) -> BytesIO:
    """Slides know no WebP, in which pictures are stored."""
    from PIL import Image

    written = BytesIO()
    with Image.open(path) as picture:
        picture.save(written, "PNG")
    written.seek(0)
    return written


def _about_persona(sheet: Sheet) -> tuple[str, ...]:
    persona = sheet.persona
    return (persona.name, persona.quote, persona.goals) if persona else ()
