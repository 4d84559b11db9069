"""What a page of Measure is asked for by its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from parcours.canvas.reads import board, journeys
from parcours.canvas.shapes import StageView
from parcours.core.errors import NotFound
from parcours.events.lake import Lake
from parcours.measures import questions
from parcours.measures.scope import Question
from parcours.web.doors import Request
from parcours.web.insights.filters import Filters, read_filters

EVENTS = "events"


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


def page(request: Request, template: str, asked: Asked, extra: Mapping[str, object]) -> HttpResponseBase:
    return render(request, template, {"asked": asked, "filters": asked.filters, **extra})


def read_asked(request: Request) -> Asked:
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


def step_choices(asked: Asked) -> tuple[tuple[str, str], ...]:
    if asked.stages:
        return tuple((str(stage.id), stage.name) for stage in asked.stages)
    if asked.empty:
        return ()
    return questions.event_names(asked.question)
