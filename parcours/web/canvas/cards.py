"""Cards, one at a time: fragments that the board puts in place, and the same as pages of their own."""

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.canvas import reads, writes
from parcours.canvas.enums import LaneKind
from parcours.canvas.errors import CardConflict
from parcours.canvas.revisions import read_revision
from parcours.canvas.shapes import CardView
from parcours.core.errors import BadInput
from parcours.insights.beneath import Beneath, beneath
from parcours.insights.card_facts import Met, facts_of, met_by, met_by_id
from parcours.insights.reads import canvas_numbers
from parcours.web.canvas.card_forms import NEW, CardForm, details_of, initial_of
from parcours.web.canvas.drawing import drawn_card
from parcours.web.canvas.forms import show_fault
from parcours.web.canvas.fragments import query_of_page, wants_fragment
from parcours.web.canvas.marks import marks_of
from parcours.web.canvas.merging import choices_of
from parcours.web.canvas.sections import tabs_of
from parcours.web.doors import Request, door
from parcours.web.faults import answer_fault
from parcours.web.insights.filters import read_filters

YEAR = 365 * 24 * 3600


@door("canvas.edit")
@require_POST
def add(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """A new card: `stage`, `lane`, `title`, `text`, `picture`, `alt`; `before` or `after` another one.

    With an `id` made by the client the same request may be sent again without harm.
    """
    picture = _uploaded(request)
    added = writes.add_card(
        journey_id,
        stage_id=given_id(request, "stage", required=True),
        lane_id=given_id(request, "lane", required=True),
        title=request.POST.get("title", ""),
        text=request.POST.get("text", ""),
        picture_id=picture,
        picture_alt=request.POST.get("alt", ""),
        picture_caption=request.POST.get("caption", ""),
        details=details_of(request.POST),
        before=given_id(request, "before"),
        after=given_id(request, "after"),
        card_id=given_id(request, "id"),
        acting_user=request.actor,
    )
    return answer_card(request, added, status=201)


@door("canvas.view")
@require_GET
def card(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    return answer_card(request, reads.card(request.brand.pk, journey_id, card_id))


@door("canvas.view")
@require_GET
def read(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """The card opened, for those who may only look at it."""
    view = reads.card(request.brand.pk, journey_id, card_id)
    context = {"card": view, "journey": {"id": journey_id}, "facts": facts_of(view, _met(request, view))}
    return _opened(request, "canvas/card_read.html", context)


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def edit(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """The form of a card. Saving answers with the card, or, when somebody was faster, with both versions."""
    current = reads.card(request.brand.pk, journey_id, card_id, deleted=request.method == "POST")
    if request.method == "GET":
        return _form(
            request, current, CardForm(initial=initial_of(current), brand=request.brand, card=current)
        )
    form = CardForm(request.POST, request.FILES, brand=request.brand, card=current)
    expected = _expected_revision(request)
    picture = None
    if form.is_valid():
        try:
            picture = _uploaded(request) or given_id(request, "picture_id")
            saved = _save(request, current, picture, expected)
        except CardConflict as conflict:
            return _merge(request, conflict, picture)
        except BadInput as fault:
            show_fault(form, fault)
        else:
            return answer_card(request, saved)
    return _form(request, current, form, status=422)


@transaction.atomic
def _save(request: Request, current: CardView, picture: uuid.UUID | None, expected: int) -> CardView:
    """What the form sends is changed; what it leaves out stays. A new journey is drawn with the card."""
    leads_to = _given(request, "leads_to")
    return writes.edit_card(
        current.journey_id,
        current.id,
        expected_revision=expected,
        title=_given(request, "title"),
        text=_given(request, "text"),
        picture_alt=_given(request, "alt"),
        picture_caption=_given(request, "caption"),
        picture_id=picture,
        without_picture=picture is None and _picture_goes(request),
        details=details_of(request.POST),
        leads_to=_new_journey(request, current) if leads_to == NEW else given_id(request, "leads_to"),
        without_leads_to=leads_to == "",
        acting_user=request.actor,
    )


def _new_journey(request: Request, card: CardView) -> uuid.UUID:
    """Named after the card and drawn for the same persona."""
    persona = reads.journey(request.brand.pk, card.journey_id).persona
    return writes.create_journey(
        request.POST.get("title", "").strip()[:160] or card.title or card.kind_label,
        persona_id=persona.id if persona else None,
        acting_user=request.actor,
    ).id


@door("canvas.edit")
@require_POST
def move(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """To `stage` and `lane`, in front of the card `before`, behind the card `after`, or last."""
    try:
        moved = writes.move_card(
            journey_id,
            card_id,
            stage_id=given_id(request, "stage", required=True),
            lane_id=given_id(request, "lane", required=True),
            before=given_id(request, "before"),
            after=given_id(request, "after"),
            expected_revision=_expected_revision(request),
            acting_user=request.actor,
        )
    except CardConflict as conflict:
        return _refused(request, conflict)
    return answer_card(request, moved)


@door("canvas.edit")
@require_POST
def delete(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    try:
        deleted = writes.delete_card(
            journey_id, card_id, expected_revision=_expected_revision(request), acting_user=request.actor
        )
    except CardConflict as conflict:
        return _refused(request, conflict)
    if not wants_fragment(request):
        return redirect("map", journey_id)
    return HttpResponse(headers={"ETag": f'"{deleted.revision}"'})


@door("canvas.edit")
@require_POST
def restore(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    return answer_card(request, writes.restore_card(journey_id, card_id, acting_user=request.actor))


@door("canvas.edit")
@require_POST
def lease(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """“I am editing this”; with `release` no longer."""
    if request.POST.get("release"):
        writes.release_lease(journey_id, card_id, acting_user=request.actor)
    else:
        writes.take_lease(journey_id, card_id, acting_user=request.actor)
    return HttpResponse(status=204)


@door("canvas.view")
@require_GET
def picture(request: Request, picture_id: uuid.UUID) -> HttpResponseBase:
    """A picture never changes, so a browser asks once. It is private: shared caches don't keep it."""
    path, digest = reads.picture_file(request.brand.pk, picture_id)
    headers = {
        "ETag": f'"{digest}"',
        "Cache-Control": f"private, max-age={YEAR}, immutable",
        "Content-Security-Policy": "default-src 'none'",
    }
    if request.headers.get("If-None-Match") == f'"{digest}"':
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(path.read_bytes(), content_type="image/webp", headers=headers)


def answer_card(request: Request, view: CardView, *, status: int = 200) -> HttpResponse:
    """The card as a fragment with its revision as ETag; without script, back to the canvas."""
    if not wants_fragment(request):
        return redirect(f"{reverse('map', args=[view.journey_id])}#card-{view.id}")
    marks = marks_of(request.brand.pk, view)
    drawn = drawn_card(view, request.actor, marks, _met(request, view), _beneath(request, view))
    response = HttpResponse(drawn, status=status)
    response.headers["ETag"] = f'"{view.revision}"'
    return response


def _met(request: Request, view: CardView) -> Met | None:
    """What is counted at the card's touchpoint, by the filters of the page that asks."""
    if view.kind != LaneKind.TOUCHPOINT or "touchpoint" not in view.details:
        return None
    board = reads.board(request.brand.pk, view.journey_id)
    usual = board.journey.segment_key
    filters = read_filters(request, query_of_page(request), usual_segment=usual)
    numbers = canvas_numbers(request.brand, board, filters.period, filters.segment)
    return met_by(view, met_by_id(board, numbers))


def _beneath(request: Request, view: CardView) -> Beneath | None:
    """What is counted on the journey that the card opens, by the same filters."""
    if view.leads_to is None:
        return None
    usual = reads.journey(request.brand.pk, view.journey_id).segment_key
    filters = read_filters(request, query_of_page(request), usual_segment=usual)
    return beneath(request.brand, [view], filters.period, filters.segment).get(view.leads_to)


def _form(request: Request, view: CardView, form: CardForm, *, status: int = 200) -> HttpResponse:
    context = {"card": view, "journey": {"id": view.journey_id}, "form": form}
    response = _opened(request, "canvas/card_form.html", context, status=status)
    response.headers["ETag"] = f'"{view.revision}"'
    return response


def _opened(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A card with its tabs, the first of them open: for the drawer, or as a page."""
    whole = {
        **context,
        "fragment": template,
        "here": "edit",
        "tabs": tabs_of(context["card"], request.actor),
    }
    page = "canvas/card_open.html" if wants_fragment(request) else "canvas/card_page.html"
    return render(request, page, whole, status=status)


def _merge(request: Request, conflict: CardConflict, picture_id: uuid.UUID | None) -> HttpResponse:
    """What is stored and what was sent, side by side. A picture that came along is kept by its id."""
    theirs = conflict.card
    if theirs is None:
        return _refused(request, conflict)
    kept = theirs.picture.id if theirs.picture else None
    yours = {
        "title": request.POST.get("title", theirs.title),
        "text": request.POST.get("text", theirs.text).replace("\r\n", "\n"),
        "alt": request.POST.get("alt", theirs.picture.alt if theirs.picture else ""),
        "caption": request.POST.get("caption", theirs.picture.caption if theirs.picture else ""),
        "picture_id": picture_id or (None if _picture_goes(request) else kept),
    }
    context = {
        "card": theirs,
        "journey": {"id": theirs.journey_id},
        "yours": yours,
        "choices": choices_of(request, theirs),
    }
    response = _fragment(request, "canvas/merge.html", context, status=409)
    response.headers["ETag"] = f'"{theirs.revision}"'
    return response


def _refused(request: Request, conflict: CardConflict) -> HttpResponse:
    """A conflict in which there is nothing to choose: a sentence. A card that is gone is not found."""
    if conflict.card is None:
        conflict.status = 404
    return answer_fault(request, conflict)


def _fragment(request: Request, template: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    if wants_fragment(request):
        return render(request, template, context, status=status)
    page = {**context, "fragment": template, "here": "edit", "tabs": ()}
    return render(request, "canvas/card_page.html", page, status=status)


def _expected_revision(request: Request) -> int:
    """From the If-Match header, or without script from the form. Raises RevisionMissing, BadInput."""
    return read_revision(request.headers.get("If-Match") or request.POST.get("revision", ""))


def _uploaded(request: Request) -> uuid.UUID | None:
    """The picture that came with the form, stored. Raises BadInput."""
    upload = request.FILES.get("picture")
    if upload is None or not upload.size:
        return None
    return writes.add_picture(upload, acting_user=request.actor).id


def _picture_goes(request: Request) -> bool:
    return request.POST.get("remove_picture") == "1" or request.POST.get("picture_id") == ""


def _given(request: Request, name: str) -> str | None:
    return request.POST.get(name)


def given_id(request: Request, name: str, *, required: bool = False) -> Any:
    """The id in a field of the form; None when it is empty and may be. Raises BadInput."""
    text = request.POST.get(name, "")
    if not text and not required:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where=name) from error
