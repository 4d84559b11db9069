"""What the events of the catalogue can't do without: funnels, numbers and mails are made of it."""

from collections.abc import Mapping
from typing import Any, Final

Needed = tuple[tuple[str, ...], ...]
"""Properties that must be there; of several in one place any will do."""

_PRODUCT: Needed = (("product_id", "sku"),)
_ORDER: Needed = (("order_id",),)
_CONVERSATION: Needed = (("conversation_id",),)
_CALL: Needed = (("call_id",),)
_MAIL: Needed = (("message_id",),)

NEEDED: Final[dict[str, Needed]] = {
    "Products Searched": (("query",),),
    "Product Clicked": _PRODUCT,
    "Product Viewed": _PRODUCT,
    "Product Added": _PRODUCT,
    "Product Removed": _PRODUCT,
    "Product Reviewed": (("product_id", "sku"), ("rating", "review_body")),
    "Cart Viewed": (("products",),),
    "Checkout Step Viewed": (("step",),),
    "Checkout Step Completed": (("step",),),
    "Order Updated": _ORDER,
    "Order Completed": (("order_id",), ("total", "revenue")),
    "Order Refunded": _ORDER,
    "Order Cancelled": _ORDER,
    "Order Shipped": _ORDER,
    "Order Delivered": _ORDER,
    "Order Returned": _ORDER,
    "Coupon Entered": (("coupon_id", "coupon"),),
    "Coupon Applied": (("coupon_id", "coupon"),),
    "Coupon Denied": (("coupon_id", "coupon"),),
    "Conversation Started": _CONVERSATION,
    "Message Received": _CONVERSATION,
    "Message Sent": _CONVERSATION,
    "Conversation Resolved": _CONVERSATION,
    "Call Started": _CALL,
    "Call Answered": _CALL,
    "Call Abandoned": _CALL,
    "Call Ended": _CALL,
    "Article Searched": (("query",),),
    "Article Viewed": (("article_id", "title"),),
    "Survey Answered": (("survey_id", "kind"), ("score", "comment")),
    "Email Sent": _MAIL,
    "Email Clicked": _MAIL,
    "Review Posted": (("rating", "text"),),
    "Referral Redeemed": (("referral_code",),),
    "Coupon Sent": (("coupon",),),
}


def missing_properties(event: str, properties: Mapping[str, Any]) -> list[str]:
    """What is missing, each as it is shown: `order_id`, or `total / revenue` where any will do."""
    return [
        " / ".join(names)
        for names in NEEDED.get(event, ())
        if all(properties.get(name) in (None, "") for name in names)
    ]
