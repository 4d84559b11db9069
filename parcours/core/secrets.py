"""Secrets of others (keys of shops and channels), encrypted at rest with the installation's own key."""

import base64
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.core.errors import ParcoursError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def seal(secret: str) -> str:
    """The secret as it may be stored."""
    return _fernet(settings.SECRET_KEY).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret itself. Raises ParcoursError when it was sealed with another installation's key."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ParcoursError(
            _("A stored secret can't be read: it was stored under another key of this installation."),
            remedy=_("Bring back the former secret.key or PARCOURS_SECRET_KEY, or enter the secret again."),
        ) from error


@lru_cache(maxsize=4)
def _fernet(key: str) -> "Fernet":
    """A cipher with a key of its own, so that what signs sessions encrypts nothing."""
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"parcours stored secrets").derive(
        key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
