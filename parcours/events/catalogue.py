"""The names of events: those of the Segment e-commerce specification, and Parcours' own in the same style."""

from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Origin = Literal["segment-ecommerce", "segment", "parcours"]


@dataclass(frozen=True, slots=True)
class Event:
    """A known event. `channel` is where it usually happens when its sender doesn't say, `properties` what it
    usually has.
    """

    name: str
    label: str | Promise
    channel: str = ""
    properties: tuple[str, ...] = field(default_factory=tuple)
    origin: Origin = "segment-ecommerce"


_PRODUCT = (
    "product_id", "sku", "category", "name", "brand", "variant", "price", "quantity", "coupon", "position",
    "url", "image_url",
)  # fmt: skip
_ORDER = (
    "order_id", "affiliation", "subtotal", "total", "revenue", "shipping", "tax", "discount", "coupon",
    "currency", "products",
)  # fmt: skip
_STEP = ("checkout_id", "step", "shipping_method", "payment_method")
_PROMOTION = ("promotion_id", "creative", "name", "position")
_WISHLIST = ("wishlist_id", "wishlist_name", *_PRODUCT)
_SHARED = ("share_via", "share_message", "recipient")
_CONVERSATION = ("conversation_id", "topic", "agent")

_SHOP = (
    Event("Products Searched", _("Products searched"), "web", ("query",)),
    Event("Product List Viewed", _("Product list viewed"), "web", ("list_id", "category", "products")),
    Event(
        "Product List Filtered",
        _("Product list filtered"),
        "web",
        ("list_id", "category", "filters", "sorts", "products"),
    ),
    Event("Promotion Viewed", _("Promotion viewed"), "web", _PROMOTION),
    Event("Promotion Clicked", _("Promotion clicked"), "web", _PROMOTION),
    Event("Product Clicked", _("Product clicked"), "web", _PRODUCT),
    Event("Product Viewed", _("Product viewed"), "web", (*_PRODUCT, "currency", "value")),
    Event("Product Added", _("Product added to the cart"), "web", ("cart_id", *_PRODUCT)),
    Event("Product Removed", _("Product removed from the cart"), "web", ("cart_id", *_PRODUCT)),
    Event("Cart Viewed", _("Cart viewed"), "web", ("cart_id", "products")),
    Event("Checkout Started", _("Checkout started"), "web", _ORDER),
    Event("Checkout Step Viewed", _("Checkout step viewed"), "web", _STEP),
    Event("Checkout Step Completed", _("Checkout step completed"), "web", _STEP),
    Event("Payment Info Entered", _("Payment details entered"), "web", (*_STEP, "order_id")),
    Event("Order Updated", _("Order updated"), "", _ORDER),
    Event("Order Completed", _("Order completed"), "", ("checkout_id", *_ORDER)),
    Event("Order Refunded", _("Order refunded"), "", ("order_id", "total", "currency", "products")),
    Event("Order Cancelled", _("Order cancelled"), "", _ORDER),
    Event("Coupon Entered", _("Coupon entered"), "web", ("order_id", "cart_id", "coupon_id")),
    Event(
        "Coupon Applied", _("Coupon applied"), "web",
        ("order_id", "cart_id", "coupon_id", "coupon_name", "discount"),
    ),
    Event(
        "Coupon Denied", _("Coupon refused"), "web",
        ("order_id", "cart_id", "coupon", "coupon_id", "coupon_name", "reason"),
    ),
    Event(
        "Coupon Removed", _("Coupon removed"), "web",
        ("order_id", "cart_id", "coupon", "coupon_id", "coupon_name", "discount"),
    ),
    Event("Product Added to Wishlist", _("Product added to the wish list"), "web", _WISHLIST),
    Event("Product Removed from Wishlist", _("Product removed from the wish list"), "web", _WISHLIST),
    Event(
        "Wishlist Product Added to Cart", _("Product of the wish list added to the cart"), "web",
        (*_WISHLIST, "cart_id"),
    ),
    Event("Product Shared", _("Product shared"), "web", (*_SHARED, *_PRODUCT)),
    Event("Cart Shared", _("Cart shared"), "web", (*_SHARED, "cart_id", "products")),
    Event(
        "Product Reviewed", _("Product reviewed"), "web", ("product_id", "review_id", "review_body", "rating")
    ),
)  # fmt: skip

_PAGES = (
    Event("Page Viewed", _("Page viewed"), "web", ("name", "path", "url", "referrer", "title"), "segment"),
    Event("Screen Viewed", _("Screen viewed"), "app", ("name",), "segment"),
    Event("Signed Up", _("Signed up"), "", ("type", "first_name", "last_name", "email"), "segment"),
    Event("Signed In", _("Signed in"), "", ("username",), "segment"),
    Event("Signed Out", _("Signed out"), "", ("username",), "segment"),
)


def _own(name: str, label: str | Promise, channel: str = "", properties: tuple[str, ...] = ()) -> Event:
    return Event(name, label, channel, properties, "parcours")


_OWN = (
    _own("Advertisement Viewed", _("Advertisement viewed"), "ads", ("campaign", "creative")),
    _own("Advertisement Clicked", _("Advertisement clicked"), "ads", ("campaign", "creative")),
    _own("Payment Failed", _("Payment failed"), "web", ("order_id", "payment_method", "reason")),
    _own("Checkout Expired", _("Checkout expired"), "web", ("checkout_id", "total", "currency")),
    _own("Store Visited", _("Store visited"), "store", ("store",)),
    _own("Order Shipped", _("Order shipped"), "", ("order_id", "carrier", "tracking_number")),
    _own("Order Delivered", _("Order delivered"), "", ("order_id", "carrier", "days")),
    _own("Order Returned", _("Order returned"), "", ("order_id", "reason", "products")),
    _own("Conversation Started", _("Conversation started"), "", _CONVERSATION),
    _own("Message Received", _("Message received"), "", _CONVERSATION),
    _own("Message Sent", _("Message sent"), "", (*_CONVERSATION, "response_seconds")),
    _own("Conversation Resolved", _("Conversation resolved"), "", (*_CONVERSATION, "seconds")),
    _own("Conversation Placed", _("Stage and topic of a conversation recognised"), "", _CONVERSATION),
    _own("Conversation Reopened", _("Conversation reopened"), "", _CONVERSATION),
    _own("Target Missed", _("Answer or resolution late"), "", (*_CONVERSATION, "target", "metric", "due_at")),
    _own("Call Started", _("Call started"), "phone", ("call_id", "direction", "queue")),
    _own("Call Menu Chosen", _("Call menu chosen"), "phone", ("call_id", "menu", "digit")),
    _own("Call Answered", _("Call answered"), "phone", ("call_id", "queue", "agent", "wait_seconds")),
    _own("Call Abandoned", _("Call abandoned"), "phone", ("call_id", "queue", "wait_seconds")),
    _own("Call Ended", _("Call ended"), "phone", ("call_id", "queue", "agent", "talk_seconds", "topic")),
    _own("Callback Requested", _("Callback requested"), "phone", ("call_id", "at")),
    _own("Callback Done", _("Callback done"), "phone", ("call_id", "agent")),
    _own("Article Searched", _("Help centre searched"), "help", ("query", "results")),
    _own("Article Viewed", _("Help article viewed"), "help", ("article_id", "title")),
    _own("Article Rated", _("Help article rated"), "help", ("article_id", "helpful")),
    _own("Bot Answered", _("Bot answered"), "chat", ("conversation_id", "answer", "confidence")),
    _own("Bot Handed Over", _("Bot handed over to a person"), "chat", ("conversation_id", "reason")),
    _own("Help Offered", _("Help offered"), "web", ("playbook_id", "page")),
    _own("Help Accepted", _("Offered help accepted"), "web", ("playbook_id", "page")),
    _own("Help Dismissed", _("Offered help dismissed"), "web", ("playbook_id", "page")),
    _own("Survey Sent", _("Survey sent"), "", ("survey_id", "kind")),
    _own("Survey Answered", _("Survey answered"), "", ("survey_id", "kind", "score", "comment")),
    _own("Playbook Entered", _("Playbook entered"), "", ("playbook", "group")),
    _own("Email Sent", _("E-mail sent"), "email", ("message_id", "campaign", "playbook_id")),
    _own("Email Delivered", _("E-mail delivered"), "email", ("message_id", "campaign")),
    _own("Email Opened", _("E-mail opened"), "email", ("message_id", "campaign")),
    _own("Email Clicked", _("Link in an e-mail clicked"), "email", ("message_id", "campaign", "url")),
    _own("Email Bounced", _("E-mail bounced"), "email", ("message_id", "reason")),
    _own("Email Complained", _("E-mail reported as unwanted"), "email", ("message_id",)),
    _own("Email Unsubscribed", _("Unsubscribed from e-mails"), "email", ("message_id", "campaign")),
    _own("Review Requested", _("Review requested"), "email", ("order_id",)),
    _own("Review Posted", _("Review posted"), "", ("review_id", "rating", "text", "site", "author", "link")),
    _own("Complaint Filed", _("Complaint filed"), "", ("topic", "text")),
    _own("Letter Received", _("Letter received"), "post", ("topic", "text")),
    _own(
        "Post Published",
        _("Post about the brand published"),
        "social",
        ("network", "text", "hashtag", "author", "link"),
    ),
    _own("Referral Shared", _("Referral shared"), "", ("referral_code", "share_via")),
    _own("Referral Redeemed", _("Referral redeemed"), "", ("referral_code", "order_id")),
    _own("Coupon Sent", _("Coupon sent"), "email", ("coupon", "discount")),
    _own("Consent Given", _("Consent given"), "", ("purpose", "wording")),
    _own("Consent Withdrawn", _("Consent withdrawn"), "", ("purpose",)),
)

EVENTS: dict[str, Event] = {event.name: event for event in (*_SHOP, *_PAGES, *_OWN)}
"""Every event with a known name. Other names are taken in just as well."""


def label_of(name: str) -> str:
    """The name in the reader's language; a name that isn't known is its own label."""
    event = EVENTS.get(name)
    return str(event.label) if event else name
