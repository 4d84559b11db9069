"""Files that platforms keep until we fetch them: soon after the message, for most keep them for days only."""

import logging
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.core.errors import ParcoursError
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import TryLater
from parcours.inbox.files import refusal, store
from parcours.inbox.models import Attachment
from parcours.inbox.writes.common import changed

log = logging.getLogger(__name__)

MOST_TRIES = 8


def missing(*, most: int = 100) -> list[uuid.UUID]:
    """Attachments that are still with their platform."""
    rows = Attachment.objects.filter(digest="", refused="", tries__lt=MOST_TRIES).exclude(remote={})
    return list(rows.order_by("tries", "id").values_list("pk", flat=True)[:most])


def fetch_file(attachment_id: uuid.UUID) -> bool:
    """One try; what can't be had says so on the message."""
    row = (
        Attachment.objects.select_related("message__account__brand", "message__conversation")
        .filter(pk=attachment_id, digest="", refused="")
        .first()
    )
    if row is None or not row.remote:
        return False
    row.tries += 1
    try:
        content = channel_of(row.message.account.kind).fetch(row.message.account, row.remote)
    except TryLater as fault:
        if row.tries < MOST_TRIES:
            row.save(update_fields=["tries"])
            return False
        row.refused = str(fault)[:200]
    except ParcoursError as fault:
        row.refused = str(fault)[:200]
    except Exception:  # the message stays, whatever it was
        log.exception("file %s can't be fetched", attachment_id)
        row.refused = _("The platform's file could not be fetched.") if row.tries >= MOST_TRIES else ""
    else:
        row.size, row.refused = len(content), refusal(len(content))
        row.digest = "" if row.refused else store(content)
    with transaction.atomic():
        row.save(update_fields=["tries", "refused", "digest", "size"])
        changed(row.message.conversation, "message", message=row.message)
    return bool(row.digest)
