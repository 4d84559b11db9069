"""Listen → Shops: connect one, see what it sends, read it again."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.core.registry import live_topics
from parcours.core.secrets import unseal
from parcours.events.hooks.models import HookAccount
from tests.events.hooks.conftest import SECRET, ConnectedShop, connected
from tests.events.hooks.payloads import shopify_order

SHOPS = "/listen/sources/shops/"


@pytest.fixture
def shop(brand: Brand, system: Actor) -> ConnectedShop:
    return connected("shopify", brand, system)


def page_of(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_shop_is_connected_in_three_steps(as_alice: Client, settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://map.example.org"
    assert "Connect a shop" in page_of(as_alice, SHOPS)
    made = as_alice.post(SHOPS, {"kind": "shopify", "name": "Foulée Paris"})
    account = HookAccount.objects.get()
    assert made.headers["Location"] == f"{SHOPS}{account.pk}/"

    page = page_of(as_alice, made.headers["Location"])
    assert f"https://map.example.org/hooks/shopify/{account.pk}" in page
    assert "Checkout creation" in page
    assert "must begin" not in page
    as_alice.post(f"{SHOPS}{account.pk}/secret/", {"secret": "shpss_1"})

    account.refresh_from_db()
    assert unseal(account.secret) == "shpss_1"
    page = page_of(as_alice, made.headers["Location"])
    assert "Waiting for the first delivery" in page
    assert "shpss_1" not in page

    shop = ConnectedShop(account)
    assert shop.send("orders/create", shopify_order(), secret="shpss_1").status_code == 200
    fragment = page_of(as_alice, f"{SHOPS}{account.pk}/state/")
    assert "Order Completed" in fragment
    assert "hx-get" not in fragment


@pytest.mark.parametrize("kind", ["woocommerce", "prestashop", "stripe"])
def test_each_kind_says_what_to_do(as_alice: Client, kind: str) -> None:
    as_alice.post(SHOPS, {"kind": kind, "name": "Mine"})
    page = page_of(as_alice, f"{SHOPS}{HookAccount.objects.get().pk}/")
    assert "<ol" in page
    assert ("made up for you" in page) == (kind != "stripe")


def test_an_address_that_shops_cannot_reach_is_told(as_alice: Client, shop: ConnectedShop) -> None:
    assert "PARCOURS_URL" in page_of(as_alice, f"{SHOPS}{shop.account.pk}/")


def test_what_was_sent_wrongly_stays_in_the_form(as_alice: Client) -> None:
    answer = as_alice.post(SHOPS, {"kind": "magento", "name": "Mine"})
    assert answer.status_code == 422
    assert 'value="Mine"' in answer.content.decode()
    as_alice.post(SHOPS, {"kind": "stripe", "name": "Mine"})
    assert as_alice.post(SHOPS, {"kind": "stripe", "name": "Mine"}).status_code == 409


def test_a_delivery_shows_its_payload_and_what_was_made_of_it(as_alice: Client, shop: ConnectedShop) -> None:
    shop.send("orders/create", shopify_order(note="<script>alert(1)</script>"))
    page = page_of(as_alice, f"{SHOPS}deliveries/{shop.newest().pk}/")
    for words in ("Order Completed", "Trail – modèle été", "order:820982911946154508:completed"):
        assert words in page
    assert "<script>alert" not in page


def test_troubled_deliveries_are_found_and_read_again(as_alice: Client, shop: ConnectedShop) -> None:
    shop.send("orders/create", shopify_order(), secret="guessed")
    shop.send("orders/create", b'{"id": 4}')
    shop.send("orders/create", shopify_order())

    page = page_of(as_alice, f"{SHOPS}{shop.account.pk}/", status="failed")
    assert page.count("/deliveries/") == 1
    assert "processed_at" in page
    assert "1 delivery is not understood" in page
    assert "Needs a look" in page_of(as_alice, SHOPS)

    replayed = as_alice.post(f"{SHOPS}{shop.account.pk}/replay/", follow=True).content.decode()
    assert "1 read once more, 0 of them understood now." in replayed
    failed = shop.account.deliveries.get(status="failed")
    one = as_alice.post(f"{SHOPS}deliveries/{failed.pk}/replay/", follow=True).content.decode()
    assert "still not understood" in one

    refused = shop.account.deliveries.get(status="refused")
    assert "Read it again" not in page_of(as_alice, f"{SHOPS}deliveries/{refused.pk}/")
    assert as_alice.post(f"{SHOPS}deliveries/{refused.pk}/replay/").status_code == 409


def test_how_a_shop_is_read_can_be_changed(as_alice: Client, shop: ConnectedShop) -> None:
    path = f"{SHOPS}{shop.account.pk}/settings/"
    as_alice.post(path, {"customer_prefix": "fr-", "time_zone": "Europe/Brussels", "counts_orders": "on"})
    shop.send("orders/create", shopify_order())
    assert shop.events("Order Completed")[0]["userId"] == "fr-115310627314723954"
    assert as_alice.post(path, {"time_zone": "Mars/Base"}).status_code == 422


def test_disconnecting_closes_the_door_and_keeps_the_events(as_alice: Client, shop: ConnectedShop) -> None:
    shop.send("orders/create", shopify_order())
    events = shop.messages()
    assert (
        "Its events are kept"
        in as_alice.post(f"{SHOPS}{shop.account.pk}/remove/", follow=True).content.decode()
    )
    assert shop.send("orders/create", shopify_order(), secret=SECRET).status_code == 404
    assert shop.messages() == events


@pytest.mark.parametrize("path", ["", "{id}/", "{id}/state/"])
def test_viewers_and_outsiders_see_nothing(
    path: str, as_bob: Client, as_charlie: Client, shop: ConnectedShop
) -> None:
    path = SHOPS + path.format(id=shop.account.pk)
    assert as_bob.get(path).status_code == 403
    outside: Any = as_charlie.get(path)
    assert outside.status_code == 404 or b"My shopify" not in outside.content


def test_a_delivery_of_another_brand_is_not_there(as_charlie: Client, shop: ConnectedShop) -> None:
    shop.send("orders/create", b"{}")
    path = f"{SHOPS}deliveries/{shop.newest().pk}/"
    assert as_charlie.get(path).status_code == 404
    assert as_charlie.post(f"{path}replay/").status_code == 404


def test_more_deliveries_need_no_more_queries(
    as_alice: Client, shop: ConnectedShop, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        shop.send("orders/create", shopify_order(id=number + 1))
    with django_assert_max_num_queries(14):
        as_alice.get(f"{SHOPS}{shop.account.pk}/")


def test_the_source_of_a_shop_leads_to_the_shop(
    as_alice: Client, as_bob: Client, shop: ConnectedShop
) -> None:
    path = f"/listen/sources/{shop.account.source_id}/"
    assert f"{SHOPS}{shop.account.pk}/" in page_of(as_alice, path)
    assert "WRITE_KEY" not in page_of(as_alice, path)
    assert SHOPS + str(shop.account.pk) not in page_of(as_bob, path)
    assert path in page_of(as_alice, f"{SHOPS}{shop.account.pk}/")


def test_only_those_who_connect_shops_follow_their_deliveries(
    as_alice: Client, alice_acts: Actor, brand: Brand, other_brand: Brand, shop: ConnectedShop
) -> None:
    follows = live_topics.all()["shop"]
    assert follows(alice_acts, str(shop.account.pk))
    assert not follows(replace(alice_acts, role="viewer"), str(shop.account.pk))
    assert not follows(system_actor(other_brand.pk), str(shop.account.pk))
    assert not follows(alice_acts, "nonsense")
