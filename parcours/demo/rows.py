"""What Claire added once the canvas stood: how Mark feels, what hurts, what is measured, and the details.

Rows stand as they are read: the emotion above everything, pain points after the actions, measures last.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.enums import LaneKind
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.writes import add_card, add_lane, edit_card
from parcours.demo.said import Said

_NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class RowCard:
    stage: str
    title: Said
    text: Said = _NOTHING
    details: dict[str, Any] = field(default_factory=dict)
    unit: Said = _NOTHING


FEELINGS = (
    RowCard(
        "awareness",
        Said("“Will I ever run again?”", "« Recourir un jour ? »"),
        Said("A year without running, and too much advice.", "Un an sans courir, et trop de conseils."),
        {"level": -35},
    ),
    RowCard(
        "awareness",
        Said("Somebody answers him by name", "Quelqu’un lui répond par son nom"),
        Said("Amina asks before she advises.", "Amina questionne avant de conseiller."),
        {"level": 30},
    ),
    RowCard(
        "consideration",
        Said("He finds his own pain in a review", "Il retrouve sa douleur dans un avis"),
        details={"level": 45},
    ),
    RowCard(
        "consideration",
        Said("Two days without an answer", "Deux jours sans réponse"),
        Said("On Instagram, where he asked.", "Sur Instagram, là où il a demandé."),
        {"level": -10},
    ),
    RowCard(
        "decision",
        Said("Shipping, on the last page", "Le port, à la dernière page"),
        Said("He feels caught, and closes the page.", "Il se sent pris, et ferme la page."),
        {"level": -65},
    ),
    RowCard(
        "decision",
        Said("Bruno takes his order by phone", "Bruno l’appelle et commande avec lui"),
        details={"level": 20},
    ),
    RowCard(
        "retention",
        Said("First run without pain", "Première sortie sans douleur"),
        details={"level": 85},
    ),
    RowCard(
        "retention",
        Said("The menu hangs up on him", "Le serveur vocal raccroche"),
        Said("Twice. Then the chat makes up for it.", "Deux fois. Puis le chat rattrape."),
        {"level": -40},
    ),
    RowCard(
        "advocacy",
        Said("Proud of his ten kilometres", "Fier de ses dix kilomètres"),
        details={"level": 75},
    ),
)

PAINS = (
    RowCard(
        "awareness",
        Said("Nobody at night", "Personne le soir"),
        Said(
            "Half of the first questions come *after 19:00*.",
            "La moitié des premières questions arrive *après 19 h*.",
        ),
        {"severity": 2},
    ),
    RowCard(
        "consideration",
        Said("Delivery day unknown", "Jour de livraison inconnu"),
        Said("He has to ask, or to guess.", "Il doit demander, ou deviner."),
        {"severity": 3},
    ),
    RowCard(
        "decision",
        Said("Shipping cost shown too late", "Frais de port annoncés trop tard"),
        Said(
            "For **La Réunion** the price appears on the payment page only.",
            "Pour **La Réunion**, le prix n’apparaît qu’à la page de paiement.",
        ),
        {"severity": 5},
    ),
    RowCard(
        "decision",
        Said("The code is refused on one browser", "Le code est refusé sur un navigateur"),
        details={"severity": 4},
    ),
    RowCard(
        "retention",
        Said("Choice 3 ends in silence", "Le choix 3 finit dans le silence"),
        Said(
            "Until the menu is repaired:\n- call back every morning\n- chat first on the returns page",
            "Tant que le menu n’est pas réparé :\n- rappeler chaque matin\n- le chat d’abord, page retours",
        ),
        {"severity": 4},
    ),
)

MEASURES = (
    RowCard(
        "awareness",
        Said("First answer in the chat", "Première réponse au chat"),
        Said("Median, in opening hours.", "Médiane, aux heures d’ouverture."),
        {"current": 41, "target": 60, "unit": "s", "direction": "down"},
    ),
    RowCard(
        "consideration",
        Said("Articles that solve the question", "Articles qui résolvent la question"),
        details={"current": 61, "target": 70, "unit": "%", "direction": "up"},
    ),
    RowCard(
        "decision",
        Said("Carts that become orders", "Paniers devenus commandes"),
        details={"current": 54, "target": 60, "unit": "%", "direction": "up"},
    ),
    RowCard(
        "retention",
        Said("Average call time", "Durée moyenne des appels"),
        Said(
            "Longer is **better** here: who is advised well doesn’t send back.",
            "Plus long, c’est **mieux** : bien conseillé, on ne renvoie pas.",
        ),
        {"current": 5.2, "target": 6, "unit": "min", "direction": "up"},
    ),
    RowCard(
        "advocacy",
        Said("Would recommend us", "Nous recommanderaient"),
        Said("Average answer after delivery.", "Note moyenne après la livraison."),
        {"current": 8.4, "target": 9, "direction": "up"},
        unit=Said("of 10", "sur 10"),
    ),
)

DETAILS: dict[str, dict[str, Any]] = {
    "Which shoes can I run in with a bad back?": {"source": Said("chat, evenings", "chat, le soir")},
    "42 or 42.5?": {"source": Said("help centre, searches", "recherches de l’aide")},
    "Why €14.90 for shipping? Nobody told me.": {"source": Said("phone, chat", "téléphone, chat")},
    "They are too tight. How do I exchange them?": {"source": Said("chat, returns", "chat, retours")},
    "The article on back pain": {"device": "phone"},
    "The payment page": {"device": "phone"},
    "The mail at 22:43": {"device": "phone"},
    "Answer a first chat within a minute": {"does": "chat", "state": "running"},
    "After hours, say when a person will answer": {"does": "bot", "state": "running"},
    "Link the size guide in every answer about sizes": {"does": "reply", "state": "running"},
    "One person on Instagram, every day": {"does": "chat", "state": "planned"},
    "Say the delivery day before being asked": {"does": "article", "state": "planned"},
    "Cart mail within three hours": {"does": "playbook", "state": "running"},
    "Offer help on the payment page": {"does": "chat", "state": "running"},
    "Report a refused code the same day": {"does": "other", "state": "running"},
    "Call back whoever hung up at “returns”": {"does": "call", "state": "running"},
    "Ask for a review seven days after delivery": {"does": "review", "state": "running"},
    "Write when the soles are due": {"does": "playbook", "state": "idea"},
    "10% for the customer and a friend": {"does": "referral", "state": "running"},
    "Thank whoever posts #mafoulée, by name": {"does": "reply", "state": "running"},
}
"""By the English title of a card of Mark's canvas."""


def add_rows(board: Board, language: str, actor: Actor) -> None:
    """The rows with their cards, then the details of the cards that were there."""
    journey_id = board.journey.id
    with translation.override(language):
        emotion = add_lane(journey_id, LaneKind.EMOTION, acting_user=actor, position=0)
        pain = add_lane(journey_id, LaneKind.PAIN, acting_user=actor)
        kpi = add_lane(journey_id, LaneKind.KPI, acting_user=actor)
    stages = {stage.key: stage.id for stage in board.stages}
    for lane, cards in ((emotion, FEELINGS), (pain, PAINS), (kpi, MEASURES)):
        for card in cards:
            unit = card.unit.in_language(language)
            add_card(
                journey_id,
                stage_id=stages[card.stage],
                lane_id=lane,
                title=card.title.in_language(language),
                text=card.text.in_language(language),
                details=card.details | ({"unit": unit} if unit else {}),
                acting_user=actor,
            )
    _add_details(reads.board(actor.brand_id, journey_id), language, actor)


def _add_details(board: Board, language: str, actor: Actor) -> None:
    by_title = {card.title: card for card in board.cards}
    for title, details in _titled(language).items():
        card = by_title.get(title)
        if card is not None:
            edit_details(card, details, actor)


def edit_details(card: CardView, details: dict[str, Any], actor: Actor) -> CardView:
    return edit_card(
        card.journey_id, card.id, expected_revision=card.revision, details=details, acting_user=actor
    )


def _titled(language: str) -> dict[str, dict[str, Any]]:
    """The details by the title that the card has in that language."""
    from parcours.demo.cards import CARDS

    titles = {card.title.en: card.title.in_language(language) for card in CARDS}
    return {
        titles[title]: {
            name: value.in_language(language) if isinstance(value, Said) else value
            for name, value in details.items()
        }
        for title, details in DETAILS.items()
    }
