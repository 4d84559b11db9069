"""Carts: shops tell what a cart holds; what changed since the last time are the events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcours.events.hooks.telling import Told, Who, introduce, track
from parcours.events.ingest.messages import Message


@dataclass(frozen=True, slots=True)
class Line:
    """Some pieces of one thing in a cart. `product` are the properties an event has of it."""

    key: str
    quantity: float
    product: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cart:
    """What a cart held at a moment."""

    id: str
    at: datetime
    lines: Sequence[Line]


def cart_messages(told: Told, cart: Cart, who: Who) -> list[Message]:
    """Product Added and Product Removed since the cart was last told of, and Cart Viewed when it first held
    something: a shop doesn't tell who looks, but nobody fills a cart without seeing it.

    A cart told late, after a newer one, adds nothing: the newer one covered it.
    """
    key = f"cart:{cart.id}"
    before: dict[str, Any] = told.memory.recall(key) or {}
    now: dict[str, dict[str, Any]] = {}
    for line in cart.lines:
        if line.key and line.quantity > 0:
            same = now.setdefault(line.key, {"quantity": 0, "product": line.product})
            same["quantity"] += line.quantity
    if not told.memory.keep(
        key, cart.at, {"lines": now, "seen": bool(now) or before.get("seen", False)}, who
    ):
        return []
    messages = introduce(who, cart.at)
    if now and not before.get("seen"):
        about = {"cart_id": cart.id, "inferred": True, "products": [_pieces(each) for each in now.values()]}
        messages.append(track(who, "Cart Viewed", f"{key}:viewed", cart.at, about, channel="web"))
    return messages + _changes(who, cart, before.get("lines", {}), now)


def _changes(who: Who, cart: Cart, before: dict[str, Any], now: dict[str, Any]) -> list[Message]:
    messages = []
    for line in [*now, *(each for each in before if each not in now)]:
        was = before.get(line, {}).get("quantity", 0)
        change = now.get(line, {}).get("quantity", 0) - was
        if not change:
            continue
        name = "Product Added" if change > 0 else "Product Removed"
        product = (now.get(line) or before[line])["product"]
        message_id = f"cart:{cart.id}:{int(cart.at.timestamp() * 1000)}:{line}"
        about = {"cart_id": cart.id, **product, "quantity": abs(change)}
        messages.append(track(who, name, message_id, cart.at, about, channel="web"))
    return messages


def _pieces(line: dict[str, Any]) -> dict[str, Any]:
    return {**line["product"], "quantity": line["quantity"]}
