"""Contacts: people as accounts of channels know them; who is blocked."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Query, Router, Schema

from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.inbox.reads import contacts as reads
from parcours.inbox.reads.contacts import ContactRow
from parcours.inbox.writes.blocking import block

router = Router(tags=["inbox"])

MOST_A_PAGE = 200
_ONE = "/contacts/{uuid:contact_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


class KnownContactOut(Schema):
    """Somebody on one account; `customer` is who they are to the brand."""

    id: uuid.UUID
    account: uuid.UUID
    channel: str
    external_id: str
    name: str
    handle: str
    language: str
    customer: int | None
    created_at: datetime
    blocked_at: datetime | None
    blocked_by: str
    blocked_because: str


class ContactPage(Schema):
    items: list[KnownContactOut]
    next: uuid.UUID | None = None


class BlockIn(Schema):
    blocked: bool
    because: str = Field("", max_length=200)


@router.get("/contacts", response={200: ContactPage, **_PROBLEMS})
@needs("inbox.view")
def list_contacts(
    request: ApiRequest,
    *,
    q: Annotated[str, Query(max_length=200)] = "",
    account: uuid.UUID | None = None,
    customer: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    blocked: bool | None = None,
    cursor: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> dict[str, Any]:
    """The newest first; `q` finds by a part of a name, address or number."""
    found = reads.contacts(
        request.brand.pk,
        words=q,
        account_id=account,
        customer_id=customer,
        blocked=blocked,
        before=cursor,
        limit=limit + 1,
    )
    following = found[limit - 1].id if len(found) > limit else None
    return {"items": [_object(each) for each in found[:limit]], "next": following}


@router.get(_ONE, response={200: KnownContactOut, **_PROBLEMS})
@needs("inbox.view")
def get_contact(request: ApiRequest, contact_id: uuid.UUID) -> dict[str, Any]:
    return _object(reads.contact(request.brand.pk, contact_id))


@router.patch(_ONE, response={200: KnownContactOut, **_PROBLEMS})
@needs("inbox.reply")
def change_contact(request: ApiRequest, contact_id: uuid.UUID, change: BlockIn) -> dict[str, Any]:
    """Blocked: what they write from now on is shown to nobody, and what stands is closed. The same again
    changes nothing.
    """
    block(contact_id, blocked=change.blocked, because=change.because, acting_user=request.actor)
    return _object(reads.contact(request.brand.pk, contact_id))


def _object(row: ContactRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "account": row.account_id,
        "channel": row.kind,
        "external_id": row.external_id,
        "name": row.name,
        "handle": row.handle,
        "language": row.language,
        "customer": row.customer_id,
        "created_at": row.created_at,
        "blocked_at": row.blocked_at,
        "blocked_by": row.blocked_by,
        "blocked_because": row.blocked_because,
    }
