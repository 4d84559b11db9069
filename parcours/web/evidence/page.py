"""All cards of a journey with what they stand on."""

import uuid
from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.canvas.evidence import reads, writes
from parcours.canvas.evidence.enums import Standing
from parcours.canvas.evidence.shapes import CardProof
from parcours.canvas.reads import board as read_board
from parcours.canvas.reads import journey as read_journey
from parcours.core.errors import BadInput
from parcours.web.doors import Request, door

SORTS = ("stage", "standing", "confirmed", "evidence")
_PRESSING = {standing.value: place for place, standing in enumerate(Standing)}


@door("canvas.view")
@require_GET
def evidence(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """Every card with its standing; `standing` and `stage` narrow, `sort` arranges."""
    board = read_board(request.brand.pk, journey_id)
    cards = reads.cards_of(request.brand, board)
    asked = {name: request.GET.get(name, "") for name in ("standing", "stage", "sort")}
    sort = asked["sort"] if asked["sort"] in SORTS else SORTS[0]
    coverage = reads.coverage_of(cards)
    return render(
        request,
        "evidence/page.html",
        {
            "journey": board.journey,
            "stages": board.stages,
            "cards": _sorted(_chosen(cards, asked["standing"], asked["stage"]), sort),
            "coverage": coverage,
            "standings": [
                (each.value, each.label, coverage.by_standing[each], _query(asked, standing=each.value))
                for each in Standing
            ],
            "all_query": _query(asked, standing=""),
            "chosen": asked["standing"],
            "chosen_stage": asked["stage"],
            "sort": sort,
            "sorts": [(key, words) for key, words in zip(SORTS, _sort_words(), strict=True)],
            "changed": [card for card in cards if card.changed_from or card.added],
            "days": reads.days_of(request.brand.pk),
        },
    )


@door("canvas.edit")
@require_POST
def days(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """When evidence ages, for the whole brand."""
    read_journey(request.brand.pk, journey_id)
    ageing, old = (_number(request.POST.get(name, "")) for name in ("ageing", "old"))
    try:
        writes.set_evidence_days(ageing, old, acting_user=request.actor)
    except BadInput as fault:
        messages.error(request, f"{fault.what} {fault.remedy or ''}".strip())
    else:
        messages.success(request, _("From now on evidence ages after these days."))
    return redirect("map_evidence", journey_id)


def _chosen(cards: Sequence[CardProof], standing: str, stage: str) -> list[CardProof]:
    return [
        card
        for card in cards
        if (not standing or card.proof.standing == standing) and (not stage or str(card.stage_id) == stage)
    ]


def _sorted(cards: list[CardProof], sort: str) -> list[CardProof]:
    if sort == "standing":
        return sorted(cards, key=lambda card: _PRESSING[card.proof.standing])
    if sort == "confirmed":
        return sorted(cards, key=lambda card: (card.confirmed_at is not None, card.confirmed_at or 0))
    if sort == "evidence":
        return sorted(cards, key=lambda card: -card.proof.pieces)
    return cards


def _sort_words() -> tuple[str, ...]:
    return _("Stage"), _("Most pressing"), _("Confirmed longest ago"), _("Most evidence")


def _query(asked: dict[str, str], **changes: str) -> str:
    return urlencode({name: value for name, value in {**asked, **changes}.items() if value})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0
