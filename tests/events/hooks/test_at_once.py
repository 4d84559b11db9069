"""Shops send several things at the same moment, and the same thing twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from tests.events.hooks.conftest import ConnectedShop, connected
from tests.events.hooks.payloads import FULFILMENT, SHOE, Payload, shopify_cart, shopify_order

Delivery = tuple[str, Payload, str]


def send_all(shop: ConnectedShop, deliveries: list[Delivery]) -> list[int]:
    def send(delivery: Delivery) -> int:
        topic, payload, number = delivery
        try:
            one = ConnectedShop(shop.account, client=Client(raise_request_exception=False))
            return int(one.send(topic, payload, again=number).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(send, deliveries))


@pytest.fixture
def shop(transactional_db: None, brand: Brand, system: Actor) -> ConnectedShop:
    return connected("shopify", brand, system)


def test_the_same_delivery_many_times_at_once_is_kept_once(shop: ConnectedShop) -> None:
    assert set(send_all(shop, [("orders/create", shopify_order(), "same")] * 12)) == {200}
    assert shop.account.deliveries.count() == 1
    assert shop.names() == ["Order Completed", "Coupon Applied"]


def test_topics_about_the_same_things_at_once_tell_one_story(shop: ConnectedShop) -> None:
    deliveries: list[Delivery] = [
        (
            topic,
            shopify_order(id=number % 3, fulfillments=[{**FULFILMENT, "id": number % 3 + 1}]),
            f"{number}",
        )
        for number in range(24)
        for topic in ("orders/create", "orders/paid")
    ]
    deliveries += [
        (
            "carts/update",
            shopify_cart({**SHOE, "quantity": quantity}, at=f"10:00:{quantity:02d}"),
            f"c{quantity}",
        )
        for quantity in range(1, 13)
    ]
    assert set(send_all(shop, deliveries)) == {200}
    assert len(shop.events("Order Completed")) == 3
    assert len(shop.events("Order Shipped")) == 3
    added = [each["properties"]["quantity"] for each in shop.events("Product Added")]
    assert sum(added) == 12
    assert len(shop.events("Cart Viewed")) == 1
    assert shop.account.deliveries.filter(status="failed").count() == 0
