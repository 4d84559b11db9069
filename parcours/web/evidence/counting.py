"""What a query would count, while it is being written."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from parcours.canvas import reads
from parcours.canvas.resolver import Matched, match
from parcours.canvas.rules import touchpoint_rule
from parcours.core.errors import BadInput
from parcours.events.lake import Lake
from parcours.web.canvas.rule_form import sent_rule
from parcours.web.doors import Request, door


@door("canvas.suggest")
@require_POST
def count(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """How many events of everything stored the conditions mean; the period and segment narrow them later."""
    reads.journey(request.brand.pk, journey_id)
    lake = Lake(request.brand.pk)
    context: dict[str, Any] = {"matched": Matched(0, 0, ())}
    try:
        rule = touchpoint_rule(sent_rule(request.POST))
    except BadInput as fault:
        context["problem"] = fault
    else:
        if lake.generation and rule.conditions:
            context["matched"] = match(lake.index(), rule)
    return render(request, "canvas/touchpoint_count.html", context)
