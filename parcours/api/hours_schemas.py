"""The shapes of hours and targets in the API."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

Name = Annotated[str, Field(min_length=1, max_length=80)]
Moment = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Spans = Annotated[list[tuple[Moment, Moment]], Field(max_length=6)]
Minutes = Annotated[int, Field(ge=1, le=525_600)]
Values = Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=50)]


class SpecialDayIn(Schema):
    """A day that differs from its weekday; closed without spans."""

    day: date
    name: str = Field("", max_length=80)
    spans: Spans = []


class HoursIn(Schema):
    """`week` has the spans of Monday to Sunday, each as ["09:00", "18:00"]; an end that isn't after its begin
    is on the next day.
    """

    name: Name
    time_zone: str = Field(max_length=64, examples=["Europe/Paris"])
    week: Annotated[list[Spans], Field(min_length=7, max_length=7)]
    country: str = Field("", max_length=2, description="Closed on its holidays; ISO 3166.")
    subdivision: str = Field("", max_length=16)
    worked_holidays: Annotated[list[Annotated[str, Field(max_length=120)]], Field(max_length=100)] = Field(
        [], description="English names of holidays on which one works."
    )
    special_days: Annotated[list[SpecialDayIn], Field(max_length=200)] = []
    is_default: bool = Field(False, description="The brand's usual ones.")


class HoursOut(HoursIn):
    """`revision` is what `If-Match` names; `holidays` those of last year and some ahead."""

    id: UUID
    revision: int
    holidays: dict[str, str]


class HoursList(Schema):
    items: list[HoursOut]


class BusinessTimeOut(Schema):
    """`due` is the first moment by which so many `minutes` of business time are over."""

    is_open: bool
    next_opening: datetime | None
    due: datetime | None


class ConditionsIn(Schema):
    """Each list says which one must be; an empty one doesn't matter."""

    queue: Values = []
    kind: Values = []
    priority: Annotated[list[Literal["-1", "0", "1"]], Field(max_length=3)] = []
    language: Values = []
    segment: Values = []


class TargetIn(Schema):
    """Times are minutes, at least one of the three."""

    name: Name
    first_reply: Minutes | None = None
    next_reply: Minutes | None = None
    resolution: Minutes | None = None
    conditions: ConditionsIn = ConditionsIn()
    in_business_time: bool = True
    pauses: bool = Field(
        True, description="The resolution's time stands still while it is the customer's turn."
    )
    warn_at: Annotated[int, Field(ge=10, le=99)] = 75


class TargetOut(TargetIn):
    """`order` is when it is asked: the first one that fits counts. `revision` is what `If-Match` names."""

    id: UUID
    order: int
    revision: int


class TargetList(Schema):
    items: list[TargetOut]
