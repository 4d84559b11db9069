"""Files that are broken or made to break what reads them, and those of spreadsheets with their own habits."""

import io
import resource
import zipfile

import openpyxl
import pytest

from parcours.canvas.exports.files import KINDS
from parcours.canvas.exports.sheet import Sheet, SheetCard, SheetRow, SheetStage
from parcours.canvas.imports.reading import read_file
from parcours.core.errors import BadInput

CELL = '<table:table-cell office:value-type="string"{more}><text:p>{words}</text:p></table:table-cell>'


def cell(words: str, more: str = "") -> str:
    return CELL.format(words=words, more=more)


def workbook(**cells: object) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for place, value in cells.items():
        book.worksheets[0][place] = value
    book.save(file)
    return file.getvalue()


def open_document(rows: str) -> bytes:
    file = io.BytesIO()
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        book.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
        table = f'<table:table table:name="S">{rows}</table:table>'
        body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        book.writestr("content.xml", f"<office:document-content{names}>{body}</office:document-content>")
    return file.getvalue()


def test_a_cell_far_away_does_not_take_all_memory() -> None:
    with pytest.raises(BadInput, match="far away"):
        read_file("far.xlsx", workbook(A1="Stage", XFD1048576="x"))


def test_a_cell_that_is_repeated_without_end_is_refused() -> None:
    row = cell("x", ' table:number-columns-repeated="16384"')
    with pytest.raises(BadInput, match="far away"):
        read_file(
            "far.ods",
            open_document(f'<table:table-row table:number-rows-repeated="9999">{row}</table:table-row>'),
        )


def test_empty_cells_to_the_edge_of_a_sheet_are_nothing() -> None:
    heads = "".join(map(cell, ("Stage", "Row", "Title")))
    line = "".join(map(cell, ("Decision", "Need", "A shoe")))
    empty = '<table:table-cell table:number-columns-repeated="16381"/>'
    rows = f"<table:table-row>{heads}{empty}</table:table-row><table:table-row>{line}</table:table-row>"
    rest = f'<table:table-row table:number-rows-repeated="1048570">{empty}</table:table-row>'
    (drawing,) = read_file("good.ods", open_document(rows + rest)).drawings
    assert [card.title for card in drawing.cards] == ["A shoe"]


def test_what_unpacks_to_gigabytes_is_refused_unread() -> None:
    file = io.BytesIO(workbook(A1="Stage"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as book, book.open("xl/media/zeros", "w") as zeros:
        for _piece in range(210):
            zeros.write(bytes(1024 * 1024))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput, match="too large"):
        read_file("bomb.xlsx", file.getvalue())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_json_without_end_is_no_fault_of_ours() -> None:
    with pytest.raises(BadInput):
        read_file("deep.json", b'{"title": "a", "cards": ' + b"[" * 100_000)


@pytest.mark.parametrize(
    ("said", "level"), [("-12,5", -12), ("−40", -40), ("4,5", 75), ("4/5", 50), ("3", 0), ("80.0", 80)]
)
def test_levels_are_read_as_tables_write_them(said: str, level: int) -> None:
    lines = f"Étape;Ligne;Titre;Émotion\nDécision;Émotion;Surpris;{said}\n"
    brought = read_file("carte.csv", lines.encode("utf-8" if "−" in said else "cp1252"))
    assert [card.details for card in brought.drawings[0].cards] == [{"level": level}]
    assert brought.notices == ()


def test_a_first_line_that_names_the_delimiter_is_obeyed() -> None:
    (drawing,) = read_file("excel.csv", b"sep=;\nStage;Row;Title\nDecision;Need;A shoe, please\n").drawings
    assert [card.title for card in drawing.cards] == ["A shoe, please"]


def test_of_our_own_workbook_the_list_is_read() -> None:
    row = SheetRow("need", "Needs", ((SheetCard("A shoe", "That fits"),),))
    stage = SheetStage("Decision", "", "#000000", numbers=("12 customers",))
    whole = Sheet("T", "", "en", "", (stage,), (row,), None, "Touchpoints", "")
    brought = read_file("book.xlsx", KINDS["xlsx"].write(whole))
    assert brought.tables[brought.table].name == "List"
    assert [(card.title, card.text) for card in brought.drawings[0].cards] == [("A shoe", "That fits")]


def test_a_list_comes_back_with_formulas_and_numbers_as_they_were() -> None:
    titles = ("=1+1", "-5 €", "+33 6", "@SUM(A1)", "Plain")
    cards = tuple(SheetCard(title, "", level=-65) for title in titles)
    row = SheetRow("emotion", "Emotion", (cards,))
    whole = Sheet(
        "T", "", "en", "", (SheetStage("Decision", "", "#000000"),), (row,), None, "Touchpoints", ""
    )
    written = KINDS["csv"].write(whole)
    assert b",'=1+1," in written
    assert b",-65," in written
    (drawing,) = read_file("list.csv", written).drawings
    assert tuple(card.title for card in drawing.cards) == titles
    assert {card.details["level"] for card in drawing.cards} == {-65}
