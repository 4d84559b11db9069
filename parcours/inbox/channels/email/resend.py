"""Resend announces a mail in a call that it signs; the mail itself is fetched from it afterwards."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.core.outbound import Answer, Unreachable, ask
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import BadSignature, NeverSent, NotUnderstood, Request, TryLater
from parcours.inbox.channels.email.pulling import MOST_BYTES
from parcours.inbox.models import ChannelAccount

LONGEST_AWAY = 300
"""Seconds by which the time of a call may differ from ours."""


def check(account: ChannelAccount, request: Request) -> None:
    """Signed as Svix does: `v1,` and the base64 of the HMAC-SHA256 of id, time and body.

    Raises BadSignature.
    """
    sealed = account.secrets.get("hook_key", "")
    name, at = request.headers.get("svix-id", ""), request.headers.get("svix-timestamp", "")
    told = f"{name}.{at}.".encode() + request.body
    key = _key(unseal(sealed)) if sealed else b""
    wanted = base64.b64encode(hmac.new(key, told, sha256).digest()).decode()
    given = [each.partition(",") for each in request.headers.get("svix-signature", "").split()]
    good = any(
        version == "v1" and hmac.compare_digest(digest.encode(), wanted.encode())
        for version, _comma, digest in given
    )
    if not (key and good):
        raise BadSignature(_("The signature isn't {name}'s.").format(name="Resend"))
    if not at.isdecimal() or abs(int(at[:12]) - request.received_at.timestamp()) > LONGEST_AWAY:
        raise BadSignature(_("The call is too old, or the clock of this machine is wrong."))


def mail_named_in(body: bytes) -> str:
    """What Resend calls the mail that it announces. Raises NotUnderstood."""
    try:
        told = json.loads(body)
        name = told["data"]["email_id"] if told["type"] == "email.received" else None
    except (ValueError, KeyError, TypeError) as error:
        raise NotUnderstood(_("{name} sent something else than a mail.").format(name="Resend")) from error
    if not isinstance(name, str) or not name:
        raise NotUnderstood(
            _("Resend tells of something else than mails that come in: choose “email.received” there.")
        )
    return name


def fetched(account: ChannelAccount, body: bytes) -> bytes:
    """The mail as it came to Resend. Raises TryLater, NeverSent, NotUnderstood."""
    told = _content(_asked(account, f"emails/receiving/{quote(mail_named_in(body), safe='')}"))
    raw = told.get("raw")
    address = raw.get("download_url") if isinstance(raw, Mapping) else None
    if not isinstance(address, str):
        raise NeverSent(_("Resend doesn't have the mail any more."))
    try:
        answer = ask(address, most_bytes=MOST_BYTES)
    except Unreachable as fault:
        raise TryLater(fault.what) from fault
    if answer.status != 200:
        raise TryLater(_("Resend doesn't give the mail now ({status}).").format(status=answer.status))
    return answer.body


def tested(account: ChannelAccount) -> str:
    """Whether its key may read mails. Raises TryLater, NeverSent."""
    _content(_asked(account, "emails/receiving?limit=1"))
    return _("Resend lets its mails be read.")


def _asked(account: ChannelAccount, path: str) -> Answer:
    sealed = account.secrets.get("provider_key", "")
    if not sealed:
        raise TryLater(_("The API key of Resend is missing: without it its mails can't be fetched."))
    headers = {"Authorization": f"Bearer {unseal(sealed)}", "User-Agent": "Parcours"}
    try:
        return ask(f"{settings.RESEND_URL}/{path}", headers=headers)
    except Unreachable as fault:
        raise TryLater(fault.what) from fault


def _content(answer: Answer) -> Mapping[str, Any]:
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = {}
    told = told if isinstance(told, Mapping) else {}
    if answer.status == 200:
        return told
    said = _("Resend refuses: {reason}").format(reason=told.get("message") or answer.status)
    if answer.status in {404, 410}:
        raise NeverSent(said)
    raise TryLater(said)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return b""
