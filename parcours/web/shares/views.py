"""The links by which people without an account see a journey: made, renewed, taken back."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from parcours.canvas import reads
from parcours.canvas.shares.reads import shares_of, sub_journeys
from parcours.canvas.shares.shapes import NewShare
from parcours.canvas.shares.writes import make_share, renew_share, revoke_share
from parcours.core.errors import BadInput
from parcours.customers.reads import segments
from parcours.web.canvas.forms import show_fault
from parcours.web.doors import Request, door
from parcours.web.shares.embedding import snippet
from parcours.web.shares.forms import PERIODS, ShareForm


@door("canvas.edit")
@never_cache
@require_http_methods(["GET", "POST"])
def share(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """The links there are; sending the form makes one and shows its address, this once."""
    form = _form(request, journey_id)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_share(journey_id, acting_user=request.actor, **form.given(request.brand.time_zone))
            return _page(request, journey_id, _form(request, journey_id, blank=True), made)
        except BadInput as fault:
            show_fault(form, fault)
    return _page(request, journey_id, form)


@door("canvas.edit")
@never_cache
@require_POST
def renew(request: Request, journey_id: uuid.UUID, share_id: uuid.UUID) -> HttpResponse:
    """A new address for the same link."""
    made = renew_share(journey_id, share_id, acting_user=request.actor)
    return _page(request, journey_id, _form(request, journey_id, blank=True), made)


@door("canvas.edit")
@require_POST
def revoke(request: Request, journey_id: uuid.UUID, share_id: uuid.UUID) -> HttpResponse:
    gone = revoke_share(journey_id, share_id, acting_user=request.actor)
    messages.success(request, _("The link “{name}” opens nothing any more.").format(name=gone.name))
    return redirect("map_share", journey_id)


def _form(request: Request, journey_id: uuid.UUID, *, blank: bool = False) -> ShareForm:
    return ShareForm(
        None if blank else request.POST or None,
        segments=[(each.key, each.name) for each in segments(request.brand)],
        journeys=sub_journeys(request.brand.pk, journey_id),
    )


def _page(
    request: Request, journey_id: uuid.UUID, form: ShareForm, made: NewShare | None = None
) -> HttpResponse:
    journey = reads.journey(request.brand.pk, journey_id)
    address = _absolute(request, made.path) if made else ""
    context = {
        "journey": journey,
        "shares": shares_of(request.brand.pk, journey_id),
        "periods": dict(PERIODS),
        "segments": {each.key: each.name for each in segments(request.brand)},
        "form": form,
        "made": made,
        "address": address,
        "snippet": snippet(address, journey.title) if made and made.share.origins else "",
    }
    return render(request, "shares/share.html", context, status=422 if form.errors else 200)


def _absolute(request: Request, path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
