"""Shopify: one webhook a topic, each signed with the secret of the app, or of the shop's notifications."""

from datetime import datetime

from parcours.customers.privacy_enums import RequestKind
from parcours.events.hooks.enums import Trouble
from parcours.events.hooks.fields import Fields
from parcours.events.hooks.kinds import Headers, HookKind
from parcours.events.hooks.shopify.mapping import READERS
from parcours.events.hooks.signing import check_base64, digest_of_body

_EVENT, _TOPIC, _TEST = "x-shopify-event-id", "x-shopify-topic", "x-shopify-test"


def _check(secret: str, headers: Headers, body: bytes, _at: datetime) -> Trouble | None:
    return check_base64(secret, headers.get("x-shopify-hmac-sha256", ""), body)


def _external_id(headers: Headers, body: bytes, _payload: Fields) -> str:
    # One deed in the shop has one event id, also when it is told under several topics.
    event = headers.get(_EVENT) or headers.get("x-shopify-webhook-id") or digest_of_body(body)
    return f"{headers.get(_TOPIC, '')} {event}"


def _topic(headers: Headers, _payload: Fields) -> str:
    return headers.get(_TOPIC, "").lower()


def _is_test(headers: Headers, payload: Fields) -> bool:
    return headers.get(_TEST, "").lower() == "true" or payload.flag("test")


KIND = HookKind(
    key="shopify",
    headers=(
        _TOPIC,
        _EVENT,
        _TEST,
        "x-shopify-webhook-id",
        "x-shopify-shop-domain",
        "x-shopify-triggered-at",
        "x-shopify-api-version",
    ),
    check=_check,
    external_id=_external_id,
    topic=_topic,
    is_test=_is_test,
    readers=READERS,
    requests={"customers/data_request": RequestKind.EXPORT, "customers/redact": RequestKind.ERASURE},
)
