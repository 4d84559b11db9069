"""Key moments and how they are photographed."""

import uuid
from dataclasses import asdict
from typing import Any

from ninja import Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.moment_schemas import CapturingIn, CapturingOut, MomentOut, MomentsOut
from parcours.api.schemas import Problem
from parcours.canvas.captures import reads, writes
from parcours.canvas.captures.shapes import CaptureView, CapturingView, Moment

router = Router(tags=["moments"])

_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 422: Problem}
_MOMENT = "/journeys/{uuid:journey_id}/moments/{uuid:card_id}"


@router.get("/journeys/{uuid:journey_id}/moments", response={200: MomentsOut, **_PROBLEMS})
@needs("canvas.view")
def list_moments(request: ApiRequest, journey_id: uuid.UUID) -> dict[str, Any]:
    """The key moments of a journey by stage, with the pictures that were taken of them."""
    return {"items": [_moment(each) for each in reads.moments(request.brand.pk, journey_id)]}


@router.get(_MOMENT, response={200: MomentOut, **_PROBLEMS})
@needs("canvas.view")
def get_moment(request: ApiRequest, journey_id: uuid.UUID, card_id: uuid.UUID) -> dict[str, Any]:
    """`card_id` is the moment's card."""
    return _moment(reads.moment(request.brand.pk, journey_id, card_id))


@router.put(f"{_MOMENT}/capturing", response={200: CapturingOut, **_WRITE})
@needs("canvas.edit")
def set_capturing(
    request: ApiRequest, journey_id: uuid.UUID, card_id: uuid.UUID, wanted: CapturingIn
) -> dict[str, Any]:
    """Says where and how the picture is taken."""
    given = wanted.dict()
    return _capturing(writes.set_capturing(journey_id, card_id, **given, acting_user=request.actor))


@router.delete(f"{_MOMENT}/capturing", response={204: None, **_WRITE})
@needs("canvas.edit")
def stop_capturing(request: ApiRequest, journey_id: uuid.UUID, card_id: uuid.UUID) -> Status[None]:
    """No more pictures are taken; those that were stay."""
    writes.stop_capturing(journey_id, card_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_MOMENT}/captures", response={202: CapturingOut, **_WRITE})
@needs("canvas.edit")
def ask_capture(request: ApiRequest, journey_id: uuid.UUID, card_id: uuid.UUID) -> Status[dict[str, Any]]:
    """Takes a picture as soon as possible; `asked_at` is null again once it was tried."""
    return Status(202, _capturing(writes.ask_capture(journey_id, card_id, acting_user=request.actor)))


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "card": moment.card.id,
        "title": moment.card.title,
        "stage": moment.stage,
        "picture": moment.card.picture.url if moment.card.picture else None,
        "capturing": _capturing(moment.capturing) if moment.capturing else None,
        "captures": [_capture(each) for each in moment.captures],
    }


def _capturing(capturing: CapturingView) -> dict[str, Any]:
    return asdict(capturing)


def _capture(capture: CaptureView) -> dict[str, Any]:
    return {
        "id": capture.id,
        "taken_at": capture.taken_at,
        "picture": capture.picture.url,
        "before": capture.before.url if capture.before else None,
        "share": capture.share,
        "areas": capture.areas,
        "outcome": capture.outcome,
        "reason": capture.reason,
        "proposal": capture.proposal_id,
        "address": capture.address,
        "device": capture.device,
        "language": capture.language,
    }
