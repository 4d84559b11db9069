"""A journey of its own: Mark sends shoes back. A card of his canvas opens it; the library lent some cards."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.enums import LaneKind
from parcours.canvas.library.reads import entries
from parcours.canvas.library.writes import (
    add_starter_set,
    edit_entry,
    insert_card,
    save_card,
    save_touchpoint,
)
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.writes import (
    add_card,
    add_lane,
    add_stage,
    add_touchpoint,
    create_journey,
    edit_card,
)
from parcours.demo.cards import CARDS
from parcours.demo.said import Said
from parcours.demo.touchpoints import TOUCHPOINTS

TITLE = Said("Mark sends shoes back", "Mark renvoie des chaussures")
SUMMARY = Said(
    "From “they are too tight” to the new pair, in one conversation if we do it well.",
    "De « elles serrent » à la nouvelle paire, en une seule conversation si tout va bien.",
)
STAGES = (
    (Said("The doubt", "Le doute"), Said("First run: too tight.", "Première sortie : elles serrent.")),
    (Said("The question", "La question"), Said("How to exchange them.", "Comment les échanger.")),
    (Said("The parcel", "Le colis"), Said("Label, drop-off, waiting.", "Étiquette, dépôt, attente.")),
    (Said("The new pair", "La nouvelle paire"), Said("It fits, or it ends.", "Elle va, ou c’est fini.")),
)
_NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class BackCard:
    stage: int
    lane: str
    title: Said
    text: Said = _NOTHING
    details: dict[str, Any] = field(default_factory=dict)


BACK = (
    BackCard(0, "emotion", Said("Disappointed, in himself", "Déçu de lui-même"), _NOTHING, {"level": -30}),
    BackCard(1, "emotion", Said("Hung up on, twice", "Raccroché au nez, deux fois"), details={"level": -70}),
    BackCard(1, "emotion", Said("Denis says sorry and acts", "Denis répare"), _NOTHING, {"level": 25}),
    BackCard(2, "emotion", Said("Will it arrive before Sunday?", "Avant dimanche ?"), details={"level": 5}),
    BackCard(3, "emotion", Said("It fits", "Elle va"), details={"level": 80}),
    BackCard(
        0, "need", Said("Did I take the wrong size?", "Ai-je pris la mauvaise pointure ?"),
        Said("He took his town size again.", "Il a repris sa pointure de ville."),
    ),
    BackCard(1, "need", Said("Who do I tell?", "À qui le dire ?")),
    BackCard(2, "need", Said("I don’t own a printer.", "Je n’ai pas d’imprimante.")),
    BackCard(3, "need", Said("Tell me it is on its way.", "Dites-moi qu’elle est en route.")),
    BackCard(
        1, "action", Said("Say sorry, then send the label", "S’excuser, puis envoyer l’étiquette"),
        Said(
            "In this order:\n1. apologise for the phone\n2. label by mail\n3. the new pair *today*",
            "Dans cet ordre :\n1. s’excuser pour le téléphone\n2. l’étiquette par mail\n"
            "3. la nouvelle paire *aujourd’hui*",
        ),
        {"does": "reply", "state": "running"},
    ),
    BackCard(
        2, "action", Said("A code to show instead of a label", "Un code à montrer au lieu d’une étiquette"),
        Said("For whoever has no printer.", "Pour qui n’a pas d’imprimante."),
        {"does": "other", "state": "planned"},
    ),
    BackCard(
        3, "action", Said("Ask whether it fits now", "Demander si elle va, maintenant"),
        details={"does": "playbook", "state": "idea"},
    ),
)  # fmt: skip

MET = (
    (0, "Help on returns and care"),
    (1, "Call: return or exchange"),
    (1, "Question about a return"),
    (2, "Refund"),
    (3, "Next order"),
)
"""The stage of this journey in which each touchpoint of Mark's canvas, by its English name, is met."""

SHARED = ("Answer a first chat within a minute", "Link the size guide in every answer about sizes")
NEWER = Said(
    "Half a size more than in town; **a whole one** for the Appui. Quick reply /size in both languages.",
    "Une demi-pointure de plus qu’en ville ; **une entière** pour l’Appui. Réponse rapide /pointure.",
)
OPENS = "They are too tight. How do I exchange them?"


def draw_sending_back(board: Board, language: str, actor: Actor) -> None:
    """The library first, then the journey, then the card that opens it."""
    shared = _fill_library(board, language, actor)
    journey = create_journey(
        TITLE.in_language(language),
        summary=SUMMARY.in_language(language),
        persona_id=board.persona.id if board.persona else None,
        acting_user=actor,
        empty=True,
    )
    stages = [
        add_stage(
            journey.id,
            name.in_language(language),
            description=about.in_language(language),
            acting_user=actor,
        )
        for name, about in STAGES
    ]
    kinds = (LaneKind.EMOTION, LaneKind.NEED, LaneKind.ACTION)
    with translation.override(language):
        lanes = {str(kind): add_lane(journey.id, kind, acting_user=actor) for kind in kinds}
    for card in BACK:
        add_card(
            journey.id,
            stage_id=stages[card.stage],
            lane_id=lanes[card.lane],
            title=card.title.in_language(language),
            text=card.text.in_language(language),
            details=card.details,
            acting_user=actor,
        )
    _meet(journey.id, stages, language, actor)
    insert_card(journey.id, shared, stage_id=stages[1], lane_id=lanes["action"], acting_user=actor)
    opener = _card(board, OPENS, language)
    edit_card(
        board.journey.id,
        opener.id,
        leads_to=journey.id,
        expected_revision=opener.revision,
        acting_user=actor,
    )


def _meet(journey_id: uuid.UUID, stages: list[uuid.UUID], language: str, actor: Actor) -> None:
    """The touchpoints of sending back, so that the card that opens the journey can say how many go there."""
    by_name = {each.name.en: each for each in TOUCHPOINTS}
    for stage, name in MET:
        met = by_name[name]
        add_touchpoint(
            journey_id,
            stage_id=stages[stage],
            name=met.name.in_language(language),
            channel=met.channel,
            rule=met.rule,
            acting_user=actor,
        )


def _fill_library(board: Board, language: str, actor: Actor) -> Any:
    """The starter set, two cards and a touchpoint of Mark's; one has a newer version than its copy has."""
    if not entries(actor.brand_id, words=""):
        add_starter_set(language, acting_user=actor)
    chat, guide = (
        save_card(board.journey.id, _card(board, title, language).id, acting_user=actor) for title in SHARED
    )
    edit_entry(guide.id, text=NEWER.in_language(language), acting_user=actor)
    save_touchpoint(board.journey.id, board.touchpoints[0].id, acting_user=actor)
    return chat.id


def _card(board: Board, title: str, language: str) -> CardView:
    """A card of Mark's canvas by its English title, as it stands now."""
    wanted = next(card.title.in_language(language) for card in CARDS if card.title.en == title)
    found = next(card for card in board.cards if card.title == wanted)
    return reads.card(board.journey.brand_id, board.journey.id, found.id)
