"""What accepting a proposal does to a canvas, as data: `do` names one of the changes below.

- `add_card`: `kind` (or several, the first that the canvas has a row for), `title`, `text`, `details`; with
  `evidence` (each as `evidence.shapes.Given` takes it) the card stands on what was counted
- `edit_card`: `title`, `text`, `revision` (the one that was seen)
- `delete_card`
- `add_touchpoint`: `name`, `channel`, `rule`; with `card` a key-moment card of the same name too
- `edit_touchpoint`: `name`
- `remove_touchpoint`
- `move_stage`: `position` from 0

The place is the proposal's own. Each answers with an outcome, from which `undoing.take_back` undoes it.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.enums import LaneKind
from parcours.canvas.evidence.shapes import Given as GivenEvidence
from parcours.canvas.evidence.writes import add_evidence
from parcours.canvas.proposals.shapes import ProposalView
from parcours.core.errors import BadInput, NotFound

Given = Mapping[str, Any]
Outcome = dict[str, Any]


def carry_out(
    journey_id: uuid.UUID, proposal: ProposalView, edits: Given | None, acting_user: Actor
) -> Outcome:
    """Does the proposal's change with `edits` over it. Raises what the canvas' own writes raise."""
    wanted = {**proposal.wording, **(edits or {})}
    do = str(wanted.get("do", ""))
    if not do:
        return {}
    change = _CHANGES.get(do)
    if change is None:
        raise BadInput(_("Nobody knows any more what this proposal would change."), where="change")
    return change(journey_id, proposal, wanted, acting_user)


def _add_card(journey_id: uuid.UUID, proposal: ProposalView, wanted: Given, acting_user: Actor) -> Outcome:
    stage_id = _id(wanted.get("stage")) or proposal.stage_id
    if stage_id is None:
        raise BadInput(_("Choose the stage of the card."), where="stage")
    lane_id = _lane(journey_id, proposal, wanted, acting_user)
    more = {"details": wanted["details"]} if wanted.get("details") else {}
    card = writes.add_card(
        journey_id,
        stage_id=stage_id,
        lane_id=lane_id,
        title=str(wanted.get("title", "")),
        text=str(wanted.get("text", "")),
        acting_user=acting_user,
        **more,
    )
    _found_it(journey_id, card.id, proposal, acting_user)
    return {"card": str(card.id)}


def _found_it(journey_id: uuid.UUID, card_id: uuid.UUID, proposal: ProposalView, acting_user: Actor) -> None:
    """Puts what the proposal was counted from under the new card, to be counted again from now on."""
    for proof in (proposal.change or {}).get("evidence", ()):
        given = GivenEvidence(**{"title": proposal.title[:200], **proof})
        add_evidence(journey_id, card_id, given, acting_user=acting_user)


def _edit_card(journey_id: uuid.UUID, proposal: ProposalView, wanted: Given, acting_user: Actor) -> Outcome:
    """Raises CardConflict when somebody edited the card after it was suggested."""
    old = _card(journey_id, proposal, acting_user)
    saved = writes.edit_card(
        journey_id,
        old.id,
        expected_revision=int(wanted.get("revision", old.revision)),
        title=wanted.get("title"),
        text=wanted.get("text"),
        acting_user=acting_user,
    )
    before = {"title": old.title, "text": old.text}
    return {"edited_card": str(old.id), "before": before, "revision": saved.revision}


def _delete_card(journey_id: uuid.UUID, proposal: ProposalView, wanted: Given, acting_user: Actor) -> Outcome:  # noqa: ARG001
    card = _card(journey_id, proposal, acting_user)
    writes.delete_card(journey_id, card.id, expected_revision=card.revision, acting_user=acting_user)
    return {"deleted_card": str(card.id)}


def _add_touchpoint(
    journey_id: uuid.UUID, proposal: ProposalView, wanted: Given, acting_user: Actor
) -> Outcome:
    stage_id = _id(wanted.get("stage")) or proposal.stage_id
    if stage_id is None:
        raise BadInput(_("Choose the stage of the touchpoint."), where="stage")
    made = writes.add_touchpoint(
        journey_id,
        stage_id=stage_id,
        name=str(wanted.get("name", "")),
        channel=str(wanted.get("channel", "")),
        rule=wanted["rule"],
        acting_user=acting_user,
    )
    outcome = {"touchpoint": str(made.id)}
    if wanted.get("card"):
        moment = {"kind": LaneKind.MOMENT, "title": made.name, "stage": str(stage_id)}
        outcome |= _add_card(journey_id, proposal, moment, acting_user)
    return outcome


def _edit_touchpoint(
    journey_id: uuid.UUID, proposal: ProposalView, wanted: Given, acting_user: Actor
) -> Outcome:
    touchpoint_id = _touchpoint(proposal)
    old = reads.touchpoint(acting_user.brand_id, journey_id, touchpoint_id)
    writes.edit_touchpoint(journey_id, touchpoint_id, name=str(wanted["name"]), acting_user=acting_user)
    return {"renamed_touchpoint": str(touchpoint_id), "before": {"name": old.name}}


def _remove_touchpoint(
    journey_id: uuid.UUID,
    proposal: ProposalView,
    wanted: Given,
    acting_user: Actor,
) -> Outcome:
    """Off the map; with the deed `keep` it stays under the proposal's name."""
    if wanted.get("deed") == "keep":
        return _edit_touchpoint(journey_id, proposal, wanted, acting_user)
    touchpoint_id = _touchpoint(proposal)
    writes.remove_touchpoint(journey_id, touchpoint_id, acting_user=acting_user)
    return {"removed_touchpoint": str(touchpoint_id)}


def _move_stage(journey_id: uuid.UUID, proposal: ProposalView, wanted: Given, acting_user: Actor) -> Outcome:
    if proposal.stage_id is None:
        raise BadInput(_("The stage is gone."), where="stage")
    order = [stage.id for stage in reads.stages(acting_user.brand_id, journey_id)]
    old = order.index(proposal.stage_id)
    writes.move_stage(journey_id, proposal.stage_id, int(wanted["position"]), acting_user=acting_user)
    return {"moved_stage": str(proposal.stage_id), "before": {"position": old}}


def _lane(journey_id: uuid.UUID, proposal: ProposalView, wanted: Given, acting_user: Actor) -> uuid.UUID:
    """The row of the proposal, else the first of the wanted kinds, else a new one of the first kind."""
    lanes = reads.board(acting_user.brand_id, journey_id).lanes
    if proposal.lane_id is not None and any(lane.id == proposal.lane_id for lane in lanes):
        return proposal.lane_id
    kinds = wanted.get("kind", LaneKind.FREE)
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        for lane in lanes:
            if lane.kind == kind:
                return lane.id
    first = kinds if isinstance(kinds, str) else kinds[0]
    return writes.add_lane(journey_id, str(first), acting_user=acting_user)


def _card(journey_id: uuid.UUID, proposal: ProposalView, acting_user: Actor) -> Any:
    if proposal.card_id is None:
        raise NotFound(_("There is no such card."), remedy=_("It may have been deleted."))
    return reads.card(acting_user.brand_id, journey_id, proposal.card_id)


def _touchpoint(proposal: ProposalView) -> uuid.UUID:
    if proposal.touchpoint_id is None:
        raise NotFound(_("There is no such touchpoint."), remedy=_("It may have been removed."))
    return proposal.touchpoint_id


def _id(text: object) -> uuid.UUID | None:
    """Raises BadInput."""
    if not text:
        return None
    try:
        return uuid.UUID(str(text))
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where="stage") from error


_CHANGES: dict[str, Callable[[uuid.UUID, ProposalView, Given, Actor], Outcome]] = {
    "add_card": _add_card,
    "edit_card": _edit_card,
    "delete_card": _delete_card,
    "add_touchpoint": _add_touchpoint,
    "edit_touchpoint": _edit_touchpoint,
    "remove_touchpoint": _remove_touchpoint,
    "move_stage": _move_stage,
}
