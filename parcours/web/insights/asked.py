"""The number that the address of the paths page names."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from parcours.canvas.reads import board as read_board
from parcours.canvas.shapes import Board, StageView, TouchpointView
from parcours.core.errors import BadInput, NotFound
from parcours.web.doors import Request
from parcours.web.insights.filters import Filters, read_filters

if TYPE_CHECKING:
    from parcours.insights.paths import Target

OUTCOMES = ("all", "next", "others", "ahead", "back", "off_map", "ended")
Drawn = TypeVar("Drawn", StageView, TouchpointView)


@dataclass(frozen=True)
class Asked:
    """A stage's customers with an outcome, or one of its touchpoints', and how to show their paths.

    `into` narrows ahead and back to one stage, `path` the list of customers to one path's key.
    """

    board: Board
    stage: StageView
    outcome: str
    into: StageView | None
    touchpoint: TouchpointView | None
    by_event: bool
    path: str
    page: int
    filters: Filters

    @property
    def following(self) -> StageView | None:
        """The stage drawn next."""
        stages = self.board.stages
        return stages[self.stage.number] if self.stage.number < len(stages) else None

    def target(self) -> "Target":
        from parcours.insights.paths import Target
        from parcours.measures.drawing import Drawing

        touchpoint = Drawing(self.board.stages).code_of(self.touchpoint.id) if self.touchpoint else None
        into = self.into.number - 1 if self.into else None
        return Target(self.stage.number - 1, self.outcome, into, touchpoint)

    def query(self, **changes: str) -> str:
        """This address' words with some changed, from the first page; an empty one falls out."""
        words = {**self._question(), **self.filters.words(), **changes}
        return urlencode({name: value for name, value in words.items() if value})

    def hidden(self) -> list[tuple[str, str]]:
        """What the form of the filters carries along."""
        return [(name, value) for name, value in self._question().items() if value and name != "path"]

    @property
    def by_touchpoint_query(self) -> str:
        return self.query(steps="", path="")

    @property
    def by_event_query(self) -> str:
        return self.query(steps="events", path="")

    @property
    def every_path_query(self) -> str:
        return self.query(path="")

    def _question(self) -> dict[str, str]:
        return {
            "outcome": "" if self.outcome == "all" else self.outcome,
            "into": str(self.into.id) if self.into else "",
            "touchpoint": str(self.touchpoint.id) if self.touchpoint else "",
            "steps": "events" if self.by_event else "",
            "path": self.path,
        }


def read_asked(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> Asked:
    """Raises NotFound for what isn't drawn, BadInput for an outcome that is none."""
    query = request.GET
    board = read_board(request.brand.pk, journey_id)
    stage = _drawn(board.stages, str(stage_id))
    outcome = _outcome(query.get("outcome") or "all")
    into, touchpoint = query.get("into"), query.get("touchpoint")
    return Asked(
        board=board,
        stage=stage,
        outcome=outcome,
        into=_drawn(board.stages, into) if into and outcome in {"ahead", "back"} else None,
        touchpoint=_drawn(stage.touchpoints, touchpoint) if touchpoint else None,
        by_event=query.get("steps") == "events",
        path=_path(query.get("path", "")),
        page=_page(query.get("page", "")),
        filters=read_filters(request),
    )


def _outcome(text: str) -> str:
    if text in OUTCOMES:
        return text
    raise BadInput(
        _("“{outcome}” is not an outcome.").format(outcome=text),
        where="outcome",
        remedy=_("Use one of: {known}.").format(known=", ".join(OUTCOMES)),
    )


def _drawn(things: Sequence[Drawn], identifier: str) -> Drawn:
    for thing in things:
        if str(thing.id) == identifier:
            return thing
    raise NotFound(_("This isn't drawn on the canvas any more."), remedy=_("Go back to the canvas."))


def _path(key: str) -> str:
    """A path's key from the address; empty for what can't be one."""
    return key if len(key) == 16 and set(key) <= set("0123456789abcdef") else ""


def _page(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 8 else 1
