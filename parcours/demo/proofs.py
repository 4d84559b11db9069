"""What Claire and Amina have found that speaks for the cards of Mark's canvas, and against two of them.

Most of it counts the causes planted in the log (`stories`). One note is from long ago, so that evidence can
be seen to be old; one card says something that more customers contradict than confirm.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor
from parcours.canvas.evidence.enums import EvidenceKind, Side, Source
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.evidence.writes import add_evidence, confirm_evidence
from parcours.canvas.shapes import Board
from parcours.core.clock import clock_at, now
from parcours.customers.reads import segments
from parcours.demo import words
from parcours.demo.afterwards import REFERRAL
from parcours.demo.browsing import SIZE_GUIDE
from parcours.demo.buying import BROKEN_BROWSER
from parcours.demo.cards import CARDS
from parcours.demo.population import LATE_REGION
from parcours.demo.said import Said
from parcours.demo.second_thoughts import CART_MAIL
from parcours.demo.service import INSTAGRAM, MENU_RETURN

CLAIRE, AMINA = "Claire Le Gall", "Amina Benali"
Condition = tuple[str, str, tuple[str, ...]]
_NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class Found:
    """A piece for the card with this English title, given so many days ago. Without conditions it is a note,
    from an interview on that day.
    """

    card: str
    by: str
    days_ago: int
    title: Said
    conditions: tuple[Condition, ...] = ()
    text: Said = _NOTHING
    side: str = Side.FOR
    source: str = ""
    period: str = "90d"
    region: str = ""
    confirmed: tuple[int, Said] | None = field(default=None)


def _is(key: str, *values: str) -> Condition:
    return (f"properties.{key}", "is", values)


def _names(*names: str) -> Condition:
    return ("name", "is", names)


def _asked_about(topic: str) -> tuple[Condition, ...]:
    return _names("Message Received"), _is("topic", topic)


FINDINGS: tuple[Found, ...] = (
    Found(
        "Which shoes can I run in with a bad back?", AMINA, 48,
        Said("They search for shoes for a bad back", "Ils cherchent des chaussures pour le mal de dos"),
        (_names("Products Searched"), ("properties.query", "contains", ("mal de dos",))),
    ),
    Found(
        "Which shoes can I run in with a bad back?", AMINA, 47,
        Said("They write about their back", "Ils nous parlent de leur dos"),
        (
            _names("Message Received"),
            ("properties.text", "contains", ("mal de dos", "bad back", "mal au dos")),
        ),
        confirmed=(3, Said("Three chats this week alone", "Trois chats rien que cette semaine")),
    ),
    Found(
        "42 or 42.5?", AMINA, 60,
        Said("Questions about the size", "Questions sur la pointure"), _asked_about(words.SIZE),
    ),
    Found(
        "42 or 42.5?", CLAIRE, 21,
        Said("They look it up in the help centre", "Ils le cherchent dans l’aide"),
        (_names("Article Searched"), _is("query", "pointure")),
    ),
    Found(
        "Will they be here before Saturday?", AMINA, 60,
        Said("Questions about the delivery day", "Questions sur le jour de livraison"),
        _asked_about(words.DELAY),
    ),
    Found(
        "The size guide", CLAIRE, 55,
        Said("Reads of “Choosing your size”", "Lectures de « Choisir sa pointure »"),
        (_names("Article Viewed"), _is("article", SIZE_GUIDE)),
    ),
    Found(
        "A question on Instagram", AMINA, 33,
        Said("Questions asked on Instagram", "Questions posées sur Instagram"),
        (_names("Message Received"), ("channel", "is", (INSTAGRAM,))),
        confirmed=(6, Said("Still two days without an answer", "Toujours deux jours sans réponse")),
    ),
    Found(
        "Why €14.90 for shipping? Nobody told me.", AMINA, 62,
        Said("They ask why shipping appears so late", "Ils demandent pourquoi le port apparaît si tard"),
        _asked_about(words.SHIPPING),
    ),
    Found(
        "Why €14.90 for shipping? Nobody told me.", CLAIRE, 40,
        Said("La Réunion at the payment page", "La Réunion à la page de paiement"),
        (_names("Checkout Step Viewed"), _is("step", "4")), region=LATE_REGION,
    ),
    Found(
        "Why €14.90 for shipping? Nobody told me.", CLAIRE, 25,
        Said("Interview with a customer from Saint-Denis", "Entretien avec une cliente de Saint-Denis"),
        text=Said(
            "“I had accepted the price. Fourteen euros more on the last page, no.”",
            "« J’avais accepté le prix. Quatorze euros de plus à la dernière page, non. »",
        ),
        source=Source.INTERVIEW,
    ),
    Found(
        "The code from the poster is refused.", CLAIRE, 57,
        Said("COURSE15 refused in Safari", "COURSE15 refusé par Safari"),
        (_names("Coupon Denied"), _is("browser", BROKEN_BROWSER), _is("reason", "unknown code")),
        period="365d",
    ),
    Found(
        "Cart mail within three hours", CLAIRE, 80,
        Said("They come back by the mail", "Ils reviennent par le mail"),
        (_names("Email Clicked"), _is("playbook", CART_MAIL)),
    ),
    Found(
        "Choice 3 of the phone menu", AMINA, 70,
        Said("Calls cut off after choice 3", "Appels coupés après le choix 3"),
        (_names("Call Ended"), _is("menu", MENU_RETURN), _is("outcome", "cut off")),
    ),
    Found(
        "Where is my parcel?", AMINA, 60,
        Said("Questions about the parcel", "Questions sur le colis"), _asked_about(words.ORDER_STATUS),
    ),
    Found(
        "They are too tight. How do I exchange them?", CLAIRE, 44,
        Said("Refunds for the size", "Remboursements pour la pointure"),
        (_names("Order Refunded"), _is("reason", "size")),
    ),
    Found(
        "Tell me when mine are worn.", CLAIRE, 140,
        Said("Round table with eight regulars", "Table ronde avec huit habitués"),
        text=Said(
            "Five of eight would like to be told. Nobody was asked again since.",
            "Cinq sur huit aimeraient être prévenus. Personne n’a été interrogé depuis.",
        ),
        source=Source.INTERVIEW,
    ),
    Found(
        "A code for two", CLAIRE, 75,
        Said("Codes redeemed by a friend", "Codes utilisés par un ami"),
        (_names("Referral Redeemed"),),
    ),
    Found(
        "A code for two", AMINA, 12,
        Said(
            "Offered the code: they order no more often than those without",
            "Le code leur est offert : ils ne recommandent pas plus que les autres",
        ),
        (_names("Playbook Entered"), _is("playbook", REFERRAL), _is("group", "treated")),
        side=Side.AGAINST,
    ),
)  # fmt: skip


def add_findings(board: Board, language: str, actor: Actor) -> None:
    """Gives the cards their evidence, each piece as somebody did on its day."""
    title_of = {text.title.en: text.title.in_language(language) for text in CARDS}
    cards = {card.title: card.id for card in board.cards}
    regions = {each.name: each.key for each in segments(brand_by_id(actor.brand_id))}
    for found in FINDINGS:
        card = cards.get(title_of.get(found.card, ""))
        if card is None or (found.region and found.region not in regions):
            continue
        acting = replace(actor, label=found.by)
        with clock_at(now() - timedelta(days=found.days_ago)):
            given = _given(found, language, regions.get(found.region, ""))
            added = add_evidence(board.journey.id, card, given, acting_user=acting)
        if found.confirmed is not None:
            days, note = found.confirmed
            with clock_at(now() - timedelta(days=days)):
                confirm_evidence(
                    board.journey.id, added.id, note=note.in_language(language), acting_user=acting
                )


def _given(found: Found, language: str, segment: str) -> Given:
    common: dict[str, Any] = {"side": found.side, "title": found.title.in_language(language)}
    if not found.conditions:
        text = found.text.in_language(language)
        return Given(EvidenceKind.NOTE, source=found.source, text=text, dated=now().date(), **common)
    rule = {
        "all": [{"field": name, "op": op, "value": list(values)} for name, op, values in found.conditions]
    }
    return Given(EvidenceKind.QUERY, rule=rule, period={"period": found.period}, segment=segment, **common)
