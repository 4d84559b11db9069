"""Draws Mark's canvas in one language, through the same writes as the pages use."""

import uuid
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.shapes import Board
from parcours.canvas.writes import add_card, add_persona, add_picture, add_touchpoint, create_journey
from parcours.core.clock import now
from parcours.demo.cards import CARDS, GOALS, QUOTE, SKETCH, SUMMARY, TITLE
from parcours.demo.keeping import keep_and_review
from parcours.demo.moments import photograph_moments
from parcours.demo.promises import rate_promises
from parcours.demo.proofs import add_findings
from parcours.demo.quick import write_quick_replies
from parcours.demo.relatives import draw_relatives
from parcours.demo.rows import add_rows
from parcours.demo.sending_back import draw_sending_back
from parcours.demo.suggested import suggest_changes
from parcours.demo.talking import talk
from parcours.demo.touchpoints import TOUCHPOINTS

PICTURES = Path(__file__).parent / "pictures"

LIFE: tuple[Callable[[Board, str, Actor], object], ...] = (
    add_rows,
    draw_sending_back,
    rate_promises,
    draw_relatives,
    photograph_moments,
    add_findings,
    keep_and_review,
    talk,
    suggest_changes,
    write_quick_replies,
)
"""What colleagues have done on the canvas since it was drawn, in turn: each a file beside this one."""


@transaction.atomic
def draw_canvas(language: str, *, acting_user: Actor) -> uuid.UUID:
    """Mark's journey with its persona, cards, pictures and touchpoints: whole or not at all."""
    persona = add_persona(
        "Mark",
        acting_user=acting_user,
        birth_year=now().year - 41,
        sketch=SKETCH.in_language(language),
        goals=GOALS.in_language(language),
        quote=QUOTE.in_language(language),
    )
    journey = create_journey(
        TITLE.in_language(language),
        acting_user=acting_user,
        summary=SUMMARY.in_language(language),
        persona_id=persona.id,
        language=language,
    )
    board = reads.board(acting_user.brand_id, journey.id)
    _add_touchpoints(board, language, acting_user)
    _add_cards(board, language, acting_user)
    for bring_to_life in LIFE:
        bring_to_life(reads.board(acting_user.brand_id, journey.id), language, acting_user)
    return journey.id


def _add_touchpoints(board: Board, language: str, acting_user: Actor) -> None:
    stages = {stage.key: stage.id for stage in board.stages}
    for touchpoint in TOUCHPOINTS:
        add_touchpoint(
            board.journey.id,
            stage_id=stages[touchpoint.stage],
            name=touchpoint.name.in_language(language),
            channel=touchpoint.channel,
            rule=touchpoint.rule,
            acting_user=acting_user,
        )


def _add_cards(board: Board, language: str, acting_user: Actor) -> None:
    stages = {stage.key: stage.id for stage in board.stages}
    lanes = {lane.kind: lane.id for lane in board.lanes}
    for card in CARDS:
        add_card(
            board.journey.id,
            stage_id=stages[card.stage],
            lane_id=lanes[card.lane],
            acting_user=acting_user,
            title=card.title.in_language(language),
            text=card.text.in_language(language),
            picture_id=_picture(card.picture, language, acting_user) if card.picture else None,
            picture_alt=card.alt.in_language(language),
        )


def _picture(name: str, language: str, acting_user: Actor) -> uuid.UUID:
    with (PICTURES / f"{name}.{language}.webp").open("rb") as upload:
        return add_picture(upload, acting_user=acting_user).id
