"""What came in through the doors on the day the demo was made: visits that the script told, and orders of the
shop's system with their signatures. Some of it is wrong on purpose, for that is what the pages are for.
"""

import base64
import csv
import hmac
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import Conflict
from parcours.core.ids import new_secret
from parcours.customers.stitching.likenesses import find_likenesses
from parcours.events.hooks.models import HookAccount
from parcours.events.hooks.receiving import Arrival, receive
from parcours.events.hooks.writes import connect_shop, do_set_secret
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.ingest.inbox import take_in
from parcours.events.ingest.messages import Message
from parcours.events.models import Source
from parcours.events.writes import add_source

WEBSITE = "www.foulee.example"
SHOP = "foulee.myshopify.com"
_SHOE = {"product_id": "appui-dos", "name": "Appui Dos", "price": 139.0, "category": "support"}
_VISIT: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (0, "Page Viewed", {"path": "/", "title": "Foulée"}),
    (40, "Product List Viewed", {"list_id": "support", "category": "support"}),
    (95, "Product Viewed", {**_SHOE, "currency": "EUR"}),
    (180, "Size Guide Opened", {"product_id": "appui-dos"}),
    (240, "Product Added", {**_SHOE, "cart_id": "today"}),
    (300, "Cart Viewed", {"cart_id": "today"}),
)
"""Seconds after the first page. The size guide is a name of the shop's own; its cart lacks the products."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom the shop's file of customers holds already."""

    name: str
    email: str


def open_doors(brand: Brand, customers: Path, *, acting_user: Actor) -> None:
    """A source and a connected shop with what they told today; nothing where they are there already."""
    with suppress(Conflict):
        _bring(brand, customers, acting_user)
    hand_over_all(brand.pk)
    find_likenesses(brand)


@transaction.atomic
def _bring(brand: Brand, customers: Path, actor: Actor) -> None:
    source, _key = add_source(brand, WEBSITE, acting_user=actor)
    account = connect_shop(brand, "shopify", SHOP, acting_user=actor)
    _visits(source)
    secret = new_secret("whsec")
    do_set_secret(account, secret, acting_user=actor)
    account.refresh_from_db()
    _orders(account, secret, list(_known(customers, 5)))


def _visits(source: Source) -> None:
    """Eight visitors in the last two hours, each a few steps further than the one before."""
    moment = now()
    messages = [
        Message(
            message_id=f"today-{visitor}-{step}",
            type="page" if name == "Page Viewed" else "track",
            event=name,
            anonymous_id=f"visitor-of-today-{visitor}",
            properties=properties,
            channel="web",
            timestamp=moment - timedelta(minutes=110 - 13 * visitor) + timedelta(seconds=after),
        )
        for visitor in range(8)
        for step, (after, name, properties) in enumerate(_VISIT[: visitor + 1])
    ]
    take_in(source.brand_id, source.pk, messages, received_at=moment)


def _known(customers: Path, count: int) -> Iterator[Known]:
    with customers.open(newline="") as file:
        rows = csv.DictReader(file)
        for row in islice(rows, 10, 10 + 7 * count, 7):
            yield Known(row["name"], row["email"])


def _orders(account: HookAccount, secret: str, people: list[Known]) -> None:
    """Orders of people whom the file knows by another number, so that somebody has to say who is one."""
    moment = now()
    for number, person in enumerate(people):
        at = moment - timedelta(minutes=95 - 17 * number)
        _deliver(account, secret, f"order-{number}", _order(number, person, at), at)
    broken = {"id": 99, "note": "An order without a time, as an app of somebody else's sent it."}
    _deliver(account, secret, "broken", broken, moment)
    strange = _order(len(people), Known("?", "unknown@example.org"), moment)
    _deliver(account, "another secret", "unsigned", strange, moment)


def _order(number: int, person: Known, at: datetime) -> dict[str, Any]:
    first, _space, last = person.name.partition(" ")
    line = {
        "variant_id": 447, "product_id": 632, "title": "Appui Dos", "sku": "AD-42", "vendor": "Foulée",
        "variant_title": "42", "price": "139.00", "quantity": 1,
    }  # fmt: skip
    customer = {
        "id": 7_000_000 + number, "email": person.email, "first_name": first, "last_name": last,
        "created_at": at.isoformat(), "updated_at": at.isoformat(),
    }  # fmt: skip
    return {
        "id": 5_500_000 + number, "name": f"#{2001 + number}", "email": person.email, "currency": "EUR",
        "created_at": at.isoformat(), "processed_at": at.isoformat(), "updated_at": at.isoformat(),
        "financial_status": "paid", "source_name": "web", "subtotal_price": "139.00",
        "total_price": "143.90", "total_tax": "23.98", "total_discounts": "0.00", "customer": customer,
        "shipping_lines": [{"title": "Colissimo", "price": "4.90"}], "line_items": [line],
        "fulfillments": [], "refunds": [], "discount_codes": [],
    }  # fmt: skip


def _deliver(account: HookAccount, secret: str, event: str, payload: dict[str, Any], at: datetime) -> None:
    """As Shopify sends it: signed over the bytes of the body."""
    body = json.dumps(payload).encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), body, sha256)).decode()
    headers = {
        "x-shopify-topic": "orders/create",
        "x-shopify-hmac-sha256": signature,
        "x-shopify-event-id": f"demo-{event}",
        "x-shopify-shop-domain": SHOP,
    }
    receive(account, Arrival(headers, body, at))
