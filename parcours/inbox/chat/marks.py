"""What happens around messages: they were read, somebody types, a visitor says how it was."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import storable
from parcours.inbox.chat.models import ChatSession
from parcours.inbox.chat.reads import first_name, newest_conversation
from parcours.inbox.enums import ORDER_OF_STEPS, ConversationStatus, Direction, Step
from parcours.inbox.models import Conversation, Message
from parcours.inbox.rights import REPLY
from parcours.inbox.writes.common import changed, note_steps
from parcours.inbox.writes.telling import tell
from parcours.live.passing import tell_passing

LONGEST_WORDS = 2_000


class Mark(NamedTuple):
    """Messages of the team up to this one have come to a visitor's page (`delivered`) or were looked at
    (`read`).
    """

    account_id: uuid.UUID
    visitor: str
    message_id: uuid.UUID
    step: str


_CONCERNED = """
SELECT asked.place, conversation.brand_id, conversation.id, last.at
FROM unnest(%s::int[], %s::uuid[], %s::text[], %s::uuid[]) AS asked (place, account_id, visitor, message_id)
JOIN inbox_message last ON last.id = asked.message_id
JOIN inbox_conversation conversation ON conversation.id = last.conversation_id
JOIN inbox_contact contact ON contact.id = conversation.contact_id
    AND contact.account_id = asked.account_id AND contact.external_id = asked.visitor
"""


def mark(session: ChatSession, message_id: uuid.UUID, step: str) -> None:
    """Raises BadInput, NotFound for a message that isn't the visitor's."""
    check_step(step)
    if not mark_together([Mark(session.account_id, session.visitor, message_id, step)])[0]:
        raise NotFound(_("There is no such message."))


def check_step(step: str) -> None:
    """Raises BadInput for what a page can't tell of a message."""
    if step not in {Step.DELIVERED, Step.READ}:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=step), where="step")


@transaction.atomic
def mark_together(asked: Sequence[Mark]) -> list[bool]:
    """For several visitors at once, in the order of their conversations, so that two who do it wait for each
    other at most once. False for a message that isn't the visitor's.
    """
    columns = [list(column) for column in zip(*[(each[0], each[1], each[2]) for each in asked], strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, [list(range(len(asked))), *columns])
        found = cursor.fetchall()
    until: dict[tuple[uuid.UUID, str, uuid.UUID], datetime] = {}
    for place, brand_id, conversation_id, at in found:
        key = (brand_id, asked[place].step, conversation_id)
        until[key] = max(at, until.get(key, at))
    for (brand_id, step), group in groupby(sorted(until), key=lambda key: key[:2]):
        _mark(brand_id, step, {key[2]: until[key] for key in group})
    known = {row[0] for row in found}
    return [place in known for place in range(len(asked))]


def _mark(brand_id: uuid.UUID, step: str, until: Mapping[uuid.UUID, datetime]) -> None:
    """In conversations of one brand, what the team wrote up to a moment of each."""
    before = [each for each in Step if ORDER_OF_STEPS[each] < ORDER_OF_STEPS[Step(step)]]
    concerned = Q()
    for conversation_id, at in until.items():
        concerned |= Q(conversation_id=conversation_id, at__lte=at)
    rows = Message.objects.select_related("conversation__account").select_for_update(
        no_key=True, of=("self",)
    )
    rows = rows.filter(concerned, brand_id=brand_id, direction=Direction.OUT, step__in=before)
    marked = list(rows.defer("search", "html").order_by("conversation_id", "at", "id"))
    note_steps(marked, step)
    newest = {message.conversation_id: message for message in marked}
    for message in newest.values():
        changed(message.conversation, "step", message=message)


@transaction.atomic
def rate(session: ChatSession, score: int, words: str) -> None:
    """How it was, 1 to 5; the last word counts. Raises BadInput, Conflict while it is open."""
    if not 1 <= score <= 5:
        raise BadInput(_("A rating is a number from 1 to 5."), where="score")
    newest = newest_conversation(session)
    if newest is None or newest.status != ConversationStatus.CLOSED:
        raise Conflict(_("The conversation isn't closed yet."))
    rows = Conversation.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("account__brand", "account__source", "contact__account").get(pk=newest.pk)
    row.rating, row.rating_words = score, storable(words).strip()[:LONGEST_WORDS]
    row.revision += 1
    row.save(update_fields=["rating", "rating_words", "revision"])
    answer = {"kind": "csat", "survey_id": "chat", "score": score, "comment": row.rating_words}
    tell(row, "Survey Answered", "rating", {key: value for key, value in answer.items() if value != ""})
    changed(row, "rated")


def visitor_types(session: ChatSession) -> None:
    """Whoever has the conversation open sees it for a few seconds."""
    newest = newest_conversation(session)
    if newest is not None:
        _types(newest, {"who": "visitor", "label": session.details.get("name", "")})


def colleague_types(conversation_id: uuid.UUID, *, acting_user: Actor) -> None:
    """The visitor sees that somebody writes. Raises Forbidden, NotFound."""
    acting_user.require(REPLY)
    row = Conversation.objects.filter(pk=conversation_id, brand_id=acting_user.brand_id).first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    _types(row, {"who": "agent", "label": first_name(acting_user.label), "person": str(acting_user.id)})


def _types(row: Conversation, data: dict[str, object]) -> None:
    tell_passing(row.brand_id, f"conversation:{row.pk}", "typing", data)
