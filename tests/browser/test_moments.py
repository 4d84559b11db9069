"""Moments and brand values with the keyboard, the pointer, and everybody's eyes."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas.brand_values.reads import brand_fit
from parcours.canvas.brand_values.shapes import ValueView
from parcours.canvas.brand_values.writes import add_quote, add_value, rate, want
from parcours.canvas.captures.writes import keep_capture, set_capturing
from parcours.canvas.shapes import CardView, JourneyView
from parcours.canvas.writes import add_touchpoint
from tests.browser.conftest import PHONE, WIDE, SignIn
from tests.canvas.conftest import AddCard
from tests.canvas.test_captures import new_price, screen

pytestmark = pytest.mark.browser

RULE = {"all": [{"field": "name", "op": "is", "value": ["Checkout Started"]}]}


@pytest.fixture
def moment(journey: JourneyView, add_card: AddCard, alice_acts: Actor) -> CardView:
    """Photographed, and changed since."""
    card = add_card("The price", stage="Decision", kind="moment")
    robot = system_actor(journey.brand_id)
    set_capturing(journey.id, card.id, address="/help/", rhythm="weekly", acting_user=alice_acts)
    keep_capture(card.id, screen(), acting_user=robot)
    keep_capture(card.id, screen(new_price), acting_user=robot)
    return card


@pytest.fixture
def values(journey: JourneyView, see: "object", alice_acts: Actor) -> tuple[ValueView, ...]:
    """Two values, two touchpoints, one wide gap."""
    stage = see().stages[2]  # type: ignore[operator]
    made = [
        add_touchpoint(journey.id, stage_id=stage.id, name=name, rule=RULE, acting_user=alice_acts)
        for name in ("Cart", "Payment")
    ]
    found = tuple(add_value(name, acting_user=alice_acts) for name in ("Honest prices", "Advice first"))
    place = (journey.id, made[1].id, found[0].id)
    want(*place, 4, acting_user=alice_acts)
    rate(*place, 1, acting_user=alice_acts)
    add_quote(*place, "A lure.", acting_user=alice_acts)
    return found


def violations(page: Page) -> list[str]:
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in Axe().run(page).response["violations"]
        for node in one["nodes"]
    ]


def test_the_slider_moves_with_the_arrow_keys(alice: Person, moment: CardView, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto(reverse("map_moments", args=[moment.journey_id]))
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    pair = page.locator("before-after")
    expect(pair).to_have_attribute("style", re.compile(r"--at: ?0%"))
    slider.press("End")
    expect(pair).to_have_attribute("style", re.compile(r"--at: ?100%"))


def test_a_new_picture_is_taken_over_from_the_open_card(
    alice: Person, moment: CardView, sign_in: SignIn
) -> None:
    page = sign_in(alice)
    page.goto(f"{reverse('map', args=[moment.journey_id])}#card-{moment.id}/picture")
    part = page.locator("#picture-section")
    expect(part).to_contain_text("The shop looks different now")
    part.get_by_role("button", name="Use the new picture").click()
    expect(part).to_contain_text("The shop looks as on the card")


def test_areas_are_drawn_on_the_picture(alice: Person, moment: CardView, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto(reverse("map_card_picture", args=[moment.journey_id, moment.id]))
    page.get_by_text("How the picture is taken").click()
    page.get_by_text("Which part, what to wait for").click()
    board = page.locator("[data-board]")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.up()
    expect(page.locator("[data-areas] rect")).to_have_count(1)
    numbers = [float(part) for part in page.locator("[name=ignored]").input_value().split()]
    assert numbers == pytest.approx([25, 25, 25, 25], abs=1)


def test_the_table_of_values_is_rated_with_the_keyboard(
    alice: Person, journey: JourneyView, values: tuple[ValueView, ...], sign_in: SignIn
) -> None:
    page = sign_in(alice)
    page.goto(reverse("map_values", args=[journey.id]))
    page.locator("[data-fit]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("3")
    cell = page.locator("tr:has-text('Payment') [data-fit]").nth(1)
    expect(cell).to_contain_text("not rated as wanted")
    expect(cell).to_be_focused()
    page.get_by_role("button", name="how it is wanted").click()
    cell.focus()
    page.keyboard.press("3")
    expect(cell).to_contain_text("3→, felt 3")
    fit = next(each for each in brand_fit(journey.brand_id, journey.id).fits if each.wanted == 3)
    assert (fit.touchpoint.name, fit.value.name, fit.felt) == ("Payment", "Advice first", 3.0)
    page.keyboard.press("Delete")
    expect(cell).to_contain_text("not rated as wanted")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen_size", [WIDE, PHONE])
def test_everybody_can_read_the_pages(
    alice: Person,
    moment: CardView,
    values: tuple[ValueView, ...],
    sign_in: SignIn,
    *,
    scheme: str,
    screen_size: object,
) -> None:
    page = sign_in(alice, viewport=screen_size, color_scheme=scheme)
    journey_id = moment.journey_id
    fit = brand_fit_first(moment)
    found = []
    for address in (
        reverse("map_moments", args=[journey_id]),
        reverse("map_moments", args=[journey_id]) + "?view=beside",
        reverse("map_card_picture", args=[journey_id, moment.id]),
        reverse("map_values", args=[journey_id]),
        reverse("map_value", args=[journey_id, *fit]),
        reverse("brand_values"),
        reverse("brand_value", args=[values[0].id]),
    ):
        page.goto(address)
        found += [f"{address} {each}" for each in violations(page)]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(f"{address} is {wide} px too wide")
    assert found == []


def brand_fit_first(moment: CardView) -> tuple[object, object]:
    from parcours.canvas.models import Journey

    brand_id = Journey.objects.get(pk=moment.journey_id).brand_id
    fit = brand_fit(brand_id, moment.journey_id).gaps[0]
    return fit.touchpoint.id, fit.value.id
