"""What of the inbox need not be kept for ever; a brand says how long."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from parcours.inbox.enums import ConversationStatus
from parcours.inbox.files import forget_unused
from parcours.inbox.models import Arrival, Attachment, Conversation

_AT_ONCE = 500


class OldConversations:
    """Whole conversations, by when they were closed; open ones stay."""

    label = _("Conversations")
    explanation = _("Closed conversations with their messages and files; what the log counted of them stays.")
    suggested_days = 1_095

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return self._old(brand_id, before).count()

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        return _in_steps(self._old(brand_id, before), _remove_conversations)

    def _old(self, brand_id: uuid.UUID, before: datetime) -> QuerySet[Conversation]:
        return Conversation.objects.filter(
            brand_id=brand_id, status=ConversationStatus.CLOSED, closed_at__lt=before
        )


class OldFiles:
    """Files of messages; the message says that there was one."""

    label = _("Files of conversations")
    explanation = _("Pictures and documents that came or went with messages; the messages stay.")
    suggested_days = 365

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return self._old(brand_id, before).count()

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        return _in_steps(self._old(brand_id, before), _remove_files)

    def _old(self, brand_id: uuid.UUID, before: datetime) -> QuerySet[Attachment]:
        return Attachment.objects.filter(brand_id=brand_id, message__created_at__lt=before).exclude(digest="")


class OldArrivals:
    """What channels brought, raw. The messages made of it are not touched."""

    label = _("What channels brought, raw")
    explanation = _(
        "Payloads and mails as they came, with what became of them; the messages made of them stay."
    )
    suggested_days = 90

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return Arrival.objects.filter(brand_id=brand_id, received_at__lt=before).count()

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        return _in_steps(Arrival.objects.filter(brand_id=brand_id, received_at__lt=before), _remove_rows)


CONVERSATIONS, FILES, ARRIVALS = OldConversations(), OldFiles(), OldArrivals()


def _in_steps(rows: QuerySet[Any], remove: Callable[[QuerySet[Any]], None]) -> int:
    removed = 0
    while some := list(rows.values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            remove(rows.model.objects.filter(pk__in=some))
        removed += len(some)
    return removed


def _remove_rows(rows: QuerySet[Any]) -> None:
    rows.delete()


def _remove_conversations(rows: QuerySet[Any]) -> None:
    files = Attachment.objects.filter(message__conversation__in=rows).exclude(digest="")
    digests = set(files.values_list("digest", flat=True))
    rows.delete()
    transaction.on_commit(lambda: forget_unused(digests))


def _remove_files(rows: QuerySet[Any]) -> None:
    digests = set(rows.values_list("digest", flat=True))
    rows.update(digest="", remote={}, refused=str(_("It was kept for a time and is gone.")))
    transaction.on_commit(lambda: forget_unused(digests))
