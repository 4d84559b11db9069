"""Two moments of Mark's canvas that are photographed by themselves: one looks as it did, one has changed."""

from datetime import timedelta
from pathlib import Path

from parcours.accounts.rights import Actor, system_actor
from parcours.canvas.captures.enums import Device, Rhythm
from parcours.canvas.captures.writes import keep_capture, set_capturing
from parcours.canvas.shapes import Board
from parcours.core.clock import clock_at, now
from parcours.demo.cards import CARDS
from parcours.demo.people import claire_of
from parcours.demo.shop_pages import ADDRESS, FOLDER, NOW

_LOOKED = (("payment", 2), ("product", 1))
"""The screens, and how many days ago each was looked at."""


def photograph_moments(board: Board, language: str, actor: Actor) -> None:
    """Weekly, on a phone, in the language of the canvas."""
    claire = claire_of(actor)
    titles = {card.picture: card.title.in_language(language) for card in CARDS if card.picture}
    for screen, days in _LOOKED:
        card = next((each for each in board.cards if each.title == titles[screen]), None)
        if card is None:
            continue
        with clock_at(now() - timedelta(days=days)):
            set_capturing(
                board.journey.id,
                card.id,
                address=ADDRESS.format(screen=screen),
                device=Device.PHONE,
                language=language[:2],
                rhythm=Rhythm.WEEKLY,
                element="body",
                acting_user=claire,
            )
            keep_capture(
                card.id,
                _as_it_is_now(screen, language).read_bytes(),
                acting_user=system_actor(actor.brand_id),
            )


def _as_it_is_now(screen: str, language: str) -> Path:
    changed = FOLDER / f"{screen}{NOW}.{language[:2]}.webp"
    return changed if changed.exists() else FOLDER / f"{screen}.{language[:2]}.webp"
