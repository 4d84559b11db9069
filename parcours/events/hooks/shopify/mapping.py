"""Shopify's topics as events. An order is read whole under each of its topics: what was told already has the
same message ids, so it doesn't matter which topic comes first, or comes at all.
"""

from collections.abc import Callable

from parcours.events.hooks.shopify.orders import read_fulfilment, read_order, read_refund
from parcours.events.hooks.shopify.people import read_customer
from parcours.events.hooks.shopify.shopping import read_cart, read_checkout
from parcours.events.hooks.telling import Told
from parcours.events.ingest.messages import Message

READERS: dict[str, Callable[[Told], list[Message]]] = {
    "carts/create": read_cart,
    "carts/update": read_cart,
    "checkouts/create": read_checkout,
    "checkouts/update": read_checkout,
    "orders/create": read_order,
    "orders/updated": read_order,
    "orders/paid": read_order,
    "orders/cancelled": read_order,
    "orders/fulfilled": read_order,
    "orders/partially_fulfilled": read_order,
    "refunds/create": read_refund,
    "fulfillments/create": read_fulfilment,
    "fulfillments/update": read_fulfilment,
    "customers/create": read_customer,
    "customers/update": read_customer,
    "customers/enable": read_customer,
}
