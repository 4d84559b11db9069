"""What a review of a whole journey looks at, with what there is to see in each step."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.accounts.rights import Actor
from parcours.canvas.comments.reads import threads_of
from parcours.canvas.enums import LaneKind
from parcours.canvas.evidence.enums import Standing
from parcours.canvas.evidence.keeping import CONTESTED_REASON, OLD_REASON
from parcours.canvas.evidence.reads import proofs
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.reviews.enums import STEPS
from parcours.canvas.reviews.reads import open_reviews
from parcours.canvas.reviews.reasons import sentence_of
from parcours.canvas.reviews.shapes import ReviewView
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.versions.reads import changes_between, last_signed
from parcours.canvas.versions.shapes import Difference, VersionView

_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at: where it is, what it is, and what there is to say. `review` is one to close."""

    title: str
    url: str
    sentence: str = ""
    review: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is empty, `done` or `skipped`; `empty` says what it means that there is nothing."""

    key: str
    title: str
    empty: str
    items: tuple[Item, ...]
    state: str = ""
    by: str = ""
    changed: Difference | None = None
    since: VersionView | None = None


TITLES = {
    "changes": gettext_lazy("What changed since the last review"),
    "evidence": gettext_lazy("Cards whose evidence has aged"),
    "against": gettext_lazy("Cards that the evidence speaks against"),
    "proposals": gettext_lazy("Proposals to decide"),
    "comments": gettext_lazy("Comments that wait for an answer"),
    "kpis": gettext_lazy("KPIs off their target"),
}
EMPTY = {
    "changes": gettext_lazy("Nothing changed."),
    "evidence": gettext_lazy("The evidence of every card is recent."),
    "against": gettext_lazy("Nothing speaks against a card."),
    "proposals": gettext_lazy("No proposal waits."),
    "comments": gettext_lazy("No comment waits."),
    "kpis": gettext_lazy("Every KPI with a target is on it."),
}


def steps_of(actor: Actor, board: Board, review: ReviewView | None) -> tuple[Step, ...]:
    """All steps, in order, with how the review settled them."""
    settled: Mapping[str, Mapping[str, str]] = review.steps if review else {}
    since = last_signed(actor.brand_id, board.journey.id)
    cards = {card.id: card for card in board.cards}
    changed = changes_between(actor.brand_id, board.journey.id, since.id) if since else None
    found = []
    for key in STEPS:
        mark = settled.get(key, {})
        found.append(
            Step(
                key=key,
                title=str(TITLES[key]),
                empty=str(EMPTY[key]) if key != "changes" or since else _("This is the first review."),
                items=_ITEMS[key](actor, board, cards),
                state=mark.get("state", ""),
                by=mark.get("by", ""),
                changed=changed if key == "changes" else None,
                since=since if key == "changes" else None,
            )
        )
    return tuple(found)


Cards = Mapping[uuid.UUID, CardView]


def _no_items(_actor: Actor, _board: Board, _cards: Cards) -> tuple[Item, ...]:
    return ()


def _aged(actor: Actor, board: Board, cards: Cards) -> tuple[Item, ...]:
    """Cards that wait for another look, whatever for, then those whose evidence is old without a review."""
    waiting = [
        each for each in open_reviews(actor.brand_id, board.journey.id) if each.reason != CONTESTED_REASON
    ]
    return _cards_to_look_at(actor, board, cards, waiting, standing=Standing.OLD, reason=OLD_REASON)


def _contested(actor: Actor, board: Board, cards: Cards) -> tuple[Item, ...]:
    waiting = [
        each for each in open_reviews(actor.brand_id, board.journey.id) if each.reason == CONTESTED_REASON
    ]
    return _cards_to_look_at(
        actor, board, cards, waiting, standing=Standing.CONTESTED, reason=CONTESTED_REASON
    )


def _cards_to_look_at(
    actor: Actor, board: Board, cards: Cards, waiting: list[ReviewView], *, standing: Standing, reason: str
) -> tuple[Item, ...]:
    items = [
        Item(
            each.card_title or board.journey.title,
            _card_url(board, each.card_id, "evidence") if each.card_id else _map_url(board),
            each.sentence,
            each.id,
        )
        for each in waiting
        if each.card_id is None or each.card_id in cards
    ]
    named = {each.card_id for each in waiting}
    for card_id, proof in proofs(actor.brand_id, board.journey.id).items():
        if proof.standing == standing and card_id in cards and card_id not in named:
            facts = {
                "days": proof.days,
                "for_customers": proof.for_customers,
                "against_customers": proof.against_customers,
            }
            url = _card_url(board, card_id, "evidence")
            items.append(Item(_title(cards[card_id]), url, sentence_of(reason, facts)))
    return tuple(items)


def _proposals(actor: Actor, board: Board, _cards: Cards) -> tuple[Item, ...]:
    return tuple(
        Item(each.title, reverse("map_proposal", args=[board.journey.id, each.id]), each.why)
        for each in open_proposals(actor.brand_id, board.journey.id)
    )


def _comments(actor: Actor, board: Board, _cards: Cards) -> tuple[Item, ...]:
    return tuple(
        Item(
            each.about.label,
            reverse("map_thread", args=[board.journey.id, each.id]),
            _short(next((said.words for said in each.comments if not said.deleted), "")),
        )
        for each in threads_of(actor, board.journey.id)
    )


def _kpis(_actor: Actor, board: Board, cards: Cards) -> tuple[Item, ...]:
    return tuple(
        Item(_title(card), _card_url(board, card.id), _off_target(card))
        for card in cards.values()
        if card.kind == LaneKind.KPI and _off_target(card)
    )


def _off_target(card: CardView) -> str:
    """What is wrong with a KPI; empty for one on its target, or without one."""
    current, target = card.details.get("current"), card.details.get("target")
    direction = card.details.get("direction")
    if current is None or target is None or direction not in {"up", "down"}:
        return ""
    if (current >= target) if direction == "up" else (current <= target):
        return ""
    unit = card.details.get("unit", "")
    shown = [f"{number_format(value, force_grouping=True)} {unit}".strip() for value in (current, target)]
    return _("It stands at {current}; the target is {target}.").format(current=shown[0], target=shown[1])


def _title(card: CardView) -> str:
    return card.title or (card.picture.alt if card.picture else "") or _("Untitled card")


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[:_LONGEST].rstrip() + "…"


def _map_url(board: Board) -> str:
    return reverse("map", args=[board.journey.id])


def _card_url(board: Board, card_id: uuid.UUID, tab: str = "") -> str:
    return f"{_map_url(board)}#card-{card_id}" + (f"/{tab}" if tab else "")


_ITEMS: Mapping[str, Callable[[Actor, Board, Cards], tuple[Item, ...]]] = {
    "changes": _no_items,
    "evidence": _aged,
    "against": _contested,
    "proposals": _proposals,
    "comments": _comments,
    "kpis": _kpis,
}
