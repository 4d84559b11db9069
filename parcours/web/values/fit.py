"""How a journey's touchpoints keep what the brand promises: the table, and one cell of it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.canvas.brand_values import reads, writes
from parcours.canvas.brand_values.samples import sample_of, samples_of_stage
from parcours.canvas.brand_values.shapes import LEVELS, Fit
from parcours.core.errors import BadInput
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door
from parcours.web.values.forms import QuoteForm

MODES = ("felt", "wanted")


@door("canvas.view")
@require_GET
def grid(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """Touchpoints by stage, one column a value; the largest gaps in words above."""
    fit = reads.brand_fit(request.brand.pk, journey_id)
    context = {
        "journey": fit.journey,
        "fit": fit,
        "gaps": fit.gaps[:5],
        "levels": list(enumerate(LEVELS)),
        "mode": request.GET.get("rate") if request.GET.get("rate") in MODES else MODES[0],
    }
    return render(request, "values/grid.html", context)


@door("canvas.view")
@require_GET
def cell(
    request: Request, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID
) -> HttpResponse:
    """One value at one touchpoint, with who said what."""
    found = reads.one_fit(request.brand.pk, journey_id, touchpoint_id, value_id)
    return _cell_page(request, journey_id, found, QuoteForm())


@door("canvas.edit")
@require_POST
def wanted(
    request: Request, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID
) -> HttpResponse:
    """How strongly it is wanted: `level` 0 to 4, empty for not at all said."""
    return _rated(request, writes.want, journey_id, touchpoint_id, value_id)


@door("canvas.suggest")
@require_POST
def felt(
    request: Request, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID
) -> HttpResponse:
    """How strongly you think it is felt: `level` 0 to 4, empty to take your rating back."""
    return _rated(request, writes.rate, journey_id, touchpoint_id, value_id)


@door("canvas.suggest")
@require_POST
def quote(
    request: Request, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID
) -> HttpResponse:
    """A customer's words: typed, or with `sample` those that evidence shows already."""
    found = reads.one_fit(request.brand.pk, journey_id, touchpoint_id, value_id)
    if request.POST.get("sample"):
        sample = sample_of(journey_id, found.stage.id, request.POST["sample"])
        given: dict[str, Any] = {
            "text": sample.text,
            "source": sample.source,
            "customer_id": sample.customer_id,
        }
    else:
        form = QuoteForm(request.POST)
        if not form.is_valid():
            return _cell_page(request, journey_id, found, form, status=422)
        given = form.cleaned_data
    writes.add_quote(journey_id, touchpoint_id, value_id, **given, acting_user=request.actor)
    return redirect("map_value", journey_id, touchpoint_id, value_id)


@door("canvas.suggest")
@require_POST
def quote_remove(request: Request, journey_id: uuid.UUID, quote_id: uuid.UUID) -> HttpResponse:
    removed = writes.remove_quote(journey_id, quote_id, acting_user=request.actor)
    messages.success(request, _("The quote was removed."))
    return _back(request, journey_id, removed.touchpoint_id, removed.value_id, undo=quote_id)


@door("canvas.suggest")
@require_POST
def quote_restore(request: Request, journey_id: uuid.UUID, quote_id: uuid.UUID) -> HttpResponse:
    restored = writes.restore_quote(journey_id, quote_id, acting_user=request.actor)
    return _back(request, journey_id, restored.touchpoint_id, restored.value_id)


def _rated(
    request: Request,
    write: Callable[..., None],
    journey_id: uuid.UUID,
    touchpoint_id: uuid.UUID,
    value_id: uuid.UUID,
) -> HttpResponse:
    write(journey_id, touchpoint_id, value_id, _level(request), acting_user=request.actor)
    if wants_fragment(request):
        found = reads.one_fit(request.brand.pk, journey_id, touchpoint_id, value_id)
        context = {"fit": found, "journey": {"id": journey_id}, "mode": request.POST.get("mode", MODES[0])}
        return render(request, "values/cell.html", context)
    return redirect("map_value", journey_id, touchpoint_id, value_id)


def _level(request: Request) -> int | None:
    """Raises BadInput."""
    text = request.POST.get("level", "").strip()
    if not text:
        return None
    if not text.isdecimal():
        raise BadInput(_("“{level}” is no step.").format(level=text[:20]), where="level")
    return int(text)


def _cell_page(
    request: Request, journey_id: uuid.UUID, found: Fit, form: QuoteForm, *, status: int = 200
) -> HttpResponse:
    removed = request.GET.get("removed", "")
    context = {
        "journey": {"id": journey_id},
        "fit": found,
        "levels": list(enumerate(LEVELS)),
        "mine": found.rated_by(request.actor.id),
        "form": form,
        "samples": samples_of_stage(journey_id, found.stage.id, but=[each.text for each in found.quotes]),
        "removed": _uuid(removed),
    }
    return render(request, "values/cell_page.html", context, status=status)


def _back(
    request: Request,  # noqa: ARG001
    journey_id: uuid.UUID,
    touchpoint_id: uuid.UUID,
    value_id: uuid.UUID,
    *,
    undo: uuid.UUID | None = None,
) -> HttpResponse:
    answer = redirect("map_value", journey_id, touchpoint_id, value_id)
    if undo:
        answer["Location"] += f"?removed={undo}"
    return answer


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
