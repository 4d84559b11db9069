"""What to do in each kind of shop so that it tells Parcours."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parcours.events.hooks.enums import ShopKind

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Guide:
    """How one kind of shop is connected. `topics` are named as its back office names them to the reader."""

    kind: str
    name: str
    summary: Words
    steps: tuple[Words, ...]
    topics: tuple[Words, ...]
    secret: Words
    made_up: bool = False  # the secret is chosen by whoever connects


GUIDES: dict[str, Guide] = {
    guide.kind: guide
    for guide in (
        Guide(
            kind=ShopKind.SHOPIFY,
            name="Shopify",
            summary=_("Carts, checkouts, orders, deliveries and refunds, as they happen."),
            steps=(
                _("In Shopify, open Settings → Notifications → Webhooks."),
                _("Create a webhook for each of the events below, in JSON, with the address above."),
                _("Under the list Shopify shows what your webhooks are signed with: enter it here."),
            ),
            topics=(
                pgettext_lazy("Shopify", "Cart creation"),
                pgettext_lazy("Shopify", "Cart update"),
                pgettext_lazy("Shopify", "Checkout creation"),
                pgettext_lazy("Shopify", "Checkout update"),
                pgettext_lazy("Shopify", "Customer creation"),
                pgettext_lazy("Shopify", "Customer update"),
                pgettext_lazy("Shopify", "Order creation"),
                pgettext_lazy("Shopify", "Order update"),
                pgettext_lazy("Shopify", "Order cancellation"),
                pgettext_lazy("Shopify", "Fulfillment creation"),
                pgettext_lazy("Shopify", "Fulfillment update"),
                pgettext_lazy("Shopify", "Refund creation"),
            ),
            secret=_("Signing secret"),
        ),
        Guide(
            kind=ShopKind.WOOCOMMERCE,
            name="WooCommerce",
            summary=_("Orders from the first draft to delivery and refund, and customers."),
            steps=(
                _("In WordPress, open WooCommerce → Settings → Advanced → Webhooks."),
                _("Add a webhook for each topic below, active, with the address above and the secret below."),
                _("Save the same secret here."),
            ),
            topics=(
                pgettext_lazy("WooCommerce", "Order created"),
                pgettext_lazy("WooCommerce", "Order updated"),
                pgettext_lazy("WooCommerce", "Customer created"),
                pgettext_lazy("WooCommerce", "Customer updated"),
            ),
            secret=_("Secret"),
            made_up=True,
        ),
        Guide(
            kind=ShopKind.PRESTASHOP,
            name="PrestaShop",
            summary=_("Carts, orders, credit slips and customers, by a small module or by asking the shop."),
            steps=(
                _("In the back office, install the module parcours from the folder integrations/prestashop."),
                _("In its settings, enter the address above and the secret below."),
                _("Save the same secret here. Without the module, let Parcours ask the shop: see below."),
            ),
            topics=(),
            secret=_("Secret"),
            made_up=True,
        ),
        Guide(
            kind=ShopKind.STRIPE,
            name="Stripe",
            summary=_("Payments, failed ones too, lapsed checkouts, invoices and refunds."),
            steps=(
                _("In Stripe’s dashboard, open Developers → Webhooks and add an endpoint."),
                _("Give it the address above and choose the events below."),
                _("Stripe then shows the endpoint’s signing secret (whsec_…): enter it here."),
            ),
            topics=(
                "checkout.session.completed",
                "checkout.session.expired",
                "checkout.session.async_payment_succeeded",
                "checkout.session.async_payment_failed",
                "charge.refunded",
                "customer.created",
                "customer.updated",
                "invoice.paid",
                "payment_intent.payment_failed",
            ),
            secret=_("Signing secret"),
        ),
    )
}
