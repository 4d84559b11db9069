"""What the team does for its customers, stage by stage, as the map says."""

import uuid
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.canvas import reads
from parcours.canvas.enums import LaneKind
from parcours.canvas.shapes import Board, CardView, StageView
from parcours.web.doors import Request, door


@dataclass(frozen=True, slots=True)
class StageActions:
    """The action cards of one stage, in the order of the map."""

    stage: StageView
    cards: tuple[CardView, ...]


@door("canvas.view")
@require_GET
def act(request: Request) -> HttpResponse:
    """The actions of the journey in `?journey=`, or of the one changed last."""
    journeys = reads.journeys(request.brand.pk)
    chosen = _chosen(request.GET.get("journey", ""), [each.journey.id for each in journeys])
    board = reads.board(request.brand.pk, chosen) if chosen else None
    return render(
        request,
        "act/act.html",
        {
            "journeys": [each.journey for each in journeys],
            "board": board,
            "stages": stage_actions(board) if board else (),
        },
    )


def stage_actions(board: Board) -> tuple[StageActions, ...]:
    """Stages with the cards of every lane of actions; a stage without any stands there too."""
    return tuple(
        StageActions(
            stage,
            tuple(
                card
                for lane in board.lanes
                if lane.kind == LaneKind.ACTION
                for cell in lane.cells
                if cell.stage.id == stage.id
                for card in cell.cards
            ),
        )
        for stage in board.stages
    )


def _chosen(asked: str, known: list[uuid.UUID]) -> uuid.UUID | None:
    by_text = {str(each): each for each in known}
    return by_text.get(asked) or (known[0] if known else None)
