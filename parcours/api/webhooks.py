"""Webhooks: which programs are told what, how that went, and once more."""

import uuid
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpResponse
from ninja import Header, Query, Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.api.webhook_schemas import (
    DeliveryOut,
    DeliveryPage,
    DeliveryWholeOut,
    ReplayIn,
    ReplayOut,
    WebhookIn,
    WebhookKindList,
    WebhookList,
    WebhookOut,
    WebhookSecret,
    schema_of_events,
)
from parcours.canvas.revisions import read_revision
from parcours.inbox.webhooks import reads, writes
from parcours.inbox.webhooks.kinds import known_kinds
from parcours.inbox.webhooks.payloads import event_name
from parcours.inbox.webhooks.reads import DeliveryView, EndpointView

router = Router(tags=["webhooks"])

MOST_A_PAGE = 200
_ONE = "/webhooks/{uuid:webhook_id}"
_DELIVERY = "/webhook-deliveries/{uuid:delivery_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 428: Problem, 502: Problem}

IfMatch = Annotated[str, Header(alias="If-Match", description='The webhook\'s revision in quotes: "3"')]


@router.get("/webhooks", response={200: WebhookList, 401: Problem, 403: Problem})
@needs("brand.manage")
def list_webhooks(request: ApiRequest) -> dict[str, Any]:
    """In the order in which they were added."""
    return {"items": [_object(each) for each in reads.endpoints(request.brand.pk)]}


@router.post("/webhooks", response={201: WebhookSecret, **_WRITE})
@needs("brand.manage")
def add_webhook(request: ApiRequest, response: HttpResponse, wanted: WebhookIn) -> Status[dict[str, Any]]:
    """A program to tell. Its secret stands in this answer and nowhere else."""
    with transaction.atomic():
        row, secret = writes.add_endpoint(_wanted(wanted), acting_user=request.actor)
        if not wanted.enabled:
            writes.switch_endpoint(row.pk, is_on=False, acting_user=request.actor)
    found = _with_revision(response, reads.endpoint(request.brand.pk, row.pk))
    return Status(201, {**found, "secret": secret})


@router.get("/webhooks/kinds", response={200: WebhookKindList, 401: Problem, 403: Problem})
@needs("brand.manage")
def list_kinds(request: ApiRequest) -> dict[str, Any]:  # noqa: ARG001 - the same for everybody
    """What webhooks may be told of."""
    return {"items": [{"kind": key, "about": str(kind.label)} for key, kind in known_kinds().items()]}


@router.get("/webhooks/schema", response={200: dict[str, Any], 401: Problem, 403: Problem})
@needs("brand.manage")
def get_schema(request: ApiRequest) -> dict[str, Any]:  # noqa: ARG001 - the same for everybody
    """What webhooks send, as JSON Schema."""
    return schema_of_events()


@router.get(_ONE, response={200: WebhookOut, **_PROBLEMS})
@needs("brand.manage")
def get_webhook(request: ApiRequest, response: HttpResponse, webhook_id: uuid.UUID) -> dict[str, Any]:
    return _with_revision(response, reads.endpoint(request.brand.pk, webhook_id))


@router.put(_ONE, response={200: WebhookOut, **_WRITE})
@needs("brand.manage")
def replace_webhook(
    request: ApiRequest,
    response: HttpResponse,
    *,
    webhook_id: uuid.UUID,
    wanted: WebhookIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """Another state of it; `enabled` switches it off and on."""
    reads.endpoint(request.brand.pk, webhook_id)
    revision = read_revision(if_match)
    actor = request.actor
    with transaction.atomic():
        writes.change_endpoint(webhook_id, _wanted(wanted), acting_user=actor, revision=revision)
        writes.switch_endpoint(webhook_id, is_on=wanted.enabled, acting_user=actor)
    return _with_revision(response, reads.endpoint(request.brand.pk, webhook_id))


@router.delete(_ONE, response={204: None, **_PROBLEMS})
@needs("brand.manage")
def remove_webhook(request: ApiRequest, webhook_id: uuid.UUID) -> Status[None]:
    """Nothing is sent any more; its secret and its log go."""
    writes.remove_endpoint(webhook_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_ONE}/secret", response={200: WebhookSecret, **_PROBLEMS})
@needs("brand.manage")
def renew_secret(request: ApiRequest, webhook_id: uuid.UUID) -> dict[str, Any]:
    """A new secret, in this answer only. For a day the former one signs, too."""
    _row, secret = writes.renew_secret(webhook_id, acting_user=request.actor)
    return {**_object(reads.endpoint(request.brand.pk, webhook_id)), "secret": secret}


@router.post(f"{_ONE}/test", response={200: DeliveryWholeOut, **_PROBLEMS})
@needs("brand.manage")
def test_webhook(request: ApiRequest, webhook_id: uuid.UUID) -> dict[str, Any]:
    """Sends an event of the kind `test` and waits for the answer, ten seconds at most."""
    sent = writes.send_test(webhook_id, acting_user=request.actor)
    return _whole(request, sent.pk)


@router.post(f"{_ONE}/replay", response={200: ReplayOut, **_WRITE})
@needs("brand.manage")
def replay_events(request: ApiRequest, webhook_id: uuid.UUID, wanted: ReplayIn) -> dict[str, Any]:
    """Tells it everything since a moment that it wants and didn't take yet."""
    since = wanted.since if wanted.since.tzinfo else wanted.since.astimezone()
    number = writes.replay(webhook_id, since, acting_user=request.actor, also_delivered=wanted.also_delivered)
    return {"events": number}


@router.get(f"{_ONE}/deliveries", response={200: DeliveryPage, **_PROBLEMS})
@needs("brand.manage")
def list_deliveries(
    request: ApiRequest,
    webhook_id: uuid.UUID,
    status: Literal["", "waiting", "sent", "dead"] = "",
    cursor: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> dict[str, Any]:
    """The log, the newest event first."""
    endpoint = reads.endpoint(request.brand.pk, webhook_id)
    found = reads.deliveries(endpoint.id, status=status, before=cursor, limit=limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return {"items": [_delivery(each) for each in found[:limit]], "next": following}


@router.get(_DELIVERY, response={200: DeliveryWholeOut, **_PROBLEMS})
@needs("brand.manage")
def get_delivery(request: ApiRequest, delivery_id: uuid.UUID) -> dict[str, Any]:
    """With what is sent, and every answer."""
    return _whole(request, delivery_id)


@router.post(f"{_DELIVERY}/send", response={200: DeliveryOut, **_WRITE})
@needs("brand.manage")
def send_again(request: ApiRequest, delivery_id: uuid.UUID) -> dict[str, Any]:
    """The same event under the same id once more."""
    writes.send_again(delivery_id, acting_user=request.actor)
    return _delivery(reads.delivery(request.brand.pk, delivery_id).row)


def _wanted(wanted: WebhookIn) -> writes.Wanted:
    return writes.Wanted(wanted.name, wanted.url, wanted.kinds, wanted.channels, wanted.with_text)


def _with_revision(response: HttpResponse, view: EndpointView) -> dict[str, Any]:
    response.headers["ETag"] = f'"{view.revision}"'
    return _object(view)


def _object(view: EndpointView) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "url": view.url,
        "kinds": list(view.kinds),
        "channels": list(view.channels),
        "with_text": view.with_text,
        "enabled": view.off_since is None,
        "off_since": view.off_since,
        "off_why": view.off_why,
        "failing_since": view.failing_since,
        "delivered_at": view.delivered_at,
        "both_secrets_until": view.changing,
        "waiting": view.waiting,
        "delivered": view.sent,
        "given_up": view.dead,
        "revision": view.revision,
    }


def _whole(request: ApiRequest, delivery_id: uuid.UUID) -> dict[str, Any]:
    found = reads.delivery(request.brand.pk, delivery_id)
    attempts = [
        {
            "at": each.at,
            "seconds": each.seconds,
            "answered": each.answered,
            "answer": each.answer,
            "fault": each.fault,
        }
        for each in found.attempts
    ]
    return {**_delivery(found.row), "body": found.body, "attempts": attempts}


def _delivery(row: DeliveryView) -> dict[str, Any]:
    return {
        "id": row.id,
        "event": event_name(row.event_id),
        "kind": row.kind,
        "at": row.at,
        "status": row.status,
        "tries": row.tries,
        "next_try_at": row.next_try_at,
        "answered": row.answered,
        "fault": row.fault,
    }
