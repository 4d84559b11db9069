"""The maps that Claire drew from Mark's: how it should be by next season, and one for Generation Z."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.writes import (
    add_card,
    delete_card,
    draw_to_be,
    duplicate_journey,
    edit_card,
    edit_journey,
    move_card,
)
from parcours.demo.cards import ACTION, CARDS, NEED
from parcours.demo.people import amina_of, claire_of
from parcours.demo.personas import JOSIANE, LEA, add_portrait, complete_mark
from parcours.demo.said import Said

TO_BE = Said(
    "Mark buys running shoes, next season", "Mark achète des chaussures de course, la saison prochaine"
)
FOR_Z = Said("Léa looks for her first race shoes", "Léa cherche ses premières chaussures de course")


@dataclass(frozen=True, slots=True)
class NewCard:
    stage: str
    kind: str
    title: Said
    text: Said
    details: tuple[tuple[str, Any], ...] = ()


def _title(english: str) -> Said:
    """A title of Mark's cards in both languages, by the English one."""
    return next(card.title for card in CARDS if card.title.en == english)


_INSTAGRAM = _title("One person on Instagram, every day")
_DELIVERY = _title("Say the delivery day before being asked")
_SHIPPING = _title("Why €14.90 for shipping? Nobody told me.")
_DEAD_END = _title("Choice 3 of the phone menu")
_CALL_BACK = _title("Call back whoever hung up at “returns”")

CHANGED = (
    (
        _INSTAGRAM,
        Said("Two people on Instagram, evenings too", "Deux personnes sur Instagram, le soir aussi"),
        Said(
            "An answer within the hour until 22 h. Younger customers ask nowhere else.",
            "Une réponse dans l’heure jusqu’à 22 h. Les plus jeunes ne demandent nulle part ailleurs.",
        ),
    ),
    (
        _DELIVERY,
        Said("The delivery day stands beside the price", "Le jour de livraison est à côté du prix"),
        Said(
            "By postcode, on every product page. The article stays for exceptions.",
            "Selon le code postal, sur chaque page produit. L’article reste pour les exceptions.",
        ),
    ),
)
ADDED = (
    NewCard(
        "decision", ACTION,
        Said("Shipping to La Réunion stands in the cart", "Le port vers La Réunion est dans le panier"),
        Said(
            "From the first look at the cart, not on the last page. Free above €150, to be tried.",
            "Dès le premier regard au panier, pas à la dernière page. Offert au-delà de 150 €, à essayer.",
        ),
        (("does", "other"), ("state", "planned")),
    ),
    NewCard(
        "retention", ACTION,
        Said("Exchange in one conversation", "Échanger en une seule conversation"),
        Said(
            "The agent sends the label and the new pair at once; the old one may follow within ten days.",
            "L’agent envoie l’étiquette et la nouvelle paire aussitôt ; l’ancienne a dix jours pour "
            "revenir.",
        ),
        (("does", "chat"), ("state", "idea")),
    ),
)  # fmt: skip
OF_LEA = (
    NewCard(
        "consideration", NEED,
        Said("Can I see somebody running in them?", "Je peux voir quelqu’un courir avec ?"),
        Said("A photo of a shoe says nothing to her.", "Une photo de chaussure ne lui dit rien."),
    ),
    NewCard(
        "decision", NEED,
        Said("Can I pay in three parts?", "Je peux payer en trois fois ?"),
        Said("€139 at once is a month of groceries.", "139 € d’un coup, c’est un mois de courses."),
    ),
    NewCard(
        "consideration", ACTION,
        Said("A film of ten seconds for each shoe", "Un film de dix secondes par chaussure"),
        Said(
            "Filmed by customers, with their consent, where there is one.",
            "Filmé par des clients, avec leur accord, quand il y en a un.",
        ),
        (("does", "other"), ("state", "idea")),
    ),
)  # fmt: skip


def draw_relatives(board: Board, language: str, actor: Actor) -> None:
    claire = claire_of(actor)
    complete_mark(board, language, actor)
    add_portrait(JOSIANE, language, claire)
    _draw_for_z(board, language, actor)
    _draw_next_season(board, language, claire)
    edit_journey(board.journey.id, owner_id=_owner(claire), acting_user=actor)


def _owner(claire: Actor) -> uuid.UUID | None:
    """Claire, where she was really invited."""
    return claire.id if claire.kind == "person" else None


def _draw_next_season(board: Board, language: str, claire: Actor) -> None:
    drawn = draw_to_be(board.journey.id, title=TO_BE.in_language(language), acting_user=claire)
    plan = reads.board(claire.brand_id, drawn.id)
    for now_called, title, text in CHANGED:
        card = _card(plan, now_called, language)
        edit_card(
            drawn.id,
            card.id,
            title=title.in_language(language),
            text=text.in_language(language),
            expected_revision=card.revision,
            acting_user=claire,
        )
    _remove(plan, (_DEAD_END, _CALL_BACK), language, claire)
    _move_to_consideration(plan, _card(plan, _SHIPPING, language), claire)
    _add(plan, ADDED, language, claire)


def _draw_for_z(board: Board, language: str, actor: Actor) -> None:
    amina, claire = amina_of(actor), claire_of(actor)
    lea = add_portrait(LEA, language, claire)
    drawn = duplicate_journey(
        board.journey.id,
        title=FOR_Z.in_language(language),
        segment_key="z",
        persona_id=lea.id,
        acting_user=claire,
    )
    copy = reads.board(claire.brand_id, drawn.id)
    _remove(copy, (_DEAD_END, _CALL_BACK), language, claire)
    _add(copy, OF_LEA, language, amina if amina.may("canvas.edit") else claire)


def _card(board: Board, title: Said, language: str) -> CardView:
    return next(card for card in board.cards if card.title == title.in_language(language))


def _remove(board: Board, titles: Sequence[Said], language: str, actor: Actor) -> None:
    for title in titles:
        card = _card(board, title, language)
        delete_card(board.journey.id, card.id, expected_revision=card.revision, acting_user=actor)


def _move_to_consideration(board: Board, card: CardView, actor: Actor) -> None:
    stage = next(stage.id for stage in board.stages if stage.key == "consideration")
    move_card(
        board.journey.id,
        card.id,
        stage_id=stage,
        lane_id=card.lane_id,
        expected_revision=card.revision,
        acting_user=actor,
    )


def _add(board: Board, cards: Sequence[NewCard], language: str, actor: Actor) -> None:
    stages = {stage.key: stage.id for stage in board.stages}
    lanes = {lane.kind: lane.id for lane in board.lanes}
    for card in cards:
        add_card(
            board.journey.id,
            stage_id=stages[card.stage],
            lane_id=lanes[card.kind],
            title=card.title.in_language(language),
            text=card.text.in_language(language),
            details=dict(card.details),
            acting_user=actor,
        )
