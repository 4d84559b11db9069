"""The queues of a brand: the default one, and changing them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand, Membership
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.hours.models import BusinessHours
from parcours.inbox.rights import MANAGE
from parcours.inbox.routing.circles import leads_to
from parcours.inbox.routing.deserting import look_for_deserted
from parcours.inbox.routing.emptying import empty_into, fill_again
from parcours.inbox.routing.enums import AnsweredBy, Strategy
from parcours.inbox.routing.models import Queue, QueueMember
from parcours.inbox.routing.telling import routing_changed
from parcours.inbox.routing.turns import turn_of

LONGEST_SECONDS = 24 * 60 * 60
LONGEST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class QueueForm:
    """What a queue is to be. `answered_by` is everybody, its members, or (said so) nobody for now; without a
    word it is its `members`, and everybody where it never had any.
    """

    name: str
    members: Collection[uuid.UUID] = ()
    strategy: str = Strategy.LEAST_BUSY
    hours_id: uuid.UUID | None = None
    answer_within: int | None = None
    overflow_id: uuid.UUID | None = None
    after_minutes: int | None = None
    answered_by: str = ""


def default_queue(brand: Brand) -> Queue:
    """Where everything lands of which no rule says otherwise; made when it is first needed."""
    found = Queue.objects.filter(brand=brand, is_default=True).first()
    if found is not None:
        return found
    with translation.override(brand.languages[0] if brand.languages else "en"):
        name = _("Everything")
    made, _new = Queue.objects.get_or_create(brand=brand, is_default=True, defaults={"name": name})
    return made


@transaction.atomic
def save_queue(
    brand: Brand,
    form: QueueForm,
    *,
    queue_id: uuid.UUID | None = None,
    revision: int | None = None,
    acting_user: Actor,
) -> Queue:
    """Raises BadInput, NotFound, and Conflict when somebody changed it after `revision`."""
    acting_user.require(MANAGE)
    turn_of(brand.pk)  # of two who save at once, the second sees where the first one's queue flows over to
    default_queue(brand)
    queue = _locked(brand, queue_id, revision) if queue_id else Queue(brand=brand, order=_last(brand))
    queue.name = _name(brand, form.name, queue)
    queue.strategy = _choice(form.strategy)
    queue.hours_id = _hours(brand, form.hours_id)
    queue.answer_within = _within(form.answer_within, 10, LONGEST_SECONDS, "answer_within")
    queue.after_minutes = _within(form.after_minutes, 1, LONGEST_MINUTES, "after_minutes")
    queue.overflow_queue = _overflow(brand, form.overflow_id, queue)
    if (queue.overflow_queue is None) != (queue.after_minutes is None):
        raise BadInput(
            _("Say both where conversations go and after how many minutes, or neither."),
            where="after_minutes",
        )
    by = _answered_by(form, queue, is_new=queue_id is None)
    queue.for_everybody = by == AnsweredBy.EVERYBODY
    queue.revision += 1 if queue_id else 0
    queue.save()
    _set_members(brand, queue, form.members if by == AnsweredBy.MEMBERS else ())
    look_for_deserted(acting_user)
    routing_changed(acting_user, "queue saved", "queue", queue.pk, {"name": queue.name})
    return queue


@transaction.atomic
def archive_queue(queue_id: uuid.UUID, *, acting_user: Actor, back: bool = False) -> Queue:
    """Nothing comes into it any more; what stands in it goes to the default queue. `back` undoes it, also for
    those of these conversations that are there still. Raises BadInput for the default queue, and for a name
    that another one has by now.
    """
    acting_user.require(MANAGE)
    turn_of(acting_user.brand_id)
    queue = _found(acting_user.brand_id, queue_id)
    default = default_queue(queue.brand)
    if queue.is_default:
        raise BadInput(_("Whatever no rule speaks of lands here: this queue stays."))
    if queue.archived is not back:
        return queue
    put_away, queue.archived_at = queue.archived_at, None if back else now()
    queue.name = _name(queue.brand, queue.name, queue) if back else queue.name
    queue.revision += 1
    queue.save(update_fields=["archived_at", "revision"])
    if put_away is not None:
        fill_again(queue, default, put_away, acting_user)
    else:
        Queue.objects.filter(overflow_queue=queue).update(overflow_queue=None, after_minutes=None)
        empty_into(queue, default, acting_user)
    verb = "queue restored" if back else "queue archived"
    routing_changed(acting_user, verb, "queue", queue.pk, {"name": queue.name})
    return queue


@transaction.atomic
def order_queues(queue_ids: Collection[uuid.UUID], *, acting_user: Actor) -> None:
    """As they are listed; those that aren't named keep their places behind."""
    acting_user.require(MANAGE)
    rows = {row.pk: row for row in Queue.objects.select_for_update().filter(brand_id=acting_user.brand_id)}
    for place, queue_id in enumerate(each for each in queue_ids if each in rows):
        rows[queue_id].order = place
    Queue.objects.bulk_update(rows.values(), ["order"])
    routing_changed(acting_user, "queues ordered", "brand", acting_user.brand_id, {})


def _found(brand_id: uuid.UUID, queue_id: uuid.UUID) -> Queue:
    row = Queue.objects.select_for_update().filter(brand_id=brand_id, pk=queue_id).first()
    if row is None:
        raise NotFound(_("There is no such queue."))
    return row


def _locked(brand: Brand, queue_id: uuid.UUID, revision: int | None) -> Queue:
    row = _found(brand.pk, queue_id)
    if revision is not None and revision != row.revision:
        raise Conflict(
            _("Somebody changed this queue a moment ago."), remedy=_("Look at it, then try again.")
        )
    return row


def _last(brand: Brand) -> int:
    return int(Queue.objects.filter(brand=brand).aggregate(last=Max("order"))["last"] or 0) + 1


def _name(brand: Brand, name: str, queue: Queue) -> str:
    tidy = one_line(storable(name))[:80]
    if not tidy:
        raise BadInput(_("This can't be empty."), where="name")
    others = Queue.objects.filter(brand=brand, archived_at=None, name__iexact=tidy).exclude(pk=queue.pk)
    if others.exists():
        raise BadInput(_("There is a queue called “{name}” already.").format(name=tidy), where="name")
    return tidy


def _choice(strategy: str) -> str:
    if strategy not in Strategy.values:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=strategy), where="strategy")
    return strategy


def _within(number: int | None, least: int, most: int, where: str) -> int | None:
    if number is not None and not least <= number <= most:
        raise BadInput(
            _("This is a number from {least} to {most}.").format(least=least, most=most), where=where
        )
    return number


def _hours(brand: Brand, hours_id: uuid.UUID | None) -> uuid.UUID | None:
    if hours_id is not None and not BusinessHours.objects.filter(brand=brand, pk=hours_id).exists():
        raise NotFound(_("There are no such hours."), where="hours")
    return hours_id


def _overflow(brand: Brand, overflow_id: uuid.UUID | None, queue: Queue) -> Queue | None:
    """The queue into which another one flows over; never round in a circle."""
    if overflow_id is None:
        return None
    every = {row.pk: row for row in Queue.objects.filter(brand=brand, archived_at=None)}
    wanted = every.get(overflow_id)
    if wanted is None:
        raise NotFound(_("There is no such queue."), where="overflow")
    following = {pk: row.overflow_queue_id for pk, row in every.items()}
    if wanted.pk == queue.pk or leads_to(wanted.pk, queue.pk, following):
        raise BadInput(_("Conversations would go round in a circle."), where="overflow")
    return wanted


def _answered_by(form: QueueForm, queue: Queue, *, is_new: bool) -> str:
    """Nobody takes the last one out of a queue without saying whose it is then."""
    if form.answered_by not in {"", *AnsweredBy.values}:
        raise BadInput(
            _("“{text}” is not one of the choices.").format(text=form.answered_by), where="answered_by"
        )
    if form.answered_by in {AnsweredBy.EVERYBODY, AnsweredBy.NOBODY}:
        return form.answered_by
    if form.members:
        return AnsweredBy.MEMBERS
    if not form.answered_by and (is_new or queue.for_everybody):
        return AnsweredBy.EVERYBODY
    raise BadInput(
        _("Nobody would answer “{name}” any more.").format(name=queue.name),
        where="answered_by",
        remedy=_("Choose members, or say that it is everybody’s, or nobody’s for now."),
    )


@transaction.atomic
def give_to_everybody(queue_id: uuid.UUID, *, acting_user: Actor) -> Queue:
    """Whoever answers customers answers it from now on. Raises NotFound."""
    acting_user.require(MANAGE)
    turn_of(acting_user.brand_id)
    queue = _found(acting_user.brand_id, queue_id)
    queue.for_everybody = True
    queue.revision += 1
    queue.save(update_fields=["for_everybody", "revision"])
    queue.members.all().delete()
    look_for_deserted(acting_user)
    routing_changed(acting_user, "queue given to everybody", "queue", queue.pk, {"name": queue.name})
    return queue


def _set_members(brand: Brand, queue: Queue, members: Collection[uuid.UUID]) -> None:
    wanted = set(members)
    known = set(
        Membership.objects.filter(brand=brand, person__in=list(wanted)).values_list("person_id", flat=True)
    )
    if wanted - known:
        raise NotFound(_("There is no such colleague."), where="members")
    queue.members.exclude(person__in=wanted).delete()
    QueueMember.objects.bulk_create(
        [QueueMember(queue=queue, person_id=person) for person in sorted(wanted)], ignore_conflicts=True
    )
