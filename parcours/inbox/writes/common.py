"""What every write of the inbox does: check the right, lock the conversation, then rows, journal, publish."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.inbox.enums import ORDER_OF_STEPS, AuthorKind, Direction, Step
from parcours.inbox.models import ChannelAccount, Conversation, LedgerEntry, Message
from parcours.inbox.targets.applying import keep_due
from parcours.inbox.webhooks.hearing import hear_change, hear_step
from parcours.inbox.webhooks.outbox import has_listeners
from parcours.journal.writes import record
from parcours.live.writes import publish_by_topic

A_MOMENT = timedelta(seconds=10)
MOST_TEXT = 200_000
PREVIEW = 200


def locked_conversation(
    conversation_id: uuid.UUID, acting_user: Actor, right: str, *, revision: int | None = None
) -> Conversation:
    """The conversation, kept for this transaction.

    Raises Forbidden, NotFound, Conflict when somebody changed it after `revision`.
    """
    acting_user.require(right)
    rows = Conversation.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "account__brand", "contact", "assignee"
    )
    found = rows.filter(pk=conversation_id, brand_id=acting_user.brand_id).first()
    if found is None:
        raise NotFound(_("There is no such conversation."))
    if found.contact.account_id == found.account_id:
        found.contact.account = found.account
    if revision is not None and revision != found.revision:
        raise Conflict(
            _("Somebody changed this conversation a moment ago."),
            where="If-Match",
            remedy=_("Look at it, then try again."),
        )
    return found


def clean_text(text: str, *, required: bool = True) -> str:
    """Text as it is stored. Raises BadInput when it is empty though `required`, or too long."""
    tidy = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if required and not tidy:
        raise BadInput(_("Write something first."), where="text")
    if len(tidy) > MOST_TEXT:
        raise BadInput(
            _("This text has {n} characters; at most {most} fit here.").format(n=len(tidy), most=MOST_TEXT),
            where="text",
        )
    return tidy


def add_line(
    conversation: Conversation, what: str, acting_user: Actor, facts: Mapping[str, object] | None = None
) -> Message:
    """A line in the conversation that says what happened to it; `what` is a key with `facts`, kept in
    `payload` and put into words when it is shown, in the reader's language.
    """
    moment = now()
    return Message.objects.create(
        brand_id=conversation.brand_id,
        conversation=conversation,
        account_id=conversation.account_id,
        direction=Direction.LINE,
        author_kind=AuthorKind.PERSON if acting_user.kind == "person" else AuthorKind.SYSTEM,
        author_id=acting_user.id if acting_user.kind == "person" else None,
        author_label=acting_user.label,
        payload={**(facts or {}), "what": what},
        at=moment,
        created_at=moment,
        step=Step.STORED,
    )


def step_after(before: str, told: str) -> Step:
    """What a message shows when this is told of it: it only goes forward, a failure until a later success."""
    was, is_now = Step(before), Step(told)
    forward = ORDER_OF_STEPS[is_now] > ORDER_OF_STEPS[was]
    recovered = was == Step.FAILED and is_now in {Step.QUEUED, Step.SENT, Step.DELIVERED, Step.READ}
    overtaken = is_now == Step.FAILED and was in {Step.DELIVERED, Step.READ}
    return is_now if (forward and not overtaken) or recovered else was


def note_step(message: Message, step: str, detail: str = "", *, save: bool = True) -> None:
    """Into the ledger, and on the message when it goes forward; a failure stays until a later success."""
    LedgerEntry.objects.create(message=message, step=step, at=now(), detail=detail[:300])
    after = step_after(message.step, step)
    if after != message.step:
        message.step = after
        message.fault = detail[:300] if after == Step.FAILED else ""
        if save:
            message.save(update_fields=["step", "fault"])
        hear_step(message)


def note_steps(messages: Sequence[Message], step: str) -> None:
    """As `note_step`, for several of one brand at once."""
    moment = now()
    LedgerEntry.objects.bulk_create(LedgerEntry(message=each, step=step, at=moment) for each in messages)
    forward = [each for each in messages if step_after(each.step, step) != each.step]
    for each in forward:
        each.step, each.fault = step_after(each.step, step), ""
    Message.objects.filter(pk__in=[each.pk for each in forward]).update(step=step, fault="")
    if forward and has_listeners(forward[0].brand_id):
        for each in forward:
            hear_step(each)


def changed(conversation: Conversation, what: str, *, message: Message | None = None) -> None:
    """Counts what is due, then tells programs that asked for it, and open pages; the last thing of a write.
    Clients fetch the row, or the message, anew.
    """
    keep_due(conversation, what)
    hear_change(conversation, what)
    payload: dict[str, Any] = {
        "conversation": str(conversation.pk),
        "what": what,
        "revision": conversation.revision,
        "status": conversation.status,
        "assignee": str(conversation.assignee_id or ""),
    }
    if message is not None:
        payload |= {"message": str(message.pk), "direction": message.direction, "step": message.step}
    brand_id = conversation.brand_id
    names = {f"conversation:{conversation.pk}": f"conversation.{what}", f"inbox:{brand_id}": "inbox.changed"}
    publish_by_topic(brand_id, names, payload)


def note_time(account: ChannelAccount, name: str, moment: datetime) -> bool:
    """Notes when the account last did something, unless that was a moment ago: everything that comes and
    goes on an account would wait for its one row. Whether it was noted.
    """
    known: datetime | None = getattr(account, name)
    if known is not None and known >= moment - A_MOMENT:
        return False
    long_ago = Q(**{name: None}) | Q(**{f"{name}__lt": moment - A_MOMENT})
    return ChannelAccount.objects.filter(long_ago, pk=account.pk).update(**{name: moment}) > 0


def note_deed(acting_user: Actor, conversation: Conversation, verb: str, data: dict[str, Any]) -> None:
    """Into the journal; never the words of a message."""
    record(acting_user, verb, "conversation", conversation.pk, {"number": conversation.number, **data})
