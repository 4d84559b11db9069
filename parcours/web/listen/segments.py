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
from parcours.customers import reads
from parcours.customers.writes import (
    do_change_segment,
    do_create_segment,
    do_delete_segment,
    segment_to_change,
)
from parcours.web.canvas.rule_form import operators, rows_of, sent_rows, sent_rule
from parcours.web.doors import Request, door


class Row(NamedTuple):
    segment: reads.SegmentView
    customers: int


_FIELDS = ("generation", "birth_year", "country", "language", "name", "email")


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
    """The form as it is stored, or, with a `problem`, as it was sent."""
    context: dict[str, Any] = {
        "tab": "segments",
        "segment": segment,
        "problem": problem,
        "ops": operators(),
        "fields": [*_FIELDS, *(f"traits.{key}" for key in reads.trait_names(request.brand))],
        "generations": [view for view in reads.segments(request.brand) if view.builtin],
    }
    if problem is not None:
        context |= {"name": request.POST.get("name", ""), "conditions": sent_rows(request.POST)}
    elif segment is not None:
        context |= {"name": segment.name, "conditions": rows_of(segment.rule.as_json())}
    return render(request, "listen/segment_form.html", context, status=422 if problem else 200)
