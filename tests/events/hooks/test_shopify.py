"""Shopify's webhooks as events: from the cart to the refund, in whatever order they come."""

import itertools
from datetime import UTC, datetime

import pytest

from tests.events.hooks.conftest import SECRET, ConnectedShop
from tests.events.hooks.payloads import (
    CART,
    CHECKOUT,
    CUSTOMER,
    FULFILMENT,
    REFUND,
    SHOE,
    SOCKS,
    as_bytes,
    shopify_cart,
    shopify_checkout,
    shopify_order,
)

USER = "115310627314723954"


def test_a_cart_tells_what_was_put_in_and_taken_out(shopify: ConnectedShop) -> None:
    shopify.send("carts/create", shopify_cart(SHOE))
    shopify.send("carts/update", shopify_cart(SHOE, {**SOCKS, "quantity": 3}, at="10:01:00"))
    shopify.send("carts/update", shopify_cart({**SOCKS, "quantity": 1}, at="10:02:00"))

    told = [
        (each["event"], each["properties"].get("sku"), each["properties"].get("quantity"))
        for each in shopify.events()
    ]
    assert told == [
        ("Cart Viewed", None, None),
        ("Product Added", "TR-42", 1),
        ("Product Added", "SO", 3),
        ("Product Removed", "SO", 2),
        ("Product Removed", "TR-42", 1),
    ]
    assert {each["anonymousId"] for each in shopify.events()} == {f"shopify:cart:{CART}"}
    assert shopify.events()[1]["properties"]["price"] == 129
    assert shopify.events()[0]["properties"]["inferred"] is True


def test_an_older_cart_that_comes_late_adds_nothing(shopify: ConnectedShop) -> None:
    shopify.send("carts/update", shopify_cart(SHOE, SOCKS, at="10:02:00"))
    before = shopify.messages()
    shopify.send("carts/create", shopify_cart(SHOE, at="10:00:00"))

    assert shopify.messages() == before
    assert (shopify.newest().status, shopify.newest().trouble) == ("ignored", "no_change")


def test_a_cart_token_with_a_key_behind_it_is_the_orders(shopify: ConnectedShop) -> None:
    shopify.send("carts/create", shopify_cart(SHOE, token=f"{CART}?key=abc"))
    assert shopify.events()[0]["anonymousId"] == f"shopify:cart:{CART}"


def test_a_checkout_without_an_address_is_joined_with_its_customer_by_the_order(
    shopify: ConnectedShop,
) -> None:
    shopify.send("checkouts/create", shopify_checkout())
    (started,) = shopify.events()
    assert (started["event"], started["anonymousId"]) == ("Checkout Started", f"shopify:cart:{CART}")
    assert "userId" not in started
    assert started["properties"]["abandoned_checkout_url"] == "https://foulee.example/recover?key=1"
    assert started["timestamp"] == "2026-03-01T10:05:00Z"

    shopify.send("orders/create", shopify_order())

    joined = {(each.get("userId"), each.get("anonymousId")) for each in shopify.introductions()}
    assert (USER, f"shopify:cart:{CART}") in joined
    assert (USER, f"shopify:checkout:{CHECKOUT}") in joined


def test_steps_of_the_checkout_are_told_once_each(shopify: ConnectedShop) -> None:
    shopify.send("checkouts/create", shopify_checkout())
    with_mail = {"email": "mark@example.org", "updated_at": "2026-03-01T11:06:00+01:00"}
    shopify.send("checkouts/update", shopify_checkout(**with_mail))
    further = {
        **with_mail,
        "shipping_address": {"address1": "1 rue A"},
        "shipping_lines": [{"title": "Colissimo", "price": "9.90"}],
        "updated_at": "2026-03-01T11:07:00+01:00",
    }
    shopify.send("checkouts/update", shopify_checkout(**further))
    shopify.send(
        "checkouts/update", shopify_checkout(**{**further, "updated_at": "2026-03-01T11:08:00+01:00"})
    )

    steps = [each["properties"]["step_name"] for each in shopify.events("Checkout Step Completed")]
    assert steps == ["contact", "address", "shipping"]
    assert shopify.events("Checkout Step Completed")[2]["properties"]["shipping_method"] == "Colissimo"
    assert len(shopify.events("Checkout Started")) == 1


def test_an_order_has_the_properties_of_the_specification(shopify: ConnectedShop) -> None:
    shopify.send("orders/create", shopify_order())

    (order,) = shopify.events("Order Completed")
    assert (order["userId"], order["channel"], order["timestamp"]) == (USER, "web", "2026-03-01T10:10:00Z")
    properties = order["properties"]
    assert {
        name: properties[name] for name in ("order_id", "total", "revenue", "shipping", "tax", "currency")
    } == {
        "order_id": "820982911946154508",
        "total": 138.9,
        "revenue": 107.5,
        "shipping": 9.9,
        "tax": 21.5,
        "currency": "EUR",
    }
    assert properties["products"] == [
        {
            "product_id": "632", "sku": "TR-42", "name": "Trail – modèle été", "variant": "42",
            "brand": "Foulée", "price": 129, "quantity": 1,
        }
    ]  # fmt: skip
    (coupon,) = shopify.events("Coupon Applied")
    assert (coupon["properties"]["coupon_id"], coupon["properties"]["discount"]) == ("RUN10", 10)


def test_who_ordered_comes_with_what_they_allow(shopify: ConnectedShop) -> None:
    shopify.send("customers/create", CUSTOMER)
    (who,) = shopify.introductions()
    assert who["userId"] == USER
    assert (who["traits"]["email"], who["traits"]["phone"]) == ("Mark@Example.org", "+33612345678")
    assert (who["traits"]["name"], who["traits"]["country"]) == ("Mark Leroy", "FR")
    assert who["context"]["consent"] == {
        "marketing.email": {"state": "granted", "at": "2026-03-01T10:08:30+00:00"}
    }
    assert shopify.names() == []  # somebody who checks out has no account


def test_unsubscribing_is_a_refusal_and_an_unticked_box_is_none(shopify: ConnectedShop) -> None:
    consent = {"state": "unsubscribed", "consent_updated_at": "2026-04-01T00:00:00Z"}
    shopify.send("customers/update", {**CUSTOMER, "email_marketing_consent": consent})
    assert shopify.introductions()[0]["context"]["consent"]["marketing.email"]["state"] == "denied"

    silent = {key: value for key, value in CUSTOMER.items() if key != "email_marketing_consent"}
    shopify.send("customers/update", {**silent, "id": 8, "accepts_marketing": False})
    assert "context" not in shopify.introductions()[1]


def test_an_account_is_a_sign_up(shopify: ConnectedShop) -> None:
    shopify.send("customers/create", {**CUSTOMER, "state": "enabled"})
    shopify.send("customers/update", {**CUSTOMER, "state": "enabled", "tags": "vip"})
    assert shopify.names() == ["Signed Up"]


WHOLE_STORY = [
    ("orders/create", shopify_order()),
    ("orders/paid", shopify_order(updated_at="2026-03-01T11:10:05+01:00")),
    ("orders/fulfilled", shopify_order(fulfillments=[FULFILMENT], updated_at="2026-03-02T09:00:00+01:00")),
    ("fulfillments/create", FULFILMENT),
    (
        "fulfillments/update",
        {**FULFILMENT, "shipment_status": "delivered", "updated_at": "2026-03-04T15:00:00+01:00"},
    ),
    ("refunds/create", REFUND),
    ("orders/updated", shopify_order(refunds=[REFUND], updated_at="2026-03-09T12:00:01+01:00")),
]


@pytest.mark.parametrize("seed", range(6))
def test_an_orders_story_comes_out_once_whatever_topic_comes_first(shopify: ConnectedShop, seed: int) -> None:
    orders = list(itertools.permutations(range(len(WHOLE_STORY))))
    for place in orders[seed * len(orders) // 6 + seed]:
        topic, payload = WHOLE_STORY[place]
        assert shopify.send(topic, payload).status_code == 200

    assert sorted(shopify.names()) == [
        "Coupon Applied",
        "Order Completed",
        "Order Delivered",
        "Order Refunded",
        "Order Shipped",
    ]
    (refund,) = shopify.events("Order Refunded")
    assert (refund["properties"]["total"], refund["properties"]["currency"]) == (129, "EUR")
    # Whoever came before the order was known is joined with the customer by its id.
    visitors = {each["anonymousId"] for each in shopify.events()} - {f"shopify:cart:{CART}"}
    known = {each["anonymousId"] for each in shopify.introductions() if each.get("userId") == USER}
    assert visitors <= known


def test_an_order_is_updated_only_when_what_was_ordered_changed(shopify: ConnectedShop) -> None:
    shopify.send("orders/create", shopify_order())
    shopify.send("orders/updated", shopify_order(tags="vip", updated_at="2026-03-01T11:11:00+01:00"))
    assert "Order Updated" not in shopify.names()

    changed = shopify_order(line_items=[{**SHOE, "quantity": 2}], updated_at="2026-03-01T11:12:00+01:00")
    shopify.send("orders/updated", changed)
    shopify.send("orders/paid", changed)
    assert shopify.names().count("Order Updated") == 1


def test_a_cancelled_order_says_why(shopify: ConnectedShop) -> None:
    cancelled = {"cancelled_at": "2026-03-01T12:00:00+01:00", "cancel_reason": "customer"}
    shopify.send("orders/cancelled", shopify_order(**cancelled))
    (event,) = shopify.events("Order Cancelled")
    assert (event["timestamp"], event["properties"]["reason"]) == ("2026-03-01T11:00:00Z", "customer")


def test_an_order_of_the_till_happened_in_the_store(shopify: ConnectedShop) -> None:
    shopify.send("orders/create", shopify_order(source_name="pos", cart_token=None, checkout_token=None))
    assert shopify.events("Order Completed")[0]["channel"] == "store"


def test_a_test_message_of_shopify_is_kept_and_counts_for_nothing(shopify: ConnectedShop) -> None:
    payload = shopify_order()
    headers = {
        **shopify.headers("orders/create", as_bytes(payload), "x", SECRET),
        "X-Shopify-Test": "true",
    }
    shopify.client.post(shopify.address, as_bytes(payload), content_type="application/json", headers=headers)

    assert shopify.messages() == []
    assert (shopify.newest().status, shopify.newest().trouble) == ("ignored", "test")


def test_the_same_deed_under_two_topics_is_heard_twice_and_the_same_delivery_once(
    shopify: ConnectedShop,
) -> None:
    assert shopify.send("orders/create", shopify_order(), again="deed").json()["again"] is False
    assert shopify.send("orders/paid", shopify_order(), again="deed").json()["again"] is False
    assert shopify.send("orders/paid", shopify_order(), again="deed").json()["again"] is True
    assert shopify.account.deliveries.count() == 2


def test_times_are_kept_as_moments(shopify: ConnectedShop) -> None:
    shopify.send("orders/create", shopify_order())
    at = datetime.fromisoformat(shopify.events("Order Completed")[0]["timestamp"])
    assert at == datetime(2026, 3, 1, 10, 10, tzinfo=UTC)
