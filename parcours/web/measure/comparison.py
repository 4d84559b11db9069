"""What one group of customers, or one period, does otherwise than another."""

from collections.abc import Sequence
from dataclasses import replace

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.customers.reads import segment
from parcours.measures import pictures
from parcours.measures.comparison import Difference, before, compare
from parcours.measures.scope import Question
from parcours.web.doors import Request, door
from parcours.web.measure.asked import LONGEST_ADDRESS, Asked, page, read_asked
from parcours.web.measure.files import Answer
from parcours.web.measure.sentences import by_chance
from parcours.web.measure.waiting import unhurried
from parcours.web.templatetags.look import points

EARLIER = "before"


@door("measures.view")
@require_GET
@unhurried("measure/compare.html")
def comparison(request: Request) -> HttpResponseBase:
    asked = read_asked(request, by_event=True)
    against = request.GET.get("against", EARLIER)
    other, label = other_of(asked, against)
    extra: dict[str, object] = {"against": against, "other_label": label, "possible": other is not None}
    if asked.empty or other is None:
        return page(request, "measure/compare.html", asked, extra)
    found = compare(asked.question, other, drawing=asked.drawing)
    ours = _("Stages") if asked.drawing and not asked.drawing.single else _("What customers do")
    extra |= {
        "comparison": found,
        "tables": [
            (ours, _rows(asked, other, found.steps, "doing")),
            (_("What directly follows what"), _rows(asked, other, found.transitions, "transition")),
            (_("Whole paths"), _rows(asked, other, found.paths, "path")),
        ],
    }
    answer = Answer("comparison", found.table, lambda: pictures.comparison(found.table, asked.names()))
    return page(request, "measure/compare.html", asked, extra, answer)


def other_of(asked: Asked, against: str) -> tuple[Question | None, str]:
    """What is compared with, and how it is called."""
    question = asked.question
    if against == EARLIER:
        earlier = before(question)
        label = _("the time before, as long")
        return earlier, f"{label} ({earlier.period.label})" if earlier else label
    if against == "all":
        return (replace(question, segment="") if question.segment else None), _("all customers")
    return replace(question, segment=against), segment(question.brand, against).name


def _rows(asked: Asked, other: Question, found: Sequence[Difference], who: str) -> list[dict[str, object]]:
    most = max((max(each.share, each.other_share) for each in found), default=1.0) or 1.0
    return [
        {
            "row": each,
            "difference": points(each.difference),
            "interval": f"{points(each.low)} … {points(each.high)}",
            "chance": by_chance(each.p_value),
            "width": each.share / most,
            "other_width": each.other_share / most,
            "customers": _customers(asked, who, each.activities),
            "others": _customers(asked, who, each.activities, **_words_of(other)),
        }
        for each in found
    ]


def _words_of(other: Question) -> dict[str, object]:
    days = {"period": None, "from": None, "to": None, **other.period.as_query()}
    return {**days, "segment": other.segment}


def _customers(asked: Asked, who: str, activities: tuple[str, ...], **words: object) -> str:
    """Who is behind a share; a path too long for an address opens nobody."""
    if len(activities) > LONGEST_ADDRESS:
        return ""
    named: dict[str, object] = {"step": list(activities)}
    if who == "doing":
        named = {"activity": activities[0]}
    elif who == "transition":
        named = dict(zip(("source", "target"), activities, strict=True))
    return asked.customers(who, **named, **words)
