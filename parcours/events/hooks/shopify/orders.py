"""Orders of Shopify and what becomes of them."""

from parcours.events.hooks.fields import Fields
from parcours.events.hooks.orders import content_changed
from parcours.events.hooks.shopify.people import who_is
from parcours.events.hooks.shopify.shopping import (
    coupon_messages,
    money_of,
    product_of,
    products_of,
    token_of,
    visitors_of,
)
from parcours.events.hooks.telling import Told, Who, introduce, track
from parcours.events.ingest.messages import Message

_CHANNELS = {"web": "web", "pos": "store", "iphone": "store", "android": "store"}


def read_order(told: Told) -> list[Message]:
    order = told.payload
    number = order.needed("id")
    who = _who(told, order)
    at = order.needed_moment("processed_at", "created_at")
    channel = _CHANNELS.get(order.text("source_name"), "")
    about = _about(order)
    checkout = token_of(order, "checkout_token")
    messages = introduce(who, order.moment("updated_at") or at)
    messages.append(track(who, "Order Completed", f"order:{number}:completed", at, about, channel=channel))
    scope = f"checkout:{checkout}" if checkout else f"order:{number}"
    messages += coupon_messages(who, order, scope, checkout_id=checkout, order_id=about["order_id"], at=at)
    version = order.moment("updated_at") or told.at
    if content_changed(told, number, version, who, [about["products"], about["total"], _address(order)]):
        message_id = f"order:{number}:updated:{int(version.timestamp())}"
        messages.append(track(who, "Order Updated", message_id, version, about, channel=channel))
    cancelled = order.moment("cancelled_at")
    if cancelled:
        reason = {**about, "reason": order.text("cancel_reason")}
        messages.append(
            track(who, "Order Cancelled", f"order:{number}:cancelled", cancelled, reason, channel=channel)
        )
    for row in order.rows("fulfillments"):
        messages += _fulfilment(row, who, about["order_id"])
    for row in order.rows("refunds"):
        messages += _refund(row, who, about["order_id"], order.text("currency"))
    return messages


def read_refund(told: Told) -> list[Message]:
    """A refund by itself names its order only; who it was is remembered from there."""
    refund = told.payload
    number = refund.needed("order_id")
    return _refund(refund, _remembered(told, number), number, told.shop.currency)


def read_fulfilment(told: Told) -> list[Message]:
    number = told.payload.needed("order_id")
    return _fulfilment(told.payload, _remembered(told, number), number)


def _remembered(told: Told, order: str) -> Who:
    """Who ordered. A refund that comes before its order is given to a visitor of its own, who becomes the
    customer when the order arrives.
    """
    kept = told.memory.recall(f"order:{order}") or {}
    visitor = kept.get("visitor") or told.shop.visitor("order", order)
    return Who(user_id=kept.get("user_id", ""), visitors=(visitor,))


def _who(told: Told, order: Fields) -> Who:
    visitors = visitors_of(told.shop, order, "checkout_token")
    visitors += (told.shop.visitor("order", order.text("id")),)
    return who_is(told.shop, order.part("customer"), order, visitors)


def _about(order: Fields) -> dict[str, object]:
    return {
        "order_id": order.text("id"),
        "order_name": order.text("name", "order_number"),
        "checkout_id": token_of(order, "checkout_token"),
        **money_of(order),
        "products": products_of(order),
    }


def _address(order: Fields) -> list[str]:
    address = order.part("shipping_address")
    return [address.text(key) for key in ("name", "address1", "address2", "zip", "city", "country_code")]


def _fulfilment(row: Fields, who: Who, order: object) -> list[Message]:
    number = row.text("id")
    at = row.moment("created_at")
    if not number or at is None or row.text("status") in {"cancelled", "error", "failure"}:
        return []
    about = {
        "order_id": order,
        "carrier": row.text("tracking_company"),
        "tracking_number": row.text("tracking_number"),
        "products": [product_of(line) for line in row.rows("line_items")],
    }
    messages = [track(who, "Order Shipped", f"fulfilment:{number}:shipped", at, about)]
    if row.text("shipment_status") == "delivered":
        delivered = row.moment("updated_at") or at
        properties = {
            "order_id": order,
            "carrier": about["carrier"],
            "days": max(0, (delivered - at).days),
        }
        messages.append(
            track(who, "Order Delivered", f"fulfilment:{number}:delivered", delivered, properties)
        )
    return messages


def _refund(row: Fields, who: Who, order: object, currency: str) -> list[Message]:
    number = row.text("id")
    at = row.moment("processed_at", "created_at")
    if not number or at is None:
        return []
    paid_back = [
        each
        for each in row.rows("transactions")
        if each.text("kind") == "refund" and each.text("status") in {"success", ""}
    ]
    total = round(sum(each.number("amount") or 0 for each in paid_back), 2)
    about = {
        "order_id": order,
        "total": total,
        "currency": next((each.text("currency") for each in paid_back if each.text("currency")), currency),
        "reason": row.text("note"),
        "products": [
            {**product_of(line.part("line_item")), "quantity": line.number("quantity")}
            for line in row.rows("refund_line_items")
        ],
    }
    return [track(who, "Order Refunded", f"refund:{number}", at, about)]
