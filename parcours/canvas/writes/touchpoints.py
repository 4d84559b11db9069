import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.models import Journey, Stage, Touchpoint
from parcours.canvas.order import key_at, key_last
from parcours.canvas.reads import touchpoint_view
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import TouchpointView
from parcours.canvas.writes.common import clean, locked_journey, tell_structure, touch
from parcours.canvas.writes.merging import settled
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound

MOST_TOUCHPOINTS = 500


@transaction.atomic
def add_touchpoint(
    journey_id: uuid.UUID,
    *,
    stage_id: uuid.UUID,
    name: str,
    rule: dict[str, Any],
    acting_user: Actor,
    channel: str = "",
    position: int | None = None,
) -> TouchpointView:
    """A touchpoint at `position` (from 0) in its stage, last without one. Raises BadInput."""
    journey = locked_journey(journey_id, acting_user)
    if Touchpoint.objects.filter(journey=journey, deleted_at=None).count() >= MOST_TOUCHPOINTS:
        raise BadInput(_("A canvas has at most {n} touchpoints.").format(n=MOST_TOUCHPOINTS))
    stage = _stage(journey, stage_id)
    keys = _keys(stage)
    row = Touchpoint.objects.create(
        journey=journey,
        stage=stage,
        name=_name(name),
        channel=_channel(channel),
        rule=_rule(rule),
        order_key=key_last(keys) if position is None else key_at(keys, position),
    )
    _changed(acting_user, journey, "touchpoint added", row)
    return touchpoint_view(row)


@transaction.atomic
def edit_touchpoint(
    journey_id: uuid.UUID,
    touchpoint_id: uuid.UUID,
    *,
    acting_user: Actor,
    name: str | None = None,
    channel: str | None = None,
    rule: dict[str, Any] | None = None,
    stage_id: uuid.UUID | None = None,
    seen: Mapping[str, str] | None = None,
) -> TouchpointView:
    """Changes what is given; None leaves it as it is. In another stage it goes last.

    `seen` are name, channel and rule (its sentence) as the actor saw them. Raises BadInput, and WordsConflict
    when somebody else changed the same ones meanwhile.
    """
    journey = locked_journey(journey_id, acting_user)
    row = _touchpoint(journey, touchpoint_id)
    before = row.rule
    wanted = {} if name is None else {"name": _name(name)}
    if channel is not None:
        wanted["channel"] = _channel(channel)
    if rule is not None:
        rule = _rule(rule)
        wanted["rule"] = touchpoint_rule(rule).sentence()
    stored = {"name": row.name, "channel": row.channel, "rule": touchpoint_rule(row.rule).sentence()}
    kept = settled(stored, wanted, seen)
    row.name, row.channel = kept.get("name", row.name), kept.get("channel", row.channel)
    if rule is not None and kept["rule"] == wanted["rule"]:
        row.rule = rule
    if stage_id is not None and stage_id != row.stage_id:
        row.stage = _stage(journey, stage_id)
        row.order_key = key_last(_keys(row.stage))
    row.save(update_fields=["name", "channel", "rule", "stage", "order_key"])
    _changed(acting_user, journey, "touchpoint changed", row, before=before)
    return touchpoint_view(row)


@transaction.atomic
def move_touchpoint(
    journey_id: uuid.UUID, touchpoint_id: uuid.UUID, position: int, *, stage_id: uuid.UUID, acting_user: Actor
) -> TouchpointView:
    """Puts a touchpoint at `position` (from 0) of a stage: an event goes to the first that fits."""
    journey = locked_journey(journey_id, acting_user)
    row = _touchpoint(journey, touchpoint_id)
    row.stage = _stage(journey, stage_id)
    row.order_key = key_at(_keys(row.stage, without=row), position)
    row.save(update_fields=["stage", "order_key"])
    _changed(acting_user, journey, "touchpoint moved", row)
    return touchpoint_view(row)


@transaction.atomic
def remove_touchpoint(journey_id: uuid.UUID, touchpoint_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Takes a touchpoint off the canvas; `restore_touchpoint` brings it back."""
    journey = locked_journey(journey_id, acting_user)
    row = _touchpoint(journey, touchpoint_id)
    row.deleted_at = now()
    row.save(update_fields=["deleted_at"])
    _changed(acting_user, journey, "touchpoint removed", row)


@transaction.atomic
def restore_touchpoint(
    journey_id: uuid.UUID, touchpoint_id: uuid.UUID, *, acting_user: Actor
) -> TouchpointView:
    journey = locked_journey(journey_id, acting_user)
    row = _touchpoint(journey, touchpoint_id, deleted=True)
    keys = _keys(row.stage)
    if row.order_key in keys:
        row.order_key = key_at(keys, keys.index(row.order_key))
    row.deleted_at = None
    row.save(update_fields=["deleted_at", "order_key"])
    _changed(acting_user, journey, "touchpoint restored", row)
    return touchpoint_view(row)


def _touchpoint(journey: Journey, pk: uuid.UUID, *, deleted: bool = False) -> Touchpoint:
    rows = Touchpoint.objects.filter(journey=journey, pk=pk, deleted_at__isnull=not deleted)
    found = rows.select_related("stage").first()
    if found is None:
        raise NotFound(_("There is no such touchpoint."), remedy=_("It may have been removed."))
    return found


def _stage(journey: Journey, stage_id: uuid.UUID) -> Stage:
    stage = Stage.objects.filter(journey=journey, pk=stage_id, deleted_at=None).first()
    if stage is None:
        raise NotFound(_("There is no such stage on this canvas."), where="stage")
    return stage


def _keys(stage: Stage, *, without: Touchpoint | None = None) -> list[str]:
    rows = Touchpoint.objects.filter(stage=stage, deleted_at=None).order_by("order_key")
    return [row.order_key for row in rows if row != without]


def _name(name: str) -> str:
    return clean(name, where="name", most=120, line=True, required=True)


def _channel(channel: str) -> str:
    return clean(channel, where="channel", most=60, line=True)


def _rule(data: dict[str, Any]) -> dict[str, Any]:
    """The rule in its normal form; one without conditions would claim every event and is refused."""
    rule = touchpoint_rule(data)
    if not rule.conditions:
        raise BadInput(
            _("The rule has no condition yet."),
            where="rule",
            remedy=_("Say which events the touchpoint means, for example by their name."),
        )
    return rule.as_json()


def _changed(
    acting_user: Actor, journey: Journey, verb: str, row: Touchpoint, *, before: dict[str, Any] | None = None
) -> None:
    touch(journey, rules=True)
    data = {"name": row.name, "channel": row.channel, "rule": row.rule, "stage": str(row.stage_id)}
    if before is not None and before != row.rule:
        data["before"] = before
    tell_structure(acting_user, journey, verb, ("touchpoint", row.pk), data)
