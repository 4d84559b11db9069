"""How two cards look that stand beside each other."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parcours.canvas.beside.comparing import Entry, Row
from parcours.canvas.beside.words import Piece
from parcours.canvas.enums import LaneKind
from parcours.canvas.kinds import shown_details
from parcours.canvas.shapes import CardView
from parcours.core.formats import NO_BREAK

register = template.Library()

_LEFT_OUT = {"one": "new", "other": "gone"}
_MARK = {"gone": "del", "new": "ins"}


@register.simple_tag
def pieces(words: tuple[Piece, ...], side: str) -> SafeString:
    """One side of a text, with what only this side says marked: `one` or `other`.

    A text that only one of the two has isn't marked: its card is.
    """
    shown = [piece for piece in words if piece.state != _LEFT_OUT[side]]
    alone = all(piece.state == words[0].state for piece in words)
    return format_html_join("", "{}", ((_marked(piece, alone),) for piece in shown))


def _marked(piece: Piece, alone: bool) -> SafeString | str:
    if piece.state == "same" or alone:
        return piece.words
    mark = _MARK[piece.state]
    return format_html(f"<{mark}>{{}}</{mark}>", piece.words)


@register.filter
def entries_shown(row: Row, only_differences: bool) -> list[Entry]:
    return [entry for entry in row.entries if entry.differs or not only_differences]


@register.filter
def card_details(card: CardView) -> list[tuple[str, str]]:
    """Label and value of what the card says beyond words, but for which touchpoint it is."""
    details = {name: value for name, value in card.details.items() if name != "touchpoint"}
    return shown_details(card.kind, details)


@register.filter
def aim(card: CardView) -> str:
    """What a KPI aims at: “60 %, now 46”."""
    if card.kind != LaneKind.KPI:
        return ""
    unit = str(card.details.get("unit") or "")
    target, current = card.details.get("target"), card.details.get("current")
    if target in {None, ""}:
        return ""
    said = f"{number_format(str(target), force_grouping=True)}{NO_BREAK}{unit}".strip()
    if current in {None, ""}:
        return said
    today = number_format(str(current), force_grouping=True)
    return _("{target} (today {now})").format(target=said, now=today)
