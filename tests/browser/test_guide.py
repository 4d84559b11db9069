"""What the README promises a newcomer, done in the demo shop; the guide's pictures are taken on the way.

To take them anew, of the whole shop:
`PARCOURS_PICTURES=docs/guide/pictures .venv/bin/pytest tests/browser/test_guide.py`
"""

import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from parcours.accounts.models import Person
from parcours.accounts.writes import set_language
from parcours.demo.build import build_demo
from parcours.demo.cards import TITLE
from parcours.demo.simulation import CUSTOMERS
from parcours.insights.evidencing import bring_evidence_up_to_date
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

TAKEN = os.environ.get("PARCOURS_PICTURES", "")
FEW, WHOLE = 1_500, CUSTOMERS
ALL_PICTURES_SHOWN = """() => [...document.images].every(
    image => !image.checkVisibility() || image.getBoundingClientRect().top > innerHeight
        || (image.complete && image.naturalWidth > 0))"""
ALL_PICTURES_DRAWN = """async () => {
    const loaded = [...document.images].filter((image) => image.complete);
    await Promise.all(loaded.map((image) => image.decode().catch(() => undefined)));
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}"""
DESK = {"width": 1280, "height": 900}


def take(page: Page, name: str) -> None:
    """A picture for the guide, when pictures are wanted."""
    if not TAKEN:
        return
    page.wait_for_function(ALL_PICTURES_SHOWN)
    page.evaluate(ALL_PICTURES_DRAWN)
    folder = Path(TAKEN)
    folder.mkdir(parents=True, exist_ok=True)
    with Image.open(BytesIO(page.screenshot())) as picture:
        picture.save(folder / f"{name}.webp", quality=82, method=6)


@pytest.mark.parametrize(("language", "title"), list(zip(("en", "fr"), TITLE, strict=True)))
def test_a_newcomer_finds_the_paths_behind_a_number(
    language: str, title: str, alice: Person, sign_in: SignIn, troubles: list[str]
) -> None:
    brand = alice.memberships.get().brand
    build_demo(brand, customers=WHOLE if TAKEN else FEW)
    bring_evidence_up_to_date(brand)
    set_language(alice, language)
    page = sign_in(alice, viewport=DESK, locale=language)
    page.goto("/map/")
    page.get_by_role("link", name=title).first.click()
    decision = page.locator(".stage-head").nth(2)
    expect(decision.locator(".stage-customers")).to_be_visible()
    take(page, f"canvas.{language}")

    decision.locator(".stage-others").click()
    page.locator("[popover]:popover-open a").first.click()
    expect(page.locator("h1")).to_contain_text(decision_name(language))
    take(page, f"paths.{language}")

    page.go_back()
    page.locator("#filter-segment").select_option(index=3)
    expect(page).to_have_url(re.compile("segment="))
    expect(page.locator(".stage-head").nth(2).locator(".stage-customers")).to_be_visible()
    assert troubles == []


def decision_name(language: str) -> str:
    return {"en": "Decision", "fr": "Décision"}[language]
