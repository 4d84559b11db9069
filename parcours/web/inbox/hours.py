"""When the team works: named hours, their holidays, and which channel has which."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.inbox import reads
from parcours.inbox.hours import writes
from parcours.inbox.hours.holidays import countries, name_in, subdivisions
from parcours.inbox.hours.models import BusinessHours
from parcours.inbox.hours.preview import preview
from parcours.inbox.hours.reads import SETTING, NamedHours, all_hours, named_hours, one_of_hours
from parcours.inbox.hours.writes import HoursForm
from parcours.web.doors import Request, door
from parcours.web.inbox.hours_form import DAYS, form_of, sent_of, weekday_name

_COPIES = {"weekdays": range(1, 5), "all": range(1, 7)}


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponseBase:
    """Every named hours, a form for others (`from` copies some), and who uses which."""
    source = _uuid(request.GET.get("from", ""))
    begun = one_of_hours(request.brand.pk, source) if source else None
    if begun is not None:
        begun = replace(begun, name="", is_default=False)
    return _edit(request, None, begun)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def show(request: Request, hours_id: uuid.UUID) -> HttpResponseBase:
    old = one_of_hours(request.brand.pk, hours_id)
    return _edit(request, old, old)


@door("inbox.manage")
@require_POST
def delete(request: Request, hours_id: uuid.UUID) -> HttpResponseBase:
    """It can be brought back by the message that says so, or (`back`) is."""
    back = bool(request.GET.get("back"))
    writes.remove_hours(hours_id, acting_user=request.actor, back=back)
    undo = "" if back else reverse("inbox_hours_delete", args=[hours_id]) + "?back=1"
    said = _("The hours are back.") if back else _("The hours were deleted. The brand’s own count instead.")
    messages.success(request, said, extra_tags=undo)
    return redirect("inbox_hours")


@door("inbox.manage")
@require_POST
def use(request: Request) -> HttpResponseBase:
    """Which account has which hours: a field for each, named by its id."""
    chosen = {
        each.id: _uuid(request.POST.get(str(each.id), ""))
        for each in reads.accounts(request.brand.pk)
        if str(each.id) in request.POST
    }
    writes.use_hours(chosen, acting_user=request.actor)
    messages.success(request, _("The settings were saved."))
    return redirect("inbox_hours")


def _edit(request: Request, old: NamedHours | None, begun: NamedHours | None) -> HttpResponseBase:
    problem: ParcoursError | None = None
    sent = sent_of(begun, request.brand.time_zone, is_first=not all_hours(request.brand.pk))
    tried = begun
    if request.method == "POST":
        sent = request.POST.copy()
        do = request.POST.get("do", "save")
        for day in _COPIES.get(do, ()):
            sent[f"day{day}"] = sent.get("day0", "")
        try:
            form = form_of(sent)
            if do == "save":
                return _save(request, old, form)
            tried = named_hours(writes.fill(BusinessHours(brand=request.brand), form))
        except ParcoursError as fault:
            problem = fault
    return _page(request, old, tried, sent, problem)


def _save(request: Request, old: NamedHours | None, form: HoursForm) -> HttpResponseBase:
    revision = _number(request.POST.get("revision", "")) if old else None
    hours_id = old.id if old else None
    saved = writes.save_hours(
        request.brand, form, acting_user=request.actor, hours_id=hours_id, revision=revision
    )
    messages.success(request, _("“{name}” is saved.").format(name=saved.name))
    return redirect("inbox_hours_edit", saved.id)


def _page(
    request: Request,
    old: NamedHours | None,
    tried: NamedHours | None,
    sent: Mapping[str, Any],
    problem: ParcoursError | None,
) -> HttpResponseBase:
    country = sent.get("country", "")
    zone = ZoneInfo(tried.time_zone if tried else request.brand.time_zone)
    today = now().astimezone(zone).date()
    worked = tried.worked_holidays if tried else frozenset()
    context = {
        "here": "hours",
        "every": all_hours(request.brand.pk),
        "editing": old,
        "sent": sent,
        "week": [(f"day{day}", weekday_name(day), sent.get(f"day{day}", "")) for day in DAYS],
        "zones": sorted(available_timezones()),
        "countries": countries(),
        "subdivisions": subdivisions(country),
        "holidays": _holidays(tried, today, worked),
        "next_days": preview(tried, today) if tried else [],
        "uses": [(each, str(each.settings.get(SETTING, ""))) for each in reads.accounts(request.brand.pk)],
        "problem": problem,
    }
    return render(request, "inbox/hours.html", context, status=problem.status if problem else 200)


def _holidays(
    hours: NamedHours | None, today: date, worked: frozenset[str]
) -> list[tuple[str, str, str, bool]]:
    """Those of the next year: key, name, day, and whether one works on it."""
    found: dict[str, tuple[str, str, str, bool]] = {}
    for day, names in sorted(hours.holidays.items()) if hours else []:
        key = names.get("en", "")
        if day >= today and key not in found and day < today.replace(year=today.year + 1, day=1):
            found[key] = key, name_in(dict(names)), date_format(day, "D j N Y"), key in worked
    return list(found.values())


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None
