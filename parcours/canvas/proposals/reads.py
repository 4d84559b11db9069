"""Reading proposals: a constant number of queries, however many there are."""

import uuid
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from parcours.canvas.proposals.enums import State
from parcours.canvas.proposals.models import Proposal
from parcours.canvas.proposals.shapes import ProposalView
from parcours.core.errors import NotFound

MOST_DECIDED = 200

_STANDING = (
    Q(stage=None) | Q(stage__deleted_at=None),
    Q(card=None) | Q(card__deleted_at=None),
    Q(touchpoint=None) | Q(touchpoint__deleted_at=None),
)


def open_proposals(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[ProposalView, ...]:
    """What waits for a decision: people's suggestions first, the newest before others; then the log's, in the
    order in which it said them. Not what is about something taken off the canvas.
    """
    rows = list(_rows(brand_id, journey_id).filter(*_STANDING, state=State.OPEN).order_by("created_at", "id"))
    people = [row for row in reversed(rows) if row.proposed_by_id is not None]
    log = [row for row in rows if row.proposed_by_id is None]
    return tuple(proposal_view(row) for row in (*people, *log))


def decided_proposals(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[ProposalView, ...]:
    """What was decided or lapsed, the last first."""
    rows = _rows(brand_id, journey_id).exclude(state=State.OPEN)
    return tuple(proposal_view(row) for row in rows.order_by("-decided_at", "-id")[:MOST_DECIDED])


def proposal(brand_id: uuid.UUID, journey_id: uuid.UUID, proposal_id: uuid.UUID) -> ProposalView:
    """Raises NotFound."""
    found = _rows(brand_id, journey_id).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound(_("There is no such proposal."), remedy=_("It may have been withdrawn."))
    return proposal_view(found)


def count_open(journey_id: uuid.UUID) -> int:
    return open_rows().filter(journey_id=journey_id).count()


def rows_by_card(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    """How many open proposals are about each card that has any: a row (card, n) each, not asked yet."""
    rows = Proposal.objects.filter(journey_id=journey_id, state=State.OPEN, card__isnull=False)
    return rows.order_by().values_list("card_id").annotate(n=Count("id"))


def open_rows() -> QuerySet[Proposal]:
    """What waits for a decision, in every journey; not what is about something taken off the canvas."""
    return Proposal.objects.filter(*_STANDING, state=State.OPEN)


def proposal_view(row: Proposal) -> ProposalView:
    return ProposalView(
        id=row.pk,
        journey_id=row.journey_id,
        kind=row.kind,
        key=row.key,
        state=row.state,
        proposed_by=row.proposed_by,
        created_at=row.created_at,
        facts=row.facts,
        change=row.change,
        stage_id=row.stage_id,
        lane_id=row.lane_id,
        card_id=row.card_id,
        touchpoint_id=row.touchpoint_id,
        picture_id=row.picture_id,
        proposed_by_id=row.proposed_by_id,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision=row.reason,
        outcome=row.outcome,
        place=_place(row),
        card_title=row.card.title if row.card else "",
        card_text=row.card.text if row.card else "",
        card_revision=row.card.revision if row.card else None,
    )


def _place(row: Proposal) -> str:
    if row.card is not None:
        return row.card.title
    if row.touchpoint is not None:
        return row.touchpoint.name
    return ", ".join(part.name for part in (row.stage, row.lane) if part is not None)


def _rows(brand_id: uuid.UUID, journey_id: uuid.UUID) -> QuerySet[Proposal]:
    return Proposal.objects.filter(
        journey_id=journey_id, journey__brand_id=brand_id, journey__deleted_at=None
    ).select_related("stage", "lane", "card", "touchpoint")
