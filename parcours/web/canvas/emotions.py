"""The emotion rows of a journey as tables, for those whom a curve tells nothing."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.canvas import reads
from parcours.canvas.emotion import points_of
from parcours.canvas.enums import LaneKind
from parcours.web.doors import Request, door


@door("canvas.view")
@require_GET
def emotions(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    board = reads.board(request.brand.pk, journey_id)
    rows = [
        {
            "lane": lane,
            "points": [(board.stages[point.stage], point) for point in points_of(lane)],
        }
        for lane in board.lanes
        if lane.kind == LaneKind.EMOTION
    ]
    return render(request, "canvas/emotions.html", {"journey": board.journey, "rows": rows})
