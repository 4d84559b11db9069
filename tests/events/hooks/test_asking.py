"""PrestaShop's web service asked: everything that changed comes in once, whatever gets in the way."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput
from parcours.events.hooks.models import HookAccount
from parcours.events.hooks.prestashop import asking
from parcours.events.hooks.tasks import ask_one_shop
from parcours.events.hooks.writes import connect_shop, do_set_web_service
from tests.events.hooks.conftest import ConnectedShop
from tests.events.hooks.payloads import PRESTA_CUSTOMER, presta_cart, presta_order

KEY = "ZQ88PRJX5VWQHCWE4EE7SQ7HPNX00RAJ"


class FakeShop:
    """A web service that sorts, filters and limits as PrestaShop's does."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {
            "order_states": [{"id": 4, "template": {"1": "shipped"}, "shipped": "1", "paid": "1"}],
            "currencies": [{"id": 1, "iso_code": "EUR"}],
        }
        self.asked: list[str] = []
        self.status = 200
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def put(self, path: str, row: dict[str, Any]) -> None:
        rows = self.tables.setdefault(path, [])
        rows[:] = [each for each in rows if each["id"] != row["id"]] + [row]

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        rows = self.tables.get(path, [])
        if "sort" in query:
            assert query["date"] == ["1"], "the web service ignores filters on dates without it"
            first, last = query["filter[date_upd]"][0].strip("[]").split(",")
            rows = [row for row in rows if first <= row["date_upd"] <= last]
            rows = sorted(rows, key=lambda row: (row["date_upd"], row["id"]))[: int(query["limit"][0])]
        return {path: rows} if rows else []

    def _handler(shop: "FakeShop") -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has a self too
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                path = parts.path.removeprefix("/api/")
                shop.asked.append(path)
                basic = base64.b64encode(f"{KEY}:".encode()).decode()
                status = shop.status if self.headers["Authorization"] == f"Basic {basic}" else 401
                body = json.dumps(shop.answer(path, parse_qs(parts.query))).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                """Nothing: the tests' output is theirs."""

        return Handler


@pytest.fixture
def fake(settings: LazySettings) -> Iterator[FakeShop]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    shop = FakeShop()
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


@pytest.fixture
def shop(brand: Brand, system: Actor, fake: FakeShop) -> ConnectedShop:
    account = connect_shop(brand, "prestashop", "Shop", acting_user=system)
    do_set_web_service(account, f"{fake.url}/", KEY, acting_user=system)
    return ConnectedShop(account)


def order(number: int, at: str = "2026-03-01 11:11:00", **more: Any) -> dict[str, Any]:
    whole: dict[str, Any] = presta_order(**{"id_currency": "1", **more})["order"]
    return {**whole, "id": number, "id_cart": str(1000 + number), "date_upd": at}


def ask(shop: ConnectedShop) -> HookAccount:
    ask_one_shop(str(shop.account.pk))
    shop.account.refresh_from_db()
    return shop.account


def test_everything_that_is_there_comes_in_and_later_only_what_changed(
    shop: ConnectedShop, fake: FakeShop
) -> None:
    fake.put("customers", PRESTA_CUSTOMER["customer"])
    fake.put("carts", presta_cart(("3", "1"))["cart"])
    fake.put("orders", order(12))
    account = ask(shop)
    assert account.asking_failed == ""
    assert sorted(shop.names()) == [
        "Cart Viewed",
        "Checkout Started",
        "Order Completed",
        "Product Added",
        "Signed Up",
    ]
    assert shop.events("Order Completed")[0]["properties"]["currency"] == "EUR"

    before = account.deliveries.count()
    ask(shop)
    assert account.deliveries.count() == before

    fake.put("orders", order(12, "2026-03-02 09:00:00", current_state="4"))
    ask(shop)
    assert account.deliveries.count() == before + 1
    assert shop.names()[-1] == "Order Shipped"


def test_a_thousand_orders_of_one_second_all_come(
    shop: ConnectedShop, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "A_PAGE", 4)
    for number in range(1, 24):
        fake.put("orders", order(number))
    fake.put("orders", order(50, "2026-03-01 11:12:00"))
    ask(shop)
    assert len(shop.events("Order Completed")) == 24


def test_what_was_written_late_into_an_earlier_second_is_not_missed(
    shop: ConnectedShop, fake: FakeShop
) -> None:
    fake.put("orders", order(12))
    ask(shop)
    fake.put("orders", order(11, "2026-03-01 11:10:30"))
    ask(shop)
    assert len(shop.events("Order Completed")) == 2


def test_an_order_changed_while_pages_are_read_moves_nobody_out_of_sight(
    shop: ConnectedShop, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "A_PAGE", 3)
    for number in range(1, 10):
        fake.put("orders", order(number, f"2026-03-01 11:11:{number:02d}"))
    real, turns = fake.answer, iter(range(100))

    def meanwhile(path: str, query: dict[str, list[str]]) -> Any:
        answer = real(path, query)
        if path == "orders" and next(turns) == 0:
            fake.put("orders", order(1, "2026-03-01 11:12:00"))
        return answer

    monkeypatch.setattr(fake, "answer", meanwhile)
    ask(shop)
    assert len(shop.events("Order Completed")) == 9


def test_a_turn_that_breaks_off_is_taken_up_where_it_was(
    shop: ConnectedShop, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "A_PAGE", 3)
    for number in range(1, 10):
        fake.put("orders", order(number, f"2026-03-01 11:{number + 10}:00"))
    real, turns = fake.answer, iter(range(100))

    def breaks(path: str, query: dict[str, list[str]]) -> Any:
        if path == "orders" and next(turns) == 1:
            fake.status = 500
        return real(path, query)

    monkeypatch.setattr(fake, "answer", breaks)
    account = ask(shop)
    assert "500" in account.asking_failed
    assert 0 < len(shop.events("Order Completed")) < 9

    fake.status = 200
    account = ask(shop)
    assert account.asking_failed == ""
    assert len(shop.events("Order Completed")) == 9


@pytest.mark.parametrize(("status", "words"), [(401, "doesn't let this key"), (404, "answered with 404")])
def test_what_is_wrong_is_told(shop: ConnectedShop, fake: FakeShop, status: int, words: str) -> None:
    fake.status = status
    account = ask(shop)
    assert words in account.asking_failed
    assert account.asked_at is not None
    assert KEY not in account.asking_failed


def test_a_shop_that_is_gone_is_told(shop: ConnectedShop, fake: FakeShop) -> None:
    fake.server.server_close()
    assert "did not answer" in ask(shop).asking_failed


def test_no_password_is_asked_for(shop: ConnectedShop, fake: FakeShop) -> None:
    (customers,) = [each for each in asking.RESOURCES if each.path == "customers"]
    assert customers.display != "full"
    assert "passwd" not in customers.display


@pytest.mark.parametrize("url", ["http://shop.example.org", "https://127.0.0.2/", "https://localhost/"])
def test_a_key_goes_neither_into_the_open_nor_into_the_own_network(
    url: str, brand: Brand, system: Actor
) -> None:
    account = connect_shop(brand, "prestashop", "Shop", acting_user=system)
    with pytest.raises(BadInput):
        do_set_web_service(account, url, KEY, acting_user=system)
    account.refresh_from_db()
    assert account.shop_url == ""


def test_the_key_is_kept_sealed_and_goes_with_the_address(
    shop: ConnectedShop, system: Actor, fake: FakeShop
) -> None:
    assert KEY not in shop.account.api_key
    do_set_web_service(shop.account, fake.url, "", acting_user=system)
    assert shop.account.api_key
    do_set_web_service(shop.account, "", "", acting_user=system)
    assert shop.account.api_key == ""
    fake.asked.clear()
    ask(shop)
    assert fake.asked == []
