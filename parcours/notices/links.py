"""Addresses in mails: into the installation, and the signed one that stops mails without signing in."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from parcours.core.errors import NotFound

_SALT = "parcours.notices"
DIGEST = ""


@dataclass(frozen=True, slots=True)
class StopLink:
    """Whose mails, of which kind; `DIGEST` stands for all that come once a day."""

    brand_id: uuid.UUID
    person_id: uuid.UUID
    kind: str


def whole(path: str) -> str:
    """A path of this installation as an address that works in a mail program."""
    return f"{settings.PUBLIC_URL or settings.SERVED_AT}{path}"


def stop_link(link: StopLink) -> str:
    """What belongs into `List-Unsubscribe`. It never runs out: mails lie around for years."""
    token = signing.dumps([str(link.brand_id), str(link.person_id), link.kind], salt=_SALT)
    return whole(f"/notices/stop/{token}/")


def read_stop_link(token: str) -> StopLink:
    """Raises NotFound for a token that isn't ours."""
    try:
        brand_id, person_id, kind = signing.loads(token, salt=_SALT)
        return StopLink(uuid.UUID(brand_id), uuid.UUID(person_id), str(kind))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NotFound(
            _("This link isn't complete."), remedy=_("Copy all of it from the message it came in.")
        ) from error
