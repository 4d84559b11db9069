"""Files of the canvas, opened again by readers that know nothing of Parcours."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pptx
import pypdf
import pytest
from django.test import Client
from django.utils import translation
from PIL import Image

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.exports.files import KINDS
from parcours.canvas.exports.sheet import Sheet
from parcours.canvas.shapes import Board
from parcours.core.periods import read_period
from parcours.insights.sheet import sheet_of
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]


@pytest.fixture
def board(drawn: Board, store: Store, brand: Brand, alice_acts: Actor) -> Board:
    store(
        [Happened("ann", "View", 10, "web"), Happened("ann", "Cart", 9)]
        + [Happened(f"c{number}", "View", 10, "web") for number in range(9)]
    )
    stage, (need, moment, *_rest) = drawn.stages[0], drawn.lanes
    writes.add_card(
        drawn.journey.id,
        stage_id=stage.id,
        lane_id=need.id,
        title="=1+1",
        text="Sans mal de dos ? # : ;",
        acting_user=alice_acts,
    )
    picture = BytesIO()
    Image.new("RGB", (320, 200), "#46549c").save(picture, "PNG")
    picture.seek(0)
    writes.add_card(
        drawn.journey.id,
        stage_id=stage.id,
        lane_id=moment.id,
        title="The first page",
        picture_id=writes.add_picture(picture, acting_user=alice_acts).id,
        picture_alt="A blue page",
        acting_user=alice_acts,
    )
    return reads.board(brand.pk, drawn.journey.id)


@pytest.fixture
def sheet(brand: Brand, board: Board) -> Sheet:
    return sheet_of(brand, board, read_period({"period": "all"}, brand.time_zone))


def test_the_sheet_says_what_the_page_says(sheet: Sheet) -> None:
    first = sheet.stages[0]
    assert first.numbers[:2] == ("10 customers", "10\N{NARROW NO-BREAK SPACE}% go on")
    assert (first.customers, first.share) == (10, 0.1)
    assert first.touchpoints[0].number == "10"
    assert [card.title for card in sheet.rows[0].cells[0]] == ["=1+1"]


def test_the_pdf_is_one_that_screen_readers_understand(sheet: Sheet) -> None:
    pdf = pypdf.PdfReader(BytesIO(KINDS["pdf"].write(sheet)))
    catalogue: Any = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert pdf.metadata is not None
    assert pdf.metadata.title == sheet.title
    text = "".join(page.extract_text() for page in pdf.pages)
    for words in (sheet.title, "Awareness", "10 customers", "The first page", "Sans mal de dos"):
        assert words in text
    assert "A blue page" in [str(element.get("/Alt", "")) for element in _tagged(catalogue)]


def test_every_page_names_the_rows_that_go_on_there(brand: Brand, board: Board, alice_acts: Actor) -> None:
    lane = board.lanes[0]
    for number in range(60):
        writes.add_card(
            board.journey.id,
            stage_id=board.stages[1].id,
            lane_id=lane.id,
            title=f"Need {number}",
            text="They ask for it again and again.",
            acting_user=alice_acts,
        )
    long = sheet_of(brand, reads.board(brand.pk, board.journey.id), read_period({}, brand.time_zone))
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(KINDS["pdf"].write(long))).pages]
    with_needs = [page for page in pages if "They ask for it" in page]
    assert len(with_needs) > 1
    assert all(lane.name in page for page in with_needs)


def _tagged(catalogue: Any) -> Any:
    """The structure's elements."""
    waiting = [catalogue["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        if not hasattr(element, "get"):
            continue
        yield dict(element)
        children = element.get("/K", [])
        waiting += [
            child.get_object()
            for child in (children if isinstance(children, list) else [children])
            if hasattr(child, "get_object")
        ]


def test_the_picture_and_the_drawing_hold_the_whole_canvas(sheet: Sheet) -> None:
    with Image.open(BytesIO(KINDS["png"].write(sheet))) as picture:
        assert picture.width > 2000
    assert ET.fromstring(KINDS["svg"].write(sheet)).tag.endswith("svg")


def test_the_slides_can_be_edited(sheet: Sheet) -> None:
    deck = pptx.Presentation(BytesIO(KINDS["pptx"].write(sheet)))
    canvas, chart, moment = deck.slides
    table = next(shape.table for shape in canvas.shapes if shape.has_table)
    assert table.cell(0, 1).text.startswith("Awareness")
    assert table.cell(2, 1).text.startswith("=1+1")
    values = next(shape.chart for shape in chart.shapes if shape.has_chart).plots[0].series[0].values
    assert list(values)[:2] == [10, 1]
    assert moment.shapes.title.text == "Awareness · The first page"
    assert sheet.about in canvas.notes_slide.notes_text_frame.text


def test_the_workbook_has_the_canvas_and_a_list_without_formulas(sheet: Sheet) -> None:
    book = openpyxl.load_workbook(BytesIO(KINDS["xlsx"].write(sheet)))
    canvas, listed = book.worksheets[:2]
    assert canvas["B4"].value == "Awareness"
    assert "=1+1" in canvas["B7"].value
    assert canvas["B7"].data_type == "s"
    titles = [row[2].value for row in listed.iter_rows(min_row=2)]
    assert "The first page" in titles


def test_the_list_for_programs_keeps_formulas_harmless(sheet: Sheet) -> None:
    text = KINDS["csv"].write(sheet).decode("utf-8-sig")
    lines = list(csv.DictReader(StringIO(text)))
    assert [line["title"] for line in lines if line["row"] == sheet.rows[0].name] == ["'=1+1"]
    assert {name: value for name, value in lines[0].items() if value} == {
        "stage": "Awareness",
        "row": "Touchpoints",
        "title": "Page",
        "customers": "10",
        "events": "10",
    }


def test_the_text_for_wikis_has_a_task_a_touchpoint(sheet: Sheet) -> None:
    lines = KINDS["mermaid"].write(sheet).decode().splitlines()
    assert lines[0] == "journey"
    assert "  section Awareness" in lines
    assert all(line.count(":") == 2 for line in lines if line.startswith("    "))


def test_files_speak_the_readers_language(brand: Brand, board: Board) -> None:
    with translation.override("fr"):
        sheet = sheet_of(brand, board, read_period({"period": "all"}, brand.time_zone))
    assert sheet.language == "fr"
    assert sheet.touchpoints == "Points de contact"


@pytest.mark.parametrize("kind", [*KINDS, "json"])
def test_every_kind_is_downloaded_from_the_page(
    kind: str, as_bob: Client, board: Board, wanted: Callable[[str], str]
) -> None:
    page = as_bob.get(f"/map/{board.journey.id}/export/?period=all").content.decode()
    assert wanted(kind) in page
    answer = as_bob.get(f"/map/{board.journey.id}/export/{kind}/?period=all")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.content


@pytest.fixture
def wanted(board: Board) -> Callable[[str], str]:
    return lambda kind: f"/map/{board.journey.id}/export/{kind}/"


def test_an_unknown_kind_is_not_found(as_bob: Client, board: Board) -> None:
    assert as_bob.get(f"/map/{board.journey.id}/export/exe/").status_code == 404
