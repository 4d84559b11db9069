"""Access tokens for mailboxes that don't take passwords (OAuth 2: RFC 6749, refresh)."""

import json
import threading
import time
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from parcours.core.errors import ParcoursError
from parcours.core.outbound import Unreachable, ask
from parcours.core.secrets import unseal
from parcours.inbox.channels.email.presets import token_url_of
from parcours.inbox.models import ChannelAccount

_SPARE = 120.0
_known: dict[str, tuple[str, float]] = {}
_lock = threading.Lock()


def access_token(account: ChannelAccount) -> str:
    """A token that is good for a while: kept in this process, fetched with the refresh token when it ends.

    Without a refresh token the one that was entered is used as it is. Raises Unreachable.
    """
    secrets = {name: unseal(sealed) for name, sealed in account.secrets.items()}
    refresh = secrets.get("oauth_refresh_token", "")
    if not refresh:
        if not secrets.get("password"):
            raise ParcoursError(_("There is no token for this mailbox."), where="oauth_refresh_token")
        return secrets["password"]
    with _lock:
        token, until = _known.get(refresh, ("", 0.0))
        if token and time.monotonic() < until:
            return token
        token, seconds = _fetched(account, refresh, secrets.get("oauth_client_secret", ""))
        _known[refresh] = (token, time.monotonic() + max(seconds - _SPARE, 0))
        return token


def _fetched(account: ChannelAccount, refresh: str, client_secret: str) -> tuple[str, float]:
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
        if answer.status == 200 and said["access_token"]:
            return str(said["access_token"]), float(said.get("expires_in", 300))
        reason = said.get("error_description") or said.get("error") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        reason = ""
    raise Unreachable(
        _("The provider gives no token for this mailbox: {reason}").format(reason=str(reason)[:200]),
        remedy=_("Give Parcours access to the mailbox anew, and enter the new token."),
    )
