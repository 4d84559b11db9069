"""WooCommerce's topics as events. There is none about carts; an order begins as a draft of its checkout.

Times named `…_gmt` are UTC without saying so.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from parcours.events.hooks.fields import Fields
from parcours.events.hooks.orders import content_changed
from parcours.events.hooks.telling import Shop, Told, Who, introduce, track
from parcours.events.ingest.messages import Message

_BEGUN = frozenset({"checkout-draft", "pending", "failed"})
_PLACED = frozenset({"on-hold", "processing", "completed", "refunded"})
_CHANNELS = {"checkout": "web", "store-api": "web", "pos": "store"}


def read_order(told: Told) -> list[Message]:
    """An order as it stands now; each step it has taken is told, those told before have the same ids."""
    order = told.payload
    number, status = order.needed("id"), order.text("status")
    created = order.needed_moment("date_created_gmt", "date_created")
    changed = order.moment("date_modified_gmt", "date_modified") or told.at
    paid = order.moment("date_paid_gmt", "date_paid")
    who = _who(told.shop, order).known_else_by(told.shop.visitor("order", number))
    channel = _CHANNELS.get(order.text("created_via"), "")
    about = _about(order)
    was_placed = paid is not None or bool((told.memory.recall(f"order:{number}") or {}).get("placed"))
    placed = was_placed or status in _PLACED

    def step(name: str, suffix: str, at: datetime, **more: Any) -> Message:
        return track(who, name, f"order:{number}:{suffix}", at, {**about, **more}, channel=channel)

    messages = introduce(who, changed)
    if status in _BEGUN or placed:
        messages.append(step("Checkout Started", "checkout", created, checkout_id=number))
    if status == "failed":
        failed = f"failed:{int(changed.timestamp())}"
        messages.append(step("Payment Failed", failed, changed, reason=order.text("payment_method_title")))
    if placed:
        messages.append(step("Order Completed", "completed", paid or created))
        messages += _coupons(who, order, number, created, channel)
    if status == "cancelled" and placed:
        messages.append(step("Order Cancelled", "cancelled", changed))
    if status == "completed" and order.rows("shipping_lines"):
        shipped = order.moment("date_completed_gmt", "date_completed") or changed
        messages.append(step("Order Shipped", "shipped", shipped, products=None))
    messages += _refunds(who, order, changed)
    if _changed(told, order, number, changed, who, placed=placed):
        messages.append(step("Order Updated", f"updated:{int(changed.timestamp())}", changed))
    return messages


def read_customer(told: Told) -> list[Message]:
    customer = told.payload
    number = customer.needed("id")
    created = customer.moment("date_created_gmt", "date_created") or told.at
    changed = customer.moment("date_modified_gmt", "date_modified") or created
    who = _person(told.shop, number, customer, customer.part("billing"))
    messages = introduce(who, changed)
    if customer.text("role") in {"customer", "subscriber", ""}:
        signed_up = f"customer:{number}:signed_up"
        messages.append(track(who, "Signed Up", signed_up, created, {"email": who.email}, channel="web"))
    return messages


READERS: dict[str, Callable[[Told], list[Message]]] = {
    "order.created": read_order,
    "order.updated": read_order,
    "order.restored": read_order,
    "customer.created": read_customer,
    "customer.updated": read_customer,
}


def _who(shop: Shop, order: Fields) -> Who:
    """A guest is known by the e-mail address alone."""
    return _person(shop, order.text("customer_id"), order.part("billing"), order.part("billing"))


def _person(shop: Shop, number: str, names: Fields, billing: Fields) -> Who:
    first = names.text("first_name") or billing.text("first_name")
    last = names.text("last_name") or billing.text("last_name")
    return Who(
        user_id=shop.user_id(number),
        email=names.text("email") or billing.text("email"),
        phone=billing.text("phone"),
        traits={
            "name": f"{first} {last}".strip(),
            "country": billing.text("country"),
            "city": billing.text("city"),
            "postcode": billing.text("postcode"),
        },
    )


def _about(order: Fields) -> dict[str, Any]:
    total, shipping, tax = (order.number(key) for key in ("total", "shipping_total", "total_tax"))
    return {
        "order_id": order.text("id"),
        "order_name": order.text("number"),
        "total": total,
        "revenue": None if total is None else round(total - (shipping or 0) - (tax or 0), 2),
        "shipping": shipping,
        "tax": tax,
        "discount": order.number("discount_total"),
        "coupon": ",".join(row.text("code") for row in order.rows("coupon_lines") if row.text("code")),
        "currency": order.text("currency"),
        "payment_method": order.text("payment_method_title", "payment_method"),
        "products": [_product(row) for row in order.rows("line_items")],
    }


def _product(row: Fields) -> dict[str, Any]:
    variation = row.text("variation_id")
    found = {
        "product_id": row.text("product_id"),
        "sku": row.text("sku"),
        "name": row.text("name"),
        "variant": "" if variation == "0" else variation,
        "price": row.number("price"),
        "quantity": row.number("quantity"),
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _coupons(who: Who, order: Fields, number: str, at: datetime, channel: str) -> list[Message]:
    return [
        track(
            who,
            "Coupon Applied",
            f"order:{number}:coupon:{row.text('code').casefold()}",
            at,
            {
                "order_id": number,
                "coupon_id": row.text("code"),
                "coupon_name": row.text("code"),
                "discount": row.number("discount"),
            },
            channel=channel,
        )
        for row in order.rows("coupon_lines")
        if row.text("code")
    ]


def _refunds(who: Who, order: Fields, at: datetime) -> list[Message]:
    """WooCommerce writes what was paid back as negative totals, without a date."""
    return [
        track(
            who,
            "Order Refunded",
            f"refund:{row.text('id')}",
            at,
            {
                "order_id": order.text("id"),
                "total": abs(row.number("total") or 0),
                "currency": order.text("currency"),
                "reason": row.text("reason"),
            },
        )
        for row in order.rows("refunds")
        if row.text("id")
    ]


def _changed(told: Told, order: Fields, number: str, at: datetime, who: Who, *, placed: bool) -> bool:
    """Whether what was ordered differs; also remembers that the order was placed, for a cancellation."""
    shipping = order.part("shipping")
    address = [shipping.text(key) for key in ("address_1", "address_2", "postcode", "city", "country")]
    lines = [
        [row.text("product_id"), row.text("variation_id"), row.number("quantity")]
        for row in order.rows("line_items")
    ]
    return content_changed(told, number, at, who, [lines, address], placed=placed) and placed
