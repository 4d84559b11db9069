"""Who comes back, and how long until it happens."""

from datetime import date
from typing import cast

from django.http.response import HttpResponseBase
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.engine.calendar import Period
from parcours.measures import pictures
from parcours.measures.questions import event_names
from parcours.measures.retention import Cohorts, cohorts, survival
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked
from parcours.web.measure.files import Answer
from parcours.web.measure.usual import BOUGHT, chosen
from parcours.web.measure.waiting import unhurried

PERIODS = ("day", "week", "month", "quarter", "year")
FEWEST = 5


@door("measures.view")
@require_GET
@unhurried("measure/retention.html")
def retention(request: Request) -> HttpResponseBase:
    """Cohorts by calendar, and a curve of the time until it happens (again)."""
    asked = read_asked(request, by_event=True)
    choices = () if asked.empty else event_names(asked.question)
    words = {name: request.GET.get(name, "") for name in ("start", "activity", "by")}
    if "start" not in request.GET:
        words["start"] = words["activity"] = chosen("", BOUGHT, choices)
    period = request.GET.get("cohort", "month")
    period = period if period in PERIODS else "month"
    extra: dict[str, object] = {
        "choices": choices,
        "events_only": True,
        "cohort": period,
        "lengths": [
            ("day", _("a day")),
            ("week", _("a week")),
            ("month", _("a month")),
            ("quarter", _("a quarter")),
            ("year", _("a year")),
        ],
        **words,
    }
    if asked.empty:
        return page(request, "measure/retention.html", asked, extra)
    start, activity = words["start"], words["activity"]
    found = cohorts(asked.question, cast("Period", period), start=start, activity=activity)
    extra |= {"cohorts": found, "rows": _rows(asked, found, period, words)}
    if activity:
        curves = survival(asked.question, activity, start=start, by=words["by"])
        drawn = [(each.group or _("not known"), each.points) for each in curves.curves]
        extra |= {"curves": curves, "curve_drawn": pictures.survival(drawn).markup() if drawn else ""}
        if request.GET.get("what") == "curve":
            answer = Answer("curve", curves.table, lambda: pictures.survival(drawn))
            return page(request, "measure/retention.html", asked, extra, answer)
    answer = Answer("retention", found.table, lambda: pictures.retention(found.table))
    return page(request, "measure/retention.html", asked, extra, answer)


def _rows(asked: Asked, found: Cohorts, period: str, words: dict[str, str]) -> list[dict[str, object]]:
    asking = {"cohort": period, "start": words["start"], "activity": words["activity"]}
    return [
        {
            "cohort": each,
            "label": cohort_label(each.first_day, period),
            "too_few": each.customers < FEWEST,
            "customers": asked.customers("cohort", day=each.first_day.isoformat(), **asking),
            "cells": [
                (
                    cell,
                    f"{0.06 + 0.36 * cell.share:.2f}",
                    asked.customers("cohort", day=each.first_day.isoformat(), later=cell.period, **asking),
                )
                for cell in each.cells
            ],
        }
        for each in found.cohorts
    ]


def cohort_label(day: date, period: str) -> str:
    """The cohort by its period’s name or its first day."""
    forms = {"month": "YEAR_MONTH_FORMAT", "quarter": "YEAR_MONTH_FORMAT", "year": "Y"}
    return str(date_format(day, forms.get(period, "SHORT_DATE_FORMAT")))
