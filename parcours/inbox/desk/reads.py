"""What the desk shows beside the list and the messages: its filters' counts, and files."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from parcours.core.errors import NotFound
from parcours.inbox.enums import ConversationStatus, Direction
from parcours.inbox.files import path_of
from parcours.inbox.models import Attachment, Conversation, Message
from parcours.inbox.reads.conversations import row_view
from parcours.inbox.shapes import ConversationRow

MOST_TAGS = 40

_TAGS = """
SELECT tag, count(*) FROM inbox_conversation, unnest(tags) AS tag
WHERE brand_id = %s AND status = 'open' AND merged_into_id IS NULL
GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a message, and where its content lies."""

    name: str
    media_type: str
    path: Path


def open_by_account(brand_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How many conversations are open on each account that has any."""
    rows = Conversation.objects.filter(
        brand_id=brand_id, status=ConversationStatus.OPEN, merged_into=None
    ).order_by()
    return dict(rows.values_list("account_id").annotate(Count("pk")))


def open_by_queue(brand_id: uuid.UUID) -> dict[uuid.UUID | None, int]:
    """How many conversations are open in each queue that has any; under None those without one."""
    rows = Conversation.objects.filter(
        brand_id=brand_id, status=ConversationStatus.OPEN, merged_into=None
    ).order_by()
    return dict(rows.values_list("queue_id").annotate(Count("pk")))


def open_by_tag(brand_id: uuid.UUID) -> tuple[tuple[str, int], ...]:
    """Tags of open conversations, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(_TAGS, [brand_id, MOST_TAGS])
        return tuple((str(tag), int(number)) for tag, number in cursor.fetchall())


def rows_of(brand_id: uuid.UUID, conversation_ids: Collection[uuid.UUID]) -> tuple[ConversationRow, ...]:
    """These conversations as rows of a list, the newest first."""
    rows = Conversation.objects.filter(brand_id=brand_id, pk__in=list(conversation_ids))
    found = rows.select_related("account", "contact", "assignee").order_by("-last_message_at", "-id")
    return tuple(row_view(row) for row in found)


def others_of_customer(
    brand_id: uuid.UUID, customer_id: int | None, but: uuid.UUID, most: int = 8
) -> tuple[ConversationRow, ...]:
    """Other conversations of the same customer, on every channel, the newest first."""
    if customer_id is None:
        return ()
    rows = Conversation.objects.filter(brand_id=brand_id, customer_id=customer_id, merged_into=None)
    found = rows.exclude(pk=but).select_related("account", "contact", "assignee")
    return tuple(row_view(row) for row in found.order_by("-last_message_at", "-id")[:most])


def stored_file(brand_id: uuid.UUID, file_id: uuid.UUID) -> StoredFile:
    """Raises NotFound, also for a file that isn't here any more."""
    row = Attachment.objects.filter(brand_id=brand_id, pk=file_id).exclude(digest="").first()
    path = path_of(row.digest) if row is not None else None
    if row is None or path is None or not path.is_file():
        raise NotFound(_("There is no such file."), remedy=_("It may have been deleted."))
    return StoredFile(row.name, row.media_type, path)


def file_names(message_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """The files that an HTML mail shows within its text, by the names it has for them."""
    rows = Attachment.objects.filter(message_id=message_id).exclude(content_id="").exclude(digest="")
    return {name.strip("<>"): pk for name, pk in rows.values_list("content_id", "pk")}


def conversation_of(brand_id: uuid.UUID, message_id: uuid.UUID) -> uuid.UUID:
    """Raises NotFound."""
    found = Message.objects.filter(brand_id=brand_id, pk=message_id).values_list("conversation_id", flat=True)
    conversation_id = found.first()
    if conversation_id is None:
        raise NotFound(_("There is no such message."))
    return conversation_id


def last_words_of_customer(brand_id: uuid.UUID, conversation_id: uuid.UUID) -> str:
    """What the customer wrote last."""
    rows = Message.objects.filter(
        brand_id=brand_id, conversation_id=conversation_id, direction=Direction.IN
    ).exclude(text="")
    return rows.order_by("-at", "-id").values_list("text", flat=True).first() or ""
