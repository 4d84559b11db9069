"""How Mark's canvas came to be what it is: versions kept on the way, a review that was signed, a link.

The canvas ends as it began: what the first version holds was drawn differently for a moment, on its day.
"""

from dataclasses import replace
from datetime import date, timedelta

from parcours.accounts.reads import brand_by_id, people_of
from parcours.accounts.rights import Actor
from parcours.canvas.reviews.enums import STEPS
from parcours.canvas.reviews.signing import set_rhythm, settle_step, sign_off, start_review
from parcours.canvas.reviews.writes import open_review
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.shares.reads import open_share
from parcours.canvas.shares.writes import count_opening, make_share
from parcours.canvas.versions.writes import answer_approval, keep_version
from parcours.canvas.writes import edit_card, edit_journey, move_card
from parcours.core.clock import clock_at, now
from parcours.core.ids import new_secret
from parcours.demo.cards import CARDS
from parcours.demo.rhythm import PARIS
from parcours.demo.said import Said

CLAIRE = "claire@parcours.example"
_DRAWN, _HEARD, _REVIEWED, _AGREED = 110, 82, 81, 12  # days ago
_DUE_IN = 9
_EVERY = 90

_NEED_BEFORE = Said(
    "Shipping costs are shown too late.",
    "Les frais de port arrivent trop tard.",
)
_NEED = "Why €14.90 for shipping? Nobody told me."
_ACTION = "Link the size guide in every answer about sizes"
_ACTION_BEFORE = Said("Half a size more than in town.", "Une demi-pointure de plus qu’en ville.")
_MOVED = "Can I return them after one run?"
_REASONS = (
    Said("Drawn in the workshop with marketing", "Dessiné à l’atelier avec le marketing"),
    Said(
        "The needs stand in the customers’ own words now, after eleven interviews",
        "Les besoins sont dans les mots des clients, après onze entretiens",
    ),
    Said("As agreed with marketing for the season", "Tel que convenu avec le marketing pour la saison"),
)
_SIGNED = Said(
    "It tells the truth again, except for Instagram: nobody answers there in a day. The shipping cost of "
    "La Réunion goes to the carrier.",
    "La carte dit de nouveau vrai, sauf pour Instagram : personne n’y répond en un jour. Le port vers La "
    "Réunion part chez le transporteur.",
)
_APPROVED = Said(
    "Agreed. Please show the delivery day before the summer.",
    "D’accord. Il faudrait annoncer le jour de livraison avant l’été.",
)
_ASKED = Said(
    "Is this still so since the return label is in the box?",
    "Est-ce encore vrai depuis que l’étiquette de retour est dans la boîte ?",
)
_LINK = Said("The agency that photographs the shop", "L’agence qui photographie la boutique")


def keep_and_review(board: Board, language: str, actor: Actor) -> None:
    """Three versions, a signed review with the next one soon due, a link with a password nobody knows."""
    claire = _claire(actor)
    journey = board.journey
    if journey.owner_id is None and claire.id is not None:
        edit_journey(journey.id, owner_id=claire.id, acting_user=claire)
    _grow(board, language, claire)
    _review(board, language, claire)
    _agree(board, language, actor, claire)
    _share(board, language, claire)


def _claire(actor: Actor) -> Actor:
    """Claire herself where she was invited, else somebody of her name."""
    for row in people_of(brand_by_id(actor.brand_id)).filter(person__email=CLAIRE):
        return Actor("person", actor.brand_id, row.role, row.person_id, row.person.label, actor.language)
    return replace(actor, label="Claire Le Gall")


def _grow(board: Board, language: str, claire: Actor) -> None:
    """The first version has a need in the team's words and one in another stage; the second puts it right."""
    need, moved = _card(board, language, _NEED), _card(board, language, _MOVED)
    action = _card(board, language, _ACTION)
    stages = {stage.key: stage.id for stage in board.stages}
    with clock_at(now() - timedelta(days=_DRAWN)):
        if need:
            words = _NEED_BEFORE.in_language(language)
            before = _rewritten(need, words, "", claire)
        if action:
            _rewritten(action, action.title, _ACTION_BEFORE.in_language(language), claire)
        if moved and "decision" in stages:
            away = _moved(moved, claire, stage=stages["decision"])
        keep_version(board.journey.id, reason=_REASONS[0].in_language(language), acting_user=claire)
    with clock_at(now() - timedelta(days=_HEARD)):
        if need:
            _rewritten(before, need.title, need.text, claire)
        if moved and "decision" in stages:
            _moved(away, claire, stage=moved.stage_id, before=_next_to(board, moved))


def _rewritten(card: CardView, title: str, text: str, claire: Actor) -> CardView:
    revision = card.revision
    return edit_card(
        card.journey_id, card.id, expected_revision=revision, title=title, text=text, acting_user=claire
    )


def _moved(card: CardView, claire: Actor, *, stage: object, before: object = None) -> CardView:
    return move_card(
        card.journey_id,
        card.id,
        stage_id=stage,  # type: ignore[arg-type]
        lane_id=card.lane_id,
        before=before,  # type: ignore[arg-type]
        expected_revision=card.revision,
        acting_user=claire,
    )


def _next_to(board: Board, card: CardView) -> object:
    """The card below it, where there is one."""
    cell = [each for each in board.cards if (each.stage_id, each.lane_id) == (card.stage_id, card.lane_id)]
    place = [each.id for each in cell].index(card.id)
    return cell[place + 1].id if place + 1 < len(cell) else None


def _review(board: Board, language: str, claire: Actor) -> None:
    journey = board.journey.id
    with clock_at(now() - timedelta(days=_HEARD)):
        keep_version(journey, reason=_REASONS[1].in_language(language), acting_user=claire)
    with clock_at(now() - timedelta(days=_REVIEWED)):
        review = start_review(journey, acting_user=claire)
        for step in STEPS:
            state = "skipped" if step == "kpis" else "done"
            settle_step(journey, review.id, step, state=state, acting_user=claire)
        sign_off(journey, review.id, words=_SIGNED.in_language(language), acting_user=claire)
    set_rhythm(journey, every_days=_EVERY, due=_today() + timedelta(days=_DUE_IN), acting_user=claire)
    card = _card(board, language, _MOVED)
    if card:
        facts = {"words": _ASKED.in_language(language)}
        amina = replace(claire, kind="system", id=None, label="Amina Benali")
        open_review(journey, reason="asked", facts=facts, card_id=card.id, acting_user=amina)


def _agree(board: Board, language: str, actor: Actor, claire: Actor) -> None:
    journey, action = board.journey.id, _card(board, language, _ACTION)
    if action:
        with clock_at(now() - timedelta(days=_AGREED + 8)):
            before = replace(action, revision=action.revision + 1)
            _rewritten(before, action.title, action.text, claire)
    with clock_at(now() - timedelta(days=_AGREED)):
        reason = _REASONS[2].in_language(language)
        kept = keep_version(journey, reason=reason, approver_id=claire.id, acting_user=actor)
    if claire.id is not None:
        with clock_at(now() - timedelta(days=_AGREED - 1)):
            words = _APPROVED.in_language(language)
            answer_approval(journey, kept.id, answer="approved", words=words, acting_user=claire)


def _share(board: Board, language: str, claire: Actor) -> None:
    """Its address and password are made up and forgotten: whoever wants to open it makes a new address."""
    made = make_share(
        board.journey.id,
        name=_LINK.in_language(language),
        password=new_secret("demo"),
        expires_at=now() + timedelta(days=60),
        with_numbers=True,
        acting_user=claire,
    )
    for days in (5, 4, 1):
        with clock_at(now() - timedelta(days=days)):
            count_opening(open_share(made.token))


def _card(board: Board, language: str, title: str) -> CardView | None:
    wanted = next((text.title.in_language(language) for text in CARDS if text.title.en == title), "")
    return next((card for card in board.cards if card.title == wanted), None)


def _today() -> date:
    return now().astimezone(PARIS).date()
