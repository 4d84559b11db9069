"""Carts and checkouts of Shopify, before there is an order."""

from parcours.events.hooks.carts import Cart, Line, cart_messages
from parcours.events.hooks.fields import Fields
from parcours.events.hooks.shopify.people import who_is
from parcours.events.hooks.telling import Shop, Told, Who, introduce, track
from parcours.events.ingest.messages import Message


def token_of(fields: Fields, *keys: str) -> str:
    """A token without the key that newer carts have behind it, which the order doesn't repeat."""
    return fields.text(*keys).partition("?")[0]


def visitors_of(shop: Shop, order: Fields, checkout_key: str) -> tuple[str, ...]:
    """The anonymous ids of a checkout or order: its cart's first, for that one was there first."""
    cart, checkout = token_of(order, "cart_token"), token_of(order, checkout_key)
    found = (shop.visitor("cart", cart), shop.visitor("checkout", checkout))
    return tuple(each for each in found if each)


def read_cart(told: Told) -> list[Message]:
    """What was put in and taken out since the cart was told of last."""
    cart = told.payload
    token = token_of(cart, "token", "id") or cart.needed("token")
    lines = [
        Line(
            key=row.text("variant_id", "product_id", "key"),
            quantity=row.number("quantity") or 0,
            product=product_of(row),
        )
        for row in cart.rows("line_items")
    ]
    return cart_messages(
        told,
        Cart(token, cart.moment("updated_at") or told.at, lines),
        Who(visitors=(told.shop.visitor("cart", token),)),
    )


def read_checkout(told: Told) -> list[Message]:
    """Checkout started, and the steps that are behind the customer by now."""
    checkout, shop = told.payload, told.shop
    token = token_of(checkout, "token") or checkout.needed("token")
    customer = checkout.part("customer")
    # The cart's own id suffices when there is one; the order will name both.
    visitors = visitors_of(shop, checkout, "token")[:1]
    who = who_is(shop, customer, checkout, visitors)
    started = checkout.needed_moment("created_at")
    updated = checkout.moment("updated_at") or started
    about = {
        "checkout_id": token,
        "cart_id": token_of(checkout, "cart_token"),
        "abandoned_checkout_url": checkout.text("abandoned_checkout_url"),
        **money_of(checkout),
        "products": products_of(checkout),
    }
    messages = introduce(who, updated)
    messages.append(
        track(who, "Checkout Started", f"checkout:{token}:started", started, about, channel="web")
    )
    for step, name, done in _steps(checkout):
        properties = {
            "checkout_id": token,
            "step": step,
            "step_name": name,
            "shipping_method": _first(checkout, "shipping_lines", "title"),
            "payment_method": checkout.text("gateway"),
        }
        if done:
            message_id = f"checkout:{token}:step:{step}"
            messages.append(
                track(who, "Checkout Step Completed", message_id, updated, properties, channel="web")
            )
    return messages + coupon_messages(who, checkout, f"checkout:{token}", checkout_id=token, at=updated)


def _steps(checkout: Fields) -> list[tuple[int, str, bool]]:
    """The steps of Shopify's checkout, and whether the payload shows that one is done."""
    return [
        (1, "contact", bool(checkout.text("email", "phone"))),
        (2, "address", bool(checkout.part("shipping_address").text("address1"))),
        (3, "shipping", bool(checkout.rows("shipping_lines"))),
        (4, "payment", checkout.moment("completed_at") is not None),
    ]


def coupon_messages(who: Who, order: Fields, scope: str, **about: object) -> list[Message]:
    """Codes used in a checkout or order; `scope` is the checkout's wherever it is known, so that the order's
    count no second time.
    """
    at = about.pop("at")
    return [
        track(
            who,
            "Coupon Applied",
            f"{scope}:coupon:{row.text('code').casefold()}",
            at,  # type: ignore[arg-type]
            {
                **about,
                "coupon_id": row.text("code"),
                "coupon_name": row.text("code"),
                "discount": row.number("amount"),
            },
            channel="web",
        )
        for row in order.rows("discount_codes")
        if row.text("code")
    ]


def money_of(order: Fields) -> dict[str, object]:
    """The sums of a checkout or order, in the order's currency."""
    total, tax = order.number("total_price"), order.number("total_tax")
    shipping = _shipping(order)
    known = [value or 0 for value in (total, tax, shipping)]
    return {
        "total": total,
        # Segment's revenue is the total without shipping and tax.
        "revenue": None if total is None else round(known[0] - known[1] - known[2], 2),
        "subtotal": order.number("subtotal_price"),
        "shipping": shipping,
        "tax": tax,
        "discount": order.number("total_discounts"),
        "coupon": ",".join(row.text("code") for row in order.rows("discount_codes") if row.text("code")),
        "currency": order.text("presentment_currency", "currency")
        if total is None
        else order.text("currency"),
    }


def _shipping(order: Fields) -> float | int | None:
    lines = [row.number("discounted_price", "price") or 0 for row in order.rows("shipping_lines")]
    return round(sum(lines), 2) if lines else None


def products_of(order: Fields) -> list[dict[str, object]]:
    return [product_of(row) for row in order.rows("line_items")]


def product_of(row: Fields) -> dict[str, object]:
    """A line as Segment writes a product."""
    found = {
        "product_id": row.text("product_id"),
        "sku": row.text("sku"),
        "name": row.text("title", "name"),
        "variant": row.text("variant_title", "variant_id"),
        "brand": row.text("vendor"),
        "price": row.number("price"),
        "quantity": row.number("quantity"),
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _first(order: Fields, rows: str, key: str) -> str:
    return next((row.text(key) for row in order.rows(rows)), "")
