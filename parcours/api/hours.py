"""When the team works, and by when customers are to be answered."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.hours_schemas import (
    BusinessTimeOut,
    HoursIn,
    HoursList,
    HoursOut,
    TargetIn,
    TargetList,
    TargetOut,
)
from parcours.api.schemas import Problem
from parcours.canvas.revisions import read_revision
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.inbox.hours.arithmetic import NeverOpenError, add_business_time, is_open, next_opening
from parcours.inbox.hours.holidays import name_in
from parcours.inbox.hours.reads import NamedHours, SpecialDay, all_hours, one_of_hours
from parcours.inbox.hours.spans import in_order
from parcours.inbox.hours.writes import HoursForm, remove_hours, save_hours
from parcours.inbox.targets.reads import TargetView, target, targets
from parcours.inbox.targets.writes import TargetForm, remove_target, save_target

router = Router(tags=["hours and targets"])

_READ: dict[Any, Any] = {401: Problem, 403: Problem}
_WRITE: dict[Any, Any] = {**_READ, 404: Problem, 422: Problem}
_CHANGE: dict[Any, Any] = {**_WRITE, 409: Problem, 428: Problem}
_HOURS = "/hours/{uuid:hours_id}"
_TARGET = "/targets/{uuid:target_id}"

IfMatch = Annotated[str, Header(alias="If-Match", description='Its revision in quotes: "3"')]


@router.get("/hours", response={200: HoursList, **_READ})
@needs("inbox.view")
def list_hours(request: ApiRequest) -> dict[str, Any]:
    """The brand's usual ones first."""
    return {"items": [_hours(each) for each in all_hours(request.brand.pk)]}


@router.post("/hours", response={201: HoursOut, **_WRITE, 409: Problem})
@needs("inbox.manage")
def add_hours(request: ApiRequest, response: HttpResponse, given: HoursIn) -> Status[dict[str, Any]]:
    saved = save_hours(request.brand, _hours_form(given), acting_user=request.actor)
    return Status(201, _tagged(response, _hours(saved)))


@router.put(_HOURS, response={200: HoursOut, **_CHANGE})
@needs("inbox.manage")
def change_hours(
    request: ApiRequest, response: HttpResponse, hours_id: uuid.UUID, given: HoursIn, if_match: IfMatch = ""
) -> dict[str, Any]:
    """All of them, as given."""
    one_of_hours(request.brand.pk, hours_id)
    saved = save_hours(
        request.brand,
        _hours_form(given),
        acting_user=request.actor,
        hours_id=hours_id,
        revision=read_revision(if_match),
    )
    return _tagged(response, _hours(saved))


@router.delete(_HOURS, response={204: None, **_WRITE})
@needs("inbox.manage")
def delete_hours(request: ApiRequest, hours_id: uuid.UUID) -> Status[None]:
    """Whoever used them has the brand's usual ones then."""
    remove_hours(hours_id, acting_user=request.actor)
    return Status(204, None)


@router.get(f"{_HOURS}/time", response={200: BusinessTimeOut, **_WRITE})
@needs("inbox.view")
def business_time_of(
    request: ApiRequest,
    hours_id: uuid.UUID,
    at: datetime | None = None,
    minutes: Annotated[int, Query(ge=0, le=525_600)] = 0,
) -> dict[str, Any]:
    """Whether somebody works at a moment (now, if none is given), and when so many minutes are over."""
    hours = one_of_hours(request.brand.pk, hours_id).value
    moment = _aware(at) if at else now()
    try:
        due = add_business_time(hours, moment, timedelta(minutes=minutes))
    except NeverOpenError:
        due = None
    return {"is_open": is_open(hours, moment), "next_opening": next_opening(hours, moment), "due": due}


@router.get("/targets", response={200: TargetList, **_READ})
@needs("inbox.view")
def list_targets(request: ApiRequest) -> dict[str, Any]:
    """In the order in which they are asked."""
    return {"items": [_target(each) for each in targets(request.brand.pk)]}


@router.post("/targets", response={201: TargetOut, **_WRITE})
@needs("inbox.manage")
def add_target(request: ApiRequest, response: HttpResponse, given: TargetIn) -> Status[dict[str, Any]]:
    """It is asked last."""
    saved = save_target(request.brand, _target_form(given), acting_user=request.actor)
    return Status(201, _tagged(response, _target(saved)))


@router.put(_TARGET, response={200: TargetOut, **_CHANGE})
@needs("inbox.manage")
def change_target(
    request: ApiRequest, response: HttpResponse, target_id: uuid.UUID, given: TargetIn, if_match: IfMatch = ""
) -> dict[str, Any]:
    """All of it, as given."""
    target(request.brand.pk, target_id)
    saved = save_target(
        request.brand,
        _target_form(given),
        acting_user=request.actor,
        target_id=target_id,
        revision=read_revision(if_match),
    )
    return _tagged(response, _target(saved))


@router.delete(_TARGET, response={204: None, **_WRITE})
@needs("inbox.manage")
def delete_target(request: ApiRequest, target_id: uuid.UUID) -> Status[None]:
    """Another one may fit its conversations then."""
    remove_target(target_id, acting_user=request.actor)
    return Status(204, None)


def _hours_form(given: HoursIn) -> HoursForm:
    return HoursForm(
        name=given.name,
        time_zone=given.time_zone,
        week=[in_order(spans, f"week.{day}") for day, spans in enumerate(given.week)],
        country=given.country,
        subdivision=given.subdivision,
        worked_holidays=given.worked_holidays,
        special_days=[
            SpecialDay(each.day, each.name, tuple(in_order(each.spans, "special_days")))
            for each in given.special_days
        ],
        is_default=given.is_default,
    )


def _hours(view: NamedHours) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "time_zone": view.time_zone,
        "week": view.week,
        "country": view.country,
        "subdivision": view.subdivision,
        "worked_holidays": sorted(view.worked_holidays),
        "special_days": [
            {"day": each.day, "name": each.name, "spans": each.spans} for each in view.special_days
        ],
        "is_default": view.is_default,
        "revision": view.revision,
        "holidays": {day.isoformat(): name_in(dict(names)) for day, names in view.holidays.items()},
    }


def _target_form(given: TargetIn) -> TargetForm:
    return TargetForm(**{**given.model_dump(), "conditions": given.conditions.model_dump()})


def _target(view: TargetView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in TargetOut.model_fields}


def _tagged(response: HttpResponse, told: dict[str, Any]) -> dict[str, Any]:
    response.headers["ETag"] = f'"{told["revision"]}"'
    return told


def _aware(moment: datetime) -> datetime:
    """In UTC without a zone. Raises BadInput for times of which no hours are known."""
    if not 1970 <= moment.year < 2200:
        raise BadInput(_("Hours are known from 1970 to 2199."), where="at")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
