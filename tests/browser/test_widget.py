"""The script on a shop's pages: what it sends, when, and what it leaves in the browser."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from gzip import compress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from parcours.api.widget import _script
from tests.browser.conftest import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOES = """<script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Product", "sku": "S7", "name": "Swift 7",
 "brand": {"name": "Foulée"}, "offers": {"price": "129.90", "priceCurrency": "EUR"}}
</script>"""
CART_BUTTON = '<button data-parcours="Product Added" data-product_id="S7" data-quantity="1">Add</button>'


@dataclass
class Shop:
    """A shop on another origin, whose content policy allows the script and what it sends, nothing else."""

    parcours: str
    attributes: str = ""
    body: str = ""
    key: str = "pk_shop"
    url: str = ""

    def page(self) -> bytes:
        script = (
            f'<script async src="{self.parcours}/widget.js" data-key="{self.key}" {self.attributes}></script>'
        )
        return f"<!doctype html><title>Shoes</title>{script}{self.body}".encode()


@pytest.fixture
def shop(server: str) -> Iterator[Shop]:
    kept = Shop(server)

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            policy = f"default-src 'none'; script-src {server}; connect-src {server}"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(kept.page())

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        kept.url = f"http://127.0.0.1:{pages.server_address[1]}"
        yield kept
        pages.shutdown()


@dataclass
class Sent:
    """Messages that reached the ingest address, which answers with `answers` and then with 200."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    answers: list[int] = field(default_factory=list)
    tries: int = 0

    def take(self, route: Route) -> None:
        self.tries += 1
        body = json.loads(route.request.post_data or "{}")
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.messages += body["batch"]
            self.keys.add(body["writeKey"])
        route.fulfill(status=status, headers={"Access-Control-Allow-Origin": "*"}, body="{}")

    def names(self) -> list[str]:
        return [message.get("event", message["type"]) for message in self.messages]


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext], sent: Sent) -> Page:
    context = new_context()
    context.route("**/v1/b", sent.take)
    return context.new_page()


def wait_for(page: Page, sent: Sent, count: int) -> None:
    assert until(page, lambda: len(sent.messages) >= count), sent.names()


def stored(page: Page) -> dict[str, str]:
    kept: dict[str, str] = page.evaluate("() => ({...localStorage})")
    return kept


def test_it_is_small() -> None:
    button, chat = (len(compress(_script(name), 9)) for name in ("widget", "widget-chat"))
    assert 0 < button <= 6 * 1024
    assert 0 < chat <= 16 * 1024


def test_nothing_is_stored_or_sent_before_the_visitor_agrees(shop: Shop, visitor: Page, sent: Sent) -> None:
    visitor.goto(shop.url)
    visitor.wait_for_function("window.parcours && !window.parcours.q")
    visitor.evaluate("parcours('add', {product_id: 'S7'})")
    visitor.wait_for_timeout(800)
    assert (sent.tries, stored(visitor), visitor.context.cookies()) == (0, {}, [])

    visitor.evaluate("parcours('consent', 'granted')")
    wait_for(visitor, sent, 2)
    assert sent.names() == ["page", "Product Added"]
    assert sent.keys == {"pk_shop"}
    assert stored(visitor)["parcours.id"] == sent.messages[0]["anonymousId"]
    assert visitor.context.cookies() == []


def test_a_refusal_forgets_what_happened_and_is_remembered(shop: Shop, visitor: Page, sent: Sent) -> None:
    shop.attributes = 'data-consent="granted"'
    visitor.goto(shop.url)
    wait_for(visitor, sent, 1)
    visitor.evaluate("parcours('consent', 'denied')")
    visitor.reload()
    visitor.wait_for_function("window.parcours && !window.parcours.q")
    visitor.evaluate("parcours('track', 'Secret')")
    visitor.wait_for_timeout(800)
    assert sent.names() == ["page"]
    assert stored(visitor) == {"parcours.consent": "denied"}


def test_the_product_marked_buttons_and_new_addresses_are_seen(shop: Shop, visitor: Page, sent: Sent) -> None:
    shop.attributes, shop.body = 'data-consent="granted"', SHOES + CART_BUTTON
    visitor.goto(shop.url)
    wait_for(visitor, sent, 2)
    visitor.get_by_role("button").click()
    visitor.evaluate("history.pushState({}, '', '/cart')")
    wait_for(visitor, sent, 4)
    assert sent.names()[:3] == ["page", "Product Viewed", "Product Added"]
    viewed, added = sent.messages[1]["properties"], sent.messages[2]["properties"]
    assert (viewed["product_id"], viewed["brand"], viewed["price"]) == ("S7", "Foulée", 129.9)
    assert added == {"product_id": "S7", "quantity": "1"}
    assert sent.messages[3]["properties"]["path"] == "/cart"


def test_it_is_sent_again_with_the_same_ids_until_it_is_taken(shop: Shop, visitor: Page, sent: Sent) -> None:
    shop.attributes = 'data-consent="granted"'
    sent.answers = [500, 429]
    visitor.goto(shop.url)
    wait_for(visitor, sent, 1)
    assert sent.tries == 3
    assert len({message["messageId"] for message in sent.messages}) == 1


def test_who_signs_in_is_told_and_who_leaves_is_forgotten(shop: Shop, visitor: Page, sent: Sent) -> None:
    shop.attributes = 'data-consent="granted" data-auto="off"'
    visitor.goto(shop.url)
    visitor.wait_for_function("window.parcours && !window.parcours.q")
    visitor.evaluate("parcours('identify', 'mark', {email: 'mark@example.org'})")
    visitor.evaluate("parcours('order', {order_id: '1'})")
    visitor.evaluate("parcours('reset')")
    visitor.evaluate("parcours('cart')")
    wait_for(visitor, sent, 3)
    identified, ordered, after = sent.messages
    assert identified["traits"] == {"email": "mark@example.org"}
    assert ordered["userId"] == "mark"
    assert "userId" not in after
    assert after["anonymousId"] != ordered["anonymousId"]
