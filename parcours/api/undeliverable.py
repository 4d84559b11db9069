"""Addresses that refuse mails, for whatever else writes to customers."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Query, Router, Schema, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.customers import undeliverable as refusing

router = Router(tags=["privacy"])

_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 422: Problem}


class RefusingOut(Schema):
    id: int
    address: str
    reason: str = Field(description="What the server said.")
    since: datetime
    for_good: bool = Field(description="Nobody has it; otherwise five mails in a row came back.")


class RefusingPage(Schema):
    items: list[RefusingOut]
    next: int | None = Field(description="The `cursor` of the next page.")


@router.get("/undeliverable", response={200: RefusingPage, **_PROBLEMS})
@needs("consent.edit")
def list_undeliverable(
    request: ApiRequest,
    words: Annotated[str, Query(max_length=254)] = "",
    cursor: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> dict[str, Any]:
    """The newest first. Before writing to somebody, look whether their address is among them."""
    rows = refusing.listed(request.brand.pk, words=words, before=cursor, most=limit + 1)
    items = [
        {
            "id": each.id,
            "address": each.address,
            "reason": each.reason,
            "since": each.since,
            "for_good": each.for_good,
        }
        for each in rows[:limit]
    ]
    return {"items": items, "next": rows[limit - 1].id if len(rows) > limit else None}


@router.delete("/undeliverable/{int:address_id}", response={204: None, **_PROBLEMS, 404: Problem})
@needs("consent.edit")
def write_again(request: ApiRequest, address_id: int) -> Status[None]:
    """Takes an address off the list: mails go there again."""
    refusing.do_write_again(request.brand, address_id, acting_user=request.actor)
    return Status(204, None)
