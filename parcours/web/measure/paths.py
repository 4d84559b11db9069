"""Whole paths, and what follows what."""

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from parcours.measures import pictures, questions
from parcours.web.doors import Request, door
from parcours.web.measure.asked import LONGEST_ADDRESS, page, read_asked
from parcours.web.measure.files import Answer
from parcours.web.measure.waiting import unhurried


@door("measures.view")
@require_GET
@unhurried("measure/variants.html")
def variants(request: Request) -> HttpResponseBase:
    """The sequences that customers share."""
    asked = read_asked(request)
    if asked.empty:
        return page(request, "measure/variants.html", asked, {})
    found = questions.variants(asked.question, drawing=asked.drawing)
    rows = [
        (
            each,
            asked.customers("path", step=list(each.activities))
            if len(each.activities) <= LONGEST_ADDRESS
            else "",
        )
        for each in found.top
    ]
    answer = Answer("paths", found.table, lambda: pictures.variants(found.table, asked.names()))
    return page(request, "measure/variants.html", asked, {"variants": found, "rows": rows}, answer)


@door("measures.view")
@require_GET
@unhurried("measure/transitions.html")
def transitions(request: Request) -> HttpResponseBase:
    """What directly follows what."""
    asked = read_asked(request)
    if asked.empty:
        return page(request, "measure/transitions.html", asked, {})
    found = questions.transitions(asked.question, drawing=asked.drawing)
    rows = [
        (each, asked.customers("transition", source=each.activities[0], target=each.activities[1]))
        for each in found.top
    ]
    answer = Answer("transitions", found.table, lambda: pictures.transitions(found.table, asked.names()))
    return page(request, "measure/transitions.html", asked, {"rows": rows}, answer)
