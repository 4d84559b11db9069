"""The engine speaks the language of whoever reads: of a page, of its pictures, of the terminal."""

import os
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from parcours.engine import words
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]

FRENCH = {"accept-language": "fr"}


@pytest.fixture
def shop(store: Store) -> None:
    store([Happened("ann", "View", 10), Happened("ann", "Cart", 9), Happened("ben", "View", 8)])


@pytest.fixture
def _known_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence of the engine, whatever else the catalogue holds."""
    from django.utils.translation import trans_real

    catalogue = trans_real.translation("fr")._catalog  # type: ignore[attr-defined]
    monkeypatch.setitem(
        catalogue._catalogs[0], "There is no activity “{name}”.", "Aucune activité « {name} »."
    )


@pytest.mark.usefixtures("shop", "_known_in_french")
def test_an_error_of_the_engine_is_said_in_french_on_a_french_page(as_bob: Client) -> None:
    answer = as_bob.get("/measure/funnel/?step=Vieww", headers=FRENCH)
    assert answer.status_code == 422
    assert "Aucune activité « Vieww »." in unescape(answer.content.decode())
    assert "There is no activity “Vieww”." in unescape(
        as_bob.get("/measure/funnel/?step=Vieww").content.decode()
    )


@pytest.mark.usefixtures("shop")
def test_what_is_wrong_with_a_question_names_no_option_of_the_terminal(as_bob: Client) -> None:
    for query in ("step=Vieww", "step=View&within=soon", "step=View&by=shoe"):
        page = unescape(as_bob.get(f"/measure/funnel/?{query}").content.decode())
        assert " --" not in page


@pytest.mark.usefixtures("shop")
def test_a_picture_has_the_words_and_numbers_of_the_reader(as_bob: Client) -> None:
    address = "/measure/funnel/?step=View&step=Cart&as=svg"
    assert "<title>Funnel</title>" in as_bob.get(address).content.decode()
    assert "<title>Entonnoir</title>" in as_bob.get(address, headers=FRENCH).content.decode()
    with translation.override("fr"):
        assert words.gettext("Funnel") == gettext("Funnel") == "Entonnoir"
        assert words.percent(0.0525) == "5,2\N{NO-BREAK SPACE}%"
        assert words.number(1234.5, 1) == "1\N{NO-BREAK SPACE}234,5"


def test_the_terminal_speaks_french_where_its_environment_does(tmp_path: Path) -> None:
    file, picture = tmp_path / "events.csv", tmp_path / "funnel.svg"
    rows = ["1,2026-01-01T10:00:00Z,Cart", "1,2026-01-01T11:00:00Z,Pay", "2,2026-01-01T10:00:00Z,Cart"]
    file.write_text("\n".join(["customer,time,activity", *rows, "3,2026-01-01T10:00:00Z,Cart"]))
    environment = {**os.environ, "LANGUAGE": "", "LC_ALL": "", "LANG": "fr_FR.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "parcours", "journeys", "funnel", file, "--steps=Cart,Pay", "--svg", picture],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "33,3\N{NO-BREAK SPACE}%" in done.stdout
    assert "<title>Entonnoir</title>" in picture.read_text("utf-8")
