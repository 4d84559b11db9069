"""Signatures over raw bytes, compared in constant time."""

import base64
import binascii
import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from parcours.events.hooks.enums import Trouble

TOLERANCE = timedelta(minutes=5)
"""What was signed earlier is refused, so that what somebody recorded can't be sent again."""


def check_base64(secret: str, sent: str, body: bytes) -> Trouble | None:
    """Base64 of the HMAC-SHA256 of the body: Shopify, WooCommerce."""
    if not sent:
        return Trouble.UNSIGNED
    try:
        found = base64.b64decode(sent.strip(), validate=True)
    except (binascii.Error, ValueError):
        return Trouble.FORGED
    return None if hmac.compare_digest(found, _hmac(secret, body)) else Trouble.FORGED


def check_stamped(secret: str, sent: str, body: bytes, at: datetime) -> Trouble | None:
    """`t=<seconds>,v1=<hex>[,v1=<hex>]` over `<t>.<body>`: Stripe, and our own modules.

    Several v1 come while a secret is being changed for another.
    """
    pairs = [part.strip().partition("=")[::2] for part in sent.split(",")]
    stamp = next((value for name, value in pairs if name == "t"), "")
    signatures = [value for name, value in pairs if name == "v1" and value.isascii()]
    if not stamp.isdecimal() or not stamp.isascii() or len(stamp) > 12 or not signatures:
        return Trouble.UNSIGNED
    wanted = _hmac(secret, stamp.encode(), b".", body).hex()
    # All are compared, so that the time taken doesn't tell which one was right.
    good = [hmac.compare_digest(each, wanted) for each in signatures]
    if True not in good:
        return Trouble.FORGED
    return Trouble.OLD if abs(at.timestamp() - int(stamp)) > TOLERANCE.total_seconds() else None


def digest_of_body(body: bytes) -> str:
    """What names a delivery whose sender didn't."""
    return f"sha256:{sha256(body).hexdigest()}"


def _hmac(secret: str, *parts: bytes) -> bytes:
    made = hmac.new(secret.encode(), digestmod=sha256)
    for part in parts:
        made.update(part)
    return made.digest()
