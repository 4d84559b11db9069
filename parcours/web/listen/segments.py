"""Segments: the generations, and the brand's own by rule."""

import uuid
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.core.errors import BadInput, Conflict
from parcours.core.happened import COUNTS
from parcours.customers import reads
from parcours.customers.groups import group_names
from parcours.customers.segments.rules import read_segment_rule
from parcours.customers.writes import (
    do_change_segment,
    do_create_segment,
    do_delete_segment,
    segment_to_change,
)
from parcours.web.canvas.rule_form import operators, sent_rows
from parcours.web.canvas.suggestions import suggestions
from parcours.web.doors import Request, door
from parcours.web.listen.segment_rule import (
    NEVER,
    HappenedRow,
    all_operators,
    as_text,
    fits_rows,
    happened_rows,
    known_rows,
    sent_happened,
    sent_rule,
)

FIELDS = (
    "generation",
    "birth_year",
    "country",
    "language",
    "name",
    "email",
    "group",
    "first_seen",
    "last_seen",
    "consent.marketing.email",
)
MOST_SHOWN = 10


class Row(NamedTuple):
    segment: reads.SegmentView
    customers: int


@door("customers.view")
@require_GET
def listing(request: Request) -> HttpResponse:
    views = reads.segments(request.brand)
    counts = reads.segment_counts(request.brand, views)
    rows = [Row(view, counts[view.key]) for view in views]
    context = {
        "tab": "segments",
        "generations": [row for row in rows if row.segment.builtin],
        "own": [row for row in rows if not row.segment.builtin],
    }
    return render(request, "listen/segments.html", context)


@door("segments.edit")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    if request.method == "GET":
        return _form(request)
    try:
        do_create_segment(
            request.brand, request.POST.get("name", ""), sent_rule(request.POST), acting_user=request.actor
        )
    except (BadInput, Conflict) as fault:
        return _form(request, problem=fault)
    messages.success(request, _("The segment was added."))
    return redirect("segments")


@door("segments.edit")
@require_http_methods(["GET", "POST"])
def change(request: Request, segment_id: uuid.UUID) -> HttpResponse:
    view = reads.segment(request.brand, str(segment_id))
    if request.method == "GET":
        return _form(request, segment=view)
    try:
        with transaction.atomic():
            do_change_segment(
                segment_to_change(request.brand, segment_id),
                name=request.POST.get("name", ""),
                rule=sent_rule(request.POST),
                acting_user=request.actor,
            )
    except (BadInput, Conflict) as fault:
        return _form(request, segment=view, problem=fault)
    messages.success(request, _("The segment was changed."))
    return redirect("segments")


@door("segments.edit")
@require_POST
def count(request: Request) -> HttpResponse:
    """Who the rule means as it stands in the form: how many, and a few of them."""
    try:
        rule = read_segment_rule(sent_rule(request.POST))
    except BadInput as fault:
        return render(request, "listen/segment_count.html", {"problem": fault})
    members = reads.segment_members(request.brand, reads.SegmentView("", "", rule, builtin=False))
    shown = [int(member) for member in members[:MOST_SHOWN]]
    known = reads.profiles(request.brand, shown)
    context = {
        "customers": len(members),
        "of": reads.customer_count(request.brand),
        "sentence": rule.sentence(),
        "members": [known[member] for member in shown if member in known],
    }
    return render(request, "listen/segment_count.html", context)


@door("segments.edit")
@require_POST
def delete(request: Request, segment_id: uuid.UUID) -> HttpResponse:
    with transaction.atomic():
        do_delete_segment(segment_to_change(request.brand, segment_id), acting_user=request.actor)
    messages.success(request, _("The segment was deleted. Its customers stay."))
    return redirect("segments")


def _form(
    request: Request,
    *,
    segment: reads.SegmentView | None = None,
    problem: BadInput | Conflict | None = None,
) -> HttpResponse:
    """The form as it is stored, or, with a `problem`, as it was sent. `as=json` shows the rule itself."""
    known = suggestions(request.brand.pk)
    context: dict[str, Any] = {
        "tab": "segments",
        "segment": segment,
        "problem": problem,
        "ops": all_operators(),
        "event_ops": operators(),
        "counts": [*((key, str(label)) for key, label in COUNTS.items()), (NEVER, _("not once"))],
        "blank": HappenedRow(""),
        "fields": [*FIELDS, *(f"traits.{key}" for key in reads.trait_names(request.brand))],
        "generations": [view for view in reads.segments(request.brand) if view.builtin],
        "groups": group_names(request.brand),
        "names": known.names,
        "properties": ["channel", "source", *(f"properties.{key}" for key in known.keys)],
    }
    rule = segment.rule.as_json() if segment else {"all": []}
    if problem is not None:
        context |= {
            "name": request.POST.get("name", ""),
            "json": request.POST.get("json"),
            "conditions": sent_rows(request.POST),
            "happened": sent_happened(request.POST),
        }
    else:
        in_rows = fits_rows(rule) and request.GET.get("as") != "json"
        context |= {
            "name": segment.name if segment else "",
            "json": None if in_rows else as_text(rule),
            "conditions": known_rows(rule),
            "happened": happened_rows(rule),
        }
    return render(request, "listen/segment_form.html", context, status=422 if problem else 200)
