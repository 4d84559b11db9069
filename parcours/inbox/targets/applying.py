"""What is due of a conversation stands on it, and follows whatever happens to it."""

from datetime import datetime

from django.db import transaction

from parcours.core.clock import now
from parcours.inbox.hours.reads import hours_of
from parcours.inbox.models import Conversation
from parcours.inbox.routing.models import Queue
from parcours.inbox.targets.choosing import fitting, targets_of
from parcours.inbox.targets.enums import Mark, Metric
from parcours.inbox.targets.models import Target, TargetMark
from parcours.inbox.targets.needs import Need, needs_of
from parcours.inbox.targets.turns import runs_of

_CHANGE_NOTHING = {"step", "rated", "placed", "due"}
_COLUMNS = {
    Metric.FIRST_REPLY: "first_reply_due",
    Metric.NEXT_REPLY: "next_reply_due",
    Metric.RESOLUTION: "resolution_due",
}


def keep_due(conversation: Conversation, what: str) -> None:
    """Part of every write that changes a conversation; `what` is what happened."""
    if what not in _CHANGE_NOTHING:
        set_due(conversation)


@transaction.atomic(savepoint=False)
def set_due(conversation: Conversation, *, quietly: bool = False) -> None:
    """Counts anew what is due, by the target that fits now. `quietly`: what has passed by now was nobody's to
    keep (the target is younger), so it is noted and nobody is told.
    """
    target, needs = due_now(conversation)
    if target is None and conversation.target_id is None:
        return
    if quietly and target is not None:
        note_marks(conversation, target, passed(needs, now()))
    _store(conversation, target, needs)


def due_now(conversation: Conversation) -> tuple[Target | None, list[Need]]:
    """Which target counts, and what of it is due."""
    targets = targets_of(conversation.brand_id)
    target = fitting(conversation, targets) if targets else None
    if target is None:
        return None, []
    queue = Queue.objects.filter(pk=conversation.queue_id).first() if conversation.queue_id else None
    hours = hours_of(conversation.account, queue, brand_id=conversation.brand_id)
    runs = runs_of(conversation, pauses=target.pauses) if target.resolution else []
    return target, needs_of(conversation, target, hours, runs)


def passed(needs: list[Need], moment: datetime) -> list[tuple[Need, Mark]]:
    """The marks that are due at a moment: of what is late only that."""
    return [
        (need, Mark.MISSED if moment >= need.due_at else Mark.WARNED)
        for need in needs
        if moment >= need.warn_at
    ]


def note_marks(
    conversation: Conversation, target: Target, marks: list[tuple[Need, Mark]]
) -> list[tuple[Need, Mark]]:
    """Notes them once each, for ever; returns those that are new."""
    there = _noted(conversation) if marks else set()
    new = [(need, mark) for need, mark in marks if (need.metric, need.began_at, str(mark)) not in there]
    TargetMark.objects.bulk_create(
        TargetMark(
            brand_id=conversation.brand_id,
            conversation=conversation,
            target_id=target.pk,
            metric=need.metric,
            mark=mark,
            began_at=need.began_at,
            due_at=need.due_at,
            agent_id=conversation.assignee_id,
            at=now(),
        )
        for need, mark in new
    )
    return new


def _noted(conversation: Conversation) -> set[tuple[str, datetime, str]]:
    rows = TargetMark.objects.filter(conversation=conversation)
    return set(rows.values_list("metric", "began_at", "mark"))


def _store(conversation: Conversation, target: Target | None, needs: list[Need]) -> None:
    nearest = min(needs, key=lambda need: need.due_at, default=None)
    values = dict.fromkeys(_COLUMNS.values()) | {_COLUMNS[Metric(need.metric)]: need.due_at for need in needs}
    values |= {
        "due_at": nearest.due_at if nearest else None,
        "warned_from": nearest.warn_at if nearest else None,
        "target_id": target.pk if target else None,
        "remind_at": _next_reminder(conversation, needs),
    }
    changed = {name: value for name, value in values.items() if getattr(conversation, name) != value}
    for name, value in changed.items():
        setattr(conversation, name, value)
    if changed:
        Conversation.objects.filter(pk=conversation.pk).update(**changed)


def _next_reminder(conversation: Conversation, needs: list[Need]) -> datetime | None:
    """The first moment of which nobody was told yet."""
    if not needs:
        return None
    there = _noted(conversation)
    open_ones = []
    for need in needs:
        if (need.metric, need.began_at, Mark.MISSED) in there:
            continue
        warned = (need.metric, need.began_at, Mark.WARNED) in there
        open_ones.append(need.due_at if warned else need.warn_at)
    return min(open_ones, default=None)
