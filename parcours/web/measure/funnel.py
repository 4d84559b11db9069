"""How many customers get through steps."""

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from parcours.measures import pictures, questions
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked, step_choices
from parcours.web.measure.files import Answer

MOST_STEPS = 12


@door("measures.view")
@require_GET
def funnel(request: Request) -> HttpResponseBase:
    """How many customers get through steps that one chooses, by default the stages of a journey."""
    asked = read_asked(request)
    steps = [step for step in request.GET.getlist("step") if step][:MOST_STEPS]
    if not steps and asked.drawing:
        steps = list(asked.drawing.main)
    words = {name: request.GET.get(name, "").strip() for name in ("within", "by")}
    strict = request.GET.get("strict") == "yes"
    extra: dict[str, object] = {"choices": step_choices(asked), "steps": steps, "strict": strict, **words}
    if not steps or asked.empty:
        return page(request, "measure/funnel.html", asked, extra)
    found = questions.funnel(asked.question, steps, drawing=asked.drawing, strict=strict, **words)
    asking: dict[str, object] = {"step": steps, "strict": "yes" if strict else "", **words}
    extra["funnels"] = [(each, _rows(asked, each, steps, asking)) for each in found.groups]
    answer = Answer("funnel", found.table, lambda: pictures.funnel(found.table, asked.names()))
    return page(request, "measure/funnel.html", asked, extra, answer)


def _rows(
    asked: Asked, funnel: questions.Funnel, steps: list[str], asking: dict[str, object]
) -> list[dict[str, object]]:
    """Each step, how many stop at it, and where these numbers lead."""
    group = {} if funnel.group is None else {"group": funnel.group}
    rows: list[dict[str, object]] = []
    for place, row in enumerate(funnel.steps, 1):
        last = place == len(funnel.steps)
        stopped = 0 if last else row.customers - funnel.steps[place].customers
        within = str(asking["within"])
        rows.append(
            {
                "row": row,
                "customers": asked.customers("funnel", n=place, **asking, **group),
                "stopped": stopped,
                "stopped_share": stopped / row.customers if row.customers else None,
                "lost": asked.customers("funnel", n=place, stopped="yes", **asking, **group),
                "why": ""
                if last
                else f"{reverse('measure_reasons')}?"
                + asked.query(at=steps[place - 1], goal=steps[place], within=within),
            }
        )
    return rows
