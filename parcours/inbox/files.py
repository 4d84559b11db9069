"""Files that come and go with messages: each content is stored once, under its digest."""

import os
import tempfile
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

MOST_BYTES = 25 * 1024 * 1024
"""Of one file; a larger one is named in the message but not kept."""


def path_of(digest: str) -> Path:
    """Where the content with that digest is stored."""
    return Path(settings.MEDIA_ROOT) / "messages" / digest[:2] / digest


def store(content: bytes) -> str:
    """Stores it, unless it is there, and returns its digest: SHA-256 in hexadecimal."""
    digest = sha256(content).hexdigest()
    path = path_of(digest)
    if path.exists():
        path.touch()  # so that nobody thinks it unused before the message that has it is stored
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(path)
    return digest


def forget_unused(digests: Collection[str]) -> None:
    """Deletes the contents among these that no message has any more."""
    from parcours.inbox.chat.models import ChatUpload
    from parcours.inbox.models import Attachment

    used = {
        digest
        for model in (Attachment, ChatUpload)
        for digest in model.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
    }
    for digest in set(digests) - used:
        path_of(digest).unlink(missing_ok=True)


def refusal(size: int) -> str:
    """Why a file of that size isn't kept; empty when it is."""
    if size <= MOST_BYTES:
        return ""
    return _("It is larger than {n} MB and was not kept.").format(n=MOST_BYTES // 1024 // 1024)
