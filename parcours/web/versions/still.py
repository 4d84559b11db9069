"""A canvas to look at and nothing more: an old version, or what a link shows to people without an account.

Nothing on it leads to a page of members unless its caller says so.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from parcours.canvas.shapes import Board, CardView, LaneView, StageView
from parcours.canvas.text import as_html
from parcours.insights.card_facts import Fact, facts_of, met_by, met_by_id, sign_of
from parcours.insights.shapes import CanvasNumbers, StageNumbers, TouchpointNumbers

_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)

Address = Callable[[uuid.UUID], str]


@dataclass(frozen=True, slots=True)
class StillCard:
    """`picture` is the address of its picture; `leads_to` that of the journey it opens, or empty."""

    card: CardView
    facts: list[Fact]
    sign: str
    text: str
    picture: str = ""
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class StillCell:
    stage: StageView
    cards: tuple[StillCard, ...]


@dataclass(frozen=True, slots=True)
class StillRow:
    lane: LaneView
    cells: tuple[StillCell, ...]


@dataclass(frozen=True, slots=True)
class StillTouchpoint:
    name: str
    channel: str
    numbers: TouchpointNumbers | None


@dataclass(frozen=True, slots=True)
class StillColumn:
    stage: StageView
    numbers: StageNumbers | None
    touchpoints: tuple[StillTouchpoint, ...]


def still_context(
    board: Board,
    numbers: CanvasNumbers | None = None,
    *,
    picture: Address | None = None,
    leads_to: Mapping[uuid.UUID, str] | None = None,
    own_hosts: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """What `versions/still.html` draws.

    `picture` gives the address of a picture, by default the one members use; `leads_to` the addresses of the
    journeys that may be opened from cards. Links in texts to one of `own_hosts` keep their words only.
    """
    met = met_by_id(board, numbers)

    def drawn(card: CardView) -> StillCard:
        facts = [_without_own(fact, own_hosts) for fact in facts_of(card, met_by(card, met))]
        seen = card.picture
        return StillCard(
            card=card,
            facts=facts,
            sign=sign_of(card),
            text=without_links(as_html(card.text), own_hosts),
            picture="" if seen is None else picture(seen.id) if picture else seen.url,
            leads_to=(leads_to or {}).get(card.leads_to, "") if card.leads_to else "",
        )

    by_stage = numbers.stage_by_id if numbers else {}
    by_touchpoint = numbers.touchpoint_by_id if numbers else {}
    rows = [
        StillRow(
            lane,
            tuple(StillCell(cell.stage, tuple(map(drawn, cell.cards))) for cell in lane.cells),
        )
        for lane in board.lanes
    ]
    columns = [
        StillColumn(
            stage,
            by_stage.get(stage.id),
            tuple(
                StillTouchpoint(each.name, each.channel, by_touchpoint.get(each.id))
                for each in stage.touchpoints
            ),
        )
        for stage in board.stages
    ]
    return {"board": board, "rows": rows, "columns": columns, "numbers": numbers}


def without_links(html: str, hosts: frozenset[str]) -> str:
    """The same without links to these hosts; their words stay."""

    def kept(found: re.Match[str]) -> str:
        return found[2] if _host(found[1]) in hosts else found[0]

    return _LINK.sub(kept, html) if hosts else html


def _without_own(fact: Fact, hosts: frozenset[str]) -> Fact:
    return replace(fact, href="") if fact.href and _host(fact.href) in hosts else fact


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").casefold()
    except ValueError:
        return ""
