"""Customers, their identities, segments and merges."""

import hashlib
import json
import uuid
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Status

from parcours.api.customer_schemas import (
    CustomerChange,
    CustomerDetail,
    CustomerPage,
    LikenessPage,
    MergeIn,
    MergeOut,
    MergePage,
    SegmentChange,
    SegmentIn,
    SegmentList,
    SegmentOut,
    TimelineOut,
)
from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.core.errors import Conflict
from parcours.customers import reads
from parcours.customers.changing import do_change_profile
from parcours.customers.groups import groups_of
from parcours.customers.search import search_customers
from parcours.customers.segments.history import MergeView, merge_page, merge_view
from parcours.customers.stitching.joining import (
    do_accept_likeness,
    do_dismiss_likeness,
    do_merge_customers,
    do_undo_merge,
)
from parcours.customers.stitching.likenesses import LikenessView, likenesses
from parcours.customers.writes import (
    do_change_segment,
    do_create_segment,
    do_delete_segment,
    segment_to_change,
)
from parcours.events.timeline import count_of, timeline_page

router = Router(tags=["customers"])

MOST_A_PAGE = 200
BIGGEST_ID = 2**63 - 1
Limit = Annotated[int, Query(ge=1, le=MOST_A_PAGE)]
Cursor = Annotated[int, Query(ge=0, le=BIGGEST_ID)]
_CUSTOMER = "/customers/{int:customer_id}"
_SEGMENT = "/segments/{uuid:segment_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE_PROBLEMS: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 422: Problem}


@router.get("/customers", response={200: CustomerPage, 422: Problem, **_PROBLEMS})
@needs("customers.view")
def list_customers(
    request: ApiRequest, q: str = "", segment: str = "", cursor: Cursor = 0, limit: Limit = 50
) -> dict[str, Any]:
    """Customers by id; `q` finds by name, e-mail address or number, `segment` is a segment's key."""
    found, total = search_customers(request.brand, text=q, segment_key=segment, after=cursor, limit=limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return {"items": [customer_object(each) for each in found[:limit]], "total": total, "next": following}


@router.get(_CUSTOMER, response={200: CustomerDetail, **_PROBLEMS})
@needs("customers.view")
def get_customer(request: ApiRequest, response: HttpResponse, customer_id: int) -> dict[str, Any]:
    """One customer; of one that was merged, the customer it became."""
    return _detail(request, response, _known(customer_id))


@router.patch(_CUSTOMER, response={200: CustomerDetail, **_WRITE_PROBLEMS})
@needs("customers.edit")
def change_customer(
    request: ApiRequest,
    response: HttpResponse,
    customer_id: int,
    change: CustomerChange,
    if_match: Annotated[
        str, Header(alias="If-Match", description="The ETag; without it any state is changed.")
    ] = "",
) -> dict[str, Any]:
    """Changes what a profile says. With `If-Match`, only while nobody else changed it."""
    with transaction.atomic():
        if if_match:
            _check_unchanged(request, _known(customer_id), if_match)
        changes = change.dict(exclude_unset=True)
        traits = changes.pop("traits", None)
        changed = do_change_profile(
            request.brand, _known(customer_id), changes, traits=traits, acting_user=request.actor
        )
    return _detail(request, response, changed)


@router.get(f"{_CUSTOMER}/events", response={200: TimelineOut, 422: Problem, **_PROBLEMS})
@needs("customers.view")
def list_events(  # noqa: PLR0917 - ninja passes them by name
    request: ApiRequest,
    customer_id: int,
    name: str = "",
    channel: str = "",
    cursor: str = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """A customer's events, the newest first."""
    customer = reads.customer(request.brand, _known(customer_id))
    page = timeline_page(request.brand, customer.id, before=cursor, name=name, channel=channel, size=limit)
    return {"items": page.events, "total": page.total, "next": page.older or None}


@router.get("/segments", response={200: SegmentList, **_PROBLEMS})
@needs("customers.view")
def list_segments(request: ApiRequest) -> dict[str, Any]:
    """The generations and the brand's own segments, each with its number of customers."""
    views = reads.segments(request.brand)
    counts = reads.segment_counts(request.brand, views)
    return {"items": [_segment(view, counts[view.key]) for view in views]}


@router.post("/segments", response={201: SegmentOut, **_WRITE_PROBLEMS})
@needs("segments.edit")
def add_segment(request: ApiRequest, segment: SegmentIn) -> Status[dict[str, Any]]:
    made = do_create_segment(request.brand, segment.name, segment.rule, acting_user=request.actor)
    return Status(201, _counted(request, str(made.pk)))


@router.patch(_SEGMENT, response={200: SegmentOut, **_WRITE_PROBLEMS})
@needs("segments.edit")
def change_segment(request: ApiRequest, segment_id: uuid.UUID, change: SegmentChange) -> dict[str, Any]:
    """What isn't given stays as it is."""
    with transaction.atomic():
        row = segment_to_change(request.brand, segment_id)
        do_change_segment(
            row,
            name=row.name if change.name is None else change.name,
            rule=row.rule if change.rule is None else change.rule,
            acting_user=request.actor,
        )
    return _counted(request, str(segment_id))


@router.delete(_SEGMENT, response={204: None, **_PROBLEMS})
@needs("segments.edit")
def delete_segment(request: ApiRequest, segment_id: uuid.UUID) -> Status[None]:
    """Its customers stay."""
    with transaction.atomic():
        do_delete_segment(segment_to_change(request.brand, segment_id), acting_user=request.actor)
    return Status(204, None)


@router.get("/merges", response={200: MergePage, **_PROBLEMS})
@needs("customers.view")
def list_merges(request: ApiRequest, cursor: uuid.UUID | None = None, limit: Limit = 50) -> dict[str, Any]:
    """Which customers were made one, the newest first."""
    found = merge_page(request.brand, after=cursor, limit=limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return {"items": [_merge(each) for each in found[:limit]], "next": following}


@router.post("/merges", response={201: MergeOut, **_WRITE_PROBLEMS})
@needs("customers.edit")
def add_merge(request: ApiRequest, merge: MergeIn) -> Status[dict[str, Any]]:
    """Makes two customers one. It can be undone."""
    made = do_merge_customers(
        request.brand,
        _known(merge.loser),
        _known(merge.winner),
        reason=merge.reason,
        acting_user=request.actor,
    )
    return Status(201, _merge_of(request, made.pk))


@router.post("/merges/{uuid:merge_id}/undo", response={200: MergeOut, **_WRITE_PROBLEMS})
@needs("customers.edit")
def undo_merge(request: ApiRequest, merge_id: uuid.UUID) -> dict[str, Any]:
    """Takes two customers apart again, in profiles at once, in events within moments."""
    do_undo_merge(request.brand, merge_id, acting_user=request.actor)
    return _merge_of(request, merge_id)


@router.get("/likenesses", response={200: LikenessPage, **_PROBLEMS})
@needs("customers.view")
def list_likenesses(request: ApiRequest, cursor: Cursor = 0, limit: Limit = 50) -> dict[str, Any]:
    """Customers that may be one, for somebody to decide."""
    found, total = likenesses(request.brand, after=cursor, limit=limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return {"items": [_likeness(each) for each in found[:limit]], "total": total, "next": following}


@router.post("/likenesses/{int:likeness_id}/accept", response={200: MergeOut, **_WRITE_PROBLEMS})
@needs("customers.edit")
def accept_likeness(request: ApiRequest, likeness_id: int) -> dict[str, Any]:
    """They are one customer."""
    made = do_accept_likeness(request.brand, _known(likeness_id), acting_user=request.actor)
    return _merge_of(request, made.pk)


@router.post("/likenesses/{int:likeness_id}/dismiss", response={204: None, **_WRITE_PROBLEMS})
@needs("customers.edit")
def dismiss_likeness(request: ApiRequest, likeness_id: int) -> Status[None]:
    """They are two, and are not brought up again."""
    do_dismiss_likeness(request.brand, _known(likeness_id), acting_user=request.actor)
    return Status(204, None)


def customer_object(customer: reads.CustomerView) -> dict[str, Any]:
    """A profile as JSON; what commands print too."""
    generation = customer.generation
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "birth_year": customer.birth_year,
        "generation": generation.key if generation else None,
        "country": customer.country,
        "language": customer.language,
        "traits": customer.traits,
        "identities": [
            {"kind": each.kind, "value": each.value, "since": each.since, "reason": each.reason}
            for each in customer.identities
        ],
    }


def _known(number: int) -> int:
    """A number that the database can hold; others are nobody's."""
    return number if number <= BIGGEST_ID else 0


def _detail(request: ApiRequest, response: HttpResponse, customer_id: int) -> dict[str, Any]:
    customer = reads.customer(request.brand, customer_id)
    events, first, last = count_of(request.brand, customer.id)
    response.headers["ETag"] = _tag(customer)
    return {
        **customer_object(customer),
        "groups": [
            {"key": each.key, "name": each.name, "traits": each.traits, "since": each.since}
            for each in groups_of(request.brand, customer.id)
        ],
        "events": events,
        "first_seen": first,
        "last_seen": last,
    }


def _tag(customer: reads.CustomerView) -> str:
    """Names a profile as it stands."""
    said = json.dumps(customer_object(customer), default=str, sort_keys=True)
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def _check_unchanged(request: ApiRequest, customer_id: int, if_match: str) -> None:
    if if_match.strip() not in {"*", _tag(reads.customer(request.brand, customer_id))}:
        raise Conflict(
            _("Somebody else changed this profile; nothing was changed."),
            where="If-Match",
            remedy=_("Read it again and send its new ETag."),
        )


def _counted(request: ApiRequest, key: str) -> dict[str, Any]:
    view = reads.segment(request.brand, key)
    return _segment(view, reads.segment_counts(request.brand, [view])[key])


def _segment(view: reads.SegmentView, customers: int) -> dict[str, Any]:
    return {
        "key": view.key,
        "name": view.name,
        "builtin": view.builtin,
        "rule": view.rule.as_json(),
        "sentence": view.sentence,
        "customers": customers,
    }


def _merge_of(request: ApiRequest, merge_id: uuid.UUID) -> dict[str, Any]:
    return _merge(merge_view(request.brand, merge_id))


def _merge(view: MergeView) -> dict[str, Any]:
    return {
        "id": view.id,
        "loser": view.loser,
        "winner": view.winner,
        "reason": view.reason,
        "by": view.by,
        "at": view.at,
        "identities": [list(each) for each in view.moved],
        "undone_at": view.undone_at,
        "undone_by": view.undone_by,
    }


def _likeness(view: LikenessView) -> dict[str, Any]:
    return {
        "id": view.id,
        "customers": [view.first.id, view.second.id],
        "keeps": view.keeps.id,
        "hints": list(view.hints),
        "speaks_for": [fact.label for fact in view.speaks_for],
        "speaks_against": [fact.label for fact in view.speaks_against],
        "found_at": view.found_at,
    }
