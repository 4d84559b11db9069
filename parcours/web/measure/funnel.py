"""How many customers get through steps."""

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from parcours.measures import questions
from parcours.web.doors import Request, door
from parcours.web.measure.asked import page, read_asked, step_choices

MOST_STEPS = 12


@door("measures.view")
@require_GET
def funnel(request: Request) -> HttpResponseBase:
    """How many customers get through steps that one chooses, by default the stages of a journey."""
    asked = read_asked(request)
    choices = step_choices(asked)
    steps = [step for step in request.GET.getlist("step") if step][:MOST_STEPS]
    if not steps and asked.stages:
        steps = [str(stage.id) for stage in asked.stages if stage.touchpoints]
    within, by = request.GET.get("within", "").strip(), request.GET.get("by", "").strip()
    found: tuple[questions.Funnel, ...] = ()
    if steps and not asked.empty:
        found = questions.funnel(asked.question, steps, stages=asked.stages, within=within, by=by)
    extra = {"choices": choices, "steps": steps, "within": within, "by": by, "funnels": found}
    return page(request, "measure/funnel.html", asked, extra)
