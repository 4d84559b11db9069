"""Events as they were stored, and what was noticed about them."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Query, Router, Schema

from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.events import reads
from parcours.events.listing import events_page

router = Router(tags=["events"])

MOST_A_PAGE = 500
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 422: Problem}


class EventOut(Schema):
    id: str
    time: datetime = Field(description="When it happened, in UTC.")
    name: str
    channel: str
    source: str
    customer: int
    properties: dict[str, Any]


class EventPage(Schema):
    items: list[EventOut]
    next: str | None = Field(None, description="The cursor of the next page; null on the last.")


class WarningOut(Schema):
    """Something unusual about the events of a source; they were taken in all the same."""

    source: str
    kind: str
    event: str
    detail: str
    count: int
    first_seen: datetime
    last_seen: datetime


class WarningPage(Schema):
    items: list[WarningOut]
    next: int | None = Field(None, description="The cursor of the next page; null on the last.")


@router.get("/events", response={200: EventPage, **_PROBLEMS})
@needs("events.view")
def list_events(
    request: ApiRequest,
    *,
    cursor: str = "",
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 100,
    name: str = "",
    customer: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, Any]:
    """The events of the token's brand, the newest first; from `since` on and before `until`."""
    page = events_page(
        request.brand,
        cursor=cursor,
        limit=limit,
        name=name,
        customer_id=customer,
        since=since,
        until=until,
    )
    items = [
        {
            "id": each.event.id,
            "time": each.event.time,
            "name": each.event.name,
            "channel": each.event.channel,
            "source": each.event.source,
            "customer": each.customer_id,
            "properties": each.event.properties,
        }
        for each in page.events
    ]
    return {"items": items, "next": page.following or None}


@router.get("/events/warnings", response={200: WarningPage, **_PROBLEMS})
@needs("events.view")
def list_warnings(
    request: ApiRequest,
    source: uuid.UUID | None = None,
    cursor: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 100,
) -> dict[str, Any]:
    """Names nobody knows, missing properties, wrong clocks; the latest first."""
    rows = list(reads.warnings(request.brand, source_id=source)[cursor : cursor + limit + 1])
    items = [
        {
            "source": row.source.name,
            "kind": row.kind,
            "event": row.event,
            "detail": row.detail,
            "count": row.count,
            "first_seen": row.first_seen,
            "last_seen": row.last_seen,
        }
        for row in rows[:limit]
    ]
    return {"items": items, "next": cursor + limit if len(rows) > limit else None}
