"""Brand values, and how the touchpoints of a journey keep them."""

import uuid
from dataclasses import asdict
from typing import Any

from django.db import transaction
from ninja import Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.api.value_schemas import (
    BrandFitOut,
    FitOut,
    LevelIn,
    QuoteIn,
    QuoteOut,
    ValueChange,
    ValueIn,
    ValueOut,
    ValuesOut,
)
from parcours.canvas.brand_values import reads, writes
from parcours.canvas.brand_values.shapes import Fit, QuoteView, ValueView

router = Router(tags=["brand values"])

_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 422: Problem}
_VALUE = "/brand/values/{uuid:value_id}"
_FIT = "/journeys/{uuid:journey_id}/values/{uuid:touchpoint_id}/{uuid:value_id}"
_QUOTE = "/journeys/{uuid:journey_id}/values/quotes/{uuid:quote_id}"


@router.get("/brand/values", response={200: ValuesOut, **_PROBLEMS})
@needs("canvas.view")
def list_values(request: ApiRequest) -> dict[str, Any]:
    """The brand's values in their order."""
    return {"items": [_value(each) for each in reads.brand_values(request.brand.pk)]}


@router.post("/brand/values", response={201: ValueOut, **_WRITE})
@needs("canvas.edit")
def add_value(request: ApiRequest, value: ValueIn) -> Status[dict[str, Any]]:
    return Status(201, _value(writes.add_value(**value.dict(), acting_user=request.actor)))


@router.patch(_VALUE, response={200: ValueOut, **_WRITE})
@needs("canvas.edit")
def change_value(request: ApiRequest, value_id: uuid.UUID, change: ValueChange) -> dict[str, Any]:
    given = change.dict()
    position = given.pop("position")
    with transaction.atomic():
        changed = writes.edit_value(value_id, **given, acting_user=request.actor)
        if position is not None:
            changed = writes.move_value(value_id, position, acting_user=request.actor)
    return _value(changed)


@router.delete(_VALUE, response={204: None, **_WRITE})
@needs("canvas.edit")
def remove_value(request: ApiRequest, value_id: uuid.UUID) -> Status[None]:
    """It can be restored, with all that was rated."""
    writes.remove_value(value_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_VALUE}/restore", response={200: ValueOut, **_WRITE})
@needs("canvas.edit")
def restore_value(request: ApiRequest, value_id: uuid.UUID) -> dict[str, Any]:
    return _value(writes.restore_value(value_id, acting_user=request.actor))


@router.get("/journeys/{uuid:journey_id}/values", response={200: BrandFitOut, **_PROBLEMS})
@needs("canvas.view")
def get_brand_fit(request: ApiRequest, journey_id: uuid.UUID) -> dict[str, Any]:
    """How the touchpoints of a journey keep what the brand promises."""
    fit = reads.brand_fit(request.brand.pk, journey_id)
    said = [each for each in fit.fits if each.wanted is not None or each.ratings or each.quotes]
    return {"values": [_value(each) for each in fit.values], "fits": [_fit(each) for each in said]}


@router.put(f"{_FIT}/wanted", response={200: FitOut, **_WRITE})
@needs("canvas.edit")
def set_wanted(
    request: ApiRequest, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID, step: LevelIn
) -> dict[str, Any]:
    """How strongly customers should feel a value there."""
    writes.want(journey_id, touchpoint_id, value_id, step.level, acting_user=request.actor)
    return _fit(reads.one_fit(request.brand.pk, journey_id, touchpoint_id, value_id))


@router.put(f"{_FIT}/felt", response={200: FitOut, **_WRITE})
@needs("canvas.suggest")
def set_felt(
    request: ApiRequest, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID, step: LevelIn
) -> dict[str, Any]:
    """How strongly the token's owner thinks that they do: one rating a token."""
    writes.rate(journey_id, touchpoint_id, value_id, step.level, acting_user=request.actor)
    return _fit(reads.one_fit(request.brand.pk, journey_id, touchpoint_id, value_id))


@router.post(f"{_FIT}/quotes", response={201: QuoteOut, **_WRITE})
@needs("canvas.suggest")
def add_quote(
    request: ApiRequest, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID, quote: QuoteIn
) -> Status[dict[str, Any]]:
    """A customer's words about it."""
    added = writes.add_quote(
        journey_id, touchpoint_id, value_id, quote.text, source=quote.source, acting_user=request.actor
    )
    return Status(201, _quote(added))


@router.delete(_QUOTE, response={204: None, **_WRITE})
@needs("canvas.suggest")
def remove_quote(request: ApiRequest, journey_id: uuid.UUID, quote_id: uuid.UUID) -> Status[None]:
    """It can be restored."""
    writes.remove_quote(journey_id, quote_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_QUOTE}/restore", response={200: QuoteOut, **_WRITE})
@needs("canvas.suggest")
def restore_quote(request: ApiRequest, journey_id: uuid.UUID, quote_id: uuid.UUID) -> dict[str, Any]:
    return _quote(writes.restore_quote(journey_id, quote_id, acting_user=request.actor))


def _value(value: ValueView) -> dict[str, Any]:
    return asdict(value)


def _quote(quote: QuoteView) -> dict[str, Any]:
    return asdict(quote)


def _fit(fit: Fit) -> dict[str, Any]:
    return {
        "stage": fit.stage.id,
        "touchpoint": fit.touchpoint.id,
        "value": fit.value.id,
        "wanted": fit.wanted,
        "wanted_by": fit.wanted_by,
        "felt": fit.felt,
        "raters": fit.raters,
        "lowest": fit.lowest,
        "highest": fit.highest,
        "gap": fit.gap,
        "ratings": [asdict(rating) for rating in fit.ratings],
        "quotes": [_quote(quote) for quote in fit.quotes],
    }
