"""Proof of who a visitor is, made by the shop's server with the account's secret."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.errors import ParcoursError
from parcours.core.secrets import unseal
from parcours.inbox.models import ChannelAccount

CLOCKS_DIFFER_SECONDS = 60
LONGEST_ID = 200


class NotProven(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """The signature doesn't say what it should; `what` is for the shop's developer."""

    status = 401


@dataclass(frozen=True, slots=True)
class Proven:
    """Who a signature vouches for. Name and e-mail are empty unless they were signed too."""

    user_id: str
    email: str = ""
    name: str = ""


def proven(account: ChannelAccount, *, user_id: str = "", signature: str = "", token: str = "") -> Proven:
    """By a `token` (JWT, HS256, with `sub` and `exp`), or by `signature`: the HMAC-SHA256 of the id, in hex.

    Raises NotProven with a reason that a developer can act on.
    """
    secret = unseal(account.secrets["secret"])
    found = _of_token(token, secret) if token else _of_signature(user_id, signature, secret)
    if token and user_id and user_id != found.user_id:
        raise NotProven(_("The token is about another user than the one that was named."), where="user")
    if not found.user_id or len(found.user_id) > LONGEST_ID:
        raise NotProven(_("The user's id is empty or too long."), where="user")
    return found


def _of_signature(user_id: str, signature: str, secret: str) -> Proven:
    if not signature:
        raise NotProven(
            _("Who the user is must be signed."),
            where="signature",
            remedy=_("Send the HMAC-SHA256 of the user's id, or a JWT, made on the shop's server."),
        )
    wanted = hmac.new(secret.encode(), user_id.encode(), sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.strip().lower().encode()):
        raise NotProven(
            _("The signature isn't that of this user's id under the account's secret."), where="signature"
        )
    return Proven(user_id)


def _of_token(token: str, secret: str) -> Proven:
    import jwt

    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            options={"require": ["exp", "sub"], "verify_aud": False},
            leeway=CLOCKS_DIFFER_SECONDS,
        )
    except jwt.ExpiredSignatureError as fault:
        raise NotProven(_("The token has expired; make a new one for each page."), where="token") from fault
    except jwt.MissingRequiredClaimError as fault:
        raise NotProven(_("The token lacks “{claim}”.").format(claim=fault.claim), where="token") from fault
    except jwt.InvalidAlgorithmError as fault:
        raise NotProven(_("The token must be signed with HS256."), where="token") from fault
    except jwt.InvalidSignatureError as fault:
        raise NotProven(_("The token wasn't signed with the account's secret."), where="token") from fault
    except jwt.InvalidTokenError as fault:
        raise NotProven(_("The token can't be used: {reason}").format(reason=fault), where="token") from fault
    return Proven(*(_text(claims.get(name)) for name in ("sub", "email", "name")))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
