"""Versions, reviews and links in a browser: readable by everybody, by keyboard, live for others."""

import pytest
from playwright.sync_api import Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.reviews.writes import open_review
from parcours.canvas.shapes import JourneyView
from parcours.canvas.shares.writes import make_share
from parcours.canvas.versions.writes import keep_version
from tests.browser.conftest import PHONE, WIDE, SignIn
from tests.browser.test_look import sideways, violations
from tests.canvas.conftest import AddCard

pytestmark = pytest.mark.browser


def _check(page: Page, addresses: list[str]) -> None:
    for address in addresses:
        page.goto(address)
        assert violations(page) == []
        assert sideways(page) <= 0, address


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("window", [WIDE, PHONE])
def test_every_page_can_be_read_by_everybody(  # noqa: PLR0917
    colours: str,
    window: object,
    journey: JourneyView,
    add_card: AddCard,
    alice: Person,
    alice_acts: Actor,
    sign_in: SignIn,
) -> None:
    card = add_card("Why 6.90 €?", text="Nobody told me.")
    kept = keep_version(journey.id, reason="Agreed", approver_id=alice.pk, acting_user=alice_acts)
    writes.edit_card(
        journey.id, card.id, expected_revision=1, text="Somebody told me.", acting_user=alice_acts
    )
    open_review(
        journey.id, reason="asked", facts={"words": "Still so?"}, card_id=card.id, acting_user=alice_acts
    )
    link = make_share(journey.id, name="The agency", acting_user=alice_acts)
    closed = make_share(journey.id, name="The board", password="six running shoes", acting_user=alice_acts)
    page = sign_in(alice, viewport=window, color_scheme=colours)
    base = f"/map/{journey.id}"
    _check(
        page,
        [
            f"{base}/versions/",
            f"{base}/versions/compare/?old={kept.id}&new=now",
            f"{base}/versions/{kept.id}/",
            f"{base}/review/",
            f"{base}/share/",
        ],
    )
    visitor = sign_in(None, viewport=window, color_scheme=colours)
    _check(visitor, [link.path, closed.path])


def test_bringing_a_version_back_shows_on_open_maps(  # noqa: PLR0917
    journey: JourneyView, add_card: AddCard, alice: Person, bob: Person, alice_acts: Actor, sign_in: SignIn
) -> None:
    card = add_card("Why 6.90 €?")
    kept = keep_version(journey.id, reason="Agreed", acting_user=alice_acts)
    writes.delete_card(journey.id, card.id, expected_revision=1, acting_user=alice_acts)
    watching = sign_in(bob)
    watching.goto(f"/map/{journey.id}/")
    expect(watching.locator(f"#card-{card.id}")).to_have_count(0)
    page = sign_in(alice)
    page.goto(f"/map/{journey.id}/versions/{kept.id}/")
    page.get_by_role("button", name="Bring all of it back").press("Enter")
    expect(page.get_by_text("1 thing was brought back.")).to_be_visible()
    expect(watching.locator(f"#card-{card.id}")).to_be_visible()


def test_a_shared_map_is_presented_stage_by_stage_by_keyboard(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, sign_in: SignIn
) -> None:
    add_card("Why 6.90 €?")
    link = make_share(journey.id, name="The agency", acting_user=alice_acts)
    page = sign_in(None)
    page.goto(link.path)
    page.keyboard.press("p")
    dialog = page.locator("#present")
    expect(dialog.get_by_role("heading", name="Awareness")).to_be_visible()
    expect(dialog.get_by_text("Why 6.90 €?")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("heading", name="Consideration")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.context.cookies() == []
