"""Two journeys of a family beside each other, and taking cards over from one to the other."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from parcours.canvas import reads
from parcours.canvas.beside.comparing import Beside, Section, beside
from parcours.canvas.enums import JourneyKind, LaneKind
from parcours.canvas.family import Family, family
from parcours.canvas.shapes import Board, CardView, JourneyView
from parcours.canvas.writes.taking import put_back, take_over
from parcours.core.errors import NotFound
from parcours.core.periods import Period
from parcours.customers.reads import segments
from parcours.insights.reads import canvas_numbers
from parcours.insights.shapes import StageNumbers
from parcours.web.doors import Request, door
from parcours.web.insights.filters import read_filters

_BEFORE = "taken:{card}"


@dataclass(frozen=True, slots=True)
class Held:
    """A stage with what is counted in it on either map, and what the second aims at."""

    section: Section
    one: StageNumbers | None
    other: StageNumbers | None
    targets: tuple[CardView, ...]


@door("canvas.view")
@require_GET
def page(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    journey = reads.journey(request.brand.pk, journey_id)
    kin = family(request.brand.pk, journey)
    other = _chosen(request, kin)
    filters = read_filters(request)
    context = {
        "journey": journey,
        "kin": kin,
        "other": other,
        "filters": filters,
        "period": filters.period,
        "period_choice": filters.period_choice,
        "periods": filters.periods,
        "only_differences": request.GET.get("show") != "all",
    }
    if other is None:
        return render(request, "canvas/beside.html", context)
    one, two = _in_order(journey, other)
    boards = reads.board(request.brand.pk, one.id), reads.board(request.brand.pk, two.id)
    both = beside(*boards)
    names = {each.key: str(each.name) for each in segments(request.brand)}
    return render(
        request,
        "canvas/beside.html",
        {
            **context,
            "both": both,
            "held": _held(request, both, filters.period),
            "summary": _summary(both),
            "one": one,
            "two": two,
            "one_segment": names.get(one.segment_key, ""),
            "two_segment": names.get(two.segment_key, ""),
        },
    )


def _chosen(request: Request, kin: Family) -> JourneyView | None:
    """The journey that the address names, any of the brand; else the nearest relative."""
    wanted = request.GET.get("with", "")
    if not wanted:
        return kin.counterpart
    try:
        return reads.journey(request.brand.pk, uuid.UUID(wanted))
    except ValueError as error:
        raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted.")) from error


def _in_order(journey: JourneyView, other: JourneyView) -> tuple[JourneyView, JourneyView]:
    """What was there first stands at the left: as it is, the whole, what was replaced."""
    if journey.drawn_from_id == other.id or (
        journey.kind == JourneyKind.TO_BE and other.kind == JourneyKind.AS_IS
    ):
        return other, journey
    return journey, other


def _held(request: Request, both: Beside, period: Period) -> list[Held]:
    one, other = (_numbers(request, board, period) for board in (both.one, both.other))
    aims: dict[uuid.UUID, list[CardView]] = {}
    for card in both.other.cards:
        if card.kind == LaneKind.KPI and card.details.get("target") not in (None, ""):
            aims.setdefault(card.stage_id, []).append(card)
    return [
        Held(
            section,
            one.get(section.stage.one.id) if section.stage.one else None,
            other.get(section.stage.other.id) if section.stage.other else None,
            tuple(aims.get(section.stage.other.id, ())) if section.stage.other else (),
        )
        for section in both.sections
    ]


def _numbers(request: Request, board: Board, period: Period) -> dict[uuid.UUID, StageNumbers]:
    """By stage, for the segment that the map is drawn for. What should be has no numbers of its own."""
    if board.journey.kind == JourneyKind.TO_BE:
        return {}
    known = {each.key for each in segments(request.brand)}
    key = board.journey.segment_key
    numbers = canvas_numbers(request.brand, board, period, key if key in known else "")
    return numbers.stage_by_id if numbers else {}


def _summary(both: Beside) -> str:
    """“2 added, 3 changed, 1 moved · 30 cards are the same”"""
    n = both.counts
    words = (
        (n["added"], ngettext("{n} added", "{n} added", n["added"])),
        (n["changed"], ngettext("{n} changed", "{n} changed", n["changed"])),
        (n["moved"], ngettext("{n} moved", "{n} moved", n["moved"])),
        (n["removed"], ngettext("{n} removed", "{n} removed", n["removed"])),
    )
    said = ", ".join(sentence.format(n=count) for count, sentence in words if count)
    rest = ngettext("{n} card is the same", "{n} cards are the same", n["same"]).format(n=n["same"])
    return f"{said} · {rest}" if said else rest


@door("canvas.edit")
@require_POST
def take(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """Copies the card `card` of the journey `from` into this one; where it is the same one, its words."""
    source, card = _identifier(request, "from"), _identifier(request, "card")
    taken, before = take_over(journey_id, from_journey_id=source, card_id=card, acting_user=request.actor)
    request.session[_BEFORE.format(card=taken.id)] = before
    messages.success(
        request,
        _("“{title}” was taken over.").format(title=taken.title or taken.kind_label),
        extra_tags=reverse("map_beside_put_back", args=[journey_id, taken.id]),
    )
    return redirect(_back(request, journey_id, source))


@door("canvas.edit")
@require_POST
def undo_take(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    reads.card(request.brand.pk, journey_id, card_id)
    key = _BEFORE.format(card=card_id)
    if key not in request.session:
        raise NotFound(_("This can't be undone any more."), remedy=_("Change the card on its map."))
    put_back(journey_id, card_id, request.session.pop(key), acting_user=request.actor)
    messages.success(request, _("It is as it was before."))
    return redirect("map_beside", journey_id)


def _identifier(request: Request, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise NotFound(_("There is no such card."), where=name) from error


def _back(request: Request, journey_id: uuid.UUID, source: uuid.UUID) -> str:
    """The page that was open, with what it showed."""
    here = request.POST.get("here", "")
    shown = here if here in {str(journey_id), str(source)} else str(journey_id)
    other = str(source) if shown == str(journey_id) else str(journey_id)
    show = "&show=all" if request.POST.get("show") == "all" else ""
    return f"{reverse('map_beside', args=[shown])}?with={other}{show}"
