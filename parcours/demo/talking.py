"""What Claire and Amina have said to each other on the canvas, and to whoever looks at the demo."""

from dataclasses import dataclass
from datetime import timedelta

from parcours.accounts.reads import brand_by_id, people_of
from parcours.accounts.rights import Actor
from parcours.canvas.comments.reads import Where
from parcours.canvas.comments.writes import reply, resolve_thread, start_thread
from parcours.canvas.shapes import Board
from parcours.core.clock import clock_at, now
from parcours.demo.cards import CARDS
from parcours.demo.said import Said

CLAIRE, AMINA = "claire@parcours.example", "amina@parcours.example"


@dataclass(frozen=True, slots=True)
class Line:
    """Who says it, how many hours ago, in which words. `{visitor}` is called by name where there is one."""

    who: str
    hours: float
    words: Said


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation about the card of that English title, or the stage of that key."""

    about: str
    lines: tuple[Line, ...]
    resolved: bool = False


TALKS = (
    Talk(
        "Choice 3 of the phone menu",
        (
            Line(
                AMINA,
                170,
                Said(
                    "After 18:00 choice 3 rings for two minutes and then hangs up. Customers tell us "
                    "in the chat.",
                    "Après 18 h, le choix 3 sonne deux minutes puis raccroche. Les clients nous le "
                    "disent au chat.",
                ),
            ),
            Line(
                CLAIRE,
                147,
                Said(
                    "The operator confirmed it. It leads to the answering machine **with a call back** now. "
                    "Thank you for noting it.",
                    "L’opérateur l’a confirmé. Il mène maintenant au répondeur, **avec un rappel**. "
                    "Merci de l’avoir noté.",
                ),
            ),
        ),
        resolved=True,
    ),
    Talk(
        "Why €14.90 for shipping? Nobody told me.",
        (
            Line(
                AMINA,
                27,
                Said(
                    "Six times today, all from La Réunion. @Claire Le Gall, can we say it on the "
                    "product page?",
                    "Six fois aujourd’hui, toutes de La Réunion. @Claire Le Gall, peut-on l’écrire "
                    "sur la page "
                    "produit ?",
                ),
            ),
            Line(
                CLAIRE,
                22,
                Said(
                    "The shop team can show it by region from Monday:\n\n- the amount, under the price\n"
                    "- the day of delivery, beside it\n\n{visitor}would you read the wording before "
                    "it goes out?",
                    "L’équipe du site peut l’afficher par région dès lundi :\n\n- le montant, sous le prix\n"
                    "- le jour de livraison, à côté\n\n{visitor}relisez-vous le texte avant sa mise "
                    "en ligne ?",
                ),
            ),
        ),
    ),
    Talk(
        "retention",
        (
            Line(
                AMINA,
                50,
                Said(
                    "Nothing here says what happens when a parcel is lost. It is rare, but those calls last "
                    "twenty minutes.",
                    "Rien ici ne dit ce qui se passe quand un colis est perdu. C’est rare, mais ces "
                    "appels durent "
                    "vingt minutes.",
                ),
            ),
        ),
    ),
    Talk(
        "One person on Instagram, every day",
        (
            Line(
                CLAIRE,
                21,
                Said(
                    "{visitor}who could take Instagram at weekends? Messages wait until Monday.",
                    "{visitor}qui pourrait prendre Instagram le week-end ? Les messages attendent lundi.",
                ),
            ),
        ),
    ),
)


def talk(board: Board, language: str, actor: Actor) -> None:
    """Four conversations: one about a stage, one resolved, two in which the visitor of the demo is called."""
    people = {row.person.email: row.person for row in people_of(brand_by_id(actor.brand_id))}
    if not {CLAIRE, AMINA} <= people.keys():
        return
    roles = {row.person.email: row.role for row in people_of(brand_by_id(actor.brand_id))}
    speakers = {
        email: Actor("person", actor.brand_id, roles[email], people[email].pk, people[email].label, language)
        for email in (CLAIRE, AMINA)
    }
    others = sorted(email for email in people if email not in speakers)
    called = f"@{people[others[0]].label}, " if others else ""
    for each in TALKS:
        where = _where(board, each.about, language)
        if where is not None:
            _have(board, each, where, speakers, language, called)


def _have(  # noqa: PLR0917
    board: Board, each: Talk, where: Where, speakers: dict[str, Actor], language: str, called: str
) -> None:
    journey, thread = board.journey.id, None
    for line in each.lines:
        words = _sentence(line.words.in_language(language), called)
        with clock_at(now() - timedelta(hours=line.hours)):
            if thread is None:
                thread = start_thread(journey, where, text=words, acting_user=speakers[line.who])
            else:
                thread = reply(journey, thread.id, text=words, acting_user=speakers[line.who])
    if thread is not None and each.resolved:
        with clock_at(now() - timedelta(hours=each.lines[-1].hours)):
            resolve_thread(journey, thread.id, acting_user=speakers[each.lines[-1].who])


def _sentence(words: str, called: str) -> str:
    """Without anybody to call, the sentence begins with its own first word."""
    before, _visitor, after = words.partition("{visitor}")
    if not _visitor:
        return words
    return f"{before}{called}{after}" if called else f"{before}{after[:1].upper()}{after[1:]}"


def _where(board: Board, about: str, language: str) -> Where | None:
    for stage in board.stages:
        if stage.key == about:
            return Where(stage_id=stage.id)
    titles = {card.title.in_language("en"): card.title.in_language(language) for card in CARDS}
    for card in board.cards:
        if card.title == titles.get(about):
            return Where(card_id=card.id)
    return None
