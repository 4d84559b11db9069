"""Who it was, as Shopify knows them."""

from datetime import datetime

from parcours.events.hooks.fields import Fields
from parcours.events.hooks.telling import Said, Shop, Told, Who, introduce, track
from parcours.events.ingest.messages import Message


def read_customer(told: Told) -> list[Message]:
    customer, at = told.payload, told.at
    customer.needed("id")
    who = who_is(told.shop, customer, Fields({}), ())
    messages = introduce(who, customer.moment("updated_at", "created_at") or at)
    # Shopify also makes a customer of everybody who checks out; only an enabled one has an account.
    if customer.text("state") == "enabled":
        created = customer.moment("updated_at" if told.topic == "customers/enable" else "created_at") or at
        messages.append(
            track(who, "Signed Up", f"customer:{customer.text('id')}:signed_up", created, {}, channel="web")
        )
    return messages


def who_is(shop: Shop, customer: Fields, order: Fields, visitors: tuple[str, ...]) -> Who:
    """The person behind a customer, an order or a checkout; each may be silent about much of it.

    Without a customer number the first of the visitors names the person: Shopify gives the number later, on
    the order, and joins them all.
    """
    user_id = shop.user_id(customer.text("id"))
    address = (
        customer.part("default_address") or order.part("billing_address") or order.part("shipping_address")
    )
    first = customer.text("first_name") or address.text("first_name")
    last = customer.text("last_name") or address.text("last_name")
    return Who(
        user_id=user_id,
        visitors=visitors if user_id else visitors[:1],
        email=order.text("email", "contact_email") or customer.text("email"),
        phone=order.text("phone") or customer.text("phone") or address.text("phone"),
        traits={
            "name": f"{first} {last}".strip(),
            "country": address.text("country_code"),
            "city": address.text("city"),
            "postcode": address.text("zip"),
            "language": (order.text("customer_locale") or customer.text("locale"))[:16],
            "tags": customer.text("tags"),
        },
        consents=tuple(_consents(customer, order)),
    )


def _consents(customer: Fields, order: Fields) -> list[Said]:
    """A box that wasn't ticked is no refusal; having unsubscribed is one."""
    said = []
    for key, channel in (("email_marketing_consent", "email"), ("sms_marketing_consent", "sms")):
        consent = customer.part(key)
        state = consent.text("state")
        if state in {"subscribed", "unsubscribed"}:
            said.append(
                Said("marketing", channel, state == "subscribed", consent.moment("consent_updated_at"))
            )
    if said or customer.part("email_marketing_consent"):
        return said
    at: datetime | None = customer.moment("accepts_marketing_updated_at")
    if customer.flag("accepts_marketing"):
        return [Said("marketing", "email", granted=True, at=at)]
    if order.flag("buyer_accepts_marketing"):
        return [Said("marketing", "email", granted=True, at=order.moment("created_at"))]
    return []
