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

OFF = "off_map"
HALF = 0.5
BELOW_ALL = "0.9999999"
"""More than any fitness but that of a way as drawn."""


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
        "deviations": [_deviation(asked, each, words) for each in found.deviations if each.kind != OFF],
        "off_map": [_deviation(asked, each, words) for each in found.deviations if each.kind == OFF],
    }
    answer = Answer("conformance", found.table, lambda: pictures.conformance(found.table, asked.names()))
    return page(request, "measure/conformance.html", asked, extra, answer)


def _deviation(asked: Asked, each: Deviation, words: dict[str, str]) -> dict[str, object]:
    who = {"kind": each.kind, "activity": each.activity, "after": each.after_id}
    return {
        "row": each,
        "sentence": deviation_sentence(each),
        "customers": asked.customers("deviation", **who, **words),
    }


def _buckets(asked: Asked, found: Followed, words: dict[str, str]) -> list[dict[str, object]]:
    """How many customers' ways fit how well, the best first; those below the half are one row."""
    low_ones = [each for each in found.buckets if each.high <= HALF]
    rows = [(_("as drawn"), found.as_drawn, "1", "")]
    for each in reversed(found.buckets[len(low_ones) :]):
        top = each.high >= 1
        label = _("{low} to {high}").format(low=share(each.low), high=share(each.high))
        rows.append(
            (
                _("{low} and more").format(low=share(each.low)) if top else label,
                each.customers - found.as_drawn if top else each.customers,
                str(each.low),
                BELOW_ALL if top else str(each.high),
            )
        )
    below = _("below {share}").format(share=share(HALF))
    rows.append((below, sum(each.customers for each in low_ones), "0", str(HALF)))
    most = max(customers for _label, customers, _low, _high in rows) or 1
    return [
        {
            "label": label,
            "customers": customers,
            "width": customers / most,
            "address": asked.customers("fitness", low=low, high=high, **words),
        }
        for label, customers, low, high in rows
    ]
