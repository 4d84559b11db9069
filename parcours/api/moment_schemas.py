"""What the API takes and gives about key moments and their pictures."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

Device = Literal["desktop", "phone"]
Rhythm = Literal["by-hand", "daily", "weekly", "monthly"]
Language = Literal["", "en", "fr", "de", "es", "it", "nl", "pt"]
Selector = Annotated[str, Field(max_length=300)]
Hundredths = Annotated[float, Field(ge=0, le=100)]
Area = tuple[Hundredths, Hundredths, Hundredths, Hundredths]
_AREAS = "Left, top, width and height in hundredths of the picture."


class CapturingIn(Schema):
    """Where and how a moment's picture is taken. The selectors are CSS."""

    address: Annotated[str, Field(min_length=1, max_length=2_000)] = Field(
        description="In full, or a page of this installation from its first slash on."
    )
    device: Device = "desktop"
    language: Language = ""
    rhythm: Rhythm = "by-hand"
    element: Selector = Field("", description="Only this part of the page; empty for the whole screen.")
    scroll: Annotated[int, Field(ge=0, le=20_000)] = 0
    wait_for: Selector = ""
    dismiss: Selector = ""
    ignored: list[Area] = Field([], max_length=20, description=_AREAS)


class ProblemOut(Schema):
    code: str
    what: str
    remedy: str


class CapturingOut(Schema):
    address: str
    device: str
    language: str
    rhythm: str
    element: str
    scroll: int
    wait_for: str
    dismiss: str
    ignored: list[Area]
    asked_at: dt.datetime | None = Field(description="Set while a look is wanted or under way.")
    checked_at: dt.datetime | None
    next_at: dt.datetime | None
    failures: int = Field(description="Looks in a row without a picture.")
    problem: ProblemOut | None


class CaptureOut(Schema):
    id: UUID
    taken_at: dt.datetime
    picture: str
    before: str | None
    share: float | None = Field(description="Of the pixels compared; null when they can't be compared.")
    areas: list[Area] = Field(description=_AREAS)
    outcome: str
    reason: str
    proposal: UUID | None
    address: str
    device: str
    language: str


class MomentOut(Schema):
    card: UUID
    title: str
    stage: str
    picture: str | None
    capturing: CapturingOut | None
    captures: list[CaptureOut]


class MomentsOut(Schema):
    items: list[MomentOut]
