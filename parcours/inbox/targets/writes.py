"""The only writers of targets."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.nudging import ask_to_count_due
from parcours.inbox.rights import MANAGE
from parcours.inbox.targets.choosing import CONDITIONS
from parcours.inbox.targets.models import Target
from parcours.inbox.targets.reads import TargetView, target_view
from parcours.journal.writes import record

LONGEST_MINUTES = 365 * 24 * 60
MOST_TARGETS = 50
MOST_CHOICES = 50


@dataclass(frozen=True, slots=True)
class TargetForm:
    """What people say of a target; times in minutes, empty for none."""

    name: str
    first_reply: int | None = None
    next_reply: int | None = None
    resolution: int | None = None
    conditions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    in_business_time: bool = True
    pauses: bool = True
    warn_at: int = 75


@transaction.atomic
def save_target(
    brand: Brand,
    form: TargetForm,
    *,
    acting_user: Actor,
    target_id: uuid.UUID | None = None,
    revision: int | None = None,
) -> TargetView:
    """A new target, asked last, or a changed one. Raises BadInput, NotFound, Conflict."""
    acting_user.require(MANAGE)
    rows = Target.objects.select_for_update().filter(brand=brand, removed_at=None)
    row = rows.filter(pk=target_id).first() if target_id else _new(brand)
    if row is None:
        raise NotFound(_("There is no such target."))
    if revision is not None and revision != row.revision:
        raise Conflict(_("Somebody changed this target a moment ago."), remedy=_("Look at it, then save."))
    _fill(row, form)
    row.revision += 1
    row.save()
    record(acting_user, "target saved", "target", row.pk, {"name": row.name})
    transaction.on_commit(lambda: ask_to_count_due(brand.pk))
    return target_view(row)


@transaction.atomic
def remove_target(target_id: uuid.UUID, *, acting_user: Actor, back: bool = False) -> None:
    """Kept, so that it can come back (`back`). Raises NotFound."""
    acting_user.require(MANAGE)
    rows = Target.objects.select_for_update().filter(brand_id=acting_user.brand_id, pk=target_id)
    row = rows.filter(removed_at__isnull=not back).first()
    if row is None:
        raise NotFound(_("There is no such target."))
    row.removed_at = None if back else now()
    row.save(update_fields=["removed_at"])
    record(acting_user, "target restored" if back else "target removed", "target", row.pk, {"name": row.name})
    transaction.on_commit(lambda: ask_to_count_due(acting_user.brand_id))


@transaction.atomic
def move_target(target_id: uuid.UUID, *, up: bool, acting_user: Actor) -> None:
    """Asked one place earlier or later. Raises NotFound."""
    acting_user.require(MANAGE)
    rows = Target.objects.select_for_update().filter(brand_id=acting_user.brand_id, removed_at=None)
    ordered = list(rows.order_by("order", "created_at", "id"))
    place = next((place for place, row in enumerate(ordered) if row.pk == target_id), None)
    if place is None:
        raise NotFound(_("There is no such target."))
    ordered.insert(max(place - 1, 0) if up else place + 1, ordered.pop(place))
    for order, row in enumerate(ordered):
        row.order = order
    Target.objects.bulk_update(ordered, ["order"])
    record(acting_user, "targets ordered", "brand", acting_user.brand_id, {})
    transaction.on_commit(lambda: ask_to_count_due(acting_user.brand_id))


def _new(brand: Brand) -> Target:
    rows = Target.objects.filter(brand=brand, removed_at=None)
    if rows.count() >= MOST_TARGETS:
        raise BadInput(_("At most {n} targets fit here.").format(n=MOST_TARGETS))
    last = rows.aggregate(last=Max("order"))["last"]
    return Target(brand=brand, revision=0, order=0 if last is None else last + 1)


def _fill(row: Target, form: TargetForm) -> None:
    row.name = one_line(storable(form.name))[:80]
    if not row.name:
        raise BadInput(_("This can't be empty."), where="name")
    row.first_reply = _minutes(form.first_reply, "first_reply")
    row.next_reply = _minutes(form.next_reply, "next_reply")
    row.resolution = _minutes(form.resolution, "resolution")
    if not (row.first_reply or row.next_reply or row.resolution):
        raise BadInput(_("Say a time for at least one of the three."), where="first_reply")
    if not 10 <= form.warn_at <= 99:
        raise BadInput(_("A warning comes after 10 to 99 percent of the time."), where="warn_at")
    row.conditions = {
        name: [storable(str(each))[:64] for each in form.conditions[name]][:MOST_CHOICES]
        for name in CONDITIONS
        if form.conditions.get(name)
    }
    row.in_business_time, row.pauses, row.warn_at = form.in_business_time, form.pauses, form.warn_at


def _minutes(minutes: int | None, where: str) -> int | None:
    if minutes is None:
        return None
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise BadInput(_("A time is between a minute and a year."), where=where)
    return minutes
