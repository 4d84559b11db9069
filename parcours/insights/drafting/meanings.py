"""What events with known names mean for a journey."""

from collections.abc import Mapping

AWARENESS, CONSIDERATION, DECISION, RETENTION, ADVOCACY = (
    "awareness",
    "consideration",
    "decision",
    "retention",
    "advocacy",
)

_NAMES: Mapping[str, tuple[str, ...]] = {
    AWARENESS: (
        "Advertisement Viewed", "Advertisement Clicked", "Promotion Viewed", "Promotion Clicked",
        "Page Viewed", "Screen Viewed", "Application Opened", "Application Installed", "Store Visited",
    ),
    CONSIDERATION: (
        "Products Searched", "Product List Viewed", "Product List Filtered", "Product Clicked",
        "Product Viewed", "Product Added to Wishlist", "Product Removed from Wishlist",
        "Article Searched", "Article Viewed", "Article Rated",
    ),
    DECISION: (
        "Wishlist Product Added to Cart", "Product Added", "Product Removed", "Cart Viewed",
        "Checkout Started", "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered",
        "Payment Failed", "Checkout Expired", "Coupon Entered", "Coupon Applied", "Coupon Denied",
        "Coupon Removed", "Help Offered", "Help Accepted", "Help Dismissed", "Order Updated",
        "Order Completed",
    ),
    RETENTION: (
        "Order Shipped", "Order Delivered", "Order Cancelled", "Order Refunded", "Order Returned",
        "Review Requested", "Survey Sent", "Survey Answered", "Complaint Filed", "Letter Received",
    ),
    ADVOCACY: (
        "Review Posted", "Product Reviewed", "Product Shared", "Cart Shared", "Post Published",
        "Referral Shared", "Referral Redeemed",
    ),
}  # fmt: skip

STAGE_OF: Mapping[str, str] = {name: stage for stage, names in _NAMES.items() for name in names}
"""Names that belong to one stage wherever they happen. What happens in all of them, a message, a call, a
mail, is placed beside the others.
"""

NOT_MET = frozenset(
    {
        "Playbook Entered", "Email Delivered", "Email Bounced", "Consent Given", "Consent Withdrawn",
        "Conversation Resolved", "Call Ended",
    }
)  # fmt: skip
"""Events that customers don't notice as such: no touchpoint of a first canvas."""

DOES: Mapping[str, str] = {
    "Message Sent": "chat",
    "Conversation Started": "chat",
    "Bot Answered": "bot",
    "Call Answered": "call",
    "Callback Done": "call",
    "Article Viewed": "article",
    "Email Sent": "playbook",
    "Help Offered": "playbook",
    "Survey Sent": "review",
    "Review Requested": "review",
    "Coupon Sent": "playbook",
    "Referral Shared": "referral",
}
"""Events that show what the team does, with the kind of action (`canvas.kinds`) that it is."""

TELLING = (
    "title", "page", "path", "name", "product_name", "product", "category", "query", "step", "menu",
    "campaign", "topic", "subject", "url",
)  # fmt: skip
"""Properties whose most frequent values tell what customers saw, the first that an event has."""
