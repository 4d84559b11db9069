"""The rows of a whole canvas as tuples: its queries are put together once in a process, and no model is made
for each of some hundred cards.
"""

import json
import uuid
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from parcours.canvas.models import Card, Lane, Stage, Touchpoint
from parcours.canvas.shapes import CardView, PictureView
from parcours.core.prepared import Prepared


class CardRow(NamedTuple):
    """`details` is JSON."""

    id: uuid.UUID
    stage_id: uuid.UUID
    lane_id: uuid.UUID
    title: str
    text: str
    revision: int
    order_key: str
    edited_by: str
    updated_at: datetime
    created_at: datetime
    details: str
    drawn_from_id: uuid.UUID | None
    picture_id: uuid.UUID | None
    picture_alt: str
    picture_caption: str
    picture__width: int
    picture__height: int
    leads_to_id: uuid.UUID | None
    leads_to__title: str
    leads_to__deleted_at: datetime | None
    lease__label: str | None
    lease__actor_id: uuid.UUID | None
    lease__until: datetime | None

    def view(self, journey_id: uuid.UUID, kind: str, moment: datetime) -> CardView:
        """`kind` is the lane's, `moment` the time at which somebody may be editing it."""
        leased = self.lease__until is not None and self.lease__until > moment
        leads = self.leads_to_id is not None and self.leads_to__deleted_at is None
        return CardView(
            id=self.id,
            journey_id=journey_id,
            stage_id=self.stage_id,
            lane_id=self.lane_id,
            kind=kind,
            title=self.title,
            text=self.text,
            picture=self._picture(),
            revision=self.revision,
            order_key=self.order_key,
            edited_by=self.edited_by,
            updated_at=self.updated_at,
            leased_by=self.lease__label if leased else None,
            leased_by_id=self.lease__actor_id if leased else None,
            details=json.loads(self.details),
            leads_to=self.leads_to_id if leads else None,
            leads_to_title=self.leads_to__title if leads else "",
            drawn_from_id=self.drawn_from_id,
            created_at=self.created_at,
        )

    def _picture(self) -> PictureView | None:
        if self.picture_id is None:
            return None
        return picture_of(
            self.picture_id, self.picture__width, self.picture__height, self.picture_alt, self.picture_caption
        )


def picture_of(picture_id: uuid.UUID, width: int, height: int, alt: str, caption: str) -> PictureView:
    return PictureView(picture_id, f"/map/pictures/{picture_id}/", width, height, alt, caption)


def _cards(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    return _standing(Card, journey_id).values_list(*CardRow._fields)


def _lanes(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    return _standing(Lane, journey_id).values_list("id", "kind", "name", "order_key")


def _stages(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    return _standing(Stage, journey_id).values_list("id", "name", "description", "key", "order_key")


def _touchpoints(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    fields = ("id", "stage_id", "name", "channel", "rule", "order_key")
    return _standing(Touchpoint, journey_id).values_list(*fields)


def _standing(model: Any, journey_id: uuid.UUID) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(journey_id=journey_id, deleted_at=None)
    return rows.order_by("order_key", "id")


CARDS, LANES, STAGES, TOUCHPOINTS = (
    Prepared(_cards),
    Prepared(_lanes),
    Prepared(_stages),
    Prepared(_touchpoints),
)
"""Of a journey's id, what stands on it, in its order."""
