"""Comments and notices in the API."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

ABOUT = "card:<id>, stage:<id>, cell:<stage>:<lane>, touchpoint:<id>, or journey"


class CommentOut(Schema):
    """A deleted comment keeps its place and has no text."""

    id: UUID
    author: str
    text: str = Field(description="As it was typed: **bold**, *italic*, lists, links, @names.")
    mentions: list[UUID] = Field(description="The people named in it.")
    created_at: datetime
    edited_at: datetime | None
    deleted: bool


class ThreadOut(Schema):
    id: UUID
    about: str = Field(description=ABOUT)
    label: str
    resolved_at: datetime | None
    resolved_by: str
    updated_at: datetime
    comments: list[CommentOut]


class ThreadList(Schema):
    items: list[ThreadOut]


class ThreadIn(Schema):
    about: str = Field("journey", description=ABOUT)
    text: str


class CommentIn(Schema):
    text: str


class ThreadChange(Schema):
    resolved: bool


class FailedMailOut(Schema):
    """A mail about notices that was given up; what it told stands on its reader's page."""

    id: UUID
    person: str
    notices: int
    tries: int
    problem: str
    created_at: datetime


class FailedMailList(Schema):
    items: list[FailedMailOut]
