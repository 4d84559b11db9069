import uuid
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.core.errors import NotFound
from parcours.inbox.enums import Step
from parcours.inbox.models import Attachment, Message
from parcours.inbox.shapes import FileView, MessageView

AT_ONCE = 100


def messages(
    brand_id: uuid.UUID,
    conversation_id: uuid.UUID,
    *,
    before: tuple[datetime, uuid.UUID] | None = None,
    limit: int = AT_ONCE,
) -> tuple[MessageView, ...]:
    """The newest ones (or those before one, by its time and id), in the order in which they are read."""
    rows = Message.objects.filter(brand_id=brand_id, conversation_id=conversation_id)
    if before is not None:
        moment, pk = before
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=pk), at__lte=moment)
    found = (
        rows.select_related("author")
        .prefetch_related("attachments")
        .defer("search")
        .order_by("-at", "-id")[:limit]
    )
    return tuple(message_view(row) for row in reversed(found))


def message(brand_id: uuid.UUID, message_id: uuid.UUID) -> MessageView:
    """Raises NotFound."""
    rows = Message.objects.filter(brand_id=brand_id, pk=message_id).defer("search")
    row = rows.select_related("author").prefetch_related("attachments").first()
    if row is None:
        raise NotFound(_("There is no such message."))
    return message_view(row)


def message_view(row: Message, *, is_new: bool = False) -> MessageView:
    """`is_new`: just written, and without files, so that nothing more need be asked."""
    return MessageView(
        id=row.pk,
        direction=row.direction,
        author_kind=row.author_kind,
        author_id=row.author_id,
        author=row.author_label if is_new or row.author is None else row.author.label,
        text=row.text,
        html=row.html,
        at=row.at,
        step=row.step,
        step_label=str(Step(row.step).label),
        fault=row.fault,
        payload=row.payload,
        files=() if is_new else tuple(_file_view(each) for each in row.attachments.all()),
    )


def _file_view(row: Attachment) -> FileView:
    return FileView(
        id=row.pk,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        url=f"/inbox/files/{row.pk}/" if row.digest else "",
        content_id=row.content_id,
        refused=row.refused,
    )
