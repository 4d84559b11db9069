"""Accepting everything that waits on one page, and the way back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parcours.canvas.proposals.many import ManyAccepted, accept_proposals, bring_back_proposals
from parcours.web.doors import Request, door

_DONE = "proposals-accepted-{journey}"
MOST_SAID = 3


@door("canvas.edit")
@require_POST
def accept_many(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """Accepts each `proposal` of the form: those that the person saw, not what came since."""
    found = accept_proposals(journey_id, _ids(request.POST.getlist("proposal")), acting_user=request.actor)
    request.session[_DONE.format(journey=journey_id)] = [str(each.id) for each in found.done]
    _say(request, journey_id, found)
    return redirect("map_proposals", journey_id)


@door("canvas.edit")
@require_POST
def bring_many_back(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """Undoes the last `accept_many` of this person on this journey."""
    ids = _ids(request.session.pop(_DONE.format(journey=journey_id), []))
    back = bring_back_proposals(journey_id, ids, acting_user=request.actor)
    said = ngettext("{n} proposal waits again.", "{n} proposals wait again.", back).format(n=back)
    if back < len(ids):
        rest = len(ids) - back
        said += " " + ngettext(
            "{n} was changed since and stays accepted.", "{n} were changed since and stay accepted.", rest
        ).format(n=rest)
    messages.info(request, said)
    return redirect("map_proposals", journey_id)


def _say(request: Request, journey_id: uuid.UUID, found: ManyAccepted) -> None:
    if found.done and found.before:
        said = ngettext("{n} proposal was accepted.", "{n} proposals were accepted.", len(found.done))
        link = reverse("map_version", args=[journey_id, found.before.id])
        kept = _("What stood before is version {n}.").format(n=found.before.number)
        messages.success(
            request,
            format_html('{} <a href="{}">{}</a>', said.format(n=len(found.done)), link, kept),
            extra_tags=reverse("map_proposals_back", args=[journey_id]),
        )
    for left in found.left[:MOST_SAID]:
        messages.error(
            request, _("“{title}” still waits: {why}").format(title=left.proposal.title, why=left.problem)
        )
    if len(found.left) > MOST_SAID:
        more = len(found.left) - MOST_SAID
        messages.error(
            request, ngettext("{n} more still waits.", "{n} more still wait.", more).format(n=more)
        )


def _ids(given: list[str]) -> list[uuid.UUID]:
    """Those that are ids."""
    found = []
    for each in given:
        try:
            found.append(uuid.UUID(each))
        except ValueError:
            continue
    return found
