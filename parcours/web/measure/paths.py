"""Whole paths, and what follows what."""

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from parcours.measures import questions
from parcours.web.doors import Request, door
from parcours.web.measure.asked import page, read_asked


@door("measures.view")
@require_GET
def variants(request: Request) -> HttpResponseBase:
    """The sequences that customers share."""
    asked = read_asked(request)
    found = None if asked.empty else questions.variants(asked.question, stages=asked.stages)
    return page(request, "measure/variants.html", asked, {"variants": found})


@door("measures.view")
@require_GET
def transitions(request: Request) -> HttpResponseBase:
    """What directly follows what."""
    asked = read_asked(request)
    found = () if asked.empty else questions.transitions(asked.question, stages=asked.stages)
    return page(request, "measure/transitions.html", asked, {"transitions": found})
