"""Visits: how many a day, how long, how many events."""

from collections.abc import Callable, Sequence
from datetime import date

from django.http.response import HttpResponseBase
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.core.formats import span
from parcours.engine.charts import Bar, Svg, bars
from parcours.engine.words import count
from parcours.events.channels import channel_label
from parcours.measures.sessions import Part, Sessions
from parcours.measures.sessions import sessions as visits
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked
from parcours.web.measure.files import Answer
from parcours.web.measure.waiting import unhurried

GAP = "30min"
GAPS = ("15min", "30min", "1h", "4h", "1d")


@door("measures.view")
@require_GET
@unhurried("measure/sessions.html")
def sessions(request: Request) -> HttpResponseBase:
    asked = read_asked(request, by_event=True)
    gap = request.GET.get("gap", "").strip() or GAP
    extra: dict[str, object] = {"gap": gap, "gaps": GAPS, "events_only": True}
    if asked.empty:
        return page(request, "measure/sessions.html", asked, extra)
    found = visits(asked.question, gap)
    extra |= {
        "sessions": found,
        "single_share": found.single / found.all.sessions if found.all.sessions else None,
        "everybody": asked.customers("sessions", gap=gap),
        "columns": columns(found.by_time),
        "by_time": [_over_time(asked, found, each, gap) for each in found.by_time],
        "tables": [
            (_("By the channel they begin on"), _rows(asked, found.by_channel, gap, "touch", _channel)),
            (_("By how many events they have"), _rows(asked, found.by_events, gap, "events", _size)),
            (_("By how long they last"), _rows(asked, found.by_length, gap, "length", _length)),
        ],
    }
    answer = Answer("sessions", found.table, lambda: _picture(found.by_events))
    return page(request, "measure/sessions.html", asked, extra, answer)


def _picture(found: Sequence[Part]) -> Svg:
    drawn = [Bar(_size(each), each.sessions, count(each.sessions)) for each in found]
    return bars(_("Sessions"), _("How many sessions have so many events."), drawn)


def columns(parts: Sequence[Part]) -> list[dict[str, str]]:
    """Bars from left to right as parts of a drawing's width and height."""
    most = max((each.sessions for each in parts), default=0) or 1
    wide = 100 / max(1, len(parts))
    return [
        {
            "x": f"{place * wide:.3f}%",
            "y": f"{100 * (1 - each.sessions / most):.2f}%",
            "width": f"{max(wide * 0.84, 0.2):.3f}%",
            "height": f"{100 * each.sessions / most:.2f}%",
        }
        for place, each in enumerate(parts)
    ]


def _over_time(asked: Asked, found: Sessions, part: Part, gap: str) -> dict[str, object]:
    day = date.fromisoformat(part.key)
    return {
        "label": date_format(day, "SHORT_DATE_FORMAT"),
        "part": part,
        "address": asked.customers("sessions", gap=gap, day=part.key, days=found.days),
    }


def _rows(
    asked: Asked, parts: Sequence[Part], gap: str, word: str, label: Callable[[Part], str]
) -> list[dict[str, object]]:
    total = sum(each.sessions for each in parts) or 1
    most = max((each.sessions for each in parts), default=0) or 1
    return [
        {
            "label": label(each),
            "part": each,
            "share": each.sessions / total,
            "width": each.sessions / most,
            "address": asked.customers("sessions", gap=gap, **{word: each.key}) if each.key else "",
        }
        for each in parts
    ]


def _channel(part: Part) -> str:
    return channel_label(part.key) if part.key else _("not known")


def _size(part: Part) -> str:
    if part.high is None:
        return _("{n} or more").format(n=part.low)
    if part.high == part.low + 1:
        return number_format(part.low)
    return _("{low} to {high}").format(low=part.low, high=part.high - 1)


def _length(part: Part) -> str:
    if part.high is None:
        return _("{time} or longer").format(time=span(part.low))
    if not part.low:
        return _("under {time}").format(time=span(part.high))
    return _("{low} to {high}").format(low=span(part.low), high=span(part.high))
