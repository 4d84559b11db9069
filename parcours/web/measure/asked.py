"""What a page of Measure is asked for by its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from parcours.canvas.family import leading
from parcours.canvas.reads import board, journeys
from parcours.core.errors import NotFound
from parcours.events.lake import Lake
from parcours.measures import questions
from parcours.measures.drawing import Drawing
from parcours.measures.scope import Question, open_index
from parcours.web.doors import Request
from parcours.web.insights.filters import Filters, read_filters
from parcours.web.measure.files import FILES, Answer, as_text, download
from parcours.web.measure.properties import Condition, read_conditions, together

EVENTS = "events"
SINGLE = "touchpoints"
NOT_CARRIED = frozenset({"as", "page", "property", "value", "now"})
MOST_COPIED = 1_000
LONGEST_ADDRESS = 60
"""Steps of a path whose customers an address can still name."""
OF_PERIOD = frozenset({"period", "from", "to"})


@dataclass(frozen=True)
class Asked:
    """What a page of Measure is about: events by name, or the stages or touchpoints of one journey.

    `of` is how the address says so: events, a journey's id, or that with `:touchpoints`.
    """

    filters: Filters
    of: str
    about: tuple[tuple[str, str], ...]
    drawing: Drawing | None
    question: Question
    empty: bool
    conditions: tuple[Condition, ...] = ()

    @property
    def channel(self) -> str:
        return self.question.channel

    @cached_property
    def channels(self) -> tuple[str, ...]:
        return () if self.empty else open_index(self.question.brand.pk).channels

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """The names of properties that events have, for whoever wants only some of the events."""
        return () if self.empty else open_index(self.question.brand.pk).property_keys()

    def query(self, **changes: object) -> str:
        """The address' words with some more; a list stands several times.

        An empty one falls out, but for the group of those of whom nothing is known, whose name is empty.
        """
        where = [each.word for each in self.conditions]
        words = {"of": self.of, "channel": self.channel, "where": where, **self.filters.words(), **changes}
        said = {
            name: value
            for name, value in words.items()
            if value is not None and (value != "" or name == "group")
        }
        return urlencode(said, doseq=True)

    def names(self) -> dict[str, str]:
        """What the activities of the log are called, where it isn't by the name of an event."""
        return {key: step.name for key, step in self.drawing.steps.items()} if self.drawing else {}

    def customers(self, who: str, **words: object) -> str:
        """The address of the customers behind a number."""
        return f"{reverse('measure_customers')}?{self.query(who=who, **words)}"

    def page(self, name: str, **words: object) -> str:
        """The address of another page of Measure that asks about the same."""
        return f"{reverse(name)}?{self.query(**words)}"


def page(
    request: Request, template: str, asked: Asked, extra: Mapping[str, object], answer: Answer | None = None
) -> HttpResponseBase:
    """The page; or, with `as=csv` or `as=svg`, its answer as a file."""
    wanted = request.GET.get("as", "")
    if answer is not None and wanted in FILES:
        return download(answer, wanted, asked.names())
    given = {
        "asked": asked,
        "filters": asked.filters,
        "answer": answer,
        "chips": chips(request, asked),
        "carried": carried(request, asked),
        "carried_but_days": [word for word in carried(request, asked) if word[0] not in OF_PERIOD],
        **extra,
    }
    if answer is not None:
        copied = as_text(answer.table.slice(0, MOST_COPIED), "\t", asked.names())
        given |= {"here_query": _here(request), "copied": copied}
    return render(request, template, given)


def _here(request: Request) -> str:
    words = request.GET.copy()
    for name in ("as", "now"):
        words.pop(name, None)
    return words.urlencode()


def carried(request: Request, asked: Asked) -> list[tuple[str, str]]:
    """The words of this address that another form of the page, for days or for a property, keeps."""
    words = [
        (name, value)
        for name, values in request.GET.lists()
        if name not in NOT_CARRIED and name != "where"
        for value in values
        if value
    ]
    return [*words, *(("where", each.word) for each in asked.conditions)]


def chips(request: Request, asked: Asked) -> list[tuple[str, str]]:
    """Each condition in words, with the address that goes on without it."""
    words = carried(request, asked)
    return [
        (each.sentence, urlencode([word for word in words if word != ("where", each.word)]))
        for each in asked.conditions
    ]


def read_asked(request: Request, *, by_event: bool = False, needs_journey: bool = False) -> Asked:
    """About the first journey unless it says otherwise; `by_event`: about events by their names.

    With `needs_journey` about a journey also where the address says events.

    Raises NotFound for a journey that isn't there, BadInput for a period that is none.
    """
    filters = read_filters(request)
    found = journeys(request.brand.pk)
    first = leading(found)
    known = [each.journey for each in (*first, *(each for each in found if each not in first))]
    default = str(known[0].id) if known and not by_event and not request.GET.getlist("step") else EVENTS
    of = request.GET.get("of") or default
    if needs_journey and of == EVENTS and known:
        of = str(known[0].id)
    drawing = None
    if of != EVENTS:
        wanted, _colon, level = of.partition(":")
        journey = next((each for each in known if str(each.id) == wanted), None)
        if journey is None or level not in {"", SINGLE}:
            raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted."))
        drawing = Drawing(board(request.brand.pk, journey.id).stages, single=level == SINGLE)
    conditions = read_conditions(request.GET)
    return Asked(
        filters=filters,
        of=of,
        about=((EVENTS, _("Events")), *_drawn_choices([(str(each.id), each.title) for each in known])),
        drawing=drawing,
        question=Question(
            request.brand,
            filters.period,
            filters.segment,
            request.GET.get("channel", ""),
            together(conditions),
        ),
        empty=not Lake(request.brand.pk).generation,
        conditions=conditions,
    )


def _drawn_choices(known: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each journey by its stages and by its touchpoints."""
    found = []
    for key, title in known:
        found.append((key, title))
        found.append((f"{key}:{SINGLE}", _("Touchpoints of {journey}").format(journey=title)))
    return found


def step_choices(asked: Asked) -> tuple[tuple[str, str], ...]:
    if asked.drawing:
        return tuple((key, asked.drawing.steps[key].name) for key in asked.drawing.shown)
    if asked.empty:
        return ()
    return questions.event_names(asked.question)
