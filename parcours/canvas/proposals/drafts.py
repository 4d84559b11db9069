"""Drafts of journeys that wait, are made, and can be left and come back to."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.proposals.enums import DraftState
from parcours.canvas.proposals.models import JourneyDraft
from parcours.canvas.rights import EDIT
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.journal.writes import record

MOST_LISTED = 20
_OPEN = (DraftState.WAITING, DraftState.WORKING)


@dataclass(frozen=True, slots=True)
class DraftView:
    """`plan` is the journey as JSON (see `canvas.exports.reading`), once it is ready."""

    id: uuid.UUID
    state: str
    step: int
    steps: int
    options: Mapping[str, Any]
    plan: Mapping[str, Any] | None
    problem: str
    journey_id: uuid.UUID | None
    made_by: str
    created_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    @property
    def is_ready(self) -> bool:
        return self.state == DraftState.READY

    @property
    def state_label(self) -> str:
        return str(DraftState(self.state).label)

    @property
    def percent(self) -> int:
        return round(100 * self.step / self.steps)

    @property
    def title(self) -> str:
        return str((self.plan or self.options).get("title", "")) or _("Draft from your events")


def drafts(brand_id: uuid.UUID) -> tuple[DraftView, ...]:
    """Those that are neither stored nor let go, the newest first."""
    rows = JourneyDraft.objects.filter(brand_id=brand_id).exclude(
        state__in=(DraftState.STORED, DraftState.DROPPED)
    )
    return tuple(_view(row) for row in rows.order_by("-created_at")[:MOST_LISTED])


def draft(brand_id: uuid.UUID, draft_id: uuid.UUID) -> DraftView:
    """Raises NotFound."""
    row = JourneyDraft.objects.filter(brand_id=brand_id, pk=draft_id).first()
    if row is None:
        raise NotFound(_("There is no such draft."), remedy=_("It may have been let go."))
    return _view(row)


def add_draft(brand: Brand, options: dict[str, Any], *, steps: int, acting_user: Actor) -> DraftView:
    acting_user.require(EDIT)
    row = JourneyDraft.objects.create(
        brand=brand,
        options=options,
        steps=steps,
        made_by=acting_user.label,
        made_by_id=acting_user.id,
    )
    record(acting_user, "draft asked for", "draft", row.pk, options)
    return _view(row)


def drop_draft(brand_id: uuid.UUID, draft_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Lets go of it; one that is being made is thrown away when it is done."""
    acting_user.require(EDIT)
    draft(brand_id, draft_id)
    JourneyDraft.objects.filter(pk=draft_id).update(state=DraftState.DROPPED, plan=None, updated_at=now())


def draft_step(draft_id: uuid.UUID, step: int) -> None:
    rows = JourneyDraft.objects.filter(pk=draft_id, state__in=_OPEN)
    rows.update(state=DraftState.WORKING, step=step, updated_at=now())


def draft_made(draft_id: uuid.UUID, plan: dict[str, Any]) -> None:
    rows = JourneyDraft.objects.filter(pk=draft_id, state__in=_OPEN)
    rows.update(state=DraftState.READY, plan=plan, updated_at=now())


def draft_failed(draft_id: uuid.UUID, problem: str) -> None:
    rows = JourneyDraft.objects.filter(pk=draft_id, state__in=_OPEN)
    rows.update(state=DraftState.FAILED, problem=problem, updated_at=now())


def draft_done(draft_id: uuid.UUID, journey_id: uuid.UUID) -> None:
    rows = JourneyDraft.objects.filter(pk=draft_id)
    rows.update(state=DraftState.STORED, journey=journey_id, plan=None, updated_at=now())


def _view(row: JourneyDraft) -> DraftView:
    return DraftView(
        id=row.pk,
        state=row.state,
        step=row.step,
        steps=row.steps,
        options=row.options,
        plan=row.plan,
        problem=row.problem,
        journey_id=row.journey_id,
        made_by=row.made_by,
        created_at=row.created_at,
    )
