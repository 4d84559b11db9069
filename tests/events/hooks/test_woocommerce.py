"""WooCommerce's webhooks as events."""

import pytest

from tests.events.hooks.conftest import ConnectedShop
from tests.events.hooks.payloads import woo_order

PAID = {"date_paid_gmt": "2026-03-01T10:06:00"}


def test_an_order_is_told_step_by_step(woo: ConnectedShop) -> None:
    woo.send("order.created", woo_order("pending"))
    assert woo.names() == ["Checkout Started"]

    woo.send("order.updated", woo_order("processing", **PAID))
    woo.send("order.updated", woo_order("processing", **PAID))
    done = {**PAID, "date_completed_gmt": "2026-03-02T09:00:00", "date_modified_gmt": "2026-03-02T09:00:00"}
    woo.send("order.updated", woo_order("completed", **done))

    assert woo.names() == ["Checkout Started", "Order Completed", "Coupon Applied", "Order Shipped"]
    order = woo.events("Order Completed")[0]
    assert (order["userId"], order["timestamp"]) == ("26", "2026-03-01T10:06:00Z")
    assert (order["properties"]["total"], order["properties"]["revenue"]) == (138.9, 107.5)
    assert order["channel"] == "web"


def test_an_order_that_is_heard_of_late_is_complete_all_the_same(woo: ConnectedShop) -> None:
    woo.send("order.updated", woo_order("completed", **PAID))
    woo.send("order.created", woo_order("pending"))
    assert woo.names() == ["Checkout Started", "Order Completed", "Coupon Applied", "Order Shipped"]


def test_a_guest_is_known_by_the_address_alone(woo: ConnectedShop) -> None:
    woo.send("order.created", woo_order(customer_id=0))
    event = woo.events("Order Completed")[0]
    assert "userId" not in event
    assert "anonymousId" not in event
    assert event["identities"]["email"] == "mark@example.org"


def test_an_unpaid_order_that_lapses_was_never_an_order(woo: ConnectedShop) -> None:
    woo.send("order.created", woo_order("pending"))
    woo.send("order.updated", woo_order("cancelled", date_modified_gmt="2026-03-01T11:06:00"))
    assert woo.names() == ["Checkout Started"]


@pytest.mark.parametrize("how", [{"date_paid_gmt": "2026-03-01T10:06:00"}, {}])
def test_a_placed_order_can_be_cancelled(woo: ConnectedShop, how: dict[str, str]) -> None:
    woo.send("order.created", woo_order("on-hold"))
    woo.send("order.updated", woo_order("cancelled", date_modified_gmt="2026-03-01T11:06:00", **how))
    assert "Order Cancelled" in woo.names()


def test_refunds_are_told_once_each(woo: ConnectedShop) -> None:
    one = {"id": 81, "reason": "too small", "total": "-20.00"}
    woo.send("order.updated", woo_order("processing", refunds=[one], **PAID))
    both = [one, {"id": 82, "reason": "", "total": "-118.90"}]
    woo.send("order.updated", woo_order("refunded", refunds=both, **PAID))
    assert [each["properties"]["total"] for each in woo.events("Order Refunded")] == [20, 118.9]


def test_a_payment_that_failed_leads_nowhere(woo: ConnectedShop) -> None:
    woo.send("order.updated", woo_order("failed"))
    assert woo.names() == ["Checkout Started", "Payment Failed"]


def test_customers_sign_up_and_staff_does_not(woo: ConnectedShop) -> None:
    customer = {
        "id": 26,
        "email": "mark@example.org",
        "first_name": "Mark",
        "last_name": "Leroy",
        "role": "customer",
        "date_created_gmt": "2026-03-01T10:00:00",
        "billing": {"country": "FR", "phone": "0612345678"},
    }
    woo.send("customer.created", customer)
    woo.send("customer.updated", {**customer, "first_name": "Marc"})
    woo.send("customer.created", {**customer, "id": 1, "role": "administrator"})
    assert woo.names() == ["Signed Up"]
    assert [each["traits"]["name"] for each in woo.introductions()] == [
        "Mark Leroy",
        "Marc Leroy",
        "Mark Leroy",
    ]


def test_saving_a_webhook_is_answered_well_though_it_is_unsigned(woo: ConnectedShop) -> None:
    greeting = b"webhook_id=42"
    form = "application/x-www-form-urlencoded"
    assert woo.client.post(woo.address, greeting, content_type=form).status_code == 200
    assert woo.account.deliveries.count() == 0
    assert woo.client.post(woo.address, b"webhook_id=42&x=1", content_type=form).status_code == 401


def test_products_and_coupons_are_no_business_of_customers(woo: ConnectedShop) -> None:
    woo.send("coupon.updated", {"id": 3, "code": "run10"})
    assert (woo.newest().status, woo.newest().trouble) == ("ignored", "other_topic")
