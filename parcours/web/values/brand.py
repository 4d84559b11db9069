"""What a brand wants to stand for: written, put in order, removed and put back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parcours.canvas import reads as canvas_reads
from parcours.canvas.brand_values import reads, writes
from parcours.canvas.brand_values.shapes import ValueView
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.web.doors import Request, door
from parcours.web.values.forms import ValueForm


@door("canvas.view")
@require_http_methods(["GET", "POST"])
def values(request: Request) -> HttpResponse:
    """All values; a form adds one for whoever may edit."""
    form = ValueForm(request.POST or None, auto_id="new-%s")
    if request.method == "POST":
        request.actor.require("canvas.edit")
        if form.is_valid():
            try:
                writes.add_value(**form.cleaned_data, acting_user=request.actor)
            except (BadInput, Conflict) as fault:
                form.add_error(fault.where if fault.where in form.fields else None, str(fault.what))
            else:
                messages.success(request, _("Added."))
                return redirect("brand_values")
    return _page(request, form, status=422 if form.errors else 200)


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def value(request: Request, value_id: uuid.UUID) -> HttpResponse:
    """One value's form."""
    found = _found(request, value_id)
    names = ("name", "sentence", "looks_like", "not_like")
    form = ValueForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            writes.edit_value(value_id, **form.cleaned_data, acting_user=request.actor)
        except (BadInput, Conflict) as fault:
            form.add_error(fault.where if fault.where in form.fields else None, str(fault.what))
        else:
            messages.success(request, _("Saved."))
            return redirect("brand_values")
    status = 422 if form.errors else 200
    return render(request, "values/value.html", {"value": found, "form": form}, status=status)


@door("canvas.edit")
@require_POST
def move(request: Request, value_id: uuid.UUID) -> HttpResponse:
    """One place up, or with `to=down` one down."""
    order = [each.id for each in reads.brand_values(request.brand.pk)]
    _found(request, value_id)
    at = order.index(value_id) + (1 if request.POST.get("to") == "down" else -1)
    writes.move_value(value_id, max(at, 0), acting_user=request.actor)
    return redirect("brand_values")


@door("canvas.edit")
@require_POST
def remove(request: Request, value_id: uuid.UUID) -> HttpResponse:
    name = _found(request, value_id).name
    writes.remove_value(value_id, acting_user=request.actor)
    messages.success(
        request,
        _("“{name}” was removed. It can be put back below.").format(name=name),
        extra_tags=reverse("brand_value_restore", args=[value_id]),
    )
    return redirect("brand_values")


@door("canvas.edit")
@require_POST
def restore(request: Request, value_id: uuid.UUID) -> HttpResponse:
    writes.restore_value(value_id, acting_user=request.actor)
    return redirect("brand_values")


def _found(request: Request, value_id: uuid.UUID) -> ValueView:
    """Raises NotFound."""
    for each in reads.brand_values(request.brand.pk):
        if each.id == value_id:
            return each
    raise NotFound(_("There is no such value."), remedy=_("It may have been removed."))


def _page(request: Request, form: ValueForm, *, status: int) -> HttpResponse:
    context = {
        "values": reads.brand_values(request.brand.pk),
        "removed": reads.removed_values(request.brand.pk),
        "journeys": [each.journey for each in canvas_reads.journeys(request.brand.pk)],
        "form": form,
    }
    return render(request, "values/values.html", context, status=status)
