"""Accepting many proposals at once, and taking that back. What stood before is kept as a version."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.writes import accept_proposal, bring_back_proposal
from parcours.canvas.versions.enums import Cause
from parcours.canvas.versions.shapes import VersionView
from parcours.canvas.versions.writes import keep_version
from parcours.canvas.writes.common import locked_journey
from parcours.core.errors import ParcoursError


@dataclass(frozen=True, slots=True)
class Left:
    """A proposal that still waits, and why."""

    proposal: ProposalView
    problem: ParcoursError


@dataclass(frozen=True, slots=True)
class ManyAccepted:
    """`before` is the version that holds what stood on the canvas; None when nothing waited."""

    done: tuple[ProposalView, ...] = ()
    left: tuple[Left, ...] = ()
    before: VersionView | None = None


@transaction.atomic
def accept_proposals(
    journey_id: uuid.UUID, proposal_ids: Collection[uuid.UUID] | None = None, *, acting_user: Actor
) -> ManyAccepted:
    """Does what these propose, the oldest first, or all that wait without ids.

    What was decided meanwhile is passed over; what can't be done waits on, and the others are done all the
    same. Raises Forbidden without the right to edit, NotFound for a journey that isn't there.
    """
    journey = locked_journey(journey_id, acting_user)
    wanted = None if proposal_ids is None else set(proposal_ids)
    waiting = [
        each for each in open_proposals(journey.brand_id, journey_id) if wanted is None or each.id in wanted
    ]
    if not waiting:
        return ManyAccepted()
    before = keep_version(
        journey_id,
        reason=_("Before {n} proposals were accepted").format(n=len(waiting)),
        cause=Cause.BEFORE_PROPOSALS,
        acting_user=acting_user,
    )
    done, left = [], []
    for each in sorted(waiting, key=lambda one: one.id):
        try:
            with transaction.atomic():
                done.append(accept_proposal(journey_id, each.id, acting_user=acting_user))
        except ParcoursError as problem:
            left.append(Left(each, problem))
    return ManyAccepted(tuple(done), tuple(left), before)


@transaction.atomic
def bring_back_proposals(
    journey_id: uuid.UUID, proposal_ids: Collection[uuid.UUID], *, acting_user: Actor
) -> int:
    """Opens decided proposals again, the last one first; returns how many. Those that can't be undone any
    more stay as they are.
    """
    locked_journey(journey_id, acting_user)
    back = 0
    for each in sorted(proposal_ids, reverse=True):
        try:
            with transaction.atomic():
                bring_back_proposal(journey_id, each, acting_user=acting_user)
                back += 1
        except ParcoursError:
            continue
    return back
