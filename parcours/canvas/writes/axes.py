"""Stages and lanes, the two axes of a canvas. What is removed hides its cards and brings them back."""

import uuid
from collections.abc import Mapping
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.enums import LaneKind
from parcours.canvas.models import Journey, Lane, Stage
from parcours.canvas.order import key_at, key_last
from parcours.canvas.writes.common import clean, locked_journey, tell_structure, touch
from parcours.canvas.writes.merging import settled
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound

MOST_STAGES = 30
MOST_LANES = 40

Axis = TypeVar("Axis", Stage, Lane)


@transaction.atomic
def add_stage(
    journey_id: uuid.UUID,
    name: str,
    *,
    acting_user: Actor,
    description: str = "",
    key: str = "",
    position: int | None = None,
) -> uuid.UUID:
    """A new stage at `position` (from 0), last without one. Raises BadInput."""
    journey = locked_journey(journey_id, acting_user)
    keys = _keys(Stage, journey)
    _refuse_more(len(keys), MOST_STAGES, _("A canvas has at most {n} stages."))
    stage = Stage.objects.create(
        journey=journey,
        name=_name(name),
        description=_description(description),
        key=key,
        order_key=key_last(keys) if position is None else key_at(keys, position),
    )
    _changed(acting_user, journey, "stage added", stage, rules=True)
    return stage.pk


@transaction.atomic
def edit_stage(
    journey_id: uuid.UUID,
    stage_id: uuid.UUID,
    *,
    acting_user: Actor,
    name: str | None = None,
    description: str | None = None,
    seen: Mapping[str, str] | None = None,
) -> None:
    """Changes what is given; None leaves it as it is. `seen` are the words as the actor saw them.

    Raises WordsConflict when somebody else changed the same ones meanwhile.
    """
    journey = locked_journey(journey_id, acting_user)
    stage = _standing(Stage, journey, stage_id)
    before = stage.name
    wanted = {} if name is None else {"name": _name(name)}
    if description is not None:
        wanted["description"] = _description(description)
    for field, words in settled({"name": stage.name, "description": stage.description}, wanted, seen).items():
        setattr(stage, field, words)
    stage.save(update_fields=["name", "description"])
    _changed(acting_user, journey, "stage changed", stage, rules=True, before=before)


@transaction.atomic
def move_stage(journey_id: uuid.UUID, stage_id: uuid.UUID, position: int, *, acting_user: Actor) -> None:
    """Puts a stage at `position` (from 0) among the others."""
    journey = locked_journey(journey_id, acting_user)
    stage = _standing(Stage, journey, stage_id)
    _move(journey, stage, position)
    _changed(acting_user, journey, "stage moved", stage, rules=True)


@transaction.atomic
def remove_stage(journey_id: uuid.UUID, stage_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Takes a stage off the canvas with its cards and touchpoints; `restore_stage` brings all of it back.

    Raises BadInput for the last one.
    """
    journey = locked_journey(journey_id, acting_user)
    stage = _standing(Stage, journey, stage_id)
    _refuse_last(Stage, journey)
    _remove(stage)
    _changed(acting_user, journey, "stage removed", stage, rules=True)


@transaction.atomic
def restore_stage(journey_id: uuid.UUID, stage_id: uuid.UUID, *, acting_user: Actor) -> None:
    journey = locked_journey(journey_id, acting_user)
    stage = _restore(Stage, journey, stage_id)
    _changed(acting_user, journey, "stage restored", stage, rules=True)


@transaction.atomic
def add_lane(
    journey_id: uuid.UUID, kind: str, *, acting_user: Actor, name: str = "", position: int | None = None
) -> uuid.UUID:
    """A new row at `position` (from 0), last without one; named after its kind unless named.

    Raises BadInput.
    """
    journey = locked_journey(journey_id, acting_user)
    if kind not in LaneKind.values:
        raise BadInput(
            _("There is no kind of row “{kind}”.").format(kind=kind),
            where="kind",
            remedy=_("Use one of: {known}.").format(known=", ".join(LaneKind.values)),
        )
    keys = _keys(Lane, journey)
    _refuse_more(len(keys), MOST_LANES, _("A canvas has at most {n} rows."))
    lane = Lane.objects.create(
        journey=journey,
        kind=kind,
        name=_name(name or str(LaneKind(kind).label)),
        order_key=key_last(keys) if position is None else key_at(keys, position),
    )
    _changed(acting_user, journey, "lane added", lane)
    return lane.pk


@transaction.atomic
def edit_lane(
    journey_id: uuid.UUID,
    lane_id: uuid.UUID,
    *,
    acting_user: Actor,
    name: str,
    seen: Mapping[str, str] | None = None,
) -> None:
    """As `edit_stage`."""
    journey = locked_journey(journey_id, acting_user)
    lane = _standing(Lane, journey, lane_id)
    before = lane.name
    lane.name = settled({"name": before}, {"name": _name(name)}, seen)["name"]
    lane.save(update_fields=["name"])
    _changed(acting_user, journey, "lane changed", lane, before=before)


@transaction.atomic
def move_lane(journey_id: uuid.UUID, lane_id: uuid.UUID, position: int, *, acting_user: Actor) -> None:
    """Puts a row at `position` (from 0) among the others."""
    journey = locked_journey(journey_id, acting_user)
    lane = _standing(Lane, journey, lane_id)
    _move(journey, lane, position)
    _changed(acting_user, journey, "lane moved", lane)


@transaction.atomic
def remove_lane(journey_id: uuid.UUID, lane_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Takes a row off the canvas with its cards; `restore_lane` brings both back.

    Raises BadInput for the last one.
    """
    journey = locked_journey(journey_id, acting_user)
    lane = _standing(Lane, journey, lane_id)
    _refuse_last(Lane, journey)
    _remove(lane)
    _changed(acting_user, journey, "lane removed", lane)


@transaction.atomic
def restore_lane(journey_id: uuid.UUID, lane_id: uuid.UUID, *, acting_user: Actor) -> None:
    journey = locked_journey(journey_id, acting_user)
    lane = _restore(Lane, journey, lane_id)
    _changed(acting_user, journey, "lane restored", lane)


def _standing(model: type[Axis], journey: Journey, pk: uuid.UUID, *, deleted: bool = False) -> Axis:
    found = model.objects.filter(journey=journey, pk=pk, deleted_at__isnull=not deleted).first()
    if found is None:
        what = (
            _("There is no such stage on this canvas.")
            if model is Stage
            else _("There is no such row on this canvas.")
        )
        raise NotFound(what)
    return found


def _keys(model: type[Axis], journey: Journey, *, without: Stage | Lane | None = None) -> list[str]:
    rows = model.objects.filter(journey=journey, deleted_at=None).order_by("order_key")
    return [row.order_key for row in rows if row != without]


def _move(journey: Journey, thing: Stage | Lane, position: int) -> None:
    if isinstance(thing, Stage):
        keys = _keys(Stage, journey, without=thing)
    else:
        keys = _keys(Lane, journey, without=thing)
    thing.order_key = key_at(keys, position)
    thing.save(update_fields=["order_key"])


def _remove(thing: Stage | Lane) -> None:
    thing.deleted_at = now()
    thing.save(update_fields=["deleted_at"])


def _restore(model: type[Axis], journey: Journey, pk: uuid.UUID) -> Axis:
    """Back where it was, in front of whatever took its place meanwhile."""
    thing = _standing(model, journey, pk, deleted=True)
    keys = _keys(model, journey)
    if thing.order_key in keys:
        thing.order_key = key_at(keys, keys.index(thing.order_key))
    thing.deleted_at = None
    thing.save(update_fields=["deleted_at", "order_key"])
    return thing


def _refuse_last(model: type[Axis], journey: Journey) -> None:
    if len(_keys(model, journey)) == 1:
        raise BadInput(
            _("A canvas needs at least one stage.")
            if model is Stage
            else _("A canvas needs at least one row."),
            remedy=_("Add another one first."),
        )


def _refuse_more(there: int, most: int, sentence: str) -> None:
    if there >= most:
        raise BadInput(sentence.format(n=most))


def _name(name: str) -> str:
    return clean(name, where="name", most=80, line=True, required=True)


def _description(description: str) -> str:
    return clean(description, where="description", most=300, line=True)


def _changed(
    acting_user: Actor,
    journey: Journey,
    verb: str,
    thing: Stage | Lane,
    *,
    rules: bool = False,
    before: str = "",
) -> None:
    touch(journey, rules=rules)
    kind = "stage" if isinstance(thing, Stage) else "lane"
    data = {"name": thing.name, "order_key": thing.order_key, **({"before": before} if before else {})}
    tell_structure(acting_user, journey, verb, (kind, thing.pk), data)
