"""Stripe's events as those of a shop. A session, its payment and its invoice are one order: it is named by
the invoice if there is one, else by the payment, else by the session.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from parcours.events.hooks.fields import Fields
from parcours.events.hooks.stripe.people import read_customer, remembered, who_is
from parcours.events.hooks.telling import Told, Who, introduce, track
from parcours.events.ingest.messages import Message

_WHOLE = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf"}
    | {"xof", "xpf"}
)
_THOUSANDTHS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})


def read_session(told: Told) -> list[Message]:
    """A checkout that came to an end: paid, to be paid later, or given up."""
    session, at = _object(told)
    number = session.needed("id")
    details = session.part("customer_details")
    who = _who(told, session, details, number, agreed=session.part("consent"))
    about = {"checkout_id": number, **_sums(session)}
    messages = introduce(who, at)
    if told.shop.counts_orders:
        started = session.moment("created") or at
        messages.append(
            track(who, "Checkout Started", f"session:{number}:started", started, about, channel="web")
        )
    if told.topic == "checkout.session.expired":
        messages.append(track(who, "Checkout Expired", f"session:{number}:expired", at, about, channel="web"))
    elif told.topic == "checkout.session.async_payment_failed":
        messages.append(track(who, "Payment Failed", f"session:{number}:failed", at, about, channel="web"))
    elif told.shop.counts_orders and _is_bought(session):
        order = session.text("invoice", "payment_intent") or number
        about["order_id"] = _order_id(session, order)
        messages.append(track(who, "Order Completed", f"order:{order}:completed", at, about, channel="web"))
    return messages


def read_invoice(told: Told) -> list[Message]:
    """A paid invoice is an order: the first of a subscription, each renewal, and those written by hand."""
    invoice, at = _object(told)
    number = invoice.needed("id")
    paid = invoice.number("amount_paid")
    details = Fields({"address": invoice.values.get("customer_address")})
    who = _who(told, invoice, details, number)
    messages = introduce(who, at)
    if not told.shop.counts_orders or not paid:
        return messages
    currency = invoice.text("currency")
    about = {
        "order_id": _order_id(invoice, number),
        "order_name": invoice.text("number"),
        "total": _money(paid, currency),
        "subtotal": _money(invoice.number("subtotal"), currency),
        "tax": _money(invoice.number("tax"), currency),
        "currency": currency.upper(),
        "billing_reason": invoice.text("billing_reason"),
        "products": [_line(row, currency) for row in invoice.part("lines").rows("data")],
        **_test(told),
    }
    return [*messages, track(who, "Order Completed", f"order:{number}:completed", at, about)]


def read_refund(told: Told) -> list[Message]:
    """`amount_refunded` is all that was paid back so far; the event is about what came on top."""
    charge, at = _object(told)
    number = charge.needed("id")
    who = _who(told, charge, charge.part("billing_details"), number)
    messages = introduce(who, at)
    if not told.shop.counts_orders:
        return messages
    currency = charge.text("currency")
    so_far = charge.number("amount_refunded") or 0
    before = told.payload.part("data").part("previous_attributes").number("amount_refunded") or 0
    about = {
        "order_id": _order_id(charge, charge.text("invoice", "payment_intent") or number),
        "total": _money(max(0, so_far - before), currency),
        "currency": currency.upper(),
        **_test(told),
    }
    return [*messages, track(who, "Order Refunded", f"charge:{number}:refunded:{so_far}", at, about)]


def read_failed_payment(told: Told) -> list[Message]:
    payment, at = _object(told)
    number = payment.needed("id")
    error = payment.part("last_payment_error")
    details = error.part("payment_method").part("billing_details")
    who = _who(told, payment, details, number)
    currency = payment.text("currency")
    about = {
        "order_id": _order_id(payment, ""),
        "payment_method": error.part("payment_method").text("type"),
        "reason": error.text("decline_code", "code"),
        "amount": _money(payment.number("amount"), currency),
        "currency": currency.upper(),
        **_test(told),
    }
    # Every attempt is told of: each is an event of its own, named by Stripe's.
    message_id = f"payment:{number}:failed:{told.payload.text('id')}"
    return [*introduce(who, at), track(who, "Payment Failed", message_id, at, about, channel="web")]


READERS: dict[str, Callable[[Told], list[Message]]] = {
    "checkout.session.completed": read_session,
    "checkout.session.async_payment_succeeded": read_session,
    "checkout.session.async_payment_failed": read_session,
    "checkout.session.expired": read_session,
    "charge.refunded": read_refund,
    "customer.created": read_customer,
    "customer.updated": read_customer,
    "invoice.paid": read_invoice,
    "payment_intent.payment_failed": read_failed_payment,
}


def _object(told: Told) -> tuple[Fields, datetime]:
    """What the event is about, and when it happened. Raises NotUnderstood."""
    return told.payload.part("data").part("object"), told.payload.needed_moment("created")


def _who(told: Told, thing: Fields, details: Fields, number: str, *, agreed: Fields | None = None) -> Who:
    customer = thing.text("customer") or thing.part("customer").text("id")
    who = remembered(told, customer, who_is(told, thing, details, agreed=agreed))
    return who.known_else_by(told.shop.visitor("payment", number))


def _is_bought(session: Fields) -> bool:
    return session.text("mode") != "setup" and session.text("payment_status") != "unpaid"


def _sums(session: Fields) -> dict[str, Any]:
    currency, details = session.text("currency"), session.part("total_details")
    amounts = {
        "total": session.number("amount_total"),
        "subtotal": session.number("amount_subtotal"),
        "shipping": details.number("amount_shipping"),
        "tax": details.number("amount_tax"),
        "discount": details.number("amount_discount"),
    }
    return {
        **{name: _money(amount, currency) for name, amount in amounts.items()},
        "currency": currency.upper(),
        "client_reference_id": session.text("client_reference_id"),
        "test": True if session.values.get("livemode") is False else None,
    }


def _line(row: Fields, currency: str) -> dict[str, Any]:
    product = row.part("price").text("product") or row.part("pricing").part("price_details").text("product")
    found = {
        "product_id": product,
        "name": row.text("description"),
        "price": _money(row.number("amount"), currency),
        "quantity": row.number("quantity"),
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _order_id(thing: Fields, else_by: str) -> str:
    """The shop's own number where its software tells it to Stripe."""
    return thing.part("metadata").text("order_id") or else_by


def _money(amount: float | None, currency: str) -> float | None:
    """Stripe counts in the smallest unit, which is not a hundredth everywhere."""
    if amount is None:
        return None
    if currency in _WHOLE:
        return amount
    return round(amount / (1000 if currency in _THOUSANDTHS else 100), 3)


def _test(told: Told) -> dict[str, Any]:
    return {"test": True} if told.payload.values.get("livemode") is False else {}
