"""A connected shop that signs as the platforms do, and what arrived of it."""

import base64
import hmac
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.events.hooks.models import HookAccount, HookDelivery
from parcours.events.hooks.writes import connect_shop, do_set_secret
from parcours.events.models import ReceivedEvent
from tests.events.hooks.payloads import Payload, as_bytes

SECRET = "hush é"


@dataclass
class ConnectedShop:
    """Sends as its platform does, each time a new delivery unless `again` names one."""

    account: HookAccount
    sent: int = 0
    client: Client = field(default_factory=Client)

    @property
    def address(self) -> str:
        return f"/hooks/{self.account.kind}/{self.account.pk}"

    def send(self, topic: str, payload: Payload | bytes, *, again: str = "", secret: str = SECRET) -> Any:
        body = payload if isinstance(payload, bytes) else as_bytes(payload)
        self.sent += 1
        headers = self.headers(topic, body, again or f"delivery-{self.sent}", secret)
        return self.client.post(self.address, body, content_type="application/json", headers=headers)

    def headers(self, topic: str, body: bytes, delivery: str, secret: str) -> dict[str, str]:
        whole = base64.b64encode(hmac.digest(secret.encode(), body, sha256)).decode()
        stamp = str(int(time.time()))
        stamped = hmac.digest(secret.encode(), stamp.encode() + b"." + body, sha256).hex()
        return {
            "shopify": {
                "X-Shopify-Topic": topic,
                "X-Shopify-Hmac-Sha256": whole,
                "X-Shopify-Event-Id": delivery,
                "X-Shopify-Shop-Domain": "foulee.myshopify.com",
            },
            "woocommerce": {
                "X-WC-Webhook-Topic": topic,
                "X-WC-Webhook-Signature": whole,
                "X-WC-Webhook-Delivery-ID": delivery,
            },
            "stripe": {"Stripe-Signature": f"t={stamp},v1={stamped},v0=old"},
            "prestashop": {
                "X-Parcours-Signature": f"t={stamp},v1={stamped}",
                "X-Parcours-Delivery": delivery,
            },
        }[self.account.kind]

    def messages(self) -> list[dict[str, Any]]:
        """Everything that came into the inbox, in order."""
        rows = ReceivedEvent.objects.filter(source_id=self.account.source_id).order_by("id")
        return [msgspec.json.decode(bytes(row.body)) for row in rows]

    def events(self, name: str = "") -> list[dict[str, Any]]:
        found = [each for each in self.messages() if each["type"] == "track"]
        return [each for each in found if each["event"] == name] if name else found

    def names(self) -> list[str]:
        return [each["event"] for each in self.events()]

    def introductions(self) -> list[dict[str, Any]]:
        return [each for each in self.messages() if each["type"] == "identify"]

    def newest(self) -> HookDelivery:
        return HookDelivery.objects.filter(account=self.account).order_by("-received_at", "-id")[0]


def connected(kind: str, brand: Brand, actor: Actor, name: str = "") -> ConnectedShop:
    account = connect_shop(brand, kind, name or f"My {kind}", acting_user=actor)
    do_set_secret(account, SECRET, acting_user=actor)
    return ConnectedShop(account)


@pytest.fixture
def shopify(brand: Brand, system: Actor) -> ConnectedShop:
    return connected("shopify", brand, system)


@pytest.fixture
def woo(brand: Brand, system: Actor) -> ConnectedShop:
    return connected("woocommerce", brand, system)


@pytest.fixture
def stripe_shop(brand: Brand, system: Actor) -> ConnectedShop:
    return connected("stripe", brand, system)


@pytest.fixture
def presta(brand: Brand, system: Actor) -> ConnectedShop:
    return connected("prestashop", brand, system)
