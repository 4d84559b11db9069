"""What the board shows, drawn once for everybody who sees the same."""

from collections.abc import Hashable
from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from parcours.accounts.rights import Actor
from parcours.canvas.shapes import CardView
from parcours.insights.beneath import Beneath
from parcours.insights.card_facts import Met, facts_of, sign_of
from parcours.web.canvas.marks import NONE, CardMarks

KEPT = 2_000
"""Cards whose HTML a process keeps, about 2 KB each; and as many pieces of the table around them."""

SLOT = "\N{NULL}"
"""Stands in a kept piece where something goes that isn't kept. No text of a database contains it."""


def drawn_card(
    card: CardView,
    actor: Actor,
    marks: CardMarks = NONE,
    met: Met | None = None,
    beneath: Beneath | None = None,
) -> SafeString:
    """The card's list item. Nobody is told that they themselves are editing.

    `met` is the touchpoint that it stands for, with what is counted at it; `beneath` what is counted on the
    journey that it opens.
    """
    others = card.leased_by if card.leased_by_id != actor.id or actor.id is None else None
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    if beneath is not None:
        marks = replace(marks, beneath=beneath)
    return draw(card, marks, met, actor.may("canvas.edit"), others, get_language())


@lru_cache(KEPT)
def _draw(
    card: CardView,
    marks: CardMarks,
    met: Met | None,
    may_edit: bool,
    editing: str | None,
    _language: str | None,
) -> SafeString:
    """Whatever the template shows is named here: the same arguments give the same words."""
    context = {
        "card": card,
        "marks": marks,
        "facts": facts_of(card, met),
        "sign": sign_of(card),
        "may_edit": may_edit,
        "editing": editing,
    }
    return render_to_string("canvas/card.html", context)


def drawn_piece(template: str, slots: tuple[str, ...] = (), **shown: Hashable) -> tuple[SafeString, ...]:
    """A template's HTML, cut where each of `slots` stands in it, in the order in which the template has them.

    The template sees `shown` and the slots, nothing else of the page: the same of them give the same words.
    """
    draw = _draw_piece.__wrapped__ if settings.DEBUG else _draw_piece
    return draw(template, slots, tuple(shown.items()), get_language())


@lru_cache(KEPT)
def _draw_piece(
    template: str, slots: tuple[str, ...], shown: tuple[tuple[str, Hashable], ...], _language: str | None
) -> tuple[SafeString, ...]:
    context = {**dict(shown), **dict.fromkeys(slots, SafeString(SLOT))}
    return tuple(SafeString(part) for part in render_to_string(template, context).split(SLOT))
