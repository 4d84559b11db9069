"""What people wrote and were answered: for export and erasure."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from parcours.core.clock import now
from parcours.customers.enums import IdentityKind
from parcours.customers.reads import identities_of
from parcours.inbox.chat.models import ChatSession, ChatUpload
from parcours.inbox.enums import Direction
from parcours.inbox.files import forget_unused
from parcours.inbox.models import Attachment, Contact, Conversation, Message
from parcours.inbox.short_names import naming
from parcours.inbox.webhooks.hearing import hear_erasure
from parcours.inbox.webhooks.records import forget_told, told_about
from parcours.inbox.writes.joining import recount
from parcours.inbox.writes.telling import channel_identity

SHORTEST_NAME = 5
"""Of a value by which raw arrivals are searched: shorter ones stand in much that isn't about them."""


class InboxRecords:
    """Contacts with their conversations, messages and files; raw arrivals that name them."""

    name = "conversations"

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        contacts = list(_contacts(brand_id, customer_ids).select_related("account"))
        if not contacts:
            return {}
        messages = (
            _messages(contacts)
            .filter(direction__in=[Direction.IN, Direction.OUT])
            .select_related("conversation", "account")
            .prefetch_related("attachments")
            .defer("search")
            .order_by("at", "id")
        )
        sessions = [
            {"since": session.created_at, "typed": session.details, "came from": session.context}
            for session in _sessions(contacts).order_by("created_at")
        ]
        return {
            "contacts": [
                {
                    "channel": contact.account.kind,
                    "account": contact.account.name,
                    "known as": contact.handle or contact.external_id,
                    "name": contact.name,
                    "since": contact.created_at,
                    **_blocked(contact),
                }
                for contact in contacts
            ],
            "messages": [
                {
                    "at": row.at,
                    "conversation": row.conversation.number,
                    "channel": row.account.kind,
                    "from you": row.direction == Direction.IN,
                    "text": row.text,
                    "files": [file.name for file in row.attachments.all()],
                }
                for row in messages.iterator(chunk_size=500)
            ],
            **({"chat sessions": sessions} if sessions else {}),
            **({"told to other programs": told} if (told := told_about(contacts)) else {}),
        }

    @transaction.atomic
    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        contacts = list(_contacts(brand_id, customer_ids).select_related("account"))
        # Their raw arrivals first: afterwards nobody knows by what they were known.
        names = _names(brand_id, customer_ids, contacts)
        short = [name for name in names if len(name) < SHORTEST_NAME]
        arrivals = _forget_arrivals(
            brand_id,
            [name for name in names if len(name) >= SHORTEST_NAME],
            naming(brand_id, {contact.account_id for contact in contacts}, short),
        )
        messages = _messages(contacts)
        digests = set(
            Attachment.objects.filter(message__in=messages)
            .exclude(digest="")
            .values_list("digest", flat=True)
        )
        counts = {
            "conversations": Conversation.objects.filter(contact__in=contacts).count(),
            "messages": messages.count(),
            "arrivals": arrivals,
        }
        into = Conversation.objects.filter(contact__in=contacts).exclude(merged_into=None)
        others = [pk for pk in into.values_list("merged_into", flat=True) if pk is not None]
        messages.delete()
        for other in Conversation.objects.select_for_update().filter(pk__in=others):
            recount(other)  # its last words may have been theirs
        digests |= _forget_sessions(contacts)
        forget_told(contacts)
        for contact in contacts:
            hear_erasure(contact)
        Contact.objects.filter(pk__in=[contact.pk for contact in contacts]).delete()
        transaction.on_commit(lambda: forget_unused(digests))
        return counts


def _blocked(contact: Contact) -> dict[str, Any]:
    if contact.blocked_at is None:
        return {}
    return {"blocked since": contact.blocked_at, "because": contact.blocked_because}


def _sessions(contacts: Iterable[Contact]) -> QuerySet[ChatSession]:
    """Browsers in which they talked to us: what they typed before the first message stands there."""
    theirs = Q(pk__in=[])
    for contact in contacts:
        theirs |= Q(account_id=contact.account_id, visitor=contact.external_id)
    return ChatSession.objects.filter(theirs)


def _forget_sessions(contacts: Iterable[Contact]) -> set[str]:
    """Returns the digests of files that were handed over and not sent yet."""
    sessions = _sessions(contacts)
    digests = set(ChatUpload.objects.filter(session__in=sessions).values_list("digest", flat=True))
    sessions.delete()
    return digests


def _contacts(brand_id: uuid.UUID, customer_ids: Collection[int]) -> QuerySet[Contact]:
    """Those that are the customers, also where nobody had noted it yet."""
    known = list(identities_of(brand_id, customer_ids))
    addresses = [value for kind, value in known if kind in {IdentityKind.EMAIL, IdentityKind.PHONE}]
    said = [
        value.partition(":")[2] for kind, value in known if kind == IdentityKind.ANONYMOUS_ID and ":" in value
    ]
    by_address = Q(customer_id=None) & (Q(handle__in=addresses) | Q(external_id__in=[*addresses, *said]))
    return Contact.objects.filter(brand_id=brand_id).filter(
        Q(customer_id__in=list(customer_ids)) | by_address
    )


def _messages(contacts: Iterable[Contact]) -> QuerySet[Message]:
    """All of their conversations, and what was moved out of them into others."""
    theirs = Conversation.objects.filter(contact__in=list(contacts))
    moved = [
        pk
        for row in theirs.exclude(merged_into=None)
        for line in Message.objects.filter(
            conversation=row.merged_into_id, payload__what="merged", payload__conversation=str(row.pk)
        )
        for pk in [*line.payload.get("moved", []), str(line.pk)]
    ]
    return Message.objects.filter(Q(conversation__in=theirs) | Q(pk__in=moved))


def _names(brand_id: uuid.UUID, customer_ids: Collection[int], contacts: Iterable[Contact]) -> list[str]:
    values = {value for _kind, value in identities_of(brand_id, customer_ids)}
    for contact in contacts:
        values |= {contact.external_id, contact.handle, channel_identity(contact).partition(":")[2]}
    # Some platforms send forms, in which “@” and “+” are written otherwise, or leave a number's “+” away.
    values |= {written for value in values for written in (quote(value, safe=""), value.removeprefix("+"))}
    return sorted(value for value in values if value)


def _forget_arrivals(brand_id: uuid.UUID, values: list[str], known: list[uuid.UUID]) -> int:
    """Empties the raw arrivals in which one of the values stands, and those that are `known`; the rows stay
    for the count, those of mails with the digest by which the same mail, which still lies in its mailbox, is
    not taken in a second time.
    """
    if not values and not known:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inbox_arrival SET body = '', headers = '{}', trouble = '', forgotten_at = %s,"
            " external_id = CASE WHEN external_id LIKE 'sha256:%%' THEN external_id"
            " ELSE 'forgotten ' || id END"
            " WHERE brand_id = %s AND forgotten_at IS NULL AND (id = ANY(%s)"
            " OR EXISTS (SELECT FROM unnest(%s::text[]) named"
            " WHERE position(lower(encode(convert_to(named, 'UTF8'), 'escape'))"
            " IN lower(encode(body, 'escape'))) > 0))",
            [now(), brand_id, known, values],
        )
        return int(cursor.rowcount)


RECORDS = InboxRecords()
