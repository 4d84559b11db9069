"""Evidence as people give it: in the open card, and from other pages, by mouse and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.canvas.evidence import reads, writes
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.writes import add_card as put_card
from parcours.insights.evidence import count_evidence
from parcours.insights.evidencing import bring_evidence_up_to_date
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import sideways, violations
from tests.insights.happened import Happened, Store
from tests.insights.shop import drawn as drawn  # noqa: PLC0414 - fixtures of the shop, used here too
from tests.insights.shop import store as store  # noqa: PLC0414

pytestmark = pytest.mark.browser


@pytest.fixture
def card(drawn: Board, store: Store, system: Actor) -> CardView:
    store([Happened(f"user-{number}", "View", number) for number in range(12)])
    return put_card(
        drawn.journey.id,
        stage_id=drawn.stages[0].id,
        lane_id=drawn.lanes[0].id,
        title="Which shoes for my back?",
        acting_user=system,
    )


def opened(page: Page, card: CardView) -> Page:
    """The card's evidence in the drawer of the map."""
    page.goto(f"/map/{card.journey_id}/#card-{card.id}/evidence")
    page.locator("#card-drawer .card-evidence").wait_for()
    return page


def test_a_query_is_written_counted_and_attached_in_the_open_card(
    card: CardView, alice: Person, sign_in: SignIn, brand: Brand, troubles: list[str]
) -> None:
    page = opened(sign_in(alice), card)
    drawer = page.locator("#card-drawer")
    drawer.get_by_role("link", name="Something that is counted").click()
    drawer.get_by_text("against it").click()
    drawer.get_by_label("Value").fill("View")
    expect(drawer).to_contain_text("12 events")
    drawer.get_by_role("button", name="And…").click()
    drawer.get_by_label("Field").nth(1).fill("channel")
    drawer.get_by_label("Value").nth(1).fill("web")
    drawer.get_by_role("button", name="Attach").click()
    expect(drawer.get_by_role("heading", name="Against")).to_be_visible()
    (piece,) = reads.evidence_of(brand, card.journey_id, card.id)
    assert piece.rule is not None
    assert [each["field"] for each in piece.rule["all"]] == ["name", "channel"]
    count_evidence(brand)
    expect(drawer.locator(".figure-number").first).to_have_text("12")
    expect(page.locator(f"#card-{card.id} .mark-evidence")).to_contain_text("1 against")
    assert troubles == []


def test_what_was_removed_comes_back_with_undo(
    card: CardView, alice: Person, sign_in: SignIn, brand: Brand, system: Actor
) -> None:
    note = Given("note", text="Ann said so", title="An interview")
    writes.add_evidence(card.journey_id, card.id, note, acting_user=system)
    page = opened(sign_in(alice), card)
    drawer = page.locator("#card-drawer")
    drawer.locator("button[value=remove]").click()
    expect(drawer).to_contain_text("Nothing stands behind this card yet")
    drawer.get_by_role("button", name="Undo").click()
    expect(drawer.get_by_role("heading", name="An interview")).to_be_visible()


def test_a_suggestion_is_attached_with_one_button(
    card: CardView, alice: Person, sign_in: SignIn, brand: Brand
) -> None:
    page = opened(sign_in(alice), card)
    page.locator("#card-drawer .idea", has_text="Page").locator("button[value=for]").click()
    expect(page.locator("#card-drawer .piece h3")).to_have_text("Page")
    assert len(reads.evidence_of(brand, card.journey_id, card.id)) == 1


def test_an_event_is_attached_from_listen_by_keyboard_alone(
    card: CardView, alice: Person, sign_in: SignIn, brand: Brand, troubles: list[str]
) -> None:
    page = sign_in(alice)
    page.goto("/listen/")
    pin = page.locator("[data-attach]").first
    pin.focus()
    page.keyboard.press("Enter")
    page.locator("#attach[open]").wait_for()
    assert violations(page) == []
    page.keyboard.type("shoes")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".attach-card:focus")).to_contain_text(card.title)
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Attached to “Which shoes for my back?”.")
    expect(pin).to_be_focused()
    (piece,) = reads.evidence_of(brand, card.journey_id, card.id)
    assert piece.title == "View"
    assert troubles == []


def test_a_number_of_measure_is_attached_in_two_clicks(
    card: CardView, alice: Person, sign_in: SignIn, brand: Brand
) -> None:
    page = sign_in(alice)
    page.goto(f"/measure/funnel/?of={card.journey_id}")
    page.locator("tbody tr").first.hover()
    page.locator("tbody [data-attach]").first.click()
    page.locator("#attach").get_by_role("button", name=card.title).click()
    expect(page.locator("#toasts")).to_contain_text("Attached to")
    count_evidence(brand)
    (piece,) = reads.evidence_of(brand, card.journey_id, card.id)
    assert piece.count is not None
    assert piece.count.customers == 12


def test_evidence_is_readable_by_everybody_and_fits_a_phone(  # noqa: PLR0917
    card: CardView, drawn: Board, alice: Person, sign_in: SignIn, brand: Brand, system: Actor
) -> None:
    rule = {"all": [{"field": "name", "op": "is", "value": ["View"]}]}
    for given in (
        Given("query", rule=rule, title="They look"),
        Given("query", rule=rule, side="against", period={"period": "30d"}),
        Given("note", text="Said in an interview", address="https://example.org/a-very-long-address/" * 3),
    ):
        writes.add_evidence(card.journey_id, card.id, given, acting_user=system)
    bring_evidence_up_to_date(brand)
    page = sign_in(alice)
    of_card = f"/map/{card.journey_id}/cards/{card.id}/evidence/"
    found: list[str] = []
    for address in (
        f"/map/{card.journey_id}/evidence/",
        of_card,
        f"{of_card}new/?kind=query",
        f"{of_card}new/?kind=note",
    ):
        for colours, size in (("light", None), ("dark", PHONE)):
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            if size:
                page.set_viewport_size(size)
            page.goto(address)
            page.wait_for_load_state("networkidle")
            found += violations(page)
            if size and (wider := sideways(page)) > 0:
                found.append(f"{address} is {wider} px wider than a phone")
        page.set_viewport_size({"width": 1280, "height": 800})
    assert not found, "\n".join(found)
