import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parcours.canvas.enums import LaneKind
from parcours.canvas.library.enums import EntryForm
from parcours.canvas.shapes import PictureView


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the library. `uses` counts the copies that stand on a canvas; `sentence` says the rule."""

    id: uuid.UUID
    form: str
    kind: str
    title: str
    text: str
    picture: PictureView | None
    details: Mapping[str, Any]
    channel: str
    rule: dict[str, Any] | None
    sentence: str
    revision: int
    edited_by: str
    updated_at: datetime
    uses: int = 0

    @property
    def kind_label(self) -> str:
        return str(LaneKind(self.kind).label) if self.kind else str(EntryForm.TOUCHPOINT.label)

    @property
    def is_card(self) -> bool:
        return self.form == EntryForm.CARD


@dataclass(frozen=True, slots=True)
class UseView:
    """Where a copy stands. `outdated` when the entry changed since it was taken."""

    journey_id: uuid.UUID
    journey_title: str
    stage_name: str
    card_id: uuid.UUID | None
    touchpoint_id: uuid.UUID | None
    title: str
    outdated: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What a copy would have after taking the library's version over."""

    label: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A copy's tie to its entry."""

    entry: EntryView
    outdated: bool
    differences: tuple[Difference, ...] = field(default=())
