"""What a journey's tile shows besides its name: how many customers each stage had lately."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.canvas.reads import board as read_board
from parcours.core.periods import read_period
from parcours.customers.reads import segments
from parcours.insights.reads import canvas_numbers
from parcours.web.doors import Request, door


@door("canvas.view")
@require_GET
def pulse(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """The stages with their customers and the share that went on, as the canvas counts them at first."""
    board = read_board(request.brand.pk, journey_id)
    period = read_period({}, request.brand.time_zone)
    key = board.journey.segment_key
    segment = key if key in {each.key for each in segments(request.brand)} else ""
    numbers = canvas_numbers(request.brand, board, period, segment)
    return render(request, "insights/pulse.html", {"numbers": numbers, "board": board, "period": period})
