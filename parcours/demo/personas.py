"""Mark as Claire's team knows him, and two customers of other generations.

Their portraits are drawn: they look like nobody.
"""

import uuid
from dataclasses import dataclass
from pathlib import Path

from parcours.accounts.rights import Actor
from parcours.canvas.shapes import Board, PersonaView
from parcours.canvas.writes import add_persona, add_picture, edit_persona
from parcours.core.clock import now
from parcours.demo.people import claire_of
from parcours.demo.said import Said

FACES = Path(__file__).parent / "pictures" / "faces"


@dataclass(frozen=True, slots=True)
class Portrait:
    name: str
    age: int
    face: str
    channels: tuple[str, ...]
    sketch: Said
    goals: Said
    habits: Said
    quotes: Said


MARK_HABITS = Said(
    "Looks in the evening on his phone, buys at the desk the next day. Reads the reviews of people with "
    "his "
    "pain. Asks in the chat; calls only when something went wrong.",
    "Regarde le soir sur son téléphone, achète le lendemain au bureau. Lit les avis de ceux qui ont mal "
    "comme "
    "lui. Demande au chat ; n’appelle que si quelque chose a mal tourné.",
)
MARK_SAYS = Said("Nobody told me about the shipping.", "Personne ne m’a parlé des frais de port.")
MARK_CHANNELS = ("chat", "web", "email", "instagram")

JOSIANE = Portrait(
    "Josiane",
    70,
    "josiane",
    ("phone", "email", "post"),
    Said(
        "Seventy, from Quimper, retired teacher. Walks ten kilometres a day with her club and has begun to "
        "run the last one. Orders for her sister too.",
        "Soixante-dix ans, Quimper, institutrice à la retraite. Marche dix kilomètres par jour avec son "
        "club et "
        "s’est mise à courir le dernier. Commande aussi pour sa sœur.",
    ),
    Said(
        "Shoes that hold the ankle. Somebody who takes the time. A parcel that comes on the day that "
        "was said.",
        "Des chaussures qui tiennent la cheville. Quelqu’un qui prend le temps. Un colis le jour annoncé.",
    ),
    Said(
        "Calls in the morning, with the catalogue beside her. Writes down the name of whoever answered. "
        "Pays by "
        "card, and keeps every letter.",
        "Appelle le matin, le catalogue à côté d’elle. Note le nom de qui a répondu. Paie par carte, et "
        "garde "
        "chaque courrier.",
    ),
    Said(
        "I’d rather talk to somebody than press 3.\nYou told me Thursday, and it was Thursday.",
        "Je préfère parler à quelqu’un que de taper 3.\nVous m’aviez dit jeudi, c’était jeudi.",
    ),
)
LEA = Portrait(
    "Léa",
    22,
    "lea",
    ("instagram", "web", "whatsapp", "chat"),
    Said(
        "Twenty-two, studies in Lyon, runs along the Saône with two friends. First half marathon in "
        "spring. "
        "Counts every euro.",
        "Vingt-deux ans, étudiante à Lyon, court le long de la Saône avec deux amies. Premier "
        "semi-marathon au "
        "printemps. Compte chaque euro.",
    ),
    Said(
        "One pair that lasts until the race. To see them on somebody before she pays. Never to call anybody.",
        "Une paire qui tient jusqu’à la course. Les voir portées avant de payer. Ne jamais devoir appeler.",
    ),
    Said(
        "Sees a post, saves it, comes back three times. Asks on Instagram at eleven at night and "
        "expects an "
        "answer the same evening. Sends back what doesn’t fit.",
        "Voit une publication, l’enregistre, revient trois fois. Demande sur Instagram à onze heures du "
        "soir et "
        "attend une réponse le soir même. Renvoie ce qui ne va pas.",
    ),
    Said(
        "If I have to call, I buy elsewhere.\nShow me somebody running in them.",
        "S’il faut appeler, j’achète ailleurs.\nMontrez-moi quelqu’un qui court avec.",
    ),
)


def complete_mark(board: Board, language: str, actor: Actor) -> None:
    """What colleagues wrote down about Mark after the first drawing."""
    mark = board.persona
    if mark is None:
        return
    claire = claire_of(actor)
    edit_persona(
        mark.id,
        habits=MARK_HABITS.in_language(language),
        quote=f"{mark.quote}\n{MARK_SAYS.in_language(language)}",
        channels=MARK_CHANNELS,
        photo_id=_face("mark", claire),
        acting_user=claire,
    )


def add_portrait(portrait: Portrait, language: str, actor: Actor) -> PersonaView:
    return add_persona(
        portrait.name,
        birth_year=now().year - portrait.age,
        sketch=portrait.sketch.in_language(language),
        goals=portrait.goals.in_language(language),
        habits=portrait.habits.in_language(language),
        quote=portrait.quotes.in_language(language),
        channels=portrait.channels,
        photo_id=_face(portrait.face, actor),
        acting_user=actor,
    )


def _face(name: str, actor: Actor) -> uuid.UUID:
    with (FACES / f"{name}.webp").open("rb") as upload:
        return add_picture(upload, acting_user=actor).id
