"""The review of a journey: what waits, the rhythm, and the guided page that ends with a signature."""

import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.canvas import reads
from parcours.canvas.reviews import reads as kept
from parcours.canvas.reviews.rhythm import rhythm_label
from parcours.canvas.reviews.signing import set_rhythm, settle_step, sign_off, start_review
from parcours.canvas.reviews.writes import close_review, open_review
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.web.canvas.forms import show_fault
from parcours.web.canvas.sections import answer_section
from parcours.web.doors import Request, door
from parcours.web.reviews.forms import AskForm, RhythmForm, SignForm
from parcours.web.reviews.steps import steps_of


@door("canvas.view")
@require_GET
def review(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    return _page(request, journey_id)


def _page(request: Request, journey_id: uuid.UUID, **forms: Any) -> HttpResponse:
    board = reads.board(request.brand.pk, journey_id)
    standing = kept.standing(request.brand.pk, journey_id)
    under_way = kept.whole_review(request.brand.pk, journey_id)
    every = str(standing.every_days) if standing.every_days else ""
    rhythm_form = forms.get("rhythm") or RhythmForm(initial={"every": every, "due": standing.due})
    if standing.every_days:
        rhythm_form.also_offer(standing.every_days)
    sign_form = forms.get("sign") or SignForm(initial={"due": _proposed_due(request, standing.every_days)})
    steps = steps_of(request.actor, board, under_way)
    context = {
        "journey": board.journey,
        "standing": standing,
        "rhythm": rhythm_label(standing.every_days) if standing.every_days else "",
        "review": under_way,
        "steps": steps,
        "left": sum(not step.state for step in steps),
        "waiting": kept.open_reviews(request.brand.pk, journey_id),
        "signed": kept.signed_reviews(request.brand.pk, journey_id),
        "rhythm_form": rhythm_form,
        "sign_form": sign_form,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "reviews/review.html", context, status=422 if wrong else 200)


@door("canvas.edit")
@require_POST
def rhythm(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    form = RhythmForm(request.POST)
    standing = kept.standing(request.brand.pk, journey_id)
    if standing.every_days:
        form.also_offer(standing.every_days)
    if form.is_valid():
        try:
            due = form.cleaned_data["due"]
            set_rhythm(journey_id, every_days=form.every_days, due=due, acting_user=request.actor)
            messages.success(request, _("The rhythm is kept."))
            return redirect("map_review", journey_id)
        except BadInput as fault:
            show_fault(form, fault)
    return _page(request, journey_id, rhythm=form)


@door("canvas.edit")
@require_POST
def begin(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    start_review(journey_id, acting_user=request.actor)
    return redirect("map_review", journey_id)


@door("canvas.edit")
@require_POST
def step(request: Request, journey_id: uuid.UUID, review_id: uuid.UUID) -> HttpResponse:
    """A `step` is `done`, `skipped`, or (with an empty `state`) open again."""
    key, state = request.POST.get("step", ""), request.POST.get("state", "")
    settle_step(journey_id, review_id, key, state=state, acting_user=request.actor)
    return redirect(f"{reverse('map_review', args=[journey_id])}#step-{key}")


@door("canvas.edit")
@require_POST
def sign(request: Request, journey_id: uuid.UUID, review_id: uuid.UUID) -> HttpResponse:
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            sign_off(
                journey_id,
                review_id,
                words=form.cleaned_data["words"],
                due=form.cleaned_data["due"],
                acting_user=request.actor,
            )
            due = kept.standing(request.brand.pk, journey_id).due
            said = _("The review is signed.")
            if due:
                said += " " + _("The next one is due on {day}.").format(day=date_format(due, "DATE_FORMAT"))
            messages.success(request, said)
            return redirect("map_review", journey_id)
        except BadInput as fault:
            show_fault(form, fault)
    return _page(request, journey_id, sign=form)


@door("canvas.edit")
@require_POST
def close(request: Request, journey_id: uuid.UUID, review_id: uuid.UUID) -> HttpResponse:
    """Somebody looked at a card again."""
    close_review(journey_id, review_id, words=request.POST.get("words", ""), acting_user=request.actor)
    messages.success(request, _("Noted that you looked at it."))
    return redirect("map_review", journey_id)


@door("canvas.view")
@require_http_methods(["GET", "POST"])
def card(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """A card's tab: why somebody should look at it again; sending the form asks for it in words."""
    form = AskForm(request.POST or None)
    if request.method == "POST":
        request.actor.require("canvas.edit")
        looked_at = request.POST.get("looked_at", "")
        if looked_at:
            close_review(journey_id, _review_id(looked_at), acting_user=request.actor)
            form = AskForm()
        elif form.is_valid():
            facts = {"words": form.cleaned_data["words"]}
            open_review(journey_id, reason="asked", facts=facts, card_id=card_id, acting_user=request.actor)
            form = AskForm()
    return answer_section(
        request,
        "reviews/card.html",
        {"waiting": kept.reviews_of_card(request.brand.pk, journey_id, card_id), "form": form},
        key="review",
        journey_id=journey_id,
        card_id=card_id,
        status=422 if form.errors else 200,
    )


def _review_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where="looked_at") from error


def _proposed_due(request: Request, every_days: int | None) -> Any:
    today = now().astimezone(ZoneInfo(request.brand.time_zone)).date()
    return today + timedelta(days=every_days) if every_days else None
