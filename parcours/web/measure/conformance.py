"""How closely customers follow a drawn journey, and where they leave it."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.core.formats import share
from parcours.measures import pictures
from parcours.measures.conformance import Deviation, Followed, followed
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked
from parcours.web.measure.files import Answer
from parcours.web.measure.sentences import deviation_sentence
from parcours.web.measure.waiting import unhurried


@door("measures.view")
@require_GET
@unhurried("measure/conformance.html")
def conformance(request: Request) -> HttpResponseBase:
    asked = read_asked(request, needs_journey=True)
    whole = request.GET.get("whole") == "yes"
    extra: dict[str, object] = {"whole": whole, "drawn_only": True}
    if asked.empty or asked.drawing is None or not asked.drawing.shown:
        return page(request, "measure/conformance.html", asked, extra)
    found = followed(asked.question, asked.drawing, whole=whole)
    words = {"whole": "yes" if whole else ""}
    extra |= {
        "followed": found,
        "as_drawn": asked.customers("fitness", low="1", **words),
        "everybody": asked.customers("fitness", low="0", **words),
        "buckets": _buckets(asked, found, words),
        "steps": [
            (
                each,
                asked.customers("deviation", kind="followed", activity=each.id, **words),
                asked.customers("deviation", kind="skipped", activity=each.id, **words),
            )
            for each in found.steps
        ],
        "deviations": [(each, *_deviation(asked, each, words)) for each in found.deviations],
        "most": max((each.share for each in found.deviations), default=1.0),
    }
    answer = Answer("conformance", found.table, lambda: pictures.conformance(found.table, asked.names()))
    return page(request, "measure/conformance.html", asked, extra, answer)


def _deviation(asked: Asked, each: Deviation, words: dict[str, str]) -> tuple[str, str, str]:
    """Its sentence, its customers, and its share as a width."""
    who = {"kind": each.kind, "activity": each.activity, "after": each.after_id}
    return deviation_sentence(each), asked.customers("deviation", **who, **words), f"{each.share * 100:.1f}%"


def _buckets(asked: Asked, found: Followed, words: dict[str, str]) -> list[dict[str, object]]:
    """The fitness of customers in tenths, the best first; empty ones below the lowest are left out."""
    most = max((each.customers for each in found.buckets), default=1) or 1
    rows: list[dict[str, object]] = []
    if found.as_drawn:
        rows.append(
            {
                "label": _("as drawn"),
                "customers": found.as_drawn,
                "width": found.as_drawn / max(most, found.as_drawn),
                "address": asked.customers("fitness", low="1", **words),
            }
        )
    for each in reversed(found.buckets):
        top = each.high >= 1
        size = each.customers - found.as_drawn if top else each.customers
        label = _("{low} to {high}").format(low=share(each.low), high=share(each.high))
        rows.append(
            {
                "label": _("{low} and more").format(low=share(each.low)) if top else label,
                "customers": size,
                "width": size / max(most, found.as_drawn),
                "address": asked.customers(
                    "fitness", low=each.low, high="0.9999999" if top else each.high, **words
                ),
            }
        )
    while rows and not rows[-1]["customers"]:
        rows.pop()
    return rows
