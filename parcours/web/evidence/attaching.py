"""“Attach to a card”, from any page: which journey, which card, for or against."""

import json
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parcours.accounts.models import Brand
from parcours.canvas import reads as canvas
from parcours.canvas.evidence import writes
from parcours.canvas.evidence.enums import EvidenceKind, Side
from parcours.canvas.evidence.reads import proofs
from parcours.canvas.evidence.shapes import Given, Proof
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import CardView, StageView
from parcours.core.errors import BadInput, ParcoursError
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door
from parcours.web.evidence.numbers import asked_at, asking, title_of
from parcours.web.insights.filters import read_filters

LAST_JOURNEY = "attach_journey"


@dataclass(frozen=True, slots=True)
class StageOfCards:
    """A stage with its cards and how they stand."""

    stage: StageView
    cards: tuple[tuple[CardView, Proof], ...]


@door("canvas.suggest")
@require_http_methods(["GET", "POST"])
def attach(request: Request) -> HttpResponseBase:
    """The choice of a card for what the address asks (`from`, or `rule`); a `card` posted gets it."""
    if request.method == "GET":
        return _choice(request, request.GET)
    try:
        journey_id, card_id = (_id(request.POST.get(name, "")) for name in ("journey", "card"))
        given = replace(_given(request.brand, request.POST), side=request.POST.get("side") or Side.FOR)
        card = canvas.card(request.brand.pk, journey_id, card_id)
        writes.add_evidence(journey_id, card_id, given, acting_user=request.actor)
    except BadInput as fault:
        return _choice(request, request.POST, problem=fault)
    except ParcoursError as fault:
        if not wants_fragment(request):
            raise
        return _choice(request, request.POST, problem=fault)
    request.session[LAST_JOURNEY] = str(journey_id)
    if wants_fragment(request):
        return render(request, "evidence/attached.html", {"card": card, "journey": {"id": journey_id}})
    messages.success(request, _("Attached to “{card}”.").format(card=card.title))
    return redirect("map_card_evidence", journey_id, card_id)


def _choice(request: Request, words: QueryDict, *, problem: ParcoursError | None = None) -> HttpResponse:
    """The dialog. Raises BadInput for an address that asks nothing."""
    given = _given(request.brand, words)
    journeys = [summary.journey for summary in canvas.journeys(request.brand.pk)]
    last = words.get("journey") or request.session.get(LAST_JOURNEY, "")
    chosen = next((each for each in journeys if str(each.id) == last), journeys[0] if journeys else None)
    context: dict[str, Any] = {
        "given": given,
        "sentence": touchpoint_rule(given.rule).sentence() if given.rule else "",
        "carried": [(name, words[name]) for name in ("from", "rule", "title", "words") if words.get(name)],
        "journeys": sorted(journeys, key=lambda each: each != chosen),
        "chosen": chosen,
        "stages": _stages(request, chosen.id) if chosen else (),
        "side": words.get("side") or Side.FOR,
        "period": read_filters(asking(request.brand, _filters(words))),
        "problem": problem,
        "query": words.urlencode(),
    }
    status = problem.status if problem else 200
    if wants_fragment(request):
        return render(request, "evidence/attach.html", context, status=status)
    return render(request, "evidence/attach_page.html", context, status=status)


def _stages(request: Request, journey_id: uuid.UUID) -> tuple[StageOfCards, ...]:
    board = canvas.board(request.brand.pk, journey_id)
    known = proofs(request.brand.pk, journey_id)
    return tuple(
        StageOfCards(
            stage,
            tuple((card, known.get(card.id, Proof())) for card in board.cards if card.stage_id == stage.id),
        )
        for stage in board.stages
    )


def _given(brand: Brand, words: QueryDict) -> Given:
    """Evidence from what a page showed, with the filters of that page. Raises BadInput."""
    address = words.get("from", "")
    filters = read_filters(asking(brand, _filters(words)))
    scope: dict[str, Any] = {"period": filters.period.as_query(), "segment": filters.segment}
    if address:
        title = words.get("title") or title_of(brand, address)
        return Given(EvidenceKind.NUMBER, asked=asked_at(address), address=address, title=title, **scope)
    try:
        rule = touchpoint_rule(json.loads(words.get("rule", "")))
    except ValueError as error:
        raise BadInput(_("This page shows nothing that could be attached."), where="rule") from error
    return Given(
        EvidenceKind.QUERY,
        rule=rule.as_json(),
        title=words.get("title", ""),
        words=words.get("words", ""),
        **scope,
    )


def _filters(words: QueryDict) -> str:
    """The period and segment of the page that something is attached from."""
    asked = QueryDict(words.get("from", "").partition("?")[2] if words.get("from") else words.urlencode())
    wanted = QueryDict(mutable=True)
    for name in ("period", "from", "to", "segment"):
        value = asked.get(name, "")
        if value and not (name == "from" and value.startswith("/")):
            wanted[name] = value
    return wanted.urlencode()


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadInput(_("Choose a card."), where="card") from error
