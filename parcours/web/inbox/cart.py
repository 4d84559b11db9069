"""What a customer has in their cart, told by the events since their last order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from parcours.core.formats import money
from parcours.events.reads import EventView

MOST_LINES = 6
NAMES = frozenset(
    {
        "Product Added",
        "Product Removed",
        "Cart Viewed",
        "Checkout Started",
        "Checkout Step Viewed",
        "Checkout Step Completed",
        "Payment Info Entered",
    }
)
_TOTALS = ("total", "value", "revenue", "subtotal")


@dataclass(frozen=True, slots=True)
class Line:
    """`price` is that of one piece, where the shop told it."""

    key: str
    name: str
    quantity: float = 1
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Cart:
    """`at` is when it was last touched; `told` the total that the shop named, in `currency`."""

    at: datetime
    lines: tuple[Line, ...]
    told: float | None
    currency: str

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[:MOST_LINES]

    @property
    def more(self) -> int:
        return len(self.lines) - len(self.shown)

    @property
    def total(self) -> str:
        """As the shop told it, else of the prices, where all are known; empty otherwise."""
        if self.told is not None:
            return money(self.told, self.currency)
        prices = [line.price * line.quantity for line in self.lines if line.price is not None]
        return money(sum(prices), self.currency) if prices and len(prices) == len(self.lines) else ""


def cart_of(newest_first: Iterable[EventView], currency: str) -> Cart | None:
    """None when nothing is in it: an order was placed since, or everything was taken out. `currency` counts
    where the shop named none.
    """
    since: list[EventView] = []
    for event in newest_first:
        if event.name == "Order Completed":
            break
        if event.name in NAMES:
            since.append(event)
    lines: dict[str, Line] = {}
    told, name_of_cart = None, ""
    for event in reversed(since):
        said = event.properties
        this = str(said.get("cart_id") or "")
        if this and name_of_cart and this != name_of_cart:
            lines, told = {}, None
        name_of_cart = this or name_of_cart
        lines = _after(event, lines)
        total = next((_number(said.get(name)) for name in _TOTALS if said.get(name) is not None), None)
        is_touched = event.name in {"Product Added", "Product Removed"}
        told = total if total is not None else None if is_touched else told
        currency = str(said.get("currency") or currency)
    emptied = since and not lines and any(event.name == "Product Removed" for event in since)
    if not since or emptied or not (lines or told):
        return None
    return Cart(since[0].time, tuple(lines.values()), told, currency)


def _after(event: EventView, lines: dict[str, Line]) -> dict[str, Line]:
    """What is in it after the event: a list of products is all of it, one product is more or less of it."""
    listed = event.properties.get("products")
    if isinstance(listed, list):
        found = [line for each in listed if isinstance(each, Mapping) and (line := _line(each))]
        return {line.key: line for line in found} if found or not listed else lines
    if event.name not in {"Product Added", "Product Removed"} or (line := _line(event.properties)) is None:
        return lines
    before = lines.get(line.key, replace(line, quantity=0))
    sign = 1 if event.name == "Product Added" else -1
    after = replace(line, quantity=before.quantity + sign * line.quantity, price=line.price or before.price)
    rest = {key: each for key, each in lines.items() if key != line.key}
    return {**rest, line.key: after} if after.quantity > 0 else rest


def _line(said: Mapping[str, Any]) -> Line | None:
    name = next((str(said[key]) for key in ("name", "product", "title", "sku") if said.get(key)), "")
    variant = str(said.get("variant") or "")
    key = str(said.get("product_id") or said.get("sku") or name)
    if not key:
        return None
    quantity = _number(said.get("quantity"))
    shown = f"{name or key} ({variant})" if variant and variant not in name else name or key
    return Line(f"{key} {variant}", shown, 1 if quantity is None else quantity, _number(said.get("price")))


def _number(value: object) -> float | None:
    try:
        return float(str(value)) if value is not None else None
    except ValueError:
        return None
