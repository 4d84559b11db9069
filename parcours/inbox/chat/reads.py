import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from parcours.inbox.chat.models import ChatSession
from parcours.inbox.chat.sessions import contact_in
from parcours.inbox.chat.shapes import VisitorFile, VisitorMessage, VisitorPage, VisitorState
from parcours.inbox.enums import ORDER_OF_STEPS, AuthorKind, ConversationStatus, Direction, Step
from parcours.inbox.models import Attachment, ChannelAccount, Conversation, Message

AT_ONCE = 30
SHOWN_TO_VISITORS = (Direction.IN, Direction.OUT)
_SEEN = ORDER_OF_STEPS[Step.SHOWN]


def chats_of(brand_id: uuid.UUID) -> tuple[ChannelAccount, ...]:
    """The brand's chats that are switched on, the oldest first."""
    rows = ChannelAccount.objects.select_related("brand", "source").filter(
        brand_id=brand_id, kind="chat", enabled=True, removed_at=None
    )
    return tuple(rows.order_by("created_at"))


def chat(account_id: uuid.UUID) -> ChannelAccount | None:
    """The chat with that id, when it is switched on."""
    rows = ChannelAccount.objects.select_related("brand", "source")
    return rows.filter(pk=account_id, kind="chat", enabled=True, removed_at=None).first()


def origins_of(account: ChannelAccount) -> frozenset[str]:
    """Origins of the pages that may show the chat, as browsers name them."""
    return origins_in(str(account.settings.get("origins", "")))


def origins_in(lines: str) -> frozenset[str]:
    return frozenset(_origin(line) for line in lines.split())


def history(session: ChatSession, *, before: uuid.UUID | None = None, limit: int = AT_ONCE) -> VisitorPage:
    """The newest messages that the visitor and the team said, or those before one of them."""
    rows = _messages(session)
    if before is not None:
        mark = rows.filter(pk=before).values_list("at", "pk").first()
        if mark is None:
            return VisitorPage((), False)
        rows = rows.filter(Q(at__lt=mark[0]) | Q(at=mark[0], pk__lt=mark[1]))
    found = list(
        rows.select_related("author")
        .prefetch_related("attachments")
        .defer("search", "html")
        .order_by("-at", "-id")[: limit + 1]
    )
    shown = tuple(visitor_message(row, session.pk) for row in reversed(found[:limit]))
    return VisitorPage(shown, len(found) > limit)


def state(session: ChatSession) -> VisitorState:
    row = newest_conversation(session)
    if row is None:
        return VisitorState(None, "", "", None, 0, False)
    unread = row.messages.filter(
        direction=Direction.OUT, step__in=[Step.QUEUED, Step.SENT, Step.DELIVERED]
    ).count()
    is_closed = row.status == ConversationStatus.CLOSED
    asks = is_closed and row.rating is None and bool(session.account.settings.get("rating"))
    return VisitorState(
        conversation_id=row.pk,
        status="closed" if is_closed else "open",
        agent=first_name(row.assignee.label) if row.assignee else "",
        rating=row.rating,
        unread=unread,
        asks_rating=asks and row.first_reply_at is not None,
    )


def newest_conversation(session: ChatSession) -> Conversation | None:
    contact = contact_in(session)
    if contact is None:
        return None
    rows = contact.conversations.filter(merged_into=None).select_related("assignee")
    standing = rows.exclude(status=ConversationStatus.CLOSED).order_by("-last_message_at").first()
    return standing or rows.order_by("-last_message_at", "-id").first()


def file_at(account_id: uuid.UUID, file_id: uuid.UUID) -> Attachment | None:
    """A file of a message; whoever asks has shown that they may."""
    rows = Attachment.objects.filter(pk=file_id, message__account_id=account_id)
    return rows.exclude(digest="").first()


def visitor_message(
    row: Message, session_id: uuid.UUID, *, files: tuple[VisitorFile, ...] | None = None
) -> VisitorMessage:
    """With the `files` that it is known to have; else they are asked for."""
    if files is None:
        files = tuple(
            VisitorFile(each.pk, each.name, each.media_type, each.size, each.digest)
            for each in row.attachments.all()
        )
    return shown(
        session_id,
        pk=row.pk,
        direction=row.direction,
        external_id=row.external_id,
        author_kind=row.author_kind,
        label=row.author.label if row.author else row.author_label,
        text=row.text,
        at=row.at,
        step=row.step,
        is_deleted="deleted_at" in row.payload,
        files=files,
    )


def shown(
    session_id: uuid.UUID,
    *,
    pk: uuid.UUID,
    direction: str,
    external_id: str,
    author_kind: str,
    label: str,
    text: str,
    at: datetime,
    step: str,
    is_deleted: bool,
    files: tuple[VisitorFile, ...],
) -> VisitorMessage:
    """Of a message what that session's page may know."""
    mine = direction == Direction.IN
    prefix = f"{session_id}/"
    from_here = mine and external_id.startswith(prefix)
    machine = author_kind in {AuthorKind.BOT, AuthorKind.SYSTEM}
    return VisitorMessage(
        id=pk,
        client_id=external_id.removeprefix(prefix) if from_here else "",
        author="me" if mine else "bot" if machine else "agent",
        name="" if mine or machine else first_name(label),
        text=text,
        at=at,
        is_seen=mine and ORDER_OF_STEPS[Step(step)] >= _SEEN,
        is_deleted=is_deleted,
        files=files,
    )


def first_name(label: str) -> str:
    """As a colleague signs to strangers; an e-mail address is nobody's name."""
    return "" if "@" in label else label.partition(" ")[0]


def _messages(session: ChatSession) -> QuerySet[Message]:
    contact = contact_in(session)
    if contact is None:
        return Message.objects.none()
    own = list(contact.conversations.values_list("pk", flat=True))
    return Message.objects.filter(conversation_id__in=own, direction__in=SHOWN_TO_VISITORS)


def _origin(line: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(line if "://" in line else f"https://{line}")
    return f"{parts.scheme}://{parts.netloc}".lower()
