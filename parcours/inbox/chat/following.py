"""What the streams of visitors ask, for many at once (`live.questions`): who comes, what concerns them, and
a message as they may see it.
"""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from parcours.core.clock import now
from parcours.core.line import Line
from parcours.inbox.chat.reads import origins_in, shown
from parcours.inbox.chat.sessions import SEEN_EVERY, topic_of
from parcours.inbox.chat.shapes import VisitorFile, VisitorMessage


class Comer(NamedTuple):
    """A session that may follow, and what its account allows."""

    session_id: uuid.UUID
    account_id: uuid.UUID
    brand_id: uuid.UUID
    visitor: str
    language: str
    origins: frozenset[str]


BY_DIGEST = """
SELECT session.digest, session.id, session.account_id, account.brand_id, session.visitor,
    session.language, account.settings ->> 'origins', session.seen_at
FROM inbox_chatsession session
JOIN inbox_channelaccount account ON account.id = session.account_id
WHERE session.digest = ANY(%s) AND account.enabled AND account.removed_at IS NULL
"""
SEEN = "UPDATE inbox_chatsession SET seen_at = %s WHERE id = ANY(%s)"
TOPICS = """
SELECT session.id, session.account_id, session.visitor, newest.id
FROM inbox_chatsession session
LEFT JOIN inbox_contact contact
    ON contact.account_id = session.account_id AND contact.external_id = session.visitor
LEFT JOIN LATERAL (
    SELECT id FROM inbox_conversation
    WHERE contact_id = contact.id AND merged_into_id IS NULL
    ORDER BY status = 'closed', last_message_at DESC, id DESC LIMIT 1
) AS newest ON true
WHERE session.id = ANY(%s)
"""
MESSAGES = """
SELECT session.id, message.id, message.direction, message.external_id, message.author_kind,
    coalesce(nullif(author.name, ''), split_part(author.email, '@', 1), message.author_label),
    message.text, message.at, message.step, message.payload ? 'deleted_at',
    (
        SELECT jsonb_agg(jsonb_build_array(file.id, file.name, file.media_type, file.size, file.digest))
        FROM inbox_attachment file WHERE file.message_id = message.id
    )
FROM unnest(%s::uuid[], %s::uuid[]) AS asked (session_id, message_id)
JOIN inbox_chatsession session ON session.id = asked.session_id
JOIN inbox_message message ON message.id = asked.message_id AND message.direction IN ('in', 'out')
JOIN inbox_conversation conversation ON conversation.id = message.conversation_id
JOIN inbox_contact contact ON contact.id = conversation.contact_id
    AND contact.account_id = session.account_id AND contact.external_id = session.visitor
LEFT JOIN accounts_person author ON author.id = message.author_id
"""


async def comers(line: Line, digests: Sequence[str]) -> list[Comer | None]:
    """By the digests of their tokens; None where nothing that stands and is switched on is opened."""
    found: dict[str, Comer] = {}
    stale = []
    for digest, *session, origins, seen_at in await line.execute(BY_DIGEST, [list(digests)]):
        found[digest] = Comer._make([*session, origins_in(origins or "")])
        if seen_at < now() - SEEN_EVERY:
            stale.append(found[digest].session_id)
    if stale:
        await line.execute(SEEN, [now(), stale])
    return [found.get(digest) for digest in digests]


async def topics(line: Line, session_ids: Sequence[uuid.UUID]) -> list[frozenset[str]]:
    """The visitor's own, and that of their newest conversation; none for a session that is gone."""
    found: dict[uuid.UUID, frozenset[str]] = {}
    for pk, account_id, visitor, conversation_id in await line.execute(TOPICS, [list(session_ids)]):
        own = topic_of(account_id, visitor)
        found[pk] = frozenset({own, f"conversation:{conversation_id}"} if conversation_id else {own})
    return [found.get(pk, frozenset()) for pk in session_ids]


async def messages(line: Line, asked: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> list[VisitorMessage | None]:
    """By session and message; None for a message that isn't for that visitor."""
    sessions, wanted = (list(column) for column in zip(*asked, strict=True))
    rows = await line.execute(MESSAGES, [sessions, wanted])
    found = {(row[0], row[1]): _message(row) for row in rows}
    return [found.get(each) for each in asked]


def _message(row: tuple[Any, ...]) -> VisitorMessage:
    session_id, pk, direction, external_id, author_kind, label, text, at, step, is_deleted, files = row
    return shown(
        session_id,
        pk=pk,
        direction=direction,
        external_id=external_id,
        author_kind=author_kind,
        label=label,
        text=text,
        at=at,
        step=step,
        is_deleted=is_deleted,
        files=tuple(VisitorFile(uuid.UUID(file_id), *rest) for file_id, *rest in files or ()),
    )
