"""Proposing, accepting, dismissing: the only writers of proposals."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.models import Card, Journey, Lane, Picture, Stage, Touchpoint
from parcours.canvas.proposals.enums import State
from parcours.canvas.proposals.models import Proposal
from parcours.canvas.proposals.reads import count_open, proposal_view
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.undoing import take_back
from parcours.canvas.rights import EDIT, SUGGEST
from parcours.canvas.writes.common import actor_payload, clean
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.registry import proposal_kinds
from parcours.journal.writes import record
from parcours.live.writes import publish

MOST_OPEN = 300
RESTS = timedelta(days=90)
"""For how long the same is not proposed again after it was accepted, even if the log still says it."""

_PLACES: dict[str, Any] = {"stage": Stage, "lane": Lane, "card": Card, "touchpoint": Touchpoint}


@transaction.atomic
def propose(
    journey_id: uuid.UUID,
    *,
    kind: str,
    key: str,
    facts: dict[str, Any],
    change: dict[str, Any] | None,
    acting_user: Actor,
    stage_id: uuid.UUID | None = None,
    lane_id: uuid.UUID | None = None,
    card_id: uuid.UUID | None = None,
    touchpoint_id: uuid.UUID | None = None,
    picture_id: uuid.UUID | None = None,
) -> ProposalView | None:
    """A new proposal, or the open one of this kind and key with its facts and change brought up to date.

    None when somebody dismissed the same, or accepted it less than 90 days ago. Raises Forbidden without the
    right to suggest, NotFound for a place that isn't on this canvas, BadInput for a kind nobody registered.
    """
    journey = _locked(journey_id, acting_user, SUGGEST)
    if proposal_kinds.get(kind) is None:
        raise BadInput(_("There is no kind of proposal “{kind}”.").format(kind=kind), where="kind")
    same = Proposal.objects.filter(journey=journey, kind=kind, key=key)
    places = {"stage": stage_id, "lane": lane_id, "card": card_id, "touchpoint": touchpoint_id}
    there = same.filter(state=State.OPEN).first()
    if there is not None:
        return _renewed(there, facts, change, places)
    decided = Q(state=State.DISMISSED) | Q(state=State.ACCEPTED, decided_at__gt=now() - RESTS)
    if same.filter(decided).exists():
        return None
    if count_open(journey.pk) >= MOST_OPEN:
        raise BadInput(
            _("{n} proposals wait on this canvas already.").format(n=MOST_OPEN),
            remedy=_("Decide about some of them first."),
        )
    row = Proposal.objects.create(
        journey=journey,
        kind=kind,
        key=key,
        facts=facts,
        change=change,
        picture=_picture(journey, picture_id),
        proposed_by=acting_user.label,
        proposed_by_id=acting_user.id,
        **{name: _place(journey, name, pk) for name, pk in places.items()},
    )
    _tell(acting_user, journey, "proposal made", row)
    return proposal_view(row)


@transaction.atomic
def accept_proposal(
    journey_id: uuid.UUID, proposal_id: uuid.UUID, *, edits: dict[str, Any] | None = None, acting_user: Actor
) -> ProposalView:
    """Does what is proposed, with `edits` in place of what it would write.

    Raises Conflict when it is decided already. Whatever the kind's `apply` raises leaves the proposal open
    and the canvas as it was.
    """
    journey, row = _open_row(journey_id, proposal_id, acting_user)
    handler = proposal_kinds.get(row.kind)
    if handler is None:
        raise BadInput(_("Nobody knows any more what this proposal would change."), where="kind")
    outcome = handler.apply(journey_id, proposal_view(row), edits, acting_user)
    row.outcome = outcome if isinstance(outcome, dict) else None
    return _decided(row, journey, State.ACCEPTED, acting_user)


@transaction.atomic
def dismiss_proposal(
    journey_id: uuid.UUID, proposal_id: uuid.UUID, *, reason: str = "", acting_user: Actor
) -> ProposalView:
    """Not wanted: the same is not proposed again. Raises Conflict when decided already."""
    journey, row = _open_row(journey_id, proposal_id, acting_user)
    row.reason = clean(reason, where="reason", most=500, line=True)
    return _decided(row, journey, State.DISMISSED, acting_user)


@transaction.atomic
def withdraw_suggestion(journey_id: uuid.UUID, proposal_id: uuid.UUID, *, acting_user: Actor) -> ProposalView:
    """Whoever suggested something takes it back themselves, without the right to edit. Raises NotFound."""
    journey = _locked(journey_id, acting_user, SUGGEST)
    own = Proposal.objects.filter(journey=journey, pk=proposal_id, state=State.OPEN)
    row = own.filter(proposed_by_id=acting_user.id).exclude(proposed_by_id=None).first()
    if row is None:
        raise NotFound(_("There is no such proposal of yours."), remedy=_("It may have been decided."))
    return _decided(row, journey, State.LAPSED, acting_user)


@transaction.atomic
def bring_back_proposal(journey_id: uuid.UUID, proposal_id: uuid.UUID, *, acting_user: Actor) -> ProposalView:
    """Opens a decided proposal again; what accepting it changed is undone where that can still be done.

    Raises Conflict when the same was proposed anew meanwhile, or what it changed can't be undone any more.
    """
    journey = _locked(journey_id, acting_user, EDIT)
    row = _row(journey, proposal_id)
    if row.state == State.OPEN:
        return proposal_view(row)
    if Proposal.objects.filter(journey=journey, kind=row.kind, key=row.key, state=State.OPEN).exists():
        raise Conflict(_("The same was proposed anew in the meantime."), remedy=_("Decide about that one."))
    if row.state == State.ACCEPTED and row.outcome:
        undo = getattr(proposal_kinds.get(row.kind), "undo", take_back)
        undo(journey_id, row.outcome, acting_user)
    row.state, row.decided_by, row.decided_at, row.reason, row.outcome = State.OPEN, "", None, "", None
    row.save(update_fields=["state", "decided_by", "decided_at", "reason", "outcome"])
    _tell(acting_user, journey, "proposal brought back", row)
    return proposal_view(row)


@transaction.atomic
def let_lapse(
    journey_id: uuid.UUID, *, kinds: Collection[str], still_true: Collection[str], acting_user: Actor
) -> int:
    """Open proposals of these kinds that the log made and that it says no more; returns how many lapsed.

    `still_true` are the keys that stay. What a person proposed stays until a person decides.
    """
    journey = _locked(journey_id, acting_user, EDIT)
    rows = Proposal.objects.filter(
        journey=journey, kind__in=kinds, state=State.OPEN, proposed_by_id=None
    ).exclude(key__in=still_true)
    for row in (found := list(rows)):
        _decided(row, journey, State.LAPSED, acting_user)
    return len(found)


def _renewed(
    row: Proposal,
    facts: dict[str, Any],
    change: dict[str, Any] | None,
    places: dict[str, uuid.UUID | None],
) -> ProposalView:
    """What it says today. That is no news: nobody is told."""
    row.facts, row.change = facts, change
    for name, pk in places.items():
        setattr(row, name, _place(row.journey, name, pk))
    row.save(update_fields=["facts", "change", *places])
    return proposal_view(row)


def _decided(row: Proposal, journey: Journey, state: State, acting_user: Actor) -> ProposalView:
    row.state, row.decided_by, row.decided_at = state, acting_user.label, now()
    row.save(update_fields=["state", "decided_by", "decided_at", "reason", "outcome"])
    _tell(acting_user, journey, f"proposal {state}", row)
    return proposal_view(row)


def _locked(journey_id: uuid.UUID, acting_user: Actor, right: str) -> Journey:
    acting_user.require(right)
    rows = Journey.objects.select_for_update(no_key=True).filter(
        pk=journey_id, brand_id=acting_user.brand_id, deleted_at=None
    )
    journey = rows.first()
    if journey is None:
        raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted."))
    return journey


def _row(journey: Journey, proposal_id: uuid.UUID) -> Proposal:
    rows = Proposal.objects.select_related("stage", "lane", "card", "touchpoint", "journey")
    row = rows.filter(journey=journey, pk=proposal_id).first()
    if row is None:
        raise NotFound(_("There is no such proposal."), remedy=_("It may have been withdrawn."))
    return row


def _open_row(journey_id: uuid.UUID, proposal_id: uuid.UUID, acting_user: Actor) -> tuple[Journey, Proposal]:
    journey = _locked(journey_id, acting_user, EDIT)
    row = _row(journey, proposal_id)
    if row.state != State.OPEN:
        raise Conflict(
            _("{label} decided about this proposal already: {state}.").format(
                label=row.decided_by or "–", state=State(row.state).label
            ),
            remedy=_("It can be brought back from the list of proposals."),
        )
    return journey, row


def _place(journey: Journey, name: str, pk: uuid.UUID | None) -> Any:
    if pk is None:
        return None
    row = _PLACES[name].objects.filter(journey=journey, pk=pk, deleted_at=None).first()
    if row is None:
        raise NotFound(_("This place is not on the canvas any more."), where=name)
    return row


def _picture(journey: Journey, pk: uuid.UUID | None) -> Picture | None:
    return None if pk is None else Picture.objects.filter(brand_id=journey.brand_id, pk=pk).first()


def _tell(acting_user: Actor, journey: Journey, verb: str, row: Proposal) -> None:
    data = {"journey": str(journey.pk), "kind": row.kind, "key": row.key, "change": row.change}
    if row.reason:
        data["reason"] = row.reason
    record(acting_user, verb, "proposal", row.pk, data)
    payload = {
        "proposal": str(row.pk),
        "state": row.state,
        "open": count_open(journey.pk),
        "actor": actor_payload(acting_user),
    }
    if row.card_id is not None:
        payload["card"] = str(row.card_id)
    topic = f"journey:{journey.pk}"
    publish(journey.brand_id, topic, "proposals.changed", payload)
    if row.card is not None:
        marked = {"card": str(row.card_id), "revision": row.card.revision}
        publish(journey.brand_id, topic, "card.marked", marked)
