"""The canvas as slides that can be edited: real tables, real charts, and notes for whoever presents."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parcours.canvas.exports.charts import add_customers, add_feelings, describe
from parcours.canvas.exports.curve import said
from parcours.canvas.exports.sheet import Sheet, SheetCard, SheetPicture, SheetRow, SheetStage
from parcours.canvas.text import Line, Run

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide

STAGES_A_SLIDE = 6
HIGHEST = 13.0
"""Of the rows below the heads on one slide, in cm."""
LONGEST = 500
"""Of a card's text on a slide; the notes have all of it."""
_BLANK_WITH_TITLE = 5
_INK, _SOFT = "1C1B22", "5B5964"


def as_pptx(sheet: Sheet) -> bytes:
    """The canvas (several slides when it is large); the persona; how many customers each stage has and how
    many go on; how they feel; where the brand's values are missed; and a slide a key moment.
    """
    from pptx import Presentation
    from pptx.util import Cm

    deck = Presentation()
    deck.slide_width, deck.slide_height = Cm(33.867), Cm(19.05)
    deck.core_properties.title = sheet.title
    deck.core_properties.language = sheet.language
    for first in range(0, max(1, len(sheet.stages)), STAGES_A_SLIDE):
        places = range(first, min(first + STAGES_A_SLIDE, len(sheet.stages)))
        for part, rows in enumerate(_parts(sheet, places)):
            _canvas(deck, sheet, places, rows, first_rows=part == 0)
    if sheet.persona:
        _persona(deck, sheet)
    if any(stage.customers for stage in sheet.stages):
        notes = [sheet.about, *(f"{each.name}: {', '.join(each.numbers)}" for each in sheet.stages)]
        add_customers(_slide(deck, _("Customers by stage"), "\n".join(notes)), sheet)
    for row in sheet.rows:
        if len(row.points) > 1:
            add_feelings(_slide(deck, row.name, said(row, sheet)), row, sheet)
    if sheet.gaps:
        _gaps(deck, sheet)
    for row in sheet.rows:
        for stage, cards in zip(sheet.stages, row.cells, strict=True):
            for card in cards:
                if card.picture:
                    _moment(deck, stage, card, card.picture)
    written = BytesIO()
    deck.save(written)
    return written.getvalue()


def _parts(sheet: Sheet, places: range) -> list[list[SheetRow]]:
    """The rows of these stages, as many together as fit on a slide; the touchpoints come first."""
    parts: list[list[SheetRow]] = [[]]
    met = max((len(sheet.stages[place].touchpoints) for place in places), default=0)
    used = 0.3 * met
    for row in sheet.rows:
        high = _height(row, places)
        if used + high > HIGHEST and (parts[-1] or len(parts) == 1):
            parts.append([])
            used = 0.0
        parts[-1].append(row)
        used += high
    return parts


def _height(row: SheetRow, places: range) -> float:
    """About how high a row becomes, in cm: by the characters that fit into a line of its narrow cells."""
    a_line = 220 / max(1, len(places))

    def lines(card: SheetCard) -> float:
        texts = [card.title, *(line.words for line in _beginning(card)), card.caption, *card.below]
        return sum(-(-len(text) // a_line) for text in texts if text)

    return 0.3 * max((sum(map(lines, row.cells[place])) for place in places), default=0) + 0.4


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


def _canvas(deck: "Deck", sheet: Sheet, places: range, rows: Sequence[SheetRow], *, first_rows: bool) -> None:
    """A table of some stages and rows; the touchpoints stand with the first rows."""
    from pptx.util import Cm

    slide = _slide(deck, sheet.title, _notes(sheet, places, rows))
    extra = 2 if first_rows else 1
    frame = slide.shapes.add_table(
        extra + len(rows), 1 + len(places), Cm(1), Cm(2.2), Cm(31.8), Cm(2 * (extra + len(rows)))
    )
    describe(frame, _("The canvas as a table: stages across, rows down."))
    table = frame.table
    table.columns[0].width = Cm(3)
    for column in range(1, len(table.columns)):
        table.columns[column].width = int((Cm(31.8) - Cm(3)) / max(1, len(places)))
    _write(table.cell(0, 0), "", size=10)
    for column, place in enumerate(places, 1):
        stage = sheet.stages[place]
        head = "\n".join((stage.name, *stage.numbers))
        _write(table.cell(0, column), head, size=10, bold=True, fill=stage.hue)
    if first_rows:
        _touchpoints(table, sheet, places)
    for line, row in enumerate(rows, extra):
        _write(table.cell(line, 0), row.name, size=9, bold=True)
        for column, place in enumerate(places, 1):
            _cards(table.cell(line, column), row.cells[place])


def _touchpoints(table: Any, sheet: Sheet, places: range) -> None:
    _write(table.cell(1, 0), sheet.touchpoints, size=9, bold=True)
    for column, place in enumerate(places, 1):
        met = [
            " · ".join(filter(None, (each.name, each.channel, each.number, each.gap)))
            for each in sheet.stages[place].touchpoints
        ]
        _write(table.cell(1, column), "\n".join(met), size=7)


def _cards(cell: Any, cards: Sequence[SheetCard]) -> None:
    """The cards of a cell: titles in bold, then texts as they are formatted, then what stands below them."""
    _prepare(cell)
    for place, card in enumerate(cards):
        frame = cell.text_frame
        _run(frame.add_paragraph() if place else frame.paragraphs[0], card.title, size=8, bold=True)
        for line in _beginning(card):
            _runs(frame.add_paragraph(), line, size=7, colour=_SOFT)
        for words in filter(None, (card.caption, *card.below)):
            _run(frame.add_paragraph(), words, size=6, colour=_SOFT)


def _beginning(card: SheetCard) -> tuple[Line, ...]:
    """The lines of a card; of a text too long for a slide what its notes go on from."""
    if len(card.text) <= LONGEST:
        return card.lines
    return (Line((Run(f"{card.text[:LONGEST].rsplit(None, 1)[0]} …"),)),)


def _runs(paragraph: Any, line: Line, *, size: float, colour: str) -> None:
    paragraph.level = min(line.level, 8)
    if line.mark:
        _run(paragraph, f"{line.mark} ", size=size, colour=colour)
    for each in line.runs:
        _run(
            paragraph, each.text, size=size, colour=colour, bold=each.bold, italic=each.italic, href=each.href
        )


def _run(
    paragraph: Any,
    text: str,
    *,
    size: float,
    colour: str = _INK,
    bold: bool = False,
    italic: bool = False,
    href: str = "",
) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    run.font.color.rgb = RGBColor.from_string(colour)
    if href:
        run.hyperlink.address = href


def _prepare(cell: Any, fill: str = "") -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Cm

    cell.margin_left = cell.margin_right = Cm(0.15)
    cell.margin_top = cell.margin_bottom = Cm(0.08)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(_light(fill) if fill else "FFFFFF")


def _light(hue: str) -> str:
    """A third of the hue on white: dark words can be read on each of them."""
    parts = [int(hue.lstrip("#")[place : place + 2], 16) for place in (0, 2, 4)]
    return "".join(f"{round(255 - (255 - part) / 3):02X}" for part in parts)


def _write(cell: Any, text: str, *, size: float, bold: bool = False, fill: str = "") -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    cell.text = text
    _prepare(cell, fill)
    for place, paragraph in enumerate(cell.text_frame.paragraphs):
        paragraph.font.size = Pt(size)
        paragraph.font.bold = bold and (place == 0 or not fill)
        paragraph.font.color.rgb = RGBColor.from_string(_INK)


def _notes(sheet: Sheet, places: range, rows: Sequence[SheetRow]) -> str:
    """For whoever presents: what it is about, and what the cards of this slide stand on."""
    lines = [sheet.about, sheet.summary]
    for place in places:
        for row in rows:
            for card in row.cells[place]:
                is_long = len(card.text) > LONGEST
                if card.evidence or is_long:
                    lines.append(f"\n{sheet.stages[place].name} · {card.title}")
                if is_long:
                    lines.append(card.text)
                if card.evidence:
                    lines += [f"– {each.sentence}" for each in card.evidence]
    return "\n".join(filter(None, lines))


def _persona(deck: "Deck", sheet: Sheet) -> None:
    from pptx.util import Cm

    persona = sheet.persona
    if persona is None:
        return
    slide = _slide(deck, persona.name, sheet.about)
    left = Cm(1)
    if persona.photo:
        shape = slide.shapes.add_picture(_as_png(persona.photo.path), left, Cm(2.6), height=Cm(8))
        describe(shape, persona.photo.alt or persona.name)
        left = Cm(2) + shape.width
    box = slide.shapes.add_textbox(left, Cm(2.6), Cm(32.8) - left, Cm(14))
    box.text_frame.word_wrap = True
    parts = [("", persona.born), ("", persona.sketch), *(("", f"“{each}”") for each in persona.quotes)]
    parts += [(_("Goals"), persona.goals), (_("Habits"), persona.habits), (_("Channels"), persona.channels)]
    first = True
    for label, words in parts:
        if not words:
            continue
        paragraph = box.text_frame.paragraphs[0] if first else box.text_frame.add_paragraph()
        first = False
        if label:
            _run(paragraph, f"{label}: ", size=16, bold=True)
        _run(paragraph, words, size=16, italic=words.startswith("“"))


def _gaps(deck: "Deck", sheet: Sheet) -> None:
    from pptx.util import Cm

    slide = _slide(deck, _("Where the brand’s values are missed"), sheet.about)
    shown = sheet.gaps[:12]
    frame = slide.shapes.add_table(1 + len(shown), 6, Cm(1), Cm(2.2), Cm(31.8), Cm(1 + len(shown)))
    describe(frame, _("Values, how strongly they are wanted and felt, and the gap between."))
    heads = (_("Value"), _("Touchpoint"), _("Stage"), _("Wanted"), _("Felt"), _("Gap"))
    for column, head in enumerate(heads):
        _write(frame.table.cell(0, column), str(head), size=12, bold=True)
    for line, each in enumerate(shown, 1):
        gap = f"{each.gap:g}"
        words = (each.value, each.touchpoint, each.stage, each.wanted, each.felt, gap)
        for column, word in enumerate(words):
            _write(frame.table.cell(line, column), word, size=12)


def _moment(deck: "Deck", stage: SheetStage, card: SheetCard, picture: SheetPicture) -> None:
    from pptx.util import Cm

    notes = [card.text, *card.below, *(each.sentence for each in card.evidence)]
    slide = _slide(deck, f"{stage.name} · {card.title}", "\n".join(filter(None, notes)))
    most_wide, most_high = Cm(31.8), Cm(13.2)
    scale = min(most_wide / picture.width, most_high / picture.height)
    width, height = int(picture.width * scale), int(picture.height * scale)
    left = int((deck.slide_width - width) / 2)
    shape = slide.shapes.add_picture(_as_png(picture.path), left, Cm(2.2), width, height)
    describe(shape, picture.alt or card.title)
    box = slide.shapes.add_textbox(Cm(1), Cm(15.7), Cm(31.8), Cm(3))
    box.text_frame.word_wrap = True
    paragraph = box.text_frame.paragraphs[0]
    if picture.caption:
        _run(paragraph, picture.caption, size=12, colour=_SOFT)
        paragraph = box.text_frame.add_paragraph()
    for line in card.lines:
        _runs(paragraph, line, size=14, colour=_INK)
        paragraph = box.text_frame.add_paragraph()


def _as_png(path: Path) -> BytesIO:
    """Slides know no WebP, in which pictures are stored."""
    from PIL import Image

    written = BytesIO()
    with Image.open(path) as picture:
        picture.save(written, "PNG")
    written.seek(0)
    return written
