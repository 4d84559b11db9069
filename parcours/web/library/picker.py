"""From the library onto a map, and from a map into the library."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.canvas import reads as canvas
from parcours.canvas.enums import LaneKind
from parcours.canvas.library import reads, writes
from parcours.canvas.library.enums import EntryForm as Form
from parcours.core.errors import BadInput
from parcours.web.canvas.cards import answer_card, given_id
from parcours.web.canvas.sections import answer_section
from parcours.web.doors import Request, door


@door("canvas.edit")
@require_GET
def pick(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """What can be put into a cell: cards, those of the row's `kind` first; or touchpoints, for a `stage`."""
    journey = canvas.journey(request.brand.pk, journey_id)
    form = Form.TOUCHPOINT if request.GET.get("form") == Form.TOUCHPOINT else Form.CARD
    kind = request.GET.get("kind", "")
    found = reads.entries(request.brand.pk, form=form, words=request.GET.get("words", ""))
    own = [each for each in found if each.kind == kind]
    context = {
        "journey": journey,
        "stages": canvas.stages(request.brand.pk, journey_id),
        "stage": request.GET.get("stage", ""),
        "form": form,
        "own": own,
        "others": [each for each in found if each.kind != kind],
        "kind_label": LaneKind(kind).label if kind in LaneKind.values else "",
    }
    if form == Form.TOUCHPOINT:
        return render(request, "library/touchpoints.html", context)
    return render(request, "library/picker.html", context)


@door("canvas.edit")
@require_POST
def insert(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """The `entry` into `stage` and, for a card, `lane`; with an `id` it may be sent again without harm."""
    entry_id = given_id(request, "entry", required=True)
    stage_id = given_id(request, "stage", required=True)
    if not request.POST.get("lane"):
        added = writes.insert_touchpoint(journey_id, entry_id, stage_id=stage_id, acting_user=request.actor)
        messages.success(request, _("“{name}” was added.").format(name=added.name))
        return redirect("map_touchpoints", journey_id)
    card = writes.insert_card(
        journey_id,
        entry_id,
        stage_id=stage_id,
        lane_id=given_id(request, "lane", required=True),
        before=given_id(request, "before"),
        after=given_id(request, "after"),
        card_id=given_id(request, "id"),
        acting_user=request.actor,
    )
    return answer_card(request, card, status=201)


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def card(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """A card's tie to the library; `do`: save it there, take the library's version over, or keep its own."""
    done = ""
    view = canvas.card(request.brand.pk, journey_id, card_id)
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "save":
            writes.save_card(journey_id, card_id, acting_user=request.actor)
            done = _("Stored in the library.")
        elif do == "take":
            view = writes.take_over(journey_id, card_id, acting_user=request.actor)
            done = _("The card now says what the library says.")
        elif do == "keep":
            writes.keep_own(journey_id, card_id, acting_user=request.actor)
            done = _("The card stays as it is.")
        else:
            raise BadInput(_("There is nothing like “{do}” to do.").format(do=do), where="do")
    context: dict[str, Any] = {"link": reads.link_of_card(request.brand.pk, view), "done": done}
    return answer_section(
        request, "library/card.html", context, key="library", journey_id=journey_id, card_id=card_id
    )


@door("canvas.edit")
@require_POST
def touchpoint(request: Request, journey_id: uuid.UUID, touchpoint_id: uuid.UUID) -> HttpResponse:
    """`do`: save it in the library, or take the library's version over."""
    if request.POST.get("do") == "take":
        changed = writes.take_over_touchpoint(journey_id, touchpoint_id, acting_user=request.actor)
        messages.success(request, _("“{name}” now has the rule of the library.").format(name=changed.name))
    else:
        saved = writes.save_touchpoint(journey_id, touchpoint_id, acting_user=request.actor)
        messages.success(request, _("“{name}” is stored in the library.").format(name=saved.title))
    return redirect("map_touchpoints", journey_id)
