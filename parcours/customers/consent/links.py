"""Signed links by which a customer reaches their preferences without signing in.

A link to the whole page runs out; a link that only withdraws (RFC 8058) works for as long as the mail that
carries it may lie somewhere.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.errors import NotFound, ParcoursError

LASTS = timedelta(days=60)
_SALT = "parcours.preferences"


class LinkRanOut(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """The link was good once."""

    status = 410


@dataclass(frozen=True, slots=True)
class Link:
    """Whose preferences; `purpose` and `channel` when it only withdraws one."""

    brand_id: uuid.UUID
    customer_id: int
    purpose: str = ""
    channel: str = ""


def preferences_link(brand: Brand, customer_id: int) -> str:
    """The address of the customer's preference page, good for `LASTS`."""
    return f"{settings.PUBLIC_URL}/preferences/{_token(Link(brand.pk, customer_id))}/"


def unsubscribe_link(brand: Brand, customer_id: int, purpose: str, channel: str) -> str:
    """What belongs into `List-Unsubscribe`, with `List-Unsubscribe-Post: List-Unsubscribe=One-Click`."""
    token = _token(Link(brand.pk, customer_id, purpose, channel))
    return f"{settings.PUBLIC_URL}/preferences/{token}/unsubscribe/"


def read_link(token: str, *, ever: bool = False) -> Link:
    """Raises NotFound for a token that isn't ours, LinkRanOut for an old one unless `ever`."""
    try:
        values = signing.loads(token, salt=_SALT, max_age=None if ever else LASTS)
        return Link(uuid.UUID(values[0]), *values[1:])
    except signing.SignatureExpired as error:
        raise LinkRanOut(
            _("This link has run out."),
            remedy=_("Use the link in a newer message, or write to the brand."),
        ) from error
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NotFound(
            _("This link isn't complete."), remedy=_("Copy all of it from the message it came in.")
        ) from error


def _token(link: Link) -> str:
    values = [str(link.brand_id), link.customer_id, link.purpose, link.channel]
    while values[-1] == "":
        values.pop()
    return signing.dumps(values, salt=_SALT)
