"""What the page says of a canvas, its files say too: told by reading both again."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pptx
import pypdf
import pytest
from django.test import Client
from django.utils import translation
from lxml import etree, html

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.brand_values import writes as values
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.evidence.writes import add_evidence
from parcours.canvas.exports.cjml import as_cjml
from parcours.canvas.exports.files import KINDS
from parcours.canvas.exports.sheet import Sheet
from parcours.canvas.shapes import Board
from parcours.core.periods import read_period
from parcours.insights.sheet import sheet_of
from tests.canvas.conftest import png
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]

TEXT = "It **really** hurts, says [the study](https://x.example/study):\n\n- in the morning\n- on stairs"


@pytest.fixture
def rich(drawn: Board, store: Store, brand: Brand, alice_acts: Actor) -> Board:
    """A canvas with a card of each kind and all that may stand on it."""
    act: dict[str, Any] = {"acting_user": alice_acts}
    journey, touchpoint = drawn.journey, drawn.touchpoints[0]
    store([Happened(f"c{number}", "View", 10, "web") for number in range(9)])
    other = writes.create_journey("Sends shoes back", **act)
    for kind in ("emotion", "pain", "kpi", "channel", "brand-fit", "employee", "touchpoint"):
        writes.add_lane(journey.id, kind, **act)
    lanes = {lane.kind: lane.id for lane in reads.board(brand.pk, journey.id).lanes}

    def add(kind: str, title: str, stage: int = 0, **more: Any) -> Any:
        place: dict[str, Any] = {"stage_id": drawn.stages[stage].id, "lane_id": lanes[kind]}
        return writes.add_card(journey.id, **place, title=title, **more, **act)

    need = add("need", "A shoe that does not hurt", text=TEXT, details={"source": "Chat"}, leads_to=other.id)
    picture = writes.add_picture(png(), **act)
    seen: dict[str, Any] = {
        "picture_id": picture.id,
        "picture_alt": "A blue page",
        "picture_caption": "As of March",
    }
    add("moment", "The first page", **seen, details={"device": "phone"})
    add("action", "Answer the chat", details={"does": "chat", "state": "running"})
    add("emotion", "Curious", details={"level": 40})
    add("emotion", "Surprised", 2, details={"level": -65})
    add("pain", "Shipping comes late", details={"severity": 4})
    kpi = {"current": 54, "target": 65.5, "unit": "%", "direction": "up"}
    add("kpi", "Orders that are finished", details=kpi)
    add("channel", "On the phone", details={"channel": "instagram"})
    add("employee", "Amina", details={"team": "Customer service"})
    add("touchpoint", "The catalogue", details={"touchpoint": str(touchpoint.id)})
    value = values.add_value("Honest", **act)
    add("brand-fit", "Prices in sight", details={"value": "Honest"})
    values.want(journey.id, touchpoint.id, value.id, 4, **act)
    values.rate(journey.id, touchpoint.id, value.id, 1, **act)
    add_evidence(journey.id, need.id, Given("note", source="interview", text="Nine of ten say so."), **act)
    mark = writes.add_persona(
        "Mark", sketch="Runs.", goals="No pain.", quote="Ouch.", channels=["chat"], **act
    )
    writes.edit_journey(journey.id, persona_id=mark.id, summary="From pain to shoes", **act)
    return reads.board(brand.pk, journey.id)


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sheet(brand: Brand, rich: Board, language: str) -> Sheet:
    with translation.override(language):
        return sheet_of(brand, rich, read_period({"period": "90d"}, brand.time_zone))


@pytest.fixture
def shown(rich: Board, as_alice: Client, language: str) -> list[str]:
    """The words of the page, piece by piece, as a reader's eyes find them."""
    as_alice.cookies["django_language"] = language
    answer = as_alice.get(f"/map/{rich.journey.id}/?period=90d", headers={"Accept-Language": language})
    page: Any = html.fromstring(answer.content.decode())
    where = (
        "//*[@data-title]", "//*[@data-text]//p", "//*[@data-text]//li",
        "//*[contains(@class, 'card-caption')]",
        "//*[contains(@class, 'fact-')]", "//*[contains(@class, 'mark-evidence')]",
        "//*[contains(@class, 'mark-fit')]", "//*[contains(@class, 'mark-leads')]",
        "//*[contains(@class, 'touchpoint-gap')]", "//*[@class='stage-name']",
    )  # fmt: skip
    found = [element for path in where for element in page.xpath(path)]
    return [text for element in found if (text := _visible(element))]


def _visible(element: Any) -> str:
    hidden = element.xpath(".//*[contains(@class, 'hide-visually')]")
    steps = element.xpath(".//*[contains(@class, 'steps')]")
    for each in [] if steps else hidden:
        each.drop_tree()
    for each in hidden[:1] if steps else []:
        each.drop_tree()
    return " ".join(element.text_content().split())


def bare(text: str) -> str:
    """Letters and figures alone: files break lines where they like."""
    return re.sub(r"[\W_]+", "", text).casefold()


def pdf(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


def slides(content: bytes) -> str:
    found = []
    for slide in pptx.Presentation(BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
            elif shape.has_text_frame:
                found.append(shape.text_frame.text)
    return "\n".join(found)


def workbook(content: bytes) -> str:
    book = openpyxl.load_workbook(BytesIO(content))
    return "\n".join(str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row)


READ: dict[str, Callable[[bytes], str]] = {
    "pdf": pdf,
    "pptx": slides,
    "xlsx": workbook,
    "csv": lambda content: content.decode("utf-8-sig"),
}


def alternatives(element: Any) -> list[str]:
    """The words of a PDF for those who can't see its pictures."""
    waiting, found = [element], []
    while waiting:
        each = waiting.pop()
        if hasattr(each, "get"):
            found.append(str(each.get("/Alt", "")))
            children = each.get("/K", [])
            children = children if isinstance(children, list) else [children]
            waiting += [child.get_object() for child in children if hasattr(child, "get_object")]
    return found


def test_the_page_shows_all_of_it(shown: list[str]) -> None:
    assert len(shown) > 40
    assert any("As of March" in words for words in shown)
    assert any("Sends shoes back" in words for words in shown)


@pytest.mark.parametrize("kind", READ)
def test_a_file_says_what_the_page_says(kind: str, sheet: Sheet, shown: list[str], language: str) -> None:
    with translation.override(language):
        said = bare(READ[kind](KINDS[kind].write(sheet)))
    # A list has no line for a stage in which nothing stands.
    empty = {"Retention", "Advocacy"} if kind == "csv" else set()
    assert [words for words in shown if bare(words) not in said and words not in empty] == []


def test_the_curve_is_drawn_and_said(sheet: Sheet) -> None:
    deck = pptx.Presentation(BytesIO(KINDS["pptx"].write(sheet)))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert [list(chart.plots[0].series[0].values) for chart in charts][-1] == [40, -65]
    assert "Surprised: 2:" in KINDS["mermaid"].write(sheet).decode()
    root: Any = pypdf.PdfReader(BytesIO(KINDS["pdf"].write(sheet))).trailer["/Root"]
    assert any("Surprised, −65" in words for words in alternatives(root["/StructTreeRoot"]))


def test_other_tools_get_words_and_details(rich: Board) -> None:
    said = " ".join(map(str, etree.fromstring(as_cjml(rich, brand="Foulée")).itertext()))
    for words in ("A shoe that does not hurt", "in the morning", "Customer service", "makes them hesitate"):
        assert words in said
