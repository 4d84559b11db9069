"""Tells people what is soon due, and what is late: once each, however many workers look."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parcours.accounts.reads import people_of
from parcours.accounts.rights import RIGHTS, system_actor
from parcours.core.clock import now
from parcours.core.formats import span
from parcours.inbox.models import Conversation
from parcours.inbox.rights import MANAGE
from parcours.inbox.routing.models import QueueMember
from parcours.inbox.targets.applying import due_now, note_marks, passed, set_due
from parcours.inbox.targets.bundling import MISSED, note_late, tell_of_late
from parcours.inbox.targets.enums import Mark, Metric
from parcours.inbox.targets.models import Target
from parcours.inbox.targets.needs import Need
from parcours.inbox.webhooks.hearing import announce_conversation
from parcours.inbox.writes.common import changed
from parcours.inbox.writes.telling import tell
from parcours.notices.enums import MailWhen
from parcours.notices.kinds import NoticeKind
from parcours.notices.writes import notify

WARNED = "target-warned"
AT_ONCE = 500


def _warned(facts: Mapping[str, Any]) -> str:
    return _("#{number} is due in {time}: {what}").format(**_words(facts))


def _missed(facts: Mapping[str, Any]) -> str:
    """Of one by its number, of several how many there are in their queue."""
    number = int(facts.get("n", 1))
    if number != 1:
        words = ngettext(
            "{n} conversation waits longer than promised in “{queue}”",
            "{n} conversations wait longer than promised in “{queue}”",
            number,
        )
        return words.format(n=number, queue=str(facts.get("queue", "")))
    return _("#{number} is late: {what}, target “{target}”").format(**_words(facts))


def _words(facts: Mapping[str, Any]) -> dict[str, str]:
    metric = str(facts.get("metric", ""))
    return {
        "number": str(facts.get("number", "")),
        "time": span(float(facts.get("seconds", 0))),
        "what": str(Metric(metric).label) if metric in Metric.values else "",
        "target": str(facts.get("target", "")),
    }


KINDS = {
    WARNED: NoticeKind(
        gettext_lazy("Conversations of yours that are soon due"), _warned, mail=MailWhen.NEVER, icon="clock"
    ),
    MISSED: NoticeKind(gettext_lazy("Conversations that are late"), _missed, icon="warning"),
}


def remind() -> int:
    """Looks at every conversation of which there is something to tell by now; returns how many."""
    due = Conversation.objects.filter(remind_at__lte=now()).order_by("remind_at")
    told = sum(_remind_of(pk) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))
    tell_of_late()
    return told


@transaction.atomic
def _remind_of(conversation_id: uuid.UUID) -> bool:
    """False where another worker is at it, or was."""
    rows = Conversation.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    row = (
        rows.select_related("account__brand", "account__source", "contact__account")
        .filter(pk=conversation_id, remind_at__lte=now())
        .first()
    )
    if row is None:
        return False
    target, needs = due_now(row)
    new = note_marks(row, target, passed(needs, now())) if target is not None else []
    set_due(row)
    if target is None or not new:
        return False
    for need, mark in new:
        _tell(row, target, need, mark)
    changed(row, "due")
    return True


def _tell(row: Conversation, target: Target, need: Need, mark: Mark) -> None:
    left = need.due_at - now()
    facts = {
        "number": row.number,
        "metric": str(need.metric),
        "target": target.name,
        "seconds": max(left, timedelta()).total_seconds(),
    }
    people = _concerned(row)
    told = {"target": target.name, "metric": str(need.metric), "due_at": need.due_at.isoformat()}
    missed = mark == Mark.MISSED
    announce_conversation(
        row, "conversation.target_missed" if missed else "conversation.target_warned", target=told
    )
    if missed:
        note_late(row, (people | _managers(row)) - {row.assignee_id})
        people &= {row.assignee_id}
        tell(row, "Target Missed", f"{need.metric} {need.began_at.isoformat()}", told)
    notify(
        row.brand_id,
        people,
        kind=MISSED if missed else WARNED,
        facts=facts,
        url=f"/inbox/{row.pk}/",
        acting_user=system_actor(row.brand_id),
    )


def _concerned(row: Conversation) -> set[uuid.UUID]:
    """Whose it is; of nobody's those who serve its queue."""
    if row.assignee_id is not None:
        return {row.assignee_id}
    if row.queue_id is None:
        return set()
    return set(QueueMember.objects.filter(queue_id=row.queue_id).values_list("person_id", flat=True))


def _managers(row: Conversation) -> set[uuid.UUID]:
    return {each.person_id for each in people_of(row.account.brand) if MANAGE in RIGHTS[each.role]}
