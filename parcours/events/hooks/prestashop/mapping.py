"""PrestaShop's carts, orders, customers and credit slips as events.

Its times carry no zone; they lie in the shop's. Numbers come as text, and a date that isn't set as zeros.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from parcours.events.hooks.carts import Cart, Line, cart_messages
from parcours.events.hooks.fields import Fields
from parcours.events.hooks.orders import content_changed
from parcours.events.hooks.telling import Said, Told, Who, introduce, track
from parcours.events.ingest.messages import Message

# The states that every PrestaShop has from the start; a shop's own are told by their template and flags.
_SHIPPED, _DELIVERED, _CANCELLED, _REFUNDED, _PAYMENT_ERROR = "4", "5", "6", "7", "8"


def read_cart(told: Told) -> list[Message]:
    cart = told.payload.part("cart")
    number = cart.needed("id", "id_cart")
    lines = [
        Line(
            key=f"{row.text('id_product')}-{row.text('id_product_attribute') or 0}",
            quantity=row.number("quantity") or 0,
            product={
                "product_id": row.text("id_product"),
                "variant": ""
                if row.text("id_product_attribute") == "0"
                else row.text("id_product_attribute"),
                **({"name": row.text("name")} if row.text("name") else {}),
            },
        )
        for row in _rows(cart, "cart_rows", "cart_row")
        if row.text("id_product")
    ]
    at = _moment(told, cart, "date_upd", "date_add") or told.at
    who = _who(told, cart, number)
    messages = cart_messages(told, Cart(number, at, lines), who)
    # Of the checkout a cart only shows that a carrier was chosen.
    if lines and cart.number("id_carrier"):
        messages.append(_checkout(who, number, at))
    return messages


def read_order(told: Told) -> list[Message]:
    """An order as it stands; its state says how far it is."""
    order = told.payload.part("order")
    number = order.needed("id", "id_order")
    state = _state(told, order)
    who = _who(told, order, order.text("id_cart"))
    placed = _moment(told, order, "date_add") or told.at
    changed = _moment(told, order, "date_upd") or placed
    about = _about(told, order, number)

    def step(name: str, suffix: str, at: datetime, **more: Any) -> Message:
        return track(who, name, f"order:{number}:{suffix}", at, {**about, **more})

    messages = introduce(who, changed)
    if state == "payment_error":
        return [*messages, step("Payment Failed", f"failed:{int(changed.timestamp())}", changed)]
    if order.text("id_cart"):
        messages.append(_checkout(who, order.text("id_cart"), placed))
    messages.append(step("Order Completed", "completed", placed, checkout_id=order.text("id_cart")))
    if state in {"shipped", "delivered"}:
        tracking = {"tracking_number": order.text("shipping_number"), "products": None}
        messages.append(step("Order Shipped", "shipped", changed, **tracking))
    if state == "delivered":
        messages.append(step("Order Delivered", "delivered", changed, products=None))
    if state == "cancelled":
        messages.append(step("Order Cancelled", "cancelled", changed))
    if state == "refunded" and told.memory.recall(f"slips:{number}") is None:
        messages.append(step("Order Refunded", "refunded", changed))
    lines = [
        [each.get("product_id"), each.get("variant"), each.get("quantity")] for each in about["products"]
    ]
    if content_changed(told, number, changed, who, [lines, order.text("id_address_delivery")]):
        messages.append(step("Order Updated", f"updated:{int(changed.timestamp())}", changed))
    return messages


def read_slip(told: Told) -> list[Message]:
    """A credit slip: part of an order is paid back."""
    slip = told.payload.part("order_slip")
    number = slip.needed("id", "id_order_slip")
    at = _moment(told, slip, "date_add", "date_upd") or told.at
    total = (slip.number("total_products_tax_incl", "amount") or 0) + (
        slip.number("total_shipping_tax_incl") or 0
    )
    about = {
        "order_id": slip.needed("id_order"),
        "total": round(total, 2),
        "currency": _currency(told),
        "products": [
            {"product_id": row.text("id_order_detail"), "quantity": row.number("product_quantity")}
            for row in _rows(slip, "order_slip_details", "order_slip_detail")
            if row.text("product_id")
        ],
    }
    who = _who(told, slip, "")
    # The order's own state will say “refunded” as well, and means the same money.
    told.memory.keep(f"slips:{slip.text('id_order')}", at, {}, who)
    return [track(who, "Order Refunded", f"slip:{number}", at, about)]


def read_customer(told: Told) -> list[Message]:
    customer = told.payload.part("customer")
    number = customer.needed("id", "id_customer")
    who = _person(told, customer, ())
    at = _moment(told, customer, "date_upd", "date_add") or told.at
    messages = introduce(who, at)
    if not customer.flag("is_guest"):
        created = _moment(told, customer, "date_add") or at
        messages.append(track(who, "Signed Up", f"customer:{number}:signed_up", created, {}, channel="web"))
    return messages


READERS: dict[str, Callable[[Told], list[Message]]] = {
    "cart": read_cart,
    "order": read_order,
    "order_slip": read_slip,
    "customer": read_customer,
}


def _checkout(who: Who, cart: str, at: datetime) -> Message:
    about = {"checkout_id": cart, "cart_id": cart, "inferred": True}
    return track(who, "Checkout Started", f"cart:{cart}:checkout", at, about, channel="web")


def _who(told: Told, thing: Fields, cart: str) -> Who:
    """The customer of a cart or order. One who isn't signed in yet is known by the cart."""
    visitor = told.shop.visitor("cart", cart)
    customer = told.payload.part("customer")
    number = thing.text("id_customer")
    visitors = (visitor,) if visitor else ()
    if customer and customer.text("id", "id_customer") == number:
        return _person(told, customer, visitors)
    return Who(user_id=told.shop.user_id(number), visitors=visitors).known_else_by(
        told.shop.visitor("object", thing.text("id"))
    )


def _person(told: Told, customer: Fields, visitors: tuple[str, ...]) -> Who:
    name = f"{customer.text('firstname')} {customer.text('lastname')}".strip()
    birthday = customer.text("birthday")
    return Who(
        user_id=told.shop.user_id(customer.text("id", "id_customer")),
        visitors=visitors,
        email=customer.text("email"),
        traits={
            "name": name,
            "birth_date": "" if birthday.startswith("0000") else birthday,
            "language": customer.text("language"),
            "company": customer.text("company"),
        },
        consents=tuple(_consents(told, customer)),
    )


def _consents(told: Told, customer: Fields) -> list[Said]:
    """Not having ticked the newsletter is no refusal; having had it and not any more is one."""
    at = _moment(told, customer, "newsletter_date_add")
    if customer.flag("newsletter"):
        return [Said("marketing", "email", granted=True, at=at)]
    if at is not None and "newsletter" in customer.values:
        return [Said("marketing", "email", granted=False, at=_moment(told, customer, "date_upd"))]
    return []


def _state(told: Told, order: Fields) -> str:
    """`payment_error`, `placed`, `shipped`, `delivered`, `cancelled` or `refunded`."""
    state = told.payload.part("state")
    number, template = order.text("current_state"), state.values.get("template")
    if isinstance(template, dict):
        template = next(iter(template.values()), "")
    if number == _CANCELLED or template == "order_canceled":
        return "cancelled"
    if number == _REFUNDED or template == "refund":
        return "refunded"
    if number == _PAYMENT_ERROR or template == "payment_error":
        return "payment_error"
    if number == _DELIVERED:
        return "delivered"
    return "shipped" if number == _SHIPPED or template == "shipped" or state.flag("shipped") else "placed"


def _about(told: Told, order: Fields, number: str) -> dict[str, Any]:
    total, shipping = order.number("total_paid_tax_incl", "total_paid"), order.number("total_shipping")
    without_tax = order.number("total_paid_tax_excl")
    tax = round(total - without_tax, 2) if total is not None and without_tax is not None else None
    return {
        "order_id": number,
        "order_name": order.text("reference"),
        "total": total,
        "revenue": None if total is None else round(total - (shipping or 0) - (tax or 0), 2),
        "shipping": shipping,
        "tax": tax,
        "discount": order.number("total_discounts"),
        "currency": _currency(told),
        "payment_method": order.text("payment"),
        "products": [_product(row) for row in _rows(order, "order_rows", "order_row")],
    }


def _product(row: Fields) -> dict[str, Any]:
    variant = row.text("product_attribute_id")
    found = {
        "product_id": row.text("product_id"),
        "sku": row.text("product_reference"),
        "name": row.text("product_name"),
        "variant": "" if variant == "0" else variant,
        "price": row.number("unit_price_tax_incl", "product_price"),
        "quantity": row.number("product_quantity"),
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _currency(told: Told) -> str:
    return told.payload.text("currency") or told.shop.currency


def _rows(thing: Fields, key: str, each: str) -> list[Fields]:
    """Rows of an association: a list, or a list under the name of one, as older versions write."""
    associations = thing.part("associations")
    return associations.part(key).rows(each) or associations.rows(key)


def _moment(told: Told, thing: Fields, *keys: str) -> datetime | None:
    return thing.moment(*keys, zone=told.shop.zone)
