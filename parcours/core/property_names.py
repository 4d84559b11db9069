"""Properties of events and traits of customers in the reader's language.

Names are the shop's own: whatever is not known here is only made readable.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

_PREFIXES = ("properties.", "traits.")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

NAMES: dict[str, Promise] = {
    "account": pgettext_lazy("property of an event", "account"),
    "agent": pgettext_lazy("property of an event", "agent"),
    "article": pgettext_lazy("property of an event", "article"),
    "author": pgettext_lazy("property of an event", "author"),
    "brand": pgettext_lazy("property of an event", "brand"),
    "browser": pgettext_lazy("property of an event", "browser"),
    "campaign": pgettext_lazy("property of an event", "campaign"),
    "carrier": pgettext_lazy("property of an event", "carrier"),
    "cart_id": pgettext_lazy("property of an event", "cart number"),
    "category": pgettext_lazy("property of an event", "category"),
    "city": pgettext_lazy("property of an event", "city"),
    "code": pgettext_lazy("property of an event", "code"),
    "comment": pgettext_lazy("property of an event", "comment"),
    "conversation_id": pgettext_lazy("property of an event", "conversation number"),
    "country": pgettext_lazy("property of an event", "country"),
    "coupon": pgettext_lazy("property of an event", "coupon"),
    "coupon_id": pgettext_lazy("property of an event", "coupon"),
    "creative": pgettext_lazy("property of an event", "advertisement"),
    "currency": pgettext_lazy("property of an event", "currency"),
    "days": pgettext_lazy("property of an event", "days"),
    "device": pgettext_lazy("property of an event", "device"),
    "digit": pgettext_lazy("property of an event", "digit chosen"),
    "direction": pgettext_lazy("property of an event", "direction"),
    "discount": pgettext_lazy("property of an event", "discount"),
    "group": pgettext_lazy("property of an event", "group"),
    "hashtag": pgettext_lazy("property of an event", "hashtag"),
    "helpful": pgettext_lazy("property of an event", "was helpful"),
    "kind": pgettext_lazy("property of an event", "kind"),
    "language": pgettext_lazy("property of an event", "language"),
    "menu": pgettext_lazy("property of an event", "menu"),
    "network": pgettext_lazy("property of an event", "network"),
    "order_id": pgettext_lazy("property of an event", "order number"),
    "order_rank": pgettext_lazy("property of an event", "which order of the customer"),
    "os": pgettext_lazy("property of an event", "operating system"),
    "outcome": pgettext_lazy("property of an event", "outcome"),
    "page": pgettext_lazy("property of an event", "page"),
    "path": pgettext_lazy("property of an event", "path"),
    "payment_method": pgettext_lazy("property of an event", "way of paying"),
    "platform": pgettext_lazy("property of an event", "platform"),
    "playbook": pgettext_lazy("property of an event", "playbook"),
    "position": pgettext_lazy("property of an event", "position"),
    "price": pgettext_lazy("property of an event", "price"),
    "product": pgettext_lazy("property of an event", "product"),
    "product_id": pgettext_lazy("property of an event", "product number"),
    "products": pgettext_lazy("property of an event", "products"),
    "promotion": pgettext_lazy("property of an event", "promotion"),
    "purpose": pgettext_lazy("property of an event", "purpose"),
    "quantity": pgettext_lazy("property of an event", "quantity"),
    "query": pgettext_lazy("property of an event", "words searched"),
    "queue": pgettext_lazy("property of an event", "queue"),
    "rating": pgettext_lazy("property of an event", "rating"),
    "reason": pgettext_lazy("property of an event", "reason"),
    "referrer": pgettext_lazy("property of an event", "page before"),
    "region": pgettext_lazy("property of an event", "region"),
    "response_seconds": pgettext_lazy("property of an event", "seconds until the answer"),
    "results": pgettext_lazy("property of an event", "results"),
    "revenue": pgettext_lazy("property of an event", "revenue"),
    "score": pgettext_lazy("property of an event", "score"),
    "seconds": pgettext_lazy("property of an event", "seconds"),
    "shipping": pgettext_lazy("property of an event", "shipping cost"),
    "shipping_cost": pgettext_lazy("property of an event", "shipping cost"),
    "shipping_method": pgettext_lazy("property of an event", "way of shipping"),
    "shipping_shown_at": pgettext_lazy("property of an event", "where shipping cost is shown"),
    "site": pgettext_lazy("property of an event", "site"),
    "size": pgettext_lazy("property of an event", "size"),
    "solved": pgettext_lazy("property of an event", "solved"),
    "source": pgettext_lazy("property of an event", "source"),
    "step": pgettext_lazy("property of an event", "step"),
    "store": pgettext_lazy("property of an event", "store"),
    "subtotal": pgettext_lazy("property of an event", "subtotal"),
    "survey": pgettext_lazy("property of an event", "survey"),
    "talk_seconds": pgettext_lazy("property of an event", "seconds of talk"),
    "tax": pgettext_lazy("property of an event", "tax"),
    "text": pgettext_lazy("property of an event", "text"),
    "title": pgettext_lazy("property of an event", "title"),
    "topic": pgettext_lazy("property of an event", "topic"),
    "total": pgettext_lazy("property of an event", "total"),
    "utm_campaign": pgettext_lazy("property of an event", "campaign"),
    "utm_medium": pgettext_lazy("property of an event", "medium of the campaign"),
    "utm_source": pgettext_lazy("property of an event", "source of the campaign"),
    "value": pgettext_lazy("property of an event", "value"),
    "variant": pgettext_lazy("property of an event", "variant"),
    "wait_seconds": pgettext_lazy("property of an event", "seconds of waiting"),
    "waiting_seconds": pgettext_lazy("property of an event", "seconds of waiting"),
    "zip": pgettext_lazy("property of an event", "postcode"),
    "postcode": pgettext_lazy("property of an event", "postcode"),
}


def property_label(field: str) -> str:
    """`properties.region` → “region”; `shelf_row`, which only the shop knows → “shelf row”."""
    key = field
    for prefix in _PREFIXES:
        key = key.removeprefix(prefix)
    known = NAMES.get(_HUMPS.sub("_", key).lower())
    return str(known) if known else _HUMPS.sub(" ", key).replace("_", " ").replace(".", " ").strip()
