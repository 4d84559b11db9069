"""The steps that customers take after something, or before it."""

from typing import TYPE_CHECKING

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from parcours.measures import pictures
from parcours.measures.flow import DEPTHS, Flow, flow
from parcours.web.doors import Request, door
from parcours.web.measure.asked import page, read_asked, step_choices
from parcours.web.measure.files import Answer
from parcours.web.measure.usual import BEFORE_BUYING, chosen
from parcours.web.measure.waiting import unhurried

if TYPE_CHECKING:
    import pyarrow as pa


@door("measures.view")
@require_GET
@unhurried("measure/flow.html")
def steps(request: Request) -> HttpResponseBase:
    asked = read_asked(request, by_event=True)
    choices = step_choices(asked)
    usual = asked.drawing.main if asked.drawing else BEFORE_BUYING
    at = chosen(request.GET.get("at", ""), usual, choices)
    backwards = request.GET.get("way") == "before"
    depth = request.GET.get("depth", "4")
    deep = int(depth) if depth.isdecimal() and int(depth) in DEPTHS else 4
    extra: dict[str, object] = {
        "choices": choices,
        "at": at,
        "backwards": backwards,
        "depth": deep,
        "depths": DEPTHS,
    }
    if asked.empty or not at:
        return page(request, "measure/flow.html", asked, extra)
    found = flow(asked.question, at, drawing=asked.drawing, backwards=backwards, depth=deep)
    words = {"at": at, "way": "before" if backwards else "", "depth": deep}
    extra |= {
        "flow": found,
        "at_label": dict(choices)[at],
        "rows": [
            (
                band,
                asked.customers(
                    "flow",
                    column=band.source.column,
                    activity=band.source.activity,
                    target=band.target.activity,
                    **words,
                ),
            )
            for band in found.bands
        ],
    }
    answer = Answer("flow", table_of(found), lambda: pictures.step_flow(found))
    return page(request, "measure/flow.html", asked, extra, answer)


def table_of(found: Flow) -> "pa.Table":
    """step (from 1), source, target, customers."""
    import pyarrow as pa

    return pa.table(
        {
            "step": [band.source.column + 1 for band in found.bands],
            "source": [band.source.activity for band in found.bands],
            "target": [band.target.activity for band in found.bands],
            "customers": [band.customers for band in found.bands],
        }
    )
