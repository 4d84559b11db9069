"""What Amina has suggested for the canvas from the chat, and what Claire decided about one of it."""

import uuid
from dataclasses import dataclass

from parcours.accounts.rights import Actor
from parcours.canvas.proposals.suggesting import suggest_card, suggest_change
from parcours.canvas.proposals.writes import dismiss_proposal
from parcours.canvas.shapes import Board
from parcours.demo.cards import CARDS
from parcours.demo.people import amina_of, claire_of
from parcours.demo.said import Said


@dataclass(frozen=True, slots=True)
class Suggested:
    """A card that should stand in a stage and row."""

    stage: str
    lane: str
    title: Said
    words: Said


NEW_CARD = Suggested(
    "retention",
    "need",
    Said("Can my daughter’s pair go in the same return?", "Puis-je renvoyer la paire de ma fille avec ?"),
    Said(
        "Families ask this in the chat about twice a week; we have no answer ready.",
        "Des familles le demandent au chat deux fois par semaine environ ; nous n’avons pas de réponse "
        "prête.",
    ),
)
DISMISSED = Suggested(
    "decision",
    "action",
    Said("Offer 5 € to everybody who leaves the cart", "Offrir 5 € à quiconque quitte son panier"),
    Said("Some would have stayed for it.", "Certains seraient restés pour cela."),
)
WHY_NOT = Said(
    "People would learn to leave. The mail within three hours works without a discount.",
    "On apprendrait à partir. Le mail sous trois heures fonctionne sans remise.",
)
CLEARER = "Where is my parcel?"
CLEARER_TO = Said("Where is my parcel, and who do I ask?", "Où est mon colis, et à qui demander ?")
CLEARER_WORDS = Said(
    "They have the tracking number already. What they don’t know is whether to write to us or the carrier.",
    "Ils ont déjà le numéro de suivi. Ce qu’ils ignorent, c’est s’il faut écrire à nous ou au transporteur.",
)


def suggest_changes(board: Board, language: str, acting_user: Actor) -> None:
    """One suggestion waits on a card, one in a cell; one was dismissed with a reason."""
    amina, claire = amina_of(acting_user), claire_of(acting_user)
    _suggest(board, NEW_CARD, language, amina)
    turned_down = _suggest(board, DISMISSED, language, amina)
    dismiss_proposal(board.journey.id, turned_down, reason=WHY_NOT.in_language(language), acting_user=claire)
    drawn = next((card.title for card in CARDS if card.title.in_language("en") == CLEARER), None)
    card = next((each for each in board.cards if drawn and each.title == drawn.in_language(language)), None)
    if card is not None:
        suggest_change(
            board.journey.id,
            card.id,
            title=CLEARER_TO.in_language(language),
            words=CLEARER_WORDS.in_language(language),
            acting_user=amina,
        )


def _suggest(board: Board, what: Suggested, language: str, acting_user: Actor) -> uuid.UUID:
    stage = next(each for each in board.stages if each.key == what.stage)
    lane = next(each for each in board.lanes if each.kind == what.lane)
    made = suggest_card(
        board.journey.id,
        stage_id=stage.id,
        lane_id=lane.id,
        title=what.title.in_language(language),
        words=what.words.in_language(language),
        acting_user=acting_user,
    )
    return made.id
