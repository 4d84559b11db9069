"""A shop is connected with the keyboard alone, and its first delivery appears by itself."""

import threading

import pytest
from django.db import connections
from playwright.sync_api import expect

from parcours.accounts.models import Person
from parcours.events.hooks.models import HookAccount
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import sideways, violations
from tests.events.hooks.conftest import SECRET, ConnectedShop
from tests.events.hooks.conftest import presta as presta  # noqa: PLC0414 - a fixture, used here too
from tests.events.hooks.payloads import Payload, shopify_order

pytestmark = pytest.mark.browser

SHOPS = "/listen/sources/shops/"


def beside(shop: ConnectedShop, topic: str, payload: Payload | bytes, secret: str = SECRET) -> None:
    """Sends from another thread: that of the test is the browser's."""

    def send() -> None:
        try:
            shop.send(topic, payload, secret=secret)
        finally:
            connections.close_all()

    thread = threading.Thread(target=send)
    thread.start()
    thread.join(30)


def test_a_shop_is_connected_and_its_first_delivery_appears(
    alice: Person, sign_in: SignIn, troubles: list[str]
) -> None:
    page = sign_in(alice)
    page.goto(SHOPS)
    page.get_by_role("radio", name="Shopify").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Foulée Paris")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Foulée Paris")).to_be_visible()
    page.get_by_label("Signing secret").focus()
    page.keyboard.type(SECRET)
    page.keyboard.press("Enter")
    expect(page.get_by_text("It appears here by itself")).to_be_visible()

    shop = ConnectedShop(HookAccount.objects.get())
    beside(shop, "orders/create", shopify_order())
    expect(page.get_by_text("Order Completed")).to_be_visible()
    assert troubles == []


def test_the_pages_of_a_shop_keep_the_rules(alice: Person, sign_in: SignIn, presta: ConnectedShop) -> None:
    beside(presta, "", b'{"topic": "order"}')
    beside(presta, "", b"{}", secret="guessed")
    page = sign_in(alice)
    found: list[str] = []
    addresses = [SHOPS, f"{SHOPS}{presta.account.pk}/", f"{SHOPS}deliveries/{presta.newest().pk}/"]
    for address in addresses:
        page.set_viewport_size(PHONE)
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
            page.goto(address)
            for summary in page.locator("summary").all():
                summary.click()
            found += violations(page)
        if sideways(page) > 0:
            found.append(f"{address} grows sideways")
    assert found == []
