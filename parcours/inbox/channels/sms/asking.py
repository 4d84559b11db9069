"""Asks Twilio."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.outbound import Answer, Unreachable, ask
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import NeverSent, TryLater
from parcours.inbox.files import MOST_BYTES
from parcours.inbox.models import ChannelAccount

LATER = frozenset({20429, 14107, 30001, 30022})
"""Error codes that pass by themselves: too many at once."""


def asked(address: str, method: str, account: ChannelAccount | None, body: bytes | None) -> Answer:
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    if account is not None:
        known = f"{account.settings['account_sid']}:{unseal(account.secrets['auth_token'])}"
        headers["Authorization"] = f"Basic {base64.b64encode(known.encode()).decode()}"
    try:
        return ask(address, method=method, headers=headers, body=body, most_bytes=MOST_BYTES)
    except Unreachable as fault:
        raise TryLater(fault.what) from fault


def content(answer: Answer) -> Mapping[str, Any]:
    """Raises TryLater, NeverSent with Twilio's own words and code."""
    try:
        data = json.loads(answer.body)
    except ValueError:
        data = {}
    data = data if isinstance(data, dict) else {}
    if answer.status < 300:
        return data
    said = _("Twilio refuses: {reason} ({code})").format(
        reason=data.get("message") or answer.status, code=data.get("code", answer.status)
    )
    if answer.status == 429 or data.get("code") in LATER:
        raise TryLater(said, after=timedelta(seconds=30))
    if answer.status >= 500 or answer.status == 401:
        raise TryLater(said)
    raise NeverSent(said)
