"""The library of a brand: what can be used again, where it is used, and changing it for all."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.canvas.enums import LaneKind
from parcours.canvas.library import reads, writes
from parcours.canvas.library.enums import EntryForm as Form
from parcours.canvas.library.shapes import EntryView
from parcours.core.errors import BadInput
from parcours.web.canvas.card_forms import details_of
from parcours.web.canvas.forms import show_fault
from parcours.web.canvas.rule_form import operators, rows_of, sent_rows, sent_rule
from parcours.web.canvas.suggestions import suggestions
from parcours.web.doors import Request, door
from parcours.web.library.forms import EntryForm, initial_of


@door("canvas.view")
@require_GET
def library(request: Request) -> HttpResponse:
    """Everything in it, by kind; `words` and `kind` narrow it."""
    words, kind = request.GET.get("words", ""), request.GET.get("kind", "")
    everything = reads.entries(request.brand.pk)
    found = reads.entries(
        request.brand.pk,
        form=Form.TOUCHPOINT if kind == Form.TOUCHPOINT else "",
        kind=kind if kind in LaneKind.values else "",
        words=words,
    )
    context = {
        "groups": _groups(found),
        "found": len(found),
        "everything": len(everything),
        "words": words,
        "kind": kind,
        "kinds": _kinds(everything),
        "removed": reads.removed_entries(request.brand.pk),
    }
    return render(request, "library/library.html", context)


@door("canvas.edit")
@require_POST
def starter(request: Request) -> HttpResponse:
    """The starter set in the language of the page."""
    n = writes.add_starter_set(translation.get_language() or "en", acting_user=request.actor)
    if n:
        sentence = ngettext("{n} entry was added.", "{n} entries were added.", n).format(n=n)
        messages.success(request, sentence)
    else:
        messages.info(request, _("The starter set is in the library already, or was removed from it."))
    return redirect("library")


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def entry(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    found = reads.entry(request.brand.pk, entry_id)
    sent = request.method == "POST"
    form = EntryForm(
        request.POST if sent else None, brand=request.brand, entry=found, initial=initial_of(found)
    )
    if sent and form.is_valid():
        try:
            _save(request, found, form)
        except BadInput as fault:
            show_fault(form, fault)
        else:
            messages.success(request, _("“{title}” was changed.").format(title=form.cleaned_data["title"]))
            return redirect("library")
    rows = sent_rows(request.POST) if sent else rows_of(found.rule or {"all": []})
    context = {
        "entry": found,
        "form": form,
        "uses": reads.uses_of(request.brand.pk, entry_id),
        "conditions": rows,
        "ops": operators(),
        "suggestions": None if found.is_card else suggestions(request.brand.pk),
    }
    return render(request, "library/entry.html", context, status=422 if form.errors else 200)


@door("canvas.edit")
@require_POST
def remove(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    title = reads.entry(request.brand.pk, entry_id).title
    writes.remove_entry(entry_id, acting_user=request.actor)
    messages.success(
        request,
        _("“{title}” is out of the library; its copies stay. Put it back below.").format(title=title),
        extra_tags=reverse("library_restore", args=[entry_id]),
    )
    return redirect("library")


@door("canvas.edit")
@require_POST
def restore(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    title = writes.restore_entry(entry_id, acting_user=request.actor).title
    messages.success(request, _("“{title}” is back.").format(title=title))
    return redirect("library")


def _save(request: Request, found: EntryView, form: EntryForm) -> None:
    writes.edit_entry(
        found.id,
        title=form.cleaned_data["title"],
        text=form.cleaned_data.get("text"),
        details=details_of(request.POST) if found.is_card else None,
        channel=form.cleaned_data.get("channel"),
        rule=None if found.is_card else sent_rule(request.POST),
        acting_user=request.actor,
    )


def _groups(found: tuple[EntryView, ...]) -> list[tuple[str, list[EntryView]]]:
    """By kind of card in the order of the kinds, touchpoints with a rule last."""
    order = [*LaneKind.values, ""]
    by_kind: dict[str, list[EntryView]] = {kind: [] for kind in order}
    for each in found:
        by_kind[each.kind if each.is_card else ""].append(each)
    labels = [*(str(LaneKind(kind).label) for kind in LaneKind.values), _("Touchpoints")]
    return [(label, each) for label, each in zip(labels, by_kind.values(), strict=True) if each]


def _kinds(everything: tuple[EntryView, ...]) -> list[tuple[str, str]]:
    there = {each.kind for each in everything if each.is_card}
    kinds = [(str(kind), str(LaneKind(kind).label)) for kind in LaneKind.values if kind in there]
    if any(not each.is_card for each in everything):
        kinds.append((str(Form.TOUCHPOINT), _("Touchpoints with a rule")))
    return kinds
