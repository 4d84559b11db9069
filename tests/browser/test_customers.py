"""One customer's page, which lives as events come, and segments: by keyboard, on a phone, in both themes."""

import threading
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import expect

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor, system_actor
from parcours.customers.stitching.likenesses import find_likenesses
from parcours.customers.writes import Profile, resolve_identities, update_profiles
from parcours.events.imports import import_events
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import sideways, violations

pytestmark = pytest.mark.browser

FILE = (
    "customer_id,time,event,channel,total\n"
    "7,2026-01-01T10:00:00Z,Cart Viewed,web,\n"
    "7,2026-01-03T09:00:00Z,Order Completed,app,59\n"
    "8,2026-01-02T09:00:00Z,Order Completed,web,12\n"
)


def take_in(brand: Brand, path: Path, text: str) -> None:
    path.write_text(text)
    import_events(brand, path, acting_user=system_actor(brand.pk))


@pytest.fixture
def two(brand: Brand, alice_acts: Actor, tmp_path: Path) -> tuple[int, int]:
    take_in(brand, tmp_path / "events.csv", FILE)
    one, other = (int(each) for each in resolve_identities(brand, "user_id", ["7", "8"]))
    update_profiles(brand, {one: Profile(name="Hélène", email="h@example.org")})
    update_profiles(brand, {other: Profile(name="H.", email="h@example.org")})
    find_likenesses(brand)
    return one, other


def test_what_happens_meanwhile_appears_by_itself(
    alice: Person, two: tuple[int, int], sign_in: SignIn, troubles: list[str], tmp_path: Path
) -> None:
    brand = Brand.objects.get(name="Foulée")
    page = sign_in(alice)
    with page.expect_response(lambda answer: "/live?" in answer.url):
        page.goto(f"/listen/customers/{two[0]}/")
    expect(page.get_by_text("Order completed", exact=True)).to_be_visible()

    def bring() -> None:
        try:
            take_in(
                brand,
                tmp_path / "more.csv",
                "customer_id,time,event\n7,2026-02-01T10:00:00Z,Letter Received\n",
            )
        finally:
            connections.close_all()

    thread = threading.Thread(target=bring)
    thread.start()
    expect(page.get_by_text("Letter received", exact=True)).to_be_visible()
    thread.join(30)
    assert not troubles


def test_a_segment_is_built_and_counted_with_the_keyboard(
    alice: Person, two: tuple[int, int], sign_in: SignIn, troubles: list[str]
) -> None:
    page = sign_in(alice)
    page.goto("/listen/segments/new/")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Large orders")
    page.get_by_role("button", name="An event…").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Order Completed")
    page.get_by_label("Property of the event").focus()
    page.keyboard.type("properties.total")
    page.keyboard.press("Tab")
    page.keyboard.type("is at least")
    page.keyboard.press("Tab")
    page.keyboard.type("50")
    expect(page.get_by_role("heading", name="1 customer", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Hélène")).to_be_visible()
    assert not violations(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Large orders")).to_be_visible()
    assert not troubles


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_customers_can_be_read_by_everybody(
    alice: Person, two: tuple[int, int], sign_in: SignIn, scheme: str
) -> None:
    page = sign_in(alice, color_scheme=scheme)
    for path in (f"/listen/customers/{two[0]}/", "/listen/customers/same/", "/listen/customers/import/"):
        page.goto(path)
        assert not violations(page), path
    phone = sign_in(alice, viewport=PHONE, color_scheme=scheme)
    for path in (f"/listen/customers/{two[0]}/", "/listen/customers/same/", "/listen/segments/new/"):
        phone.goto(path)
        assert not sideways(phone), path
