"""The tabs of an open card beside its form; each is a fragment, and a page of its own without scripts."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.shapes import CardView
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.canvas.marks import CardMarks, marks_of
from parcours.web.doors import Request


@dataclass(frozen=True, slots=True)
class CardSection:
    """`url_name` takes `journey_id` and `card_id`; `kinds` are the kinds of card that have it, or all.

    `right` is what its door asks for; `count` says how many things wait in it, from what stands on the card.
    """

    key: str
    title: str | Promise
    url_name: str
    kinds: frozenset[str] = frozenset()
    right: str = "canvas.view"
    count: Callable[[CardMarks], int] | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """A section as a card's tab: how many things are in it, or 0 when that isn't said."""

    section: CardSection
    count: int


SECTIONS: tuple[CardSection, ...] = (
    CardSection(
        "evidence",
        _("Evidence"),
        "map_card_evidence",
        count=lambda marks: marks.evidence.pieces if marks.evidence else 0,
    ),
    CardSection("picture", _("Picture"), "map_card_picture", kinds=frozenset({"moment"})),
    CardSection("comments", _("Comments"), "map_card_comments", count=lambda marks: marks.comments),
    CardSection(
        "library",
        _("Library"),
        "map_card_library",
        right="canvas.edit",
        count=lambda marks: int(marks.library),
    ),
    CardSection("review", _("Review"), "map_card_review", count=lambda marks: marks.reviews),
    CardSection("proposals", _("Suggestions"), "map_card_proposals", count=lambda marks: marks.proposals),
)


def sections_of(card: CardView, actor: Actor) -> Sequence[CardSection]:
    """The sections that this card has and this person may open."""
    return [
        section
        for section in SECTIONS
        if actor.may(section.right) and (not section.kinds or card.kind in section.kinds)
    ]


def tabs_of(card: CardView, actor: Actor) -> Sequence[Tab]:
    sections = sections_of(card, actor)
    if not sections:
        return []
    marks = marks_of(actor.brand_id, card)
    return [Tab(section, section.count(marks) if section.count else 0) for section in sections]


def answer_section(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    key: str,
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    status: int = 200,
) -> HttpResponse:
    """The section `key` of a card: `template` as a fragment for the open card, else in a page with its tabs.

    `card` and `journey` are in the context of the template. Raises NotFound.
    """
    card = reads.card(request.brand.pk, journey_id, card_id)
    whole = {"journey": {"id": journey_id}, **context, "card": card}
    if wants_fragment(request):
        return render(request, template, whole, status=status)
    page = {**whole, "fragment": template, "here": key, "tabs": tabs_of(card, request.actor)}
    return render(request, "canvas/card_page.html", page, status=status)
