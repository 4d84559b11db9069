"""What a page of Measure is asked for by its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from parcours.canvas.reads import board, journeys
from parcours.canvas.shapes import StageView
from parcours.core.errors import NotFound
from parcours.events.lake import Lake
from parcours.measures import questions
from parcours.measures.scope import Question, open_index
from parcours.web.doors import Request
from parcours.web.insights.filters import Filters, read_filters
from parcours.web.measure.files import FILES, Answer, as_text, download

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
    channels: tuple[str, ...] = ()

    @property
    def channel(self) -> str:
        return self.question.channel

    def query(self, **changes: object) -> str:
        """The address' words with some more; an empty one falls out, a list stands several times."""
        words = {"of": self.of, "channel": self.channel, **self.filters.words(), **changes}
        said = {name: value for name, value in words.items() if value is not None and value != ""}
        return urlencode(said, doseq=True)

    def names(self) -> dict[str, str]:
        """What the activities of the log are called, where it isn't by the name of an event."""
        return {str(stage.id): stage.name for stage in self.stages}

    def customers(self, who: str, **words: object) -> str:
        """The address of the customers behind a number."""
        return f"{reverse('measure_customers')}?{self.query(who=who, **words)}"


def page(
    request: Request, template: str, asked: Asked, extra: Mapping[str, object], answer: Answer | None = None
) -> HttpResponseBase:
    """The page; or, with `as=csv` or `as=svg`, its answer as a file."""
    wanted = request.GET.get("as", "")
    if answer is not None and wanted in FILES:
        return download(answer, wanted)
    given = {"asked": asked, "filters": asked.filters, "answer": answer, **extra}
    if answer is not None:
        words = request.GET.copy()
        words.pop("as", None)
        given |= {"here_query": words.urlencode(), "copied": as_text(answer.table, "\t")}
    return render(request, template, given)


def read_asked(request: Request, *, by_event: bool = False) -> Asked:
    """About the first journey unless it says otherwise; `by_event`: about events by their names.

    Raises NotFound for a journey that isn't there, BadInput for a period that is none.
    """
    filters = read_filters(request)
    known = [each.journey for each in journeys(request.brand.pk)]
    default = str(known[0].id) if known and not by_event and not request.GET.getlist("step") else EVENTS
    of = request.GET.get("of") or default
    stages: tuple[StageView, ...] = ()
    if of != EVENTS:
        journey = next((each for each in known if str(each.id) == of), None)
        if journey is None:
            raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted."))
        stages = board(request.brand.pk, journey.id).stages
    empty = not Lake(request.brand.pk).generation
    return Asked(
        filters=filters,
        of=of,
        about=((EVENTS, _("Events")), *((str(each.id), each.title) for each in known)),
        stages=stages,
        question=Question(request.brand, filters.period, filters.segment, request.GET.get("channel", "")),
        empty=empty,
        channels=() if empty else open_index(request.brand.pk).channels,
    )


def step_choices(asked: Asked) -> tuple[tuple[str, str], ...]:
    if asked.stages:
        return tuple((str(stage.id), stage.name) for stage in asked.stages)
    if asked.empty:
        return ()
    return questions.event_names(asked.question)
