"""Bringing a journey in a browser: by keyboard, on a desk and on a phone, readable by everybody."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import sideways, violations

pytestmark = pytest.mark.browser

TABLE = (
    "Étape du parcours;Ligne;Titre;Remarque\n"
    "Awareness;Customer needs;Une chaussure qui ne fait pas mal, même après dix kilomètres;En boutique\n"
    "Decision;Pain points;Livraison annoncée trop tard;\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "un atelier avec un nom de fichier bien trop long pour un téléphone.csv"
    file.write_text(TABLE)
    return file


def test_a_table_is_added_to_a_journey_by_keyboard(
    table: Path, alice: Person, sign_in: SignIn, system: Actor, troubles: list[str]
) -> None:
    journey = writes.create_journey("Mark buys running shoes", acting_user=system, language="en")
    page = sign_in(alice)
    page.goto("/map/import/")
    page.get_by_label("File").set_input_files(table)
    page.get_by_role("button", name="Look at it").press("Enter")
    expect(page.get_by_role("region").get_by_text("Livraison annoncée trop tard")).to_be_visible()
    page.get_by_label("Where to").select_option(label="Add to “Mark buys running shoes”")
    page.get_by_role("button", name="Draw it").press("Enter")
    expect(page).to_have_url(f"{page.url.split('/map/')[0]}/map/{journey.id}/")
    assert len(reads.board(system.brand_id, journey.id).cards) == 2
    assert troubles == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_look_at_a_file_is_readable_by_everybody(
    colours: Literal["light", "dark"], table: Path, alice: Person, sign_in: SignIn
) -> None:
    page = sign_in(alice)
    page.emulate_media(color_scheme=colours)
    page.goto("/map/import/")
    assert violations(page) == []
    page.get_by_label("File").set_input_files(table)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_label("Where to")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert sideways(page) <= 0
    assert violations(page) == []
