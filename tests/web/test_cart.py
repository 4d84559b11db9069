"""What is in a customer's cart, as the desk shows it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import translation

from parcours.core.formats import money
from parcours.events.reads import EventView
from parcours.web.inbox.cart import Cart, cart_of

BEGAN = datetime(2026, 11, 20, 9, tzinfo=UTC)
SHOE = {"product_id": "appui", "name": "Appui Dos", "price": 139.0}
SOCKS = {"product_id": "socks", "name": "Socks", "price": 9.5}


def happened(*told: tuple[str, dict[str, Any]]) -> Cart | None:
    """One event a minute."""
    events = [
        EventView(str(n), BEGAN + timedelta(minutes=n), name, "web", "shop", properties)
        for n, (name, properties) in enumerate(told)
    ]
    return cart_of(reversed(events), "EUR")


def test_what_was_added_and_taken_out_is_counted() -> None:
    cart = happened(
        ("Product Added", {**SHOE, "quantity": 2}),
        ("Product Added", SOCKS),
        ("Product Added", {**SOCKS, "quantity": "2"}),
        ("Product Removed", SHOE),
        ("Page Viewed", {}),
    )
    assert cart is not None
    assert [(line.name, line.quantity) for line in cart.lines] == [("Socks", 3), ("Appui Dos", 1)]
    assert cart.total == "€167.50"
    assert cart.at == BEGAN + timedelta(minutes=3)


def test_a_list_of_products_is_all_of_the_cart_and_the_shops_total_counts() -> None:
    cart = happened(
        ("Product Added", SOCKS),
        ("Checkout Started", {"products": [{**SHOE, "variant": "42"}], "total": "143.9", "currency": "CHF"}),
        ("Checkout Step Viewed", {"step": 2}),
    )
    assert cart is not None
    assert [line.name for line in cart.lines] == ["Appui Dos (42)"]
    assert cart.total == "CHF\N{NO-BREAK SPACE}143.90"


def test_nothing_is_in_the_cart_after_an_order_or_when_it_was_emptied() -> None:
    assert happened(("Product Added", SHOE), ("Order Completed", {"order_id": "1"})) is None
    assert happened(("Product Added", SHOE), ("Product Removed", SHOE)) is None
    assert happened(("Page Viewed", {})) is None
    assert happened(("Checkout Step Viewed", {"step": 1, "browser": "Chrome"})) is None


def test_another_cart_begins_anew_and_odd_numbers_are_not_counted() -> None:
    cart = happened(
        ("Product Added", {**SHOE, "cart_id": "1"}),
        ("Product Added", {"name": "Socks", "price": "much", "quantity": None, "cart_id": "2"}),
        ("Cart Viewed", {"cart_id": "2", "products": "no list"}),
    )
    assert cart is not None
    assert [(line.name, line.quantity, line.price) for line in cart.lines] == [("Socks", 1, None)]
    assert cart.total == ""


def test_money_is_written_as_the_reader_writes_it() -> None:
    assert money(1143.9, "EUR") == "€1,143.90"
    with translation.override("fr"):
        shown = (
            money(1143.9, "EUR").replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        )
        assert shown == "1 143,90 €"
    assert "12.00" in money(12, "odd")
