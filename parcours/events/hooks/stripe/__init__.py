"""Stripe: one endpoint for all kinds of its events, signed with the endpoint's secret (`whsec_…`)."""

from datetime import datetime

from parcours.events.hooks.enums import Trouble
from parcours.events.hooks.fields import Fields
from parcours.events.hooks.kinds import Headers, HookKind
from parcours.events.hooks.signing import check_stamped, digest_of_body
from parcours.events.hooks.stripe.mapping import READERS


def _check(secret: str, headers: Headers, body: bytes, at: datetime) -> Trouble | None:
    return check_stamped(secret, headers.get("stripe-signature", ""), body, at)


def _external_id(_headers: Headers, body: bytes, payload: Fields) -> str:
    return payload.text("id") or digest_of_body(body)


def _topic(_headers: Headers, payload: Fields) -> str:
    return payload.text("type")


KIND = HookKind(
    key="stripe",
    headers=(),
    check=_check,
    external_id=_external_id,
    topic=_topic,
    readers=READERS,
)
