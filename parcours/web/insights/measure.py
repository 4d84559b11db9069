"""The first pages of Measure: funnels, whole paths and what follows what."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.canvas.reads import board, journeys
from parcours.canvas.shapes import StageView
from parcours.core.errors import NotFound
from parcours.events.lake import Lake
from parcours.insights import questions
from parcours.insights.scope import Question
from parcours.web.doors import Request, door
from parcours.web.insights.filters import Filters, read_filters

EVENTS = "events"
MOST_STEPS = 12


@dataclass(frozen=True)
class Asked:
    """What a page of Measure is about: events by name, or the stages of one journey (`of` is its id)."""

    filters: Filters
    of: str
    about: tuple[tuple[str, str], ...]
    stages: tuple[StageView, ...]
    question: Question
    empty: bool

    def query(self, **changes: str) -> str:
        words = {"of": self.of, **self.filters.words(), **changes}
        return urlencode({name: value for name, value in words.items() if value})


@door("measures.view")
@require_GET
def funnel(request: Request) -> HttpResponseBase:
    """How many customers get through steps that one chooses, by default the stages of a journey."""
    asked = _read(request)
    choices = _step_choices(asked)
    steps = [step for step in request.GET.getlist("step") if step][:MOST_STEPS]
    if not steps and asked.stages:
        steps = [str(stage.id) for stage in asked.stages if stage.touchpoints]
    within, by = request.GET.get("within", "").strip(), request.GET.get("by", "").strip()
    found: tuple[questions.Funnel, ...] = ()
    if steps and not asked.empty:
        found = questions.funnel(asked.question, steps, stages=asked.stages, within=within, by=by)
    extra = {"choices": choices, "steps": steps, "within": within, "by": by, "funnels": found}
    return _page(request, "insights/funnel.html", asked, extra)


@door("measures.view")
@require_GET
def variants(request: Request) -> HttpResponseBase:
    """The sequences that customers share."""
    asked = _read(request)
    found = None if asked.empty else questions.variants(asked.question, stages=asked.stages)
    return _page(request, "insights/variants.html", asked, {"variants": found})


@door("measures.view")
@require_GET
def transitions(request: Request) -> HttpResponseBase:
    """What directly follows what."""
    asked = _read(request)
    found = () if asked.empty else questions.transitions(asked.question, stages=asked.stages)
    return _page(request, "insights/transitions.html", asked, {"transitions": found})


def _page(request: Request, template: str, asked: Asked, extra: Mapping[str, object]) -> HttpResponseBase:
    return render(request, template, {"asked": asked, "filters": asked.filters, **extra})


def _read(request: Request) -> Asked:
    """Raises NotFound for a journey that isn't there, BadInput for a period that is none."""
    filters = read_filters(request)
    known = [each.journey for each in journeys(request.brand.pk)]
    default = str(known[0].id) if known and not request.GET.getlist("step") else EVENTS
    of = request.GET.get("of") or default
    stages: tuple[StageView, ...] = ()
    if of != EVENTS:
        journey = next((each for each in known if str(each.id) == of), None)
        if journey is None:
            raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted."))
        stages = board(request.brand.pk, journey.id).stages
    return Asked(
        filters=filters,
        of=of,
        about=((EVENTS, _("Events")), *((str(each.id), each.title) for each in known)),
        stages=stages,
        question=Question(request.brand, filters.period, filters.segment),
        empty=not Lake(request.brand.pk).generation,
    )


def _step_choices(asked: Asked) -> tuple[tuple[str, str], ...]:
    if asked.stages:
        return tuple((str(stage.id), stage.name) for stage in asked.stages)
    if asked.empty:
        return ()
    return questions.event_names(asked.question)
