"""Who paid, as Stripe knows them. Its customers are those of a cash desk: the e-mail address names the
person, and a customer number of the shop's own when its software puts one into the metadata as `user_id`.
"""

from datetime import datetime

from parcours.events.hooks.fields import Fields
from parcours.events.hooks.telling import Said, Told, Who, introduce
from parcours.events.ingest.messages import Message


def read_customer(told: Told) -> list[Message]:
    event, customer = told.payload, told.payload.part("data").part("object")
    customer.needed("id")
    who = remembered(told, customer.text("id"), who_is(told, customer, customer))
    return introduce(who, event.moment("created") or told.at)


def who_is(told: Told, thing: Fields, details: Fields, *, agreed: Fields | None = None) -> Who:
    """The person of a session, charge, invoice or customer; `details` has name and address."""
    address = details.part("address")
    return Who(
        user_id=told.shop.user_id(thing.part("metadata").text("user_id")),
        email=details.text("email") or thing.text("customer_email", "receipt_email"),
        phone=details.text("phone") or thing.text("customer_phone"),
        traits={
            "name": details.text("name") or thing.text("customer_name"),
            "country": address.text("country"),
            "city": address.text("city"),
            "postcode": address.text("postal_code"),
        },
        consents=tuple(_consents(agreed, told.payload.moment("created"))) if agreed else (),
    )


def remembered(told: Told, customer: str, who: Who) -> Who:
    """The person with what is known of Stripe's customer from before; without any of it the customer's own
    number stands in.
    """
    if not customer:
        return who
    key = f"customer:{customer}"
    kept = told.memory.recall(key) or {}
    user_id, email = who.user_id or kept.get("user_id", ""), who.email or kept.get("email", "")
    known = Who(user_id, who.visitors, email, who.phone, who.traits, who.consents)
    if (user_id, email) != (kept.get("user_id", ""), kept.get("email", "")):
        told.memory.keep(key, told.at, {"user_id": user_id, "email": email}, known)
    return known.known_else_by(told.shop.visitor("customer", customer))


def _consents(agreed: Fields, at: datetime | None) -> list[Said]:
    promotions = agreed.text("promotions")
    if promotions not in {"opt_in", "opt_out"}:
        return []
    return [Said("marketing", "email", promotions == "opt_in", at)]
