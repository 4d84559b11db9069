"""Personas: the list, each one's page with what is known beside what is believed, and changing them."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.canvas import reads, writes
from parcours.canvas.shapes import JourneyView, PersonaView
from parcours.core.errors import BadInput, NotFound
from parcours.core.periods import read_period
from parcours.insights.personas import Known, believed_differently, known_about
from parcours.web.canvas.forms import show_fault
from parcours.web.doors import Request, door
from parcours.web.personas.forms import PersonaForm

LOOKED_AT = "365d"
"""People are known by a year, not by a season."""


@dataclass(frozen=True, slots=True)
class Row:
    persona: PersonaView
    journeys: tuple[JourneyView, ...]


@door("canvas.view")
@require_GET
def personas(request: Request) -> HttpResponse:
    used = _journeys_by_persona(request)
    rows = [Row(each, tuple(used.get(each.id, ()))) for each in reads.personas(request.brand.pk)]
    removed = reads.removed_personas(request.brand.pk)
    context = {"tab": "personas", "rows": rows, "removed": removed}
    return render(request, "personas/personas.html", context)


@door("canvas.view")
@require_GET
def persona(request: Request, persona_id: uuid.UUID) -> HttpResponse:
    view = reads.persona(request.brand.pk, persona_id)
    known = _known(request, view)
    return render(
        request,
        "personas/persona.html",
        {
            "tab": "personas",
            "persona": view,
            "journeys": _journeys_by_persona(request).get(persona_id, []),
            "known": known,
            "differs": believed_differently(view.channels, known) if known else "",
            "period": read_period({"period": LOOKED_AT}, request.brand.time_zone),
        },
    )


def _known(request: Request, view: PersonaView) -> Known | None:
    """None for a persona who stands for nobody, or whose segment is gone."""
    if not view.segment_key:
        return None
    period = read_period({"period": LOOKED_AT}, request.brand.time_zone)
    try:
        return known_about(request.brand, view.segment_key, period)
    except NotFound:
        return None


def _journeys_by_persona(request: Request) -> dict[uuid.UUID, list[JourneyView]]:
    found: dict[uuid.UUID, list[JourneyView]] = {}
    for summary in reads.journeys(request.brand.pk):
        if summary.journey.persona is not None:
            found.setdefault(summary.journey.persona.id, []).append(summary.journey)
    return found


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    form = PersonaForm(request.POST or None, request.FILES or None, brand=request.brand)
    if request.method == "POST" and form.is_valid():
        try:
            made = writes.add_persona(
                photo_id=_photo(request, form), **_given(form), acting_user=request.actor
            )
        except (BadInput, NotFound) as fault:
            show_fault(form, fault)
        else:
            return redirect("persona", made.id)
    return _form_page(request, form)


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def edit(request: Request, persona_id: uuid.UUID) -> HttpResponse:
    view = reads.persona(request.brand.pk, persona_id)
    form = PersonaForm(request.POST or None, request.FILES or None, brand=request.brand, persona=view)
    if request.method == "POST" and form.is_valid():
        given = _given(form)
        try:
            writes.edit_persona(
                persona_id,
                photo_id=_photo(request, form),
                without_photo=form.cleaned_data["remove_photo"],
                without_birth_year=given["birth_year"] is None,
                **given,
                acting_user=request.actor,
            )
        except (BadInput, NotFound) as fault:
            show_fault(form, fault)
        else:
            messages.success(request, _("Saved."))
            return redirect("persona", persona_id)
    return _form_page(request, form)


def _form_page(request: Request, form: PersonaForm) -> HttpResponse:
    context = {"tab": "personas", "form": form, "persona": form.persona}
    return render(request, "personas/persona_form.html", context, status=422 if form.errors else 200)


def _given(form: PersonaForm) -> dict[str, Any]:
    chosen = form.cleaned_data
    texts = {name: chosen[name] for name in ("name", "sketch", "goals", "habits", "quote")}
    return {
        **texts,
        "birth_year": chosen["birth_year"],
        "channels": form.channels,
        "segment_key": chosen["segment"],
    }


def _photo(request: Request, form: PersonaForm) -> uuid.UUID | None:
    upload = form.cleaned_data["photo"]
    if not upload or form.cleaned_data["remove_photo"]:
        return None
    return writes.add_picture(upload, acting_user=request.actor).id


@door("canvas.edit")
@require_POST
def duplicate(request: Request, persona_id: uuid.UUID) -> HttpResponse:
    copy = writes.duplicate_persona(persona_id, acting_user=request.actor)
    messages.success(
        request,
        _("“{name}” was added.").format(name=copy.name),
        extra_tags=reverse("persona_remove", args=[copy.id]),
    )
    return redirect("persona_edit", copy.id)


@door("canvas.edit")
@require_POST
def remove(request: Request, persona_id: uuid.UUID) -> HttpResponse:
    gone = writes.remove_persona(persona_id, acting_user=request.actor)
    messages.success(
        request,
        _("“{name}” was removed.").format(name=gone.name),
        extra_tags=reverse("persona_restore", args=[persona_id]),
    )
    return redirect("personas")


@door("canvas.edit")
@require_POST
def restore(request: Request, persona_id: uuid.UUID) -> HttpResponse:
    back = writes.restore_persona(persona_id, acting_user=request.actor)
    messages.success(request, _("“{name}” is back.").format(name=back.name))
    return redirect("persona", persona_id)
