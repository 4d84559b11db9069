"""What happens around messages: they were read, somebody types, a visitor says how it was."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import storable
from parcours.inbox.chat.models import ChatSession
from parcours.inbox.chat.reads import first_name, newest_conversation
from parcours.inbox.enums import ORDER_OF_STEPS, ConversationStatus, Direction, Step
from parcours.inbox.models import Conversation, Message
from parcours.inbox.rights import REPLY
from parcours.inbox.writes.common import changed, note_step
from parcours.inbox.writes.telling import tell
from parcours.live.passing import tell_passing

LONGEST_WORDS = 2_000


@transaction.atomic
def mark(session: ChatSession, message_id: uuid.UUID, step: str) -> None:
    """Messages of the team up to this one have come to the page (`delivered`) or were looked at (`read`).

    Raises BadInput, NotFound for a message that isn't the visitor's.
    """
    if step not in {Step.DELIVERED, Step.READ}:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=step), where="step")
    last = (
        Message.objects.select_related("conversation")
        .filter(
            pk=message_id,
            conversation__contact__account_id=session.account_id,
            conversation__contact__external_id=session.visitor,
        )
        .first()
    )
    if last is None:
        raise NotFound(_("There is no such message."))
    before = [each for each in Step if ORDER_OF_STEPS[each] < ORDER_OF_STEPS[Step(step)]]
    rows = Message.objects.select_for_update(no_key=True, of=("self",)).filter(
        conversation_id=last.conversation_id, direction=Direction.OUT, at__lte=last.at, step__in=before
    )
    marked = list(rows.order_by("at", "id"))
    for message in marked:
        note_step(message, step)
    if marked:
        changed(last.conversation, "step", message=marked[-1])


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
