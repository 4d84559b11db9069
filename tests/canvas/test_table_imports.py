"""Tables of any columns become journeys: lists with a card a line, and grids drawn like the canvas."""

import io

import openpyxl
import pytest
import xlsxwriter

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.imports.layout import Reading, guess, understand
from parcours.canvas.imports.tables import read_tables
from parcours.core.errors import BadInput

pytestmark = pytest.mark.django_db


def drawn(content: bytes, reading: Reading | None = None) -> dict[tuple[str, str], list[str]]:
    """Titles by names of stage and row."""
    table = read_tables(content)[0]
    drawing = understand(table, reading or guess(table), title="Imported").drawing
    found: dict[tuple[str, str], list[str]] = {}
    for card in drawing.cards:
        place = (drawing.stages[card.stage].name, drawing.lanes[card.lane].name)
        found.setdefault(place, []).append(card.title)
    return found


def workbook(rows: list[list[object]]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet("Carte")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return written.getvalue()


def test_a_list_in_french_with_semicolons_and_old_encoding() -> None:
    content = (
        "Étape;Type;Intitulé;Description\nDécouverte;Besoins;Où acheter ?;Le soir\n;Irritants;Trop cher;\n"
    )
    expected = {("Découverte", "Besoins"): ["Où acheter ?"], ("Découverte", "Irritants"): ["Trop cher"]}
    assert drawn(content.encode("cp1252")) == expected
    assert drawn(content.encode("utf-8-sig")) == expected
    assert drawn(content.encode("utf-16")) == expected


def test_rows_are_recognised_by_their_names() -> None:
    content = b"Phase\tLane\tTitle\nA\tPain points\tx\nA\tTouchpoints\ty\nA\tWeather\tz\n"
    table = read_tables(content)[0]
    drawing = understand(table, guess(table), title="t").drawing
    assert [lane.kind for lane in drawing.lanes] == ["pain", "touchpoint", "free"]


def test_a_grid_in_a_workbook() -> None:
    content = workbook(
        [
            ["", "Awareness", "Decision"],
            ["Customer needs", "Which shoes?\nIn the evening\n\n- Who knows?", "Why pay for shipping?"],
            ["Actions", "", "Mail about the cart"],
        ]
    )
    assert drawn(content) == {
        ("Awareness", "Customer needs"): ["Which shoes?", "Who knows?"],
        ("Decision", "Customer needs"): ["Why pay for shipping?"],
        ("Decision", "Actions"): ["Mail about the cart"],
    }


def test_emotions_and_severities_become_details() -> None:
    content = b"stage,type,title,emotion,severity\nA,Emotion,Happy,4/5,\nA,Pain,Slow,,5\nA,Pain,Odd,,9\n"
    table = read_tables(content)[0]
    understood = understand(table, guess(table), title="t")
    assert [dict(card.details) for card in understood.drawing.cards] == [{"level": 50}, {"severity": 5}, {}]
    assert len(understood.notices) == 1
    assert "4" in understood.notices[0], "the line is named"


def test_columns_without_known_names_are_guessed_by_contents_and_can_be_set() -> None:
    rows = "".join(
        f"{'early' if n < 5 else 'late'},{n},A long sentence about what matters number {n}\n"
        for n in range(10)
    )
    content = f"x,y,z\n{rows}".encode()
    table = read_tables(content)[0]
    assert guess(table).roles == ("stage", "more", "title")
    set_by_hand = Reading("list", ("title", "", "stage"))
    assert len(drawn(content, set_by_hand)) == 10


def test_our_own_list_comes_back(brand: Brand, alice_acts: Actor) -> None:
    content = b"stage,row,title,text,channel,customers\nAwareness,Customer needs,Which?,In the evening,,\n"
    table = read_tables(content)[0]
    journey = writes.draw_journey(
        understand(table, guess(table), title="Back").drawing, acting_user=alice_acts
    )
    (card,) = reads.board(brand.pk, journey.id).cards
    assert (card.title, card.text, card.kind) == ("Which?", "In the evening", "need")


def test_long_titles_keep_every_word() -> None:
    words = "word " * 60
    table = read_tables(f"stage,title\nA,{words}\n".encode())[0]
    (card,) = understand(table, guess(table), title="t").drawing.cards
    assert len(card.title) == 200
    assert card.text == words.strip()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\x00\x01", b"PK\x03\x04 not a workbook", b"stage,title\n,\n", b"x" * 11_000_000],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(BadInput) as fault:
        drawn(content)
    assert fault.value.what


def test_formulas_and_dates_come_as_their_values() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["stage", "title"])
    page.append(["A", 3.0])
    written = io.BytesIO()
    book.save(written)
    assert drawn(written.getvalue())[("A", "Notes")] == ["3"]
