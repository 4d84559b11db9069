"""Signatures as Standard Webhooks has them (standardwebhooks.com): `v1,` and the base64 of an HMAC-SHA256."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

from django.utils.translation import gettext as _

from parcours.core.errors import ParcoursError

PREFIX = "whsec_"


def new_signing_secret() -> str:
    """256 random bits, as the libraries of receivers take them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers_for(event_id: str, seconds: int, body: bytes, signing_secrets: Sequence[str]) -> dict[str, str]:
    """What goes with a body sent at that moment (seconds since 1970); one signature for each secret."""
    told = f"{event_id}.{seconds}.".encode() + body
    signatures = [f"v1,{_signed(secret, told)}" for secret in signing_secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(signatures),
    }


def _signed(secret: str, told: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ParcoursError(_("The secret of this webhook can't be read."), remedy=_("Renew it.")) from error
    return base64.b64encode(hmac.new(key, told, sha256).digest()).decode()
