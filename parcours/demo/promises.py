"""What Foulée wants to stand for, and where Claire and Amina think that customers feel it."""

from dataclasses import dataclass, field

from django.utils import translation

from parcours.accounts.rights import Actor
from parcours.canvas.brand_values.reads import brand_values
from parcours.canvas.brand_values.shapes import ValueView
from parcours.canvas.brand_values.writes import add_quote, add_value, rate, want
from parcours.canvas.enums import LaneKind
from parcours.canvas.shapes import Board
from parcours.canvas.writes import add_card, add_lane
from parcours.demo.people import amina_of, claire_of
from parcours.demo.said import Said
from parcours.demo.touchpoints import TOUCHPOINTS

_NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class Promise:
    """A value. The brand has one list for all its canvases: its words stand there in both languages."""

    name: str
    sentence: str
    looks_like: str
    not_like: str


PRICES, ADVICE, PERSON, KEPT = range(4)
PROMISES = (
    Promise(
        "Prix honnêtes · Honest prices",
        "Qui voit un prix le voit en entier. Whoever sees a price sees all of it.",
        "Le port à côté du prix, dès la page produit.\nShipping beside the price, from the product page on.",
        "Un montant qui grandit à la dernière page.\nA sum that grows on the last page.",
    ),
    Promise(
        "Conseiller d’abord · Advice first",
        "Nous demandons où ça fait mal avant de montrer une chaussure. "
        "We ask where it hurts before we show a shoe.",
        "Une question, puis une autre, puis un modèle.\nOne question, then another, then a shoe.",
        "Trois modèles en promotion dans la première réponse.\nThree shoes on sale in the first answer.",
    ),
    Promise(
        "Une vraie personne · A real person",
        "Qui demande quelqu’un a quelqu’un. Whoever asks for somebody gets somebody.",
        "Le choix « une personne » partout, avec une heure.\n“A person” as a choice everywhere, with a time.",
        "Un menu qui tourne en rond.\nA menu that goes round in circles.",
    ),
    Promise(
        "Promesses tenues · Promises kept",
        "Ce que nous annonçons arrive le jour dit. What we announce comes on the day.",
        "Un jour de livraison, pas « bientôt ».\nA day of delivery, not “soon”.",
        "Un remboursement qu’il faut réclamer.\nA refund one has to ask for.",
    ),
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """About the touchpoint with this English name: wanted, then felt by Claire and by Amina, if at all."""

    touchpoint: str
    promise: int
    wanted: int
    claire: int | None
    amina: int | None
    quotes: tuple[tuple[Said, Said], ...] = field(default=())


OPINIONS = (
    Opinion("First chat", ADVICE, 4, 3, 4),
    Opinion("First chat", PERSON, 4, 3, 3),
    Opinion("Catalogue", PRICES, 3, 2, 3),
    Opinion("Product page", PRICES, 4, 3, 2),
    Opinion("Product page", KEPT, 3, 2, 1),
    Opinion("Size guide", ADVICE, 4, 4, 3),
    Opinion("Question in the chat", ADVICE, 4, 3, 4),
    Opinion(
        "Question on Instagram",
        PERSON,
        3,
        2,
        0,
        (
            (
                Said(
                    "Two days for a yes or no. I ordered elsewhere.",
                    "Deux jours pour un oui ou un non. J’ai commandé ailleurs.",
                ),
                Said("Instagram, in October", "Instagram, en octobre"),
            ),
        ),
    ),
    Opinion(
        "Payment",
        PRICES,
        4,
        1,
        0,
        (
            (
                Said(
                    "€14.90 for shipping, and you tell me on the last page?",
                    "14,90 € de port, et vous le dites à la dernière page ?",
                ),
                Said("Chat, La Réunion, in September", "Chat, La Réunion, en septembre"),
            ),
            (
                Said("The price was a lure.", "Le prix était un appât."),
                Said("Survey after leaving the cart", "Enquête après un panier abandonné"),
            ),
        ),
    ),
    Opinion("Payment", KEPT, 3, 3, 3),
    Opinion("Promo code", PRICES, 3, 2, 1),
    Opinion("Question at the checkout", PERSON, 4, 4, 3),
    Opinion("Parcel", KEPT, 4, 4, 3),
    Opinion(
        "Call: return or exchange",
        PERSON,
        4,
        3,
        0,
        (
            (
                Said("I pressed 3 four times.", "J’ai tapé 3 quatre fois."),
                Said("Call, in October", "Appel, en octobre"),
            ),
        ),
    ),
    Opinion("Refund", KEPT, 4, 3, 3),
    Opinion("Review", ADVICE, 2, 3, None),
)

FIT_CARDS = (
    (
        "consideration",
        ADVICE,
        Said("He is asked before he is shown", "On l’interroge avant de lui montrer"),
        _NOTHING,
    ),
    (
        "decision",
        PRICES,
        Said("The sum grows on the last page", "Le montant grandit à la dernière page"),
        Said(
            "Nothing breaks the promise as much as this. Until shipping stands beside the price, say it "
            "first.",
            "Rien ne trahit autant la promesse. Tant que le port n’est pas à côté du prix, le dire d’emblée.",
        ),
    ),
    (
        "retention",
        PERSON,
        Said("Choice 3 of the menu leads back to the menu", "Le choix 3 du menu ramène au menu"),
        _NOTHING,
    ),
)


def rate_promises(board: Board, language: str, actor: Actor) -> None:
    """The values once for the brand; the ratings, the quotes and a row of cards on this canvas."""
    claire, amina = claire_of(actor), amina_of(actor)
    values = _values(claire)
    names = {text.name.en: text.name.in_language(language) for text in TOUCHPOINTS}
    touchpoints = {touchpoint.name: touchpoint.id for touchpoint in board.touchpoints}
    for opinion in OPINIONS:
        touchpoint = touchpoints.get(names.get(opinion.touchpoint, ""))
        if touchpoint is None:
            continue
        place = (board.journey.id, touchpoint, values[opinion.promise].id)
        want(*place, opinion.wanted, acting_user=claire)
        rate(*place, opinion.claire, acting_user=claire)
        rate(*place, opinion.amina, acting_user=amina)
        for text, source in opinion.quotes:
            said, where = text.in_language(language), source.in_language(language)
            add_quote(*place, said, source=where, acting_user=amina)
    _add_cards(board, language, values, claire)


def _values(claire: Actor) -> tuple[ValueView, ...]:
    there = {value.name: value for value in brand_values(claire.brand_id)}
    return tuple(
        there.get(promise.name)
        or add_value(
            promise.name,
            sentence=promise.sentence,
            looks_like=promise.looks_like,
            not_like=promise.not_like,
            acting_user=claire,
        )
        for promise in PROMISES
    )


def _add_cards(board: Board, language: str, values: tuple[ValueView, ...], claire: Actor) -> None:
    stages = {stage.key: stage.id for stage in board.stages}
    with translation.override(language):
        lane = add_lane(board.journey.id, LaneKind.BRAND_FIT, acting_user=claire)
    for stage, promise, title, text in FIT_CARDS:
        add_card(
            board.journey.id,
            stage_id=stages[stage],
            lane_id=lane,
            title=title.in_language(language),
            text=text.in_language(language),
            details={"value": values[promise].name},
            acting_user=claire,
        )
