"""The door of shops: signatures as the platforms' own libraries make them, and nothing lost behind it."""

import json
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.db import OperationalError
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.errors import Conflict
from parcours.events.hooks import receiving
from parcours.events.hooks.enums import Health
from parcours.events.hooks.models import HookDelivery
from parcours.events.hooks.reads import deliveries, shop, topics
from parcours.events.hooks.writes import do_disconnect_shop, do_replay, do_replay_failed, do_set_secret
from tests.clients.node import run_node
from tests.events.hooks.conftest import SECRET, ConnectedShop
from tests.events.hooks.payloads import SESSION, as_bytes, shopify_cart, shopify_order, stripe_event

SIGN = """
import { createSHA256HMAC } from "@shopify/shopify-api/runtime";
import "@shopify/shopify-api/adapters/node";
import Stripe from "stripe";
import { readFileSync } from "node:fs";
const [secret, timestamp] = process.argv.slice(2);
const payload = readFileSync(0, "utf8");
console.log(JSON.stringify({
  shopify: await createSHA256HMAC(secret, payload),
  stripe: Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Number(timestamp) }),
}));
"""

VALIDATE = """
import "@shopify/shopify-api/adapters/node";
import { shopifyApi, ApiVersion } from "@shopify/shopify-api";
import { readFileSync } from "node:fs";
const asked = JSON.parse(readFileSync(0, "utf8"));
const shopify = shopifyApi({
  apiKey: "key", apiSecretKey: asked.secret, hostName: "foulee.example", isEmbeddedApp: false,
  apiVersion: Object.values(ApiVersion)[0], logger: { level: 0 },
});
const rawRequest = { method: "POST", url: "/", headers: asked.headers };
const rawBody = asked.body;
console.log(JSON.stringify(await shopify.webhooks.validate({ rawBody, rawRequest, rawResponse: {} })));
"""


def test_signatures_of_the_platforms_own_libraries_are_good(
    shopify: ConnectedShop,
    stripe_shop: ConnectedShop,
) -> None:
    body = as_bytes(stripe_event("checkout.session.completed", SESSION))
    signed = json.loads(run_node(SIGN, SECRET, str(int(time.time())), text=body.decode()))

    for shop_, name, value in (
        (shopify, "X-Shopify-Hmac-Sha256", signed["shopify"]),
        (stripe_shop, "Stripe-Signature", signed["stripe"]),
    ):
        good = Client().post(shop_.address, body, content_type="application/json", headers={name: value})
        altered = Client().post(
            shop_.address, body + b" ", content_type="application/json", headers={name: value}
        )
        assert (good.status_code, altered.status_code) == (200, 401)


def test_what_these_tests_sign_is_good_for_the_libraries(
    shopify: ConnectedShop,
    stripe_shop: ConnectedShop,
) -> None:
    body = as_bytes(shopify_order())
    headers = shopify.headers("orders/create", body, "x", SECRET)
    headers |= {"X-Shopify-API-Version": "2026-01", "X-Shopify-Webhook-Id": "w"}
    asked = {"secret": SECRET, "headers": headers, "body": body.decode()}
    assert json.loads(run_node(VALIDATE, text=json.dumps(asked)))["valid"] is True

    signature = stripe_shop.headers("", body, "x", SECRET)["Stripe-Signature"]
    stripe.Webhook.construct_event(body, signature, SECRET)


@pytest.mark.parametrize("kind", ["shopify", "woo", "stripe_shop", "presta"])
def test_a_wrong_secret_is_refused_and_shown(kind: str, request: pytest.FixtureRequest) -> None:
    shop_: ConnectedShop = request.getfixturevalue(kind)
    answer = shop_.send("orders/create", shopify_order(), secret="guessed")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert shop_.messages() == []
    refused = shop_.newest()
    assert (refused.status, refused.trouble) == ("refused", "forged")
    assert shop(shop_.account.brand, shop_.account.pk).health == Health.TROUBLED


@pytest.mark.parametrize(
    "header",
    [
        "",
        "x",
        "t=1,v1=",
        "t=,v1=00",
        "t=" + "9" * 40 + ",v1=00",
        "v1=00",
        "t=١,v1=00",
        "t=1,v1=é",
        "=,=,=",
    ],
)
def test_nonsense_for_a_signature_is_refused(stripe_shop: ConnectedShop, header: str) -> None:
    answer = Client().post(
        stripe_shop.address, b"{}", content_type="application/json", headers={"Stripe-Signature": header}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("header", ["", "x", "é", "====", "AAAA"])
def test_nonsense_for_base64_is_refused(shopify: ConnectedShop, header: str) -> None:
    headers = {"X-Shopify-Hmac-Sha256": header}
    answer = Client().post(shopify.address, b"{}", content_type="application/json", headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_that_was_recorded_is_of_no_use_later(
    stripe_shop: ConnectedShop,
    minutes: int,
) -> None:
    with clock_at(now() + timedelta(minutes=minutes)):
        answer = stripe_shop.send("", stripe_event("checkout.session.completed", SESSION))
    assert answer.status_code == 401
    assert stripe_shop.newest().trouble == "old"


def test_a_secret_being_changed_for_another_is_good_in_both_forms(stripe_shop: ConnectedShop) -> None:
    body = as_bytes(stripe_event("checkout.session.completed", SESSION))
    good = stripe_shop.headers("", body, "", SECRET)["Stripe-Signature"]
    stamp, signature, _old = good.split(",")
    header = f"{stamp},v1={'0' * 64},{signature}"
    answer = Client().post(
        stripe_shop.address, body, content_type="application/json", headers={"Stripe-Signature": header}
    )
    assert answer.status_code == 200


def test_what_strangers_send_stays_bounded_and_blocks_nothing(
    shopify: ConnectedShop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receiving, "KEPT_REFUSED", 3)
    for number in range(5):
        shopify.send("orders/create", b"x" * 100_000, secret="guessed", again=f"deed {number}")
    refused = HookDelivery.objects.filter(account=shopify.account, status="refused")
    assert refused.count() == 3
    assert all(len(each.body) < 20_000 and each.body_size == 100_000 for each in refused)

    assert shopify.send("orders/create", shopify_order(), again="deed 4").json() == {
        "kept": True,
        "again": False,
    }
    assert "Order Completed" in shopify.names()


def test_the_raw_payload_is_kept_to_the_byte(shopify: ConnectedShop) -> None:
    body = as_bytes(shopify_order())
    shopify.send("orders/create", body)
    kept = shopify.newest()
    assert bytes(kept.body) == body
    assert kept.headers["x-shopify-shop-domain"] == "foulee.myshopify.com"
    assert "x-shopify-hmac-sha256" not in kept.headers
    assert "cookie" not in kept.headers


@pytest.mark.parametrize(
    ("body", "trouble", "where"),
    [
        (b"not json", "not_json", ""),
        (b"[1]", "not_json", ""),
        (b'{"a": "\xff"}', "not_json", ""),
        (b"[" * 100_000, "not_json", ""),
        (b"{}", "missing", "id"),
        (b'{"id": 5}', "missing", "processed_at"),
        (b'{"id": {"x": 1}, "line_items": 7}', "missing", "id"),
        (
            b'{"id": 1e999, "created_at": "yesterday", "customer": [], "refunds": [null]}',
            "missing",
            "processed_at",
        ),
    ],
)
def test_what_cannot_be_understood_is_kept_and_holds_up_nothing(
    shopify: ConnectedShop,
    body: bytes,
    trouble: str,
    where: str,
) -> None:
    assert shopify.send("orders/create", body).status_code == 200
    kept = shopify.newest()
    assert kept.status == "failed"
    assert kept.trouble in {trouble, "not_json"}
    if kept.trouble == "missing":
        assert kept.where == where
    shopify.send("orders/create", shopify_order())
    assert "Order Completed" in shopify.names()


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A Parcours that stumbles over every order, until told to stop."""
    from parcours.events.hooks.shopify import mapping

    state = {"stumbles": True}
    real = mapping.READERS["orders/create"]

    def read(told: Any) -> Any:
        messages = real(told)
        if state["stumbles"]:
            raise ZeroDivisionError
        return messages

    monkeypatch.setitem(mapping.READERS, "orders/create", read)
    return state


def test_what_parcours_stumbled_over_is_replayed_when_it_learned(
    shopify: ConnectedShop,
    system: Actor,
    stumbling: dict[str, Any],
) -> None:
    for number in (1, 2):
        assert shopify.send("orders/create", shopify_order(id=number)).status_code == 200
    assert (shopify.newest().status, shopify.newest().trouble) == ("failed", "unexpected")
    assert shopify.messages() == []

    assert do_replay_failed(shopify.account, acting_user=system) == (0, 2)
    stumbling["stumbles"] = False
    assert do_replay_failed(shopify.account, acting_user=system) == (2, 2)
    assert shopify.names().count("Order Completed") == 2
    assert shopify.newest().tries == 3

    before = shopify.messages()
    again = do_replay(shopify.newest(), acting_user=system)
    assert again.status == "mapped"
    assert shopify.messages() == before


def test_a_replayed_cart_that_is_known_stays_understood(shopify: ConnectedShop, system: Actor) -> None:
    shopify.send("carts/create", shopify_cart({"variant_id": 1, "quantity": 1}))
    again = do_replay(shopify.newest(), acting_user=system)
    assert (again.status, len(again.events)) == ("mapped", 2)


def test_what_was_refused_is_not_replayed(shopify: ConnectedShop, system: Actor) -> None:
    shopify.send("orders/create", shopify_order(), secret="guessed")
    with pytest.raises(Conflict, match="nobody knows"):
        do_replay(shopify.newest(), acting_user=system)
    assert do_replay_failed(shopify.account, acting_user=system) == (0, 0)


def test_when_storing_fails_the_shop_hears_so_and_nothing_is_half_kept(
    shopify: ConnectedShop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(receiving, "publish", fails)
    shopify.client.raise_request_exception = False
    assert shopify.send("orders/create", shopify_order(), again="deed").status_code >= 500
    monkeypatch.undo()
    assert shopify.messages() == []
    assert shopify.send("orders/create", shopify_order(), again="deed").json()["again"] is False
    assert "Order Completed" in shopify.names()


def test_no_other_address_is_open(shopify: ConnectedShop, brand: Brand, system: Actor) -> None:
    headers = shopify.headers("orders/create", b"{}", "x", SECRET)
    for address in (f"/hooks/woocommerce/{shopify.account.pk}", f"/hooks/shopify/{uuid.uuid4()}"):
        answer = Client().post(address, b"{}", content_type="application/json", headers=headers)
        assert answer.status_code == 404
    assert Client().get(shopify.address).status_code == 405
    do_disconnect_shop(shopify.account, acting_user=system)
    assert shopify.client.post(shopify.address, b"{}", content_type="application/json").status_code == 404


def test_too_much_is_told_so(shopify: ConnectedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parcours.api.hooks.MOST_BYTES", 1000)
    assert shopify.send("orders/create", b"x" * 1001).status_code == 413


def test_before_the_secret_is_entered_nothing_comes_in(
    shopify: ConnectedShop,
    system: Actor,
) -> None:
    shopify.account.secret = ""
    shopify.account.save()
    assert shopify.send("orders/create", shopify_order(), secret="").status_code == 401
    assert shopify.newest().trouble == "no_secret"
    do_set_secret(shopify.account, f" {SECRET} ", acting_user=system)
    assert shopify.send("orders/create", shopify_order()).status_code == 200
    assert SECRET not in shopify.account.secret


def test_a_shop_gone_quiet_is_noticed(shopify: ConnectedShop) -> None:
    def health() -> str:
        return shop(shopify.account.brand, shopify.account.pk).health

    assert health() == Health.WAITING
    shopify.send("orders/create", shopify_order())
    assert health() == Health.WELL
    with clock_at(now() + timedelta(days=3, minutes=1)):
        assert health() == Health.QUIET
    shopify.send("orders/create", b"{}")
    assert health() == Health.TROUBLED


def test_deliveries_are_found_by_state_and_topic_page_by_page(shopify: ConnectedShop) -> None:
    for number in range(5):
        shopify.send("orders/create", shopify_order(id=number + 1))
    shopify.send("orders/create", b"{}")
    shopify.send("carts/create", shopify_cart())

    account = shopify.account
    assert topics(account) == ["carts/create", "orders/create"]
    assert deliveries(account, status="failed").count() == 1
    first = list(deliveries(account, topic="orders/create")[:4])
    rest = list(deliveries(account, topic="orders/create", before=first[-1].pk))
    assert len({each.pk for each in first + rest}) == 6


def test_a_second_shop_of_a_kind_has_customers_of_its_own(
    woo: ConnectedShop,
    brand: Brand,
    system: Actor,
) -> None:
    from tests.events.hooks.conftest import connected
    from tests.events.hooks.payloads import woo_order

    second = connected("woocommerce", brand, system, "Second shop")
    woo.send("order.created", woo_order())
    second.send("order.created", woo_order())
    assert woo.events("Order Completed")[0]["userId"] == "26"
    assert second.events("Order Completed")[0]["userId"] == "woocommerce-2:26"
