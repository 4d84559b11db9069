"""Files of canvases that are hard to write: many stages, long cards, signs that few fonts have."""

from io import BytesIO
from typing import Any

import openpyxl
import pptx
import pypdf
import pytest
from PIL import Image

from parcours.canvas.exports.files import KINDS
from parcours.canvas.exports.sheet import Sheet, SheetCard, SheetPicture, SheetRow, SheetStage, hue_of
from parcours.canvas.text import runs

A3 = (1191, 842)


def card(title: str, text: str = "", **more: Any) -> SheetCard:
    return SheetCard(title, text, lines=runs(text), **more)


def sheet(*cells: tuple[SheetCard, ...], title: str = "Hard", kind: str = "need") -> Sheet:
    stages = tuple(
        SheetStage(f"Stage-{place:02}", "", hue_of(place), numbers=("12 customers",), share=0.42)
        for place in range(len(cells))
    )
    row = SheetRow(kind, "Needs", cells)
    return Sheet(title, "", "en", "Foulée", stages, (row,), None, "Touchpoints", "Drawn & printed")


def pages(content: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(BytesIO(content)).pages)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", ["Ravi 😀👍🏽", "日本語のお客様", "مرحبا", "a bell \x07 and\va line"])
def test_any_name_can_be_written(kind: str, words: str) -> None:
    assert KINDS[kind].write(sheet((card(words, words),), title=words))


def test_the_pdf_keeps_the_words_that_no_font_has() -> None:
    reader = pypdf.PdfReader(BytesIO(KINDS["pdf"].write(sheet((card("The end \U000f0000 of it"),)))))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "The end" in reader.pages[0].extract_text()


def test_many_stages_go_on_from_page_to_page() -> None:
    drawn = pages(
        KINDS["pdf"].write(sheet(*((card(f"Card-{n:02}", level=n),) for n in range(13)), kind="emotion"))
    )
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in drawn} == {A3}
    texts = [page.extract_text() for page in drawn]
    for place in range(13):
        (page,) = [text for text in texts if f"Stage-{place:02}" in text]
        assert f"Card-{place:02}" in page


def test_a_long_card_does_not_run_off_the_page() -> None:
    text = "They ask for it again and again. " * 700 + "THE END"
    drawn = pages(KINDS["pdf"].write(sheet((card("Begins", text),), (), (), ())))
    begins, ends = (
        next(n for n, page in enumerate(drawn) if words in page.extract_text())
        for words in ("Begins", "THE END")
    )
    assert begins < ends


def test_a_tall_picture_stays_on_its_page(tmp_path: Any) -> None:
    file = tmp_path / "tall.png"
    Image.new("RGB", (200, 9000), "teal").save(file)
    tall = SheetPicture(file, 200, 9000, "The whole page", "As of March")
    (page,) = pages(KINDS["pdf"].write(sheet((card("Seen", "BELOW", picture=tall),))))
    assert "BELOW" in page.extract_text()


def test_a_card_too_long_for_a_slide_stands_in_its_notes() -> None:
    text = "They ask for it again and again. " * 60 + "THE END"
    deck = pptx.Presentation(BytesIO(KINDS["pptx"].write(sheet((card("Long", text),)))))
    slide = deck.slides[0]
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    assert table.cell(2, 1).text.endswith("…")
    assert "THE END" in slide.notes_slide.notes_text_frame.text


def test_heads_of_slides_are_dark_on_light() -> None:
    deck = pptx.Presentation(BytesIO(KINDS["pptx"].write(sheet(*((),) * 5))))
    table = next(shape.table for shape in deck.slides[0].shapes if shape.has_table)
    for column in range(1, 6):
        cell = table.cell(0, column)
        ink = cell.text_frame.paragraphs[0].font.color.rgb
        assert contrast(ink, cell.fill.fore_color.rgb) > 7


def contrast(one: Any, other: Any) -> float:
    """As WCAG reckons it."""

    def light(colour: tuple[int, int, int]) -> float:
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_each_sheet_of_the_workbook_can_be_printed() -> None:
    book = openpyxl.load_workbook(BytesIO(KINDS["xlsx"].write(sheet((card("One"),), (card("Two"),)))))
    for page in book.worksheets:
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToHeight == 0
        assert page.print_title_rows
        assert page.freeze_panes
    a3, a4 = 8, 9
    assert [page.page_setup.paperSize for page in book.worksheets] == [a3, a3, a4, a3]


def test_cards_of_a_cell_stand_one_below_another_and_high_enough() -> None:
    text = "They ask for it again and again. " * 10
    canvas = openpyxl.load_workbook(
        BytesIO(KINDS["xlsx"].write(sheet((card("One"), card("Two", text)), (card("Three"),))))
    ).worksheets[0]
    at = next(line[0].row for line in canvas.iter_rows() if line[0].value == "Needs")
    assert [canvas.cell(at, 2).value, canvas.cell(at, 3).value] == ["One", "Three"]
    assert canvas.cell(at + 1, 2).value.startswith("Two\nThey")
    assert canvas.row_dimensions[at + 1].height > 15 * 8


def test_a_share_is_a_number_in_percent() -> None:
    numbers = openpyxl.load_workbook(BytesIO(KINDS["xlsx"].write(sheet((), ())))).worksheets[2]
    assert (numbers["F2"].value, numbers["F2"].number_format) == (0.42, "0%")
    assert numbers["C2"].number_format == "#,##0"
