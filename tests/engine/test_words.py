"""What the engine says can be said in another language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

import parcours.engine
from parcours.engine import EventLog, words

ENGINE = Path(parcours.engine.__file__).parent


@pytest.fixture
def backwards() -> Iterator[None]:
    """A language in which every sentence is marked, and numbers have commas."""
    before = words._spoken
    words.speak(
        words.Language(
            lambda sentence: f"<{sentence}>", lambda n, decimals: f"{n:.{decimals}f}".replace(".", ",")
        )
    )
    yield
    words.speak(before)


@pytest.mark.usefixtures("backwards")
def test_errors_are_said_in_the_language_of_the_program() -> None:
    log = EventLog.read(pa.table({"customer": [1], "time": ["2026-01-01T10:00Z"], "activity": ["Cart"]}))

    with pytest.raises(parcours.engine.UnknownActivityError) as error:
        log.funnel(["Carte"])
    assert str(error.value) == ("<There is no activity “Carte”.> <Did you mean “Cart”?> <Known: <“Cart”>.>")
    with pytest.raises(parcours.engine.QuestionError) as unreadable:
        log.sessions("soon")
    assert str(unreadable.value).startswith("<“soon” is not a duration.")
    assert (words.number(0.5, 1), words.percent(0.051)) == ("0,5", "5,1\N{NO-BREAK SPACE}%")


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=lambda path: str(path.relative_to(ENGINE)))
def test_no_error_is_raised_with_words_that_nobody_can_translate(path: Path) -> None:
    bare = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _is_error(node.func) and any(map(_has_words, node.args))
    ]
    assert not bare, f"{path}: pass the sentences of lines {bare} through _()"


def _is_error(function: ast.expr) -> bool:
    known = {*dir(parcours.engine), "SparkError", "StalledError", "StaysOnClusterError"}
    return isinstance(function, ast.Name) and function.id.endswith("Error") and function.id in known


def _has_words(argument: ast.expr) -> bool:
    pieces = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return any(
        isinstance(piece, ast.Constant)
        and isinstance(piece.value, str)
        and any(map(str.isalpha, piece.value))
        for piece in pieces
    )
