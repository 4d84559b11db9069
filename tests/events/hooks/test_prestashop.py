"""What PrestaShop's module posts, and its web service answers, as events."""

from tests.events.hooks.conftest import ConnectedShop
from tests.events.hooks.payloads import PRESTA_CUSTOMER, presta_cart, presta_order


def test_times_lie_in_the_shops_zone(presta: ConnectedShop) -> None:
    presta.send("", presta_order())
    assert presta.events("Order Completed")[0]["timestamp"] == "2026-03-01T10:10:00Z"


def test_a_cart_belongs_to_whoever_signs_in(presta: ConnectedShop) -> None:
    presta.send("", presta_cart(("3", "1")))
    assert presta.names() == ["Cart Viewed", "Product Added"]
    assert presta.events()[0]["anonymousId"] == "prestashop:cart:31"

    presta.send("", presta_cart(("3", "2"), at="10:02:00", customer="5", carrier="2"))
    presta.send("", presta_order())

    assert presta.names() == [
        "Cart Viewed",
        "Product Added",
        "Product Added",
        "Checkout Started",
        "Order Completed",
    ]
    joined = {(each.get("userId"), each.get("anonymousId")) for each in presta.messages()}
    assert ("5", "prestashop:cart:31") in joined


def test_an_orders_state_says_how_far_it_is(presta: ConnectedShop) -> None:
    presta.send("", presta_order("2"))
    presta.send("", presta_order("4", date_upd="2026-03-02 09:00:00", shipping_number="6A"))
    presta.send("", presta_order("5", date_upd="2026-03-04 09:00:00"))
    assert presta.names() == ["Checkout Started", "Order Completed", "Order Shipped", "Order Delivered"]
    assert presta.events("Order Shipped")[0]["properties"]["tracking_number"] == "6A"
    assert presta.events("Order Completed")[0]["properties"]["products"][0]["sku"] == "TR-42"


def test_a_shops_own_states_are_told_by_their_templates(presta: ConnectedShop) -> None:
    order = presta_order("17")
    order["state"]["template"] = {"1": "order_canceled"}
    presta.send("", order)
    assert presta.names()[-1] == "Order Cancelled"


def test_a_payment_error_is_no_order(presta: ConnectedShop) -> None:
    presta.send("", presta_order("8"))
    assert presta.names() == ["Payment Failed"]


def test_money_paid_back_by_slips_counts_once(presta: ConnectedShop) -> None:
    slip = {
        "id": 4,
        "id_order": "12",
        "id_customer": "5",
        "total_products_tax_incl": "129.00",
        "total_shipping_tax_incl": "9.90",
        "date_add": "2026-03-09 12:00:00",
    }
    presta.send("", presta_order("2"))
    presta.send("", {"topic": "order_slip", "currency": "EUR", "order_slip": slip})
    presta.send("", presta_order("7", date_upd="2026-03-09 12:00:01"))
    (refund,) = presta.events("Order Refunded")
    assert refund["properties"]["total"] == 138.9


def test_a_customer_comes_with_newsletter_and_birthday(presta: ConnectedShop) -> None:
    presta.send("", PRESTA_CUSTOMER)
    (who,) = presta.introductions()
    assert who["traits"]["birth_date"] == "1984-05-02"
    assert who["context"]["consent"]["marketing.email"] == {
        "state": "granted",
        "at": "2026-03-01T10:00:00+00:00",
    }
    left = {**PRESTA_CUSTOMER["customer"], "newsletter": "0", "date_upd": "2026-04-01 11:00:00"}
    presta.send("", {"topic": "customer", "customer": left})
    assert presta.introductions()[1]["context"]["consent"]["marketing.email"]["state"] == "denied"

    never = {**left, "id": 6, "newsletter_date_add": "0000-00-00 00:00:00"}
    presta.send("", {"topic": "customer", "customer": never})
    assert "context" not in presta.introductions()[2]


def test_associations_are_read_however_a_version_writes_them(presta: ConnectedShop) -> None:
    order = presta_order()
    (row,) = order["order"]["associations"]["order_rows"]
    order["order"]["associations"]["order_rows"] = {"order_row": row}
    presta.send("", order)
    assert presta.events("Order Completed")[0]["properties"]["products"][0]["name"] == "Trail"
