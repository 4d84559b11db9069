"""Reading how moments are photographed: a constant number of queries, whatever stands on the canvas."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet, Value

from parcours.canvas import reads as canvas_reads
from parcours.canvas.captures.enums import Outcome
from parcours.canvas.captures.models import Capture, Capturing
from parcours.canvas.captures.problems import problem
from parcours.canvas.captures.shapes import CaptureView, CapturingView, Moment
from parcours.canvas.enums import LaneKind
from parcours.canvas.proposals.enums import State
from parcours.canvas.proposals.models import Proposal
from parcours.canvas.reads import picture_view
from parcours.canvas.shapes import Board, CardView

_BY_STATE = {
    State.OPEN: Outcome.PROPOSED,
    State.DISMISSED: Outcome.DISMISSED,
    State.LAPSED: Outcome.OVERTAKEN,
    State.ACCEPTED: Outcome.WAS_SHOWN,
}


def moments(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[Moment, ...]:
    """The key moments of a journey, by stage, with their pictures. Raises NotFound."""
    return moments_of(canvas_reads.board(brand_id, journey_id))


def moments_of(board: Board) -> tuple[Moment, ...]:
    """The same from a canvas that was read already, in three queries."""
    cells = [cell for lane in board.lanes if lane.kind == LaneKind.MOMENT for cell in lane.cells]
    cells.sort(key=lambda cell: cell.stage.number)
    cards = [(card, cell.stage.name) for cell in cells for card in cell.cards]
    settings = _capturings(card.id for card, _stage in cards)
    taken = _captures([card for card, _stage in cards])
    return tuple(
        Moment(card, stage, settings.get(card.id), tuple(taken.get(card.id, ()))) for card, stage in cards
    )


def moment(brand_id: uuid.UUID, journey_id: uuid.UUID, card_id: uuid.UUID) -> Moment:
    """Raises NotFound for a card that isn't there."""
    card = canvas_reads.card(brand_id, journey_id, card_id)
    stage = next(each for each in canvas_reads.stages(brand_id, journey_id) if each.id == card.stage_id)
    return Moment(
        card, stage.name, _capturings([card.id]).get(card.id), tuple(_captures([card]).get(card.id, ()))
    )


def troubled_rows(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    """Moments of which no picture could be taken at the last look: a row (card, 1) each, not asked yet."""
    rows = Capturing.objects.filter(card__journey_id=journey_id).exclude(trouble="").order_by()
    return rows.values_list("card_id").annotate(n=Value(1))


def capturing_view(row: Capturing) -> CapturingView:
    return CapturingView(
        card_id=row.card_id,
        address=row.address,
        device=row.device,
        language=row.language,
        rhythm=row.rhythm,
        element=row.element,
        scroll=row.scroll,
        wait_for=row.wait_for,
        dismiss=row.dismiss,
        ignored=tuple((area[0], area[1], area[2], area[3]) for area in row.ignored),
        asked_at=row.asked_at,
        checked_at=row.checked_at,
        next_at=row.next_at,
        failures=row.failures,
        problem=problem(row.trouble, row.trouble_facts),
        set_by=row.set_by,
    )


def _capturings(card_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, CapturingView]:
    return {row.card_id: capturing_view(row) for row in Capturing.objects.filter(card_id__in=list(card_ids))}


def _captures(cards: Collection[CardView]) -> dict[uuid.UUID, list[CaptureView]]:
    """By card, the newest first."""
    shown = {card.id: card.picture.id if card.picture else None for card in cards}
    rows = list(
        Capture.objects.filter(card_id__in=shown)
        .select_related("picture", "before")
        .order_by("-taken_at", "-id")
    )
    named = [row.proposal_id for row in rows if row.proposal_id]
    decided = {row.pk: row for row in Proposal.objects.filter(pk__in=named)}
    found: dict[uuid.UUID, list[CaptureView]] = defaultdict(list)
    for row in rows:
        stands = row.picture_id == shown[row.card_id]
        earlier = any(each.outcome == Outcome.SHOWN for each in found[row.card_id])
        proposal = decided.get(row.proposal_id) if row.proposal_id else None
        found[row.card_id].append(_capture_view(row, proposal, stands=stands and not earlier))
    return found


def _capture_view(row: Capture, proposal: Proposal | None, *, stands: bool) -> CaptureView:
    outcome = Outcome.WAS_SHOWN if proposal is None else _BY_STATE[State(proposal.state)]
    if stands and outcome == Outcome.WAS_SHOWN:
        outcome = Outcome.SHOWN
    return CaptureView(
        id=row.pk,
        card_id=row.card_id,
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        address=row.address,
        device=row.device,
        language=row.language,
        picture=picture_view(row.picture),
        before=picture_view(row.before) if row.before else None,
        share=row.share,
        areas=tuple((area[0], area[1], area[2], area[3]) for area in row.areas),
        outcome=outcome,
        reason=proposal.reason if proposal else "",
        decided_by=proposal.decided_by if proposal else "",
        proposal_id=row.proposal_id,
    )
