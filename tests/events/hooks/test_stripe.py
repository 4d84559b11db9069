"""Stripe's events as those of a shop."""

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from tests.events.hooks.conftest import ConnectedShop, connected
from tests.events.hooks.payloads import SESSION, stripe_event

CHARGE = {
    "id": "ch_1",
    "amount": 13890,
    "amount_refunded": 5000,
    "currency": "eur",
    "customer": "cus_9",
    "payment_intent": "pi_1",
    "billing_details": {"email": None, "name": "Mark Leroy", "address": {"country": "FR"}},
    "metadata": {},
}
INVOICE = {
    "id": "in_1",
    "amount_paid": 1990,
    "billing_reason": "subscription_cycle",
    "currency": "eur",
    "customer": "cus_9",
    "customer_email": "mark@example.org",
    "lines": {"data": [{"description": "Club", "amount": 1990, "quantity": 1}]},
    "metadata": {},
}


def test_a_paid_session_is_an_order_of_the_person_with_that_address(stripe_shop: ConnectedShop) -> None:
    stripe_shop.send("", stripe_event("checkout.session.completed", SESSION))

    assert stripe_shop.names() == ["Checkout Started", "Order Completed"]
    order = stripe_shop.events("Order Completed")[0]
    assert order["identities"] == {"email": "mark@example.org"}
    properties = order["properties"]
    assert (properties["total"], properties["currency"], properties["order_id"]) == (138.9, "EUR", "pi_1")
    (who,) = stripe_shop.introductions()
    assert who["traits"]["country"] == "FR"
    assert who["context"]["consent"]["marketing.email"]["state"] == "granted"


def test_a_session_that_lapsed_is_no_order(stripe_shop: ConnectedShop) -> None:
    lapsed = {**SESSION, "payment_status": "unpaid", "status": "expired"}
    stripe_shop.send("", stripe_event("checkout.session.expired", lapsed))
    assert stripe_shop.names() == ["Checkout Started", "Checkout Expired"]


def test_money_that_comes_later_completes_the_order_then(stripe_shop: ConnectedShop) -> None:
    waiting = {**SESSION, "payment_status": "unpaid"}
    stripe_shop.send("", stripe_event("checkout.session.completed", waiting))
    assert stripe_shop.names() == ["Checkout Started"]
    stripe_shop.send("", stripe_event("checkout.session.async_payment_succeeded", SESSION, id="evt_2"))
    assert stripe_shop.names() == ["Checkout Started", "Order Completed"]


def test_a_subscriptions_first_invoice_is_the_sessions_order(stripe_shop: ConnectedShop) -> None:
    session = {**SESSION, "mode": "subscription", "invoice": "in_1", "payment_intent": None}
    stripe_shop.send("", stripe_event("invoice.paid", INVOICE, id="evt_2"))
    stripe_shop.send("", stripe_event("checkout.session.completed", session))
    assert stripe_shop.names().count("Order Completed") == 1

    renewal = {**INVOICE, "id": "in_2"}
    stripe_shop.send("", stripe_event("invoice.paid", renewal, id="evt_3"))
    stripe_shop.send(
        "", stripe_event("invoice.paid", {**INVOICE, "id": "in_3", "amount_paid": 0}, id="evt_4")
    )
    assert stripe_shop.names().count("Order Completed") == 2


def test_each_refund_counts_what_came_on_top(stripe_shop: ConnectedShop) -> None:
    stripe_shop.send("", stripe_event("customer.created", {"id": "cus_9", "email": "mark@example.org"}))
    first = stripe_event("charge.refunded", CHARGE, id="evt_2", previous_attributes={"amount_refunded": 0})
    whole = {**CHARGE, "amount_refunded": 13890}
    rest = stripe_event("charge.refunded", whole, id="evt_3", previous_attributes={"amount_refunded": 5000})
    stripe_shop.send("", first)
    stripe_shop.send("", rest)

    assert [each["properties"]["total"] for each in stripe_shop.events()] == [50, 88.9]
    # The charge names Stripe's customer only; who that is was told before.
    assert stripe_shop.events()[0]["identities"] == {"email": "mark@example.org"}


def test_a_customer_nobody_told_about_is_known_by_stripes_number(stripe_shop: ConnectedShop) -> None:
    stripe_shop.send("", stripe_event("charge.refunded", {**CHARGE, "billing_details": None}))
    assert stripe_shop.events()[0]["anonymousId"] == "stripe:customer:cus_9"


def test_each_failed_attempt_is_told_with_its_reason(stripe_shop: ConnectedShop) -> None:
    payment = {
        "id": "pi_1",
        "amount": 13890,
        "currency": "eur",
        "customer": None,
        "receipt_email": "mark@example.org",
        "last_payment_error": {
            "code": "card_declined",
            "decline_code": "insufficient_funds",
            "payment_method": {"type": "card", "billing_details": {"email": None}},
        },
    }
    for number in (1, 2):
        stripe_shop.send("", stripe_event("payment_intent.payment_failed", payment, id=f"evt_{number}"))
    assert [each["properties"]["reason"] for each in stripe_shop.events()] == ["insufficient_funds"] * 2
    assert stripe_shop.events()[0]["identities"]["email"] == "mark@example.org"


@pytest.mark.parametrize(("currency", "total"), [("jpy", 13890), ("eur", 138.9), ("kwd", 13.89)])
def test_money_is_counted_in_the_units_of_its_currency(
    stripe_shop: ConnectedShop, currency: str, total: float
) -> None:
    stripe_shop.send("", stripe_event("checkout.session.completed", {**SESSION, "currency": currency}))
    assert stripe_shop.events("Order Completed")[0]["properties"]["total"] == total


def test_the_shops_own_numbers_in_the_metadata_are_used(stripe_shop: ConnectedShop) -> None:
    session = {**SESSION, "metadata": {"user_id": "26", "order_id": "A-7"}}
    stripe_shop.send("", stripe_event("checkout.session.completed", session))
    order = stripe_shop.events("Order Completed")[0]
    assert (order["userId"], order["properties"]["order_id"]) == ("26", "A-7")


def test_beside_a_shop_that_tells_of_orders_stripe_tells_only_the_rest(brand: Brand, system: Actor) -> None:
    connected("shopify", brand, system)
    cash_desk = connected("stripe", brand, system)
    cash_desk.send("", stripe_event("checkout.session.completed", SESSION))
    cash_desk.send("", stripe_event("charge.refunded", CHARGE, id="evt_2"))
    cash_desk.send("", stripe_event("checkout.session.expired", SESSION, id="evt_3"))
    assert cash_desk.names() == ["Checkout Expired"]


def test_the_same_event_is_heard_once(stripe_shop: ConnectedShop) -> None:
    event = stripe_event("checkout.session.completed", SESSION)
    assert stripe_shop.send("", event).json()["again"] is False
    assert stripe_shop.send("", event).json()["again"] is True
