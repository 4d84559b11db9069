"""Where on the map a program wants a conversation to be."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parcours.canvas import reads as canvas
from parcours.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Place:
    journey_id: uuid.UUID
    stage_id: uuid.UUID
    touchpoint_id: uuid.UUID | None


def place_named(
    brand_id: uuid.UUID,
    journey_id: uuid.UUID | None,
    stage_id: uuid.UUID | None,
    touchpoint_id: uuid.UUID | None,
) -> Place | None:
    """What stands on one of the brand's journeys; a touchpoint says its stage, a stage its journey. None when
    nothing is named. Raises BadInput for what doesn't stand there, NotFound for an unknown journey.
    """
    if stage_id is None and touchpoint_id is None:
        if journey_id is not None:
            raise BadInput(_("Say which stage or touchpoint of the journey."), where="stage")
        return None
    wanted = [journey_id] if journey_id else [each.journey.id for each in canvas.journeys(brand_id)]
    for journey in wanted:
        for stage in canvas.board(brand_id, journey).stages:
            there = touchpoint_id is None or any(each.id == touchpoint_id for each in stage.touchpoints)
            if there and stage_id in {None, stage.id}:
                return Place(journey, stage.id, touchpoint_id)
    where = "stage" if touchpoint_id is None else "touchpoint"
    raise BadInput(
        _("There is no such stage or touchpoint on the map."),
        where=where,
        remedy=_("GET /api/v1/journeys lists the journeys; each names its stages and touchpoints."),
    )
