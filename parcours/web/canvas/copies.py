"""Copies of cards: duplicating on a map, and pasting what was copied on this or another one."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from parcours.canvas import writes
from parcours.web.canvas.cards import answer_card, given_id
from parcours.web.doors import Request, door


@door("canvas.edit")
@require_POST
def copy(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """A copy of the card `source` in `stage` and `lane`, in front of `before`, behind `after`, or last.

    With an `id` made by the client the same request may be sent again without harm.
    """
    copied = writes.copy_card(
        journey_id,
        given_id(request, "source", required=True),
        stage_id=given_id(request, "stage", required=True),
        lane_id=given_id(request, "lane", required=True),
        before=given_id(request, "before"),
        after=given_id(request, "after"),
        card_id=given_id(request, "id"),
        acting_user=request.actor,
    )
    return answer_card(request, copied, status=201)
