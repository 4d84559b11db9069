"""How many customers get through steps."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.measures import pictures
from parcours.measures.funnel import SEGMENT, Funnel, FunnelStep, funnel
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked, step_choices
from parcours.web.measure.files import Answer
from parcours.web.measure.waiting import unhurried

MOST_STEPS = 12


@door("measures.view")
@require_GET
@unhurried("measure/funnel.html")
def steps(request: Request) -> HttpResponseBase:
    """How many customers get through steps that one chooses, by default those of a journey."""
    asked = read_asked(request)
    chosen = [step for step in request.GET.getlist("step") if step][:MOST_STEPS]
    if not chosen and asked.drawing:
        chosen = list(asked.drawing.main)
    words = {name: request.GET.get(name, "").strip() for name in ("within", "by")}
    strict = request.GET.get("strict") == "yes"
    groups = [(SEGMENT, _("segment")), ("generation", _("generation")), ("channel", _("channel"))]
    extra: dict[str, object] = {
        "choices": step_choices(asked),
        "steps": chosen,
        "strict": strict,
        "groups": [*groups, *((name, name) for name in asked.properties)],
        **words,
    }
    if not chosen or asked.empty:
        return page(request, "measure/funnel.html", asked, extra)
    found = funnel(asked.question, chosen, drawing=asked.drawing, strict=strict, **words)
    asking: dict[str, object] = {"step": chosen, "strict": "yes" if strict else "", **words}
    extra["funnels"] = [(each, _rows(asked, each, chosen, asking)) for each in found.groups]
    answer = Answer("funnel", found.table, lambda: pictures.funnel(found.table, asked.names()))
    return page(request, "measure/funnel.html", asked, extra, answer)


def _rows(
    asked: Asked, funnel: Funnel, steps: list[str], asking: dict[str, object]
) -> list[dict[str, object]]:
    """Each step, how many stop at it and what they do then, and where these numbers lead."""
    return [
        _row(asked, row, place, steps, asking | ({} if funnel.group is None else {"group": funnel.group}))
        for place, row in enumerate(funnel.steps, 1)
    ]


def _row(
    asked: Asked, row: FunnelStep, place: int, steps: list[str], asking: dict[str, object]
) -> dict[str, object]:
    stopped = {"n": place, "stopped": "yes", **asking}
    why = {"at": steps[place - 1], "within": asking["within"]}
    return {
        "row": row,
        "customers": asked.customers("funnel", n=place, **asking),
        "stopped_share": row.stopped / row.customers if row.customers else None,
        "lost": asked.customers("funnel", **stopped),
        "next": [(each, asked.customers("funnel", then=each.activity, **stopped)) for each in row.next],
        "why": asked.page("measure_reasons", goal=steps[place], **why) if place < len(steps) else "",
    }
