"""WooCommerce: a webhook a topic, signed with the secret that it was made with."""

import re
from datetime import datetime

from parcours.events.hooks.enums import Trouble
from parcours.events.hooks.fields import Fields
from parcours.events.hooks.kinds import Headers, HookKind
from parcours.events.hooks.signing import check_base64, digest_of_body
from parcours.events.hooks.woocommerce.mapping import READERS

_TOPIC, _DELIVERY = "x-wc-webhook-topic", "x-wc-webhook-delivery-id"
_GREETING = re.compile(rb"webhook_id=\d{1,20}")


def _check(secret: str, headers: Headers, body: bytes, _at: datetime) -> Trouble | None:
    return check_base64(secret, headers.get("x-wc-webhook-signature", ""), body)


def _greets(headers: Headers, body: bytes) -> bool:
    # Saving a webhook sends this, unsigned, and it must be answered well.
    return "x-wc-webhook-signature" not in headers and bool(_GREETING.fullmatch(body.strip()))


def _external_id(headers: Headers, body: bytes, _payload: Fields) -> str:
    return headers.get(_DELIVERY) or digest_of_body(body)


def _topic(headers: Headers, _payload: Fields) -> str:
    return headers.get(_TOPIC, "").lower()


KIND = HookKind(
    key="woocommerce",
    headers=(_TOPIC, _DELIVERY, "x-wc-webhook-source", "x-wc-webhook-id"),
    check=_check,
    external_id=_external_id,
    topic=_topic,
    readers=READERS,
    greets=_greets,
)
