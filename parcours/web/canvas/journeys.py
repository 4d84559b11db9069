"""The maps of a brand: the list, a new one, taking one off the list and putting it back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.canvas import reads, writes
from parcours.core.errors import BadInput
from parcours.web.canvas.forms import NewJourneyForm, show_fault
from parcours.web.doors import Request, door


@door("canvas.view")
@require_GET
def journeys(request: Request) -> HttpResponse:
    deleted = reads.deleted_journeys(request.brand.pk)
    context = {"journeys": reads.journeys(request.brand.pk), "deleted": deleted}
    return render(request, "canvas/journeys.html", context)


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A map from the template of the field, for a persona there is or a new one."""
    form = NewJourneyForm(
        request.POST or None,
        personas=reads.personas(request.brand.pk),
        initial={"language": translation.get_language()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("map", _create(request, form))
        except BadInput as fault:
            show_fault(form, fault)
    status = 422 if form.errors else 200
    return render(request, "canvas/journey_new.html", {"form": form}, status=status)


def _create(request: Request, form: NewJourneyForm) -> uuid.UUID:
    chosen = form.cleaned_data
    persona_id = form.persona_id
    if persona_id is None and chosen["persona_name"].strip():
        persona_id = writes.add_persona(
            chosen["persona_name"], birth_year=chosen["birth_year"], acting_user=request.actor
        ).id
    return writes.create_journey(
        chosen["title"],
        summary=chosen["summary"],
        kind=chosen["kind"],
        persona_id=persona_id,
        language=chosen["language"],
        acting_user=request.actor,
    ).id


@door("canvas.edit")
@require_POST
def delete(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    title = reads.journey(request.brand.pk, journey_id).title
    writes.delete_journey(journey_id, acting_user=request.actor)
    messages.success(
        request, _("“{title}” was taken off the list. It can be put back below.").format(title=title)
    )
    return redirect("maps")


@door("canvas.edit")
@require_POST
def restore(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    title = writes.restore_journey(journey_id, acting_user=request.actor).title
    messages.success(request, _("“{title}” is back.").format(title=title))
    return redirect("map", journey_id)
