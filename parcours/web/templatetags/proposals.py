from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parcours.canvas.proposals.reads import count_open, open_proposals
from parcours.web.proposals.drawn import slots

register = template.Library()

_KEPT = "_proposal_slots"


@register.simple_tag(takes_context=True)
def proposals_at(context: template.Context, kind: str, *ids: Any) -> SafeString:
    """What is proposed in one place of the map: a cell, a stage's touchpoints, or a stage.

    The place stands there empty too, so that a script can fill it. One query a page, whatever is drawn; none
    where only numbers are asked for.
    """
    place = ":".join([kind, *map(str, ids)])
    empty = format_html('<div class="proposals" data-proposals="{}"></div>', place)
    if context.get("numbers_only"):
        return empty
    request, board = context["request"], context["board"]
    found = getattr(request, _KEPT, None)
    if found is None:
        actor = context["actor"]
        found = slots(open_proposals(actor.brand_id, board.journey.id), board, actor)
        setattr(request, _KEPT, found)
    slot = found.get(place)
    if slot is None:
        return empty
    drawn = render_to_string(
        "proposals/slot.html",
        {
            "slot": slot,
            "place": place,
            "journey": board.journey,
            "back_to": request.get_full_path(),
            "compact": kind == "stage",
        },
        request=request,
    )
    return SafeString(drawn)


@register.simple_tag(takes_context=True)
def open_proposal_count(context: template.Context) -> int:
    return count_open(context["journey"].id)
