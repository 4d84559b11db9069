"""The worked example of the guide says what its code says.

New pictures: `PARCOURS_PICTURES=docs/guide/pictures .venv/bin/pytest tests/docs/test_notebook.py`
"""

import ast
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parcours.engine import words
from tests.conftest import real_log

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
# Resolved at once, for the notebook has a folder of its own.
WANTED = Path(os.environ["PARCOURS_PICTURES"]).resolve() if os.environ.get("PARCOURS_PICTURES") else None
FILE = "online_retail_ii_2009_2010.parquet"
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n^```text\n(?P<answer>.*?)^```\n)?", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Cell:
    code: str
    answer: str | None


def cells(page: str) -> list[Cell]:
    text = (GUIDE / page).read_text(encoding="utf-8")
    return [Cell(found["code"], found["answer"]) for found in BLOCK.finditer(text)]


def run(code: str, known: dict[str, Any]) -> str:
    """What a notebook shows below the cell: the value of a last expression."""
    tree = ast.parse(code)
    last = tree.body.pop()
    if not isinstance(last, ast.Expr):
        exec(code, known)
        return ""
    exec(compile(tree, "cell", "exec"), known)
    return f"{eval(compile(ast.Expression(last.value), 'cell', 'eval'), known)!r}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook's folder, with the file in it."""
    made = tmp_path_factory.mktemp("notebook")
    (made / FILE).symlink_to(real_log(f"online_retail/{FILE}"))
    return made


@pytest.fixture(scope="module")
def shown(folder: Path) -> Iterator[list[str]]:
    """What each cell of the English page shows, run one after the other as a notebook would, in English."""
    spoken, before = words._spoken, Path.cwd()
    words.speak(words.Language())
    os.chdir(folder)
    known: dict[str, Any] = {}
    try:
        yield [run(cell.code, known) for cell in cells("notebook.md")]
    finally:
        os.chdir(before)
        words.speak(spoken)


@pytest.mark.parametrize("page", ["notebook.md", "notebook.fr.md"])
def test_each_answer_is_the_one_that_is_printed(shown: list[str], page: str) -> None:
    found = cells(page)
    assert len(found) == len(shown) > 8
    for cell, answer in zip(found, shown, strict=True):
        if cell.answer is not None:
            assert answer == cell.answer, cell.code


def test_both_languages_run_the_same_code() -> None:
    english, french = cells("notebook.md"), cells("notebook.fr.md")
    assert [cell.code for cell in english] == [cell.code for cell in french]


@pytest.mark.usefixtures("shown")
def test_the_pictures_of_the_guide_are_those_that_the_code_draws(folder: Path) -> None:
    drawn = {path.name: path for path in folder.glob("*.svg")}
    kept = WANTED or GUIDE / "pictures"
    if WANTED:
        for path in drawn.values():
            shutil.copy(path, WANTED)
    for page in ("notebook.md", "notebook.fr.md"):
        assert set(re.findall(r"\(pictures/([\w-]+\.svg)\)", (GUIDE / page).read_text("utf-8"))) == set(drawn)
    assert [name for name, path in drawn.items() if path.read_bytes() != (kept / name).read_bytes()] == []
