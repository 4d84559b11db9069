"""A person's rights over what shops sent about them."""

from datetime import timedelta

import pytest

from parcours.accounts.models import Brand
from parcours.core.clock import clock_at, now
from parcours.customers.erasure.requests import requests
from parcours.customers.profiles import Profile, update_profiles
from parcours.customers.writes import resolve_identities
from parcours.events.hooks.models import HookDelivery, ShopObject
from parcours.events.hooks.personal_data import OLD, RECORDS
from tests.events.hooks.conftest import ConnectedShop
from tests.events.hooks.payloads import SHOE, Payload, shopify_cart, shopify_order

USER = "115310627314723954"


def mark(brand: Brand) -> int:
    """Mark as the hand-off makes him, by number and address."""
    (customer,) = resolve_identities(brand, "user_id", [USER])
    update_profiles(brand, {int(customer): Profile(email="mark@example.org")})
    return int(customer)


def test_everything_sent_about_a_person_is_handed_over_and_erased(
    shopify: ConnectedShop, brand: Brand
) -> None:
    customer = mark(brand)
    shopify.send("orders/create", shopify_order())
    shopify.send("orders/create", b'{"email": "MARK@example.org"}')  # not understood
    shopify.send("orders/create", b"<Mark@example.org>", secret="guessed")
    other = {"id": 7, "email": "anna@example.org"}
    shopify.send("orders/create", shopify_order(id=2, email="anna@example.org", customer=other))
    shopify.send("orders/create", b'{"email": "mark@example.organic"}')

    rows = RECORDS.export(brand.pk, [customer])["shop deliveries"]
    assert len(rows) == 3
    assert rows[0]["shop"] == "My shopify"

    assert RECORDS.erase(brand.pk, [customer])["shop deliveries"] == 3
    left = b"".join(bytes(row.body) for row in HookDelivery.objects.all()).lower()
    assert b'mark@example.org"' not in left
    assert b"anna@example.org" in left
    assert USER not in str(list(HookDelivery.objects.values()))
    assert not ShopObject.objects.filter(people__contains=[f"user_id:{USER}"]).exists()
    assert RECORDS.erase(brand.pk, [customer]) == {"shop deliveries": 0, "carts": 0}


@pytest.mark.parametrize(
    ("topic", "kind"), [("customers/data_request", "export"), ("customers/redact", "erasure")]
)
@pytest.mark.parametrize("named", [{"id": int(USER)}, {"email": "Mark@Example.org"}])
def test_a_request_through_the_shop_waits_for_people_to_answer(
    shopify: ConnectedShop, brand: Brand, topic: str, kind: str, named: Payload
) -> None:
    customer = mark(brand)
    for _time in range(2):
        shopify.send(topic, {"shop_domain": "foulee.myshopify.com", "customer": named})
    assert shopify.newest().trouble == "request"
    (request,) = requests(brand)
    assert (request.kind, request.customer_id, request.state) == (kind, customer, "asked")

    shopify.send(topic, {"customer": {"id": 1, "email": "nobody@example.org"}})
    assert shopify.newest().trouble == "other_topic"


def test_raw_payloads_go_with_time_and_their_events_stay(shopify: ConnectedShop, brand: Brand) -> None:
    with clock_at(now() - timedelta(days=100)):
        shopify.send("carts/create", shopify_cart(SHOE))
    shopify.send("orders/create", shopify_order())
    events = shopify.messages()
    before = now() - timedelta(days=90)

    assert OLD.count(brand.pk, before) == 1
    assert OLD.remove(brand.pk, before) == 1
    assert shopify.account.deliveries.count() == 1
    assert shopify.messages() == events
