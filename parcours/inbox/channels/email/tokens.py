"""Access tokens for mailboxes that don't take passwords (OAuth 2: RFC 6749, refresh)."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.core.errors import ParcoursError
from parcours.core.outbound import Unreachable, ask
from parcours.core.secrets import seal, unseal
from parcours.inbox.channels.email.presets import token_url_of
from parcours.inbox.models import ChannelAccount

_SPARE = 120.0
_known: dict[str, tuple[str, float]] = {}
_lock = threading.Lock()


def with_token(account: ChannelAccount, use: Callable[[str], object], *refusals: type[Exception]) -> None:
    """Signs in with a token that is good for a while; one that is refused before its time is fetched anew,
    once. Raises Unreachable where none is given, and what `use` raises.
    """
    token = access_token(account)
    try:
        use(token)
    except refusals:
        if not _forgotten(token):
            raise
        use(access_token(account))


def access_token(account: ChannelAccount) -> str:
    """Kept in this process, fetched with the refresh token when it ends; without a refresh token the one that
    was entered, as it is. Raises Unreachable.
    """
    with _lock:
        secrets = {name: unseal(sealed) for name, sealed in account.secrets.items()}
        refresh = secrets.get("oauth_refresh_token", "")
        if not refresh:
            return _entered(secrets)
        token, until = _known.get(refresh, ("", 0.0))
        if token and time.monotonic() < until:
            return token
        said = _fetched(account, refresh, secrets.get("oauth_client_secret", ""))
        if said.get("refresh_token", refresh) != refresh:
            refresh = str(said["refresh_token"])
            _keep(account, refresh)
        token = str(said["access_token"])
        _known[refresh] = (token, time.monotonic() + max(_seconds(said) - _SPARE, 0))
        return token


def _forgotten(token: str) -> bool:
    """Lets go of a token that was fetched; False for one that was entered."""
    with _lock:
        held = [refresh for refresh, (known, _until) in _known.items() if known == token]
        for refresh in held:
            del _known[refresh]
        return bool(held)


def _entered(secrets: Mapping[str, str]) -> str:
    if not secrets.get("password"):
        raise ParcoursError(
            _("There is no token for this mailbox."),
            where="oauth_refresh_token",
            remedy=_("Enter a refresh token with its client id, or a token in the place of the password."),
        )
    return secrets["password"]


def _keep(account: ChannelAccount, refresh: str) -> None:
    """Some providers (Microsoft) give another refresh token each time, and the former one ends."""
    with transaction.atomic():
        row = ChannelAccount.objects.select_for_update().get(pk=account.pk)
        row.secrets = {**row.secrets, "oauth_refresh_token": seal(refresh)}
        row.save(update_fields=["secrets"])
    account.secrets = row.secrets


def _fetched(account: ChannelAccount, refresh: str, client_secret: str) -> Mapping[str, Any]:
    form = {
        "grant_type": "refresh_token",
        "client_id": str(account.settings.get("oauth_client_id", "")),
        "refresh_token": refresh,
    }
    if client_secret:
        form["client_secret"] = client_secret
    answer = ask(
        token_url_of(account),
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        body=urlencode(form).encode(),
    )
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    if answer.status == 200 and said.get("access_token"):
        return said
    raise _refused(said, answer.status)


def _refused(said: Mapping[str, Any], status: int) -> Unreachable:
    """RFC 6749, 5.2: what the provider's codes mean for whoever set it up."""
    code = str(said.get("error", ""))
    remedies = {
        "invalid_grant": _("The access has ended or was withdrawn: give it anew, and enter the new token."),
        "invalid_client": _("Check the client id and the client secret: the provider doesn't know them."),
        "unauthorized_client": _("Allow the app at the provider to read and send mails (IMAP, SMTP)."),
        "invalid_scope": _("Allow the app at the provider to read and send mails (IMAP, SMTP)."),
    }
    return Unreachable(
        _("The provider gives no token for this mailbox: {reason}").format(
            reason=str(said.get("error_description") or code or status)[:200]
        ),
        remedy=remedies.get(code, _("Give Parcours access to the mailbox anew, and enter the new token.")),
    )


def _seconds(said: Mapping[str, Any]) -> float:
    try:
        return float(said.get("expires_in", 300))
    except (TypeError, ValueError):
        return 300.0
