"""How a conversation stands to its target."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from django.utils.translation import gettext as _

from parcours.core.errors import NotFound
from parcours.inbox.hours.arithmetic import ALWAYS, Hours, add_business_time
from parcours.inbox.targets.choosing import targets_of
from parcours.inbox.targets.models import Target

State = Literal["", "due", "warned", "late"]


class HasDue(Protocol):
    """A conversation, or its row in a list."""

    @property
    def due_at(self) -> datetime | None: ...
    @property
    def warned_from(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target as people set it; times in minutes."""

    id: uuid.UUID
    name: str
    order: int
    conditions: Mapping[str, list[str]] = field(hash=False)
    first_reply: int | None
    next_reply: int | None
    resolution: int | None
    in_business_time: bool
    pauses: bool
    warn_at: int
    revision: int


def state_of(conversation: HasDue, moment: datetime) -> State:
    """Whether something is due, soon due, or late; nothing while it is the customer's turn."""
    if conversation.due_at is None:
        return ""
    if moment >= conversation.due_at:
        return "late"
    near = conversation.warned_from is not None and moment >= conversation.warned_from
    return "warned" if near else "due"


def targets(brand_id: uuid.UUID) -> tuple[TargetView, ...]:
    """In the order in which they are asked."""
    return tuple(target_view(row) for row in targets_of(brand_id))


def target(brand_id: uuid.UUID, target_id: uuid.UUID) -> TargetView:
    """Raises NotFound."""
    row = Target.objects.filter(brand_id=brand_id, pk=target_id, removed_at=None).first()
    if row is None:
        raise NotFound(_("There is no such target."))
    return target_view(row)


def due_of(minutes: int, began: datetime, hours: Hours, *, in_business_time: bool) -> datetime:
    """When something that begins to wait then is due: what a page shows as an example."""
    return add_business_time(hours if in_business_time else ALWAYS, began, timedelta(minutes=minutes))


def target_view(row: Target) -> TargetView:
    return TargetView(
        id=row.pk,
        name=row.name,
        order=row.order,
        conditions=row.conditions,
        first_reply=row.first_reply,
        next_reply=row.next_reply,
        resolution=row.resolution,
        in_business_time=row.in_business_time,
        pauses=row.pauses,
        warn_at=row.warn_at,
        revision=row.revision,
    )
