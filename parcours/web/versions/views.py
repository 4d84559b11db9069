"""The versions of a journey: kept, compared, looked at, approved, brought back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.accounts.reads import people_of
from parcours.canvas import reads
from parcours.canvas.versions import reads as kept
from parcours.canvas.versions import restoring
from parcours.canvas.versions.writes import answer_approval, ask_approval, keep_version
from parcours.core.errors import BadInput
from parcours.web.canvas.forms import show_fault
from parcours.web.doors import Request, door
from parcours.web.versions.forms import AnswerForm, ApproverForm, CompareForm, KeepForm
from parcours.web.versions.still import still_context


@door("canvas.view")
@require_http_methods(["GET", "POST"])
def versions(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """The list; sending the form keeps what stands now."""
    journey = reads.journey(request.brand.pk, journey_id)
    form = KeepForm(request.POST or None, people=_people(request))
    if request.method == "POST":
        request.actor.require("canvas.edit")
        if form.is_valid():
            try:
                made = keep_version(
                    journey_id,
                    reason=form.cleaned_data["reason"],
                    approver_id=form.approver_id,
                    acting_user=request.actor,
                )
                messages.success(request, _("Version {n} is kept.").format(n=made.number))
                return redirect("map_versions", journey_id)
            except BadInput as fault:
                show_fault(form, fault)
    found = kept.versions(request.brand.pk, journey_id)
    since = kept.changes_between(request.brand.pk, journey_id, found[0].id) if found else None
    earlier = [*found[1:], None][: len(found)]
    context = {
        "journey": journey,
        "versions": list(zip(found, earlier, strict=True)),
        "last": found[0] if found else None,
        "form": form,
        "since": since,
    }
    return render(request, "versions/versions.html", context, status=422 if form.errors else 200)


@door("canvas.view")
@require_GET
def compare(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """What changed from one version (`old`) to another (`new`), or to what stands now."""
    journey = reads.journey(request.brand.pk, journey_id)
    found = kept.versions(request.brand.pk, journey_id)
    if not found:
        return redirect("map_versions", journey_id)
    asked = {"old": str(found[0].id), "new": "now", **request.GET.dict()}
    form = CompareForm(asked, versions=found)
    changed = None
    if form.is_valid():
        old, new = form.ids
        changed = kept.changes_between(request.brand.pk, journey_id, old, new)
    context = {"journey": journey, "form": form, "changed": changed}
    return render(request, "versions/compare.html", context, status=422 if form.errors else 200)


@door("canvas.view")
@require_GET
def version(request: Request, journey_id: uuid.UUID, version_id: uuid.UUID) -> HttpResponse:
    """A version as a map that can only be looked at."""
    return _version(request, journey_id, version_id, AnswerForm())


def _version(
    request: Request, journey_id: uuid.UUID, version_id: uuid.UUID, form: AnswerForm
) -> HttpResponse:
    shown = kept.version(request.brand.pk, journey_id, version_id)
    board = kept.board_of(request.brand.pk, journey_id, version_id)
    approval = shown.approval
    mine = approval is not None and approval.approver_id == request.actor.id
    context = {
        "journey": reads.journey(request.brand.pk, journey_id),
        "version": shown,
        "mine": mine,
        "form": form,
        "approver_form": ApproverForm(people=_people(request)),
        **still_context(board),
    }
    return render(request, "versions/version.html", context, status=422 if form.errors else 200)


@door("canvas.edit")
@require_POST
def restore(request: Request, journey_id: uuid.UUID, version_id: uuid.UUID) -> HttpResponse:
    """Brings back the whole version, or one `stage` or `card` of it; undoing brings back as much, no more."""
    stage, card = _id(request, "stage"), _id(request, "card")
    who: dict[str, Any] = {"acting_user": request.actor, "undoing": "undo" in request.GET}
    if card is not None:
        done = restoring.restore_card_from(journey_id, version_id, card, **who)
    elif stage is not None:
        done = restoring.restore_stage_from(journey_id, version_id, stage, **who)
    else:
        done = restoring.restore_version(journey_id, version_id, acting_user=request.actor)
    if not done.changes:
        messages.info(request, _("It stands as it did in that version already."))
        return redirect("map", journey_id)
    said = _n("{n} thing was brought back.", "{n} things were brought back.", done.changes)
    link = reverse("map_version", args=[journey_id, done.before.id])
    kept_as = _("What stood before is version {n}.").format(n=done.before.number)
    messages.success(
        request,
        format_html('{} <a href="{}">{}</a>', said.format(n=done.changes), link, kept_as),
        extra_tags=f"{reverse('map_version_restore', args=[journey_id, done.before.id])}{_part(stage, card)}",
    )
    return redirect("map", journey_id)


@door("canvas.edit")
@require_POST
def approver(request: Request, journey_id: uuid.UUID, version_id: uuid.UUID) -> HttpResponse:
    kept.version(request.brand.pk, journey_id, version_id)
    form = ApproverForm(request.POST, people=_people(request))
    if form.is_valid():
        person = uuid.UUID(form.cleaned_data["approver"])
        asked = ask_approval(journey_id, version_id, approver_id=person, acting_user=request.actor)
        if asked.approval:
            said = _("{name} is asked to approve version {n}.")
            messages.success(request, said.format(name=asked.approval.approver, n=asked.number))
    return redirect("map_version", journey_id, version_id)


@door("canvas.view")
@require_POST
def answer(request: Request, journey_id: uuid.UUID, version_id: uuid.UUID) -> HttpResponse:
    """The approver's yes or no."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_approval(journey_id, version_id, acting_user=request.actor, **form.cleaned_data)
            messages.success(request, _("Your answer is kept with the version."))
            return redirect("map_version", journey_id, version_id)
        except BadInput as fault:
            show_fault(form, fault)
    return _version(request, journey_id, version_id, form)


def _people(request: Request) -> list[tuple[str, str]]:
    """The people of the brand, to choose from."""
    return [(str(row.person_id), row.person.label) for row in people_of(request.brand)]


def _part(stage: uuid.UUID | None, card: uuid.UUID | None) -> str:
    """How the address of an undoing names what alone it is about."""
    return f"?undo&card={card}" if card else f"?undo&stage={stage}" if stage else ""


def _id(request: Request, name: str) -> uuid.UUID | None:
    text = request.POST.get(name) or request.GET.get(name, "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where=name) from error
