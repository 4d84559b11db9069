"""What the API takes and gives about stages, rows, touchpoints and copies of cards."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

Name = Annotated[str, Field(max_length=80)]
Position = Annotated[int, Field(ge=0, description="Counted from 0.")]


class StageIn(Schema):
    name: Name
    description: Annotated[str, Field(max_length=300)] = ""
    position: Position | None = Field(None, description="Counted from 0; last without it.")


class StageChange(Schema):
    name: Name | None = None
    description: Annotated[str, Field(max_length=300)] | None = None
    position: Position | None = None


class StageHeadOut(Schema):
    id: UUID
    name: str
    description: str
    position: int


class LaneIn(Schema):
    kind: str = Field(description="What its cards are about: need, moment, action, emotion, pain, …")
    name: Name = Field("", description="The kind's own name without one.")
    position: Position | None = Field(None, description="Counted from 0; last without it.")


class LaneChange(Schema):
    name: Name | None = None
    position: Position | None = None


class LaneHeadOut(Schema):
    id: UUID
    kind: str
    name: str
    position: int


class TouchpointIn(Schema):
    stage: UUID
    name: Annotated[str, Field(max_length=120)]
    channel: str = ""
    rule: dict[str, Any] = Field(description="Which events it means, as in a journey's touchpoints.")
    position: Position | None = Field(None, description="Rules are tried in this order; last without it.")


class TouchpointChange(Schema):
    stage: UUID | None = None
    name: Annotated[str, Field(max_length=120)] | None = None
    channel: str | None = None
    rule: dict[str, Any] | None = None
    position: Position | None = None


class TouchpointHeadOut(Schema):
    id: UUID
    stage: UUID
    name: str
    channel: str
    rule: dict[str, Any]


class CopyIn(Schema):
    source: UUID = Field(description="The card, of this journey or another of the brand.")
    stage: UUID
    lane: UUID
    before: UUID | None = None
    after: UUID | None = None
