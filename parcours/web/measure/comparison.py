"""What one group of customers, or one period, does otherwise than another."""

from dataclasses import replace

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.customers.reads import segment
from parcours.measures import pictures
from parcours.measures.comparison import before, compare
from parcours.measures.scope import Question
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked
from parcours.web.measure.files import Answer
from parcours.web.measure.sentences import by_chance
from parcours.web.templatetags.look import points

EARLIER = "before"


@door("measures.view")
@require_GET
def comparison(request: Request) -> HttpResponseBase:
    asked = read_asked(request, by_event=True)
    against = request.GET.get("against", EARLIER)
    other, label = _other(asked, against)
    extra: dict[str, object] = {"against": against, "other_label": label, "possible": other is not None}
    if asked.empty or other is None:
        return page(request, "measure/compare.html", asked, extra)
    found = compare(asked.question, other, drawing=asked.drawing)
    extra |= {
        "comparison": found,
        "rows": [
            (
                each,
                points(each.difference),
                f"{points(each.low)} … {points(each.high)}",
                by_chance(each.p_value),
                _who(asked, each.source is None, each.activity),
            )
            for each in found.differences
        ],
    }
    answer = Answer("comparison", found.table, lambda: pictures.comparison(found.table, asked.names()))
    return page(request, "measure/compare.html", asked, extra, answer)


def _other(asked: Asked, against: str) -> tuple[Question | None, str]:
    """What is compared with, and how it is called."""
    question = asked.question
    if against == EARLIER:
        label = _("the time before, as long")
        return before(question, label), label
    if against == "all":
        return (replace(question, segment="") if question.segment else None), _("all customers")
    return replace(question, segment=against), segment(question.brand, against).name


def _who(asked: Asked, is_activity: bool, activity: str) -> str:
    return asked.customers("doing", activity=activity) if is_activity else ""
