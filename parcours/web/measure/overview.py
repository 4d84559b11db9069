"""The first page of Measure: each question as a card with its answer in a sentence."""

from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.core.errors import BadInput, NotFound
from parcours.measures.kept import NotKept, only_kept
from parcours.measures.scope import open_index
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked
from parcours.web.measure.cards import MAKERS, Card, blank, filled
from parcours.web.measure.waiting import may_wait


@door("measures.view")
@require_GET
def overview(request: Request) -> HttpResponseBase:
    """Answers that are kept come with the page, the others are fetched one by one."""
    asked = read_asked(request)
    if asked.empty:
        return page(request, "measure/overview.html", asked, {})
    waits = may_wait(request, len(open_index(request.brand.pk)))
    found = [(key, blank(key, asked), _answered(key, asked, waits=waits)) for key in MAKERS]
    return page(request, "measure/overview.html", asked, {"cards": found})


@door("measures.view")
@require_GET
def card(request: Request, card: str) -> HttpResponse:
    asked = read_asked(request)
    if card not in MAKERS or asked.empty:
        raise NotFound(_("There is no such card."))
    return render(request, "measure/card.html", {"card": _answered(card, asked, waits=False)})


def _answered(key: str, asked: Asked, *, waits: bool) -> Card | None:
    """The card with its answer; None where that isn't kept and may come later."""
    try:
        if not waits:
            return filled(key, asked)
        with only_kept():
            return filled(key, asked)
    except NotKept:
        return None
    except BadInput as error:
        return replace(blank(key, asked), sentence=str(error))
