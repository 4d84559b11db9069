"""What a journey begins with: a new one from a template, examples that go again, a template of one's own."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from parcours.canvas import reads, writes
from parcours.canvas.templates.catalogue import FIELD, template, templates
from parcours.core.errors import BadInput, NotFound
from parcours.web.canvas.forms import NewJourneyForm, TemplateForm, show_fault
from parcours.web.doors import Request, door


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A map from a template, for a persona there is or a new one. Without a title it has the template's."""
    reader = translation.get_language() or "en"
    form = NewJourneyForm(
        request.POST or None,
        personas=reads.personas(request.brand.pk),
        initial={"language": reader, "persona": request.GET.get("persona", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("map", _create(request, form))
        except (BadInput, NotFound) as fault:
            show_fault(form, fault)
    found = templates(request.brand.pk, reader)
    context = {"form": form, "templates": found, "tab": "journeys"}
    return render(request, "canvas/journey_new.html", context, status=422 if form.errors else 200)


def _create(request: Request, form: NewJourneyForm) -> uuid.UUID:
    chosen = form.cleaned_data
    key = request.POST.get("template") or FIELD
    title = chosen["title"] or template(request.brand.pk, key, chosen["language"]).plan.title
    persona_id = form.persona_id
    if persona_id is None and chosen["persona_name"].strip():
        persona_id = writes.add_persona(
            chosen["persona_name"], birth_year=chosen["birth_year"], acting_user=request.actor
        ).id
    return writes.create_journey(
        title,
        summary=chosen["summary"],
        kind=chosen["kind"],
        persona_id=persona_id,
        language=chosen["language"],
        template_key=key,
        acting_user=request.actor,
    ).id


@door("canvas.edit")
@require_POST
def remove_examples(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    gone = len(writes.remove_examples(journey_id, acting_user=request.actor))
    sentence = ngettext("{n} example was removed.", "{n} examples were removed.", gone).format(n=gone)
    messages.success(request, sentence, extra_tags=reverse("map_examples_restore", args=[journey_id]))
    return redirect("map", journey_id)


@door("canvas.edit")
@require_POST
def restore_examples(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    back = writes.restore_examples(journey_id, acting_user=request.actor)
    messages.success(request, ngettext("{n} example is back.", "{n} examples are back.", back).format(n=back))
    return redirect("map", journey_id)


@door("canvas.edit")
@require_POST
def save_template(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """Keeps the journey for new ones to begin from."""
    journey = reads.journey(request.brand.pk, journey_id)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the template a name."))
        return redirect("map_settings", journey_id)
    saved = writes.save_as_template(
        journey.id,
        name=form.cleaned_data["name"],
        with_cards=form.cleaned_data["with_cards"],
        acting_user=request.actor,
    )
    messages.success(
        request,
        _("New journeys can begin from “{name}” now.").format(name=saved.name),
        extra_tags=reverse("map_template_remove", args=[saved.key]),
    )
    return redirect("map_settings", journey_id)


@door("canvas.edit")
@require_POST
def remove_template(request: Request, template_id: uuid.UUID) -> HttpResponse:
    name = writes.remove_template(template_id, acting_user=request.actor)
    messages.success(
        request,
        _("The template “{name}” was removed.").format(name=name),
        extra_tags=reverse("map_template_restore", args=[template_id]),
    )
    return redirect("map_new")


@door("canvas.edit")
@require_POST
def restore_template(request: Request, template_id: uuid.UUID) -> HttpResponse:
    name = writes.restore_template(template_id, acting_user=request.actor)
    messages.success(request, _("The template “{name}” is back.").format(name=name))
    return redirect("map_new")
