"""From the shop's message to the customer and the numbers."""

from parcours.accounts.models import Brand
from parcours.customers.consent import ledger as consent
from parcours.customers.stitching.same_person import find_customer
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.reads import count_events, customers_with_events, timeline
from tests.events.hooks.conftest import ConnectedShop
from tests.events.hooks.payloads import (
    CUSTOMER,
    FULFILMENT,
    REFUND,
    SESSION,
    SHOE,
    shopify_cart,
    shopify_checkout,
    shopify_order,
    stripe_event,
    woo_order,
)

STORY = [
    ("carts/create", shopify_cart(SHOE)),
    ("checkouts/create", shopify_checkout()),
    ("checkouts/update", shopify_checkout(email="mark@example.org", updated_at="2026-03-01T11:06:00+01:00")),
    ("orders/create", shopify_order()),
    ("customers/create", CUSTOMER),
    ("fulfillments/create", FULFILMENT),
    ("refunds/create", REFUND),
]
NAMES = [
    "Cart Viewed",
    "Product Added",
    "Checkout Started",
    "Checkout Step Completed",
    "Order Completed",
    "Coupon Applied",
    "Order Shipped",
    "Order Refunded",
]


def test_a_cart_an_address_and_an_order_are_one_customers_story(shopify: ConnectedShop, brand: Brand) -> None:
    for topic, payload in STORY:
        shopify.send(topic, payload)
        hand_over_all(brand.pk)  # each by itself, so that the customer is known bit by bit

    assert customers_with_events(brand) == 1
    mark = find_customer(brand, "email:mark@example.org")
    events, _count = timeline(brand, mark)
    assert [event.name for event in reversed(events)] == NAMES
    assert {event.source for event in events} == {"My shopify"}
    assert consent.state(brand, mark, "marketing", "email") == "granted"


def test_in_the_opposite_order_it_is_the_same_story(shopify: ConnectedShop, brand: Brand) -> None:
    for topic, payload in reversed(STORY):
        shopify.send(topic, payload)
        hand_over_all(brand.pk)
    hand_over_all(brand.pk)

    mark = find_customer(brand, "user_id:115310627314723954")
    events, _count = timeline(brand, mark)
    assert sorted(event.name for event in events) == sorted(NAMES)
    assert customers_with_events(brand) == 1


def test_whatever_is_sent_again_counts_once(shopify: ConnectedShop, brand: Brand) -> None:
    for _time in range(2):
        for topic, payload in STORY:
            shopify.send(topic, payload)
    hand_over_all(brand.pk)
    assert count_events(brand) == len(NAMES)


def test_two_shops_and_a_cash_desk_meet_in_the_address(
    woo: ConnectedShop, stripe_shop: ConnectedShop, brand: Brand
) -> None:
    woo.send("order.created", woo_order(customer_id=0))
    stripe_shop.send("", stripe_event("checkout.session.completed", SESSION))
    hand_over_all(brand.pk)
    assert customers_with_events(brand) == 1
