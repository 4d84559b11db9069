"""A journey drawn again from another: as it should be, for a segment, or for its own sake."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor
from parcours.canvas.enums import JourneyKind, JourneyStatus
from parcours.canvas.models import Card, Journey, Lane, Stage, Touchpoint
from parcours.canvas.reads import journey_view
from parcours.canvas.shapes import JourneyView
from parcours.canvas.writes.common import locked_journey, tell_structure, touch
from parcours.canvas.writes.journeys import journey_title, segment_id_of, standing_persona
from parcours.core.errors import BadInput
from parcours.customers.reads import segment as named_segment

_STANDING = {"deleted_at": None}
_OF_A_CARD = ("title", "text", "picture_id", "picture_alt", "picture_caption", "leads_to_id", "order_key")


@transaction.atomic
def draw_to_be(journey_id: uuid.UUID, *, acting_user: Actor, title: str = "") -> JourneyView:
    """A copy of the map that shows how it should be; its cards know from which they were drawn.

    Raises BadInput for a map that shows that already.
    """
    source = locked_journey(journey_id, acting_user)
    if source.kind == JourneyKind.TO_BE:
        raise BadInput(
            _("This map already shows the journey as it should be."),
            remedy=_("Change it, or duplicate it."),
        )
    name = title or _("{title}, as it should be").format(title=source.title)
    return _copied(source, acting_user, title=name, kind=JourneyKind.TO_BE, drawn_from=source)


@transaction.atomic
def duplicate_journey(
    journey_id: uuid.UUID,
    *,
    acting_user: Actor,
    title: str = "",
    segment_key: str = "",
    persona_id: uuid.UUID | None = None,
) -> JourneyView:
    """A copy of the map. For a segment it stays tied to the whole: the two can be seen beside each other.

    Raises NotFound for a segment or persona that isn't there.
    """
    source = locked_journey(journey_id, acting_user)
    if not segment_key:
        name = title or _("{title}, copy").format(title=source.title)
        return _copied(source, acting_user, title=name, persona_id=persona_id)
    segment = named_segment(brand_by_id(acting_user.brand_id), segment_key)
    return _copied(
        source,
        acting_user,
        title=title or f"{source.title} · {segment.name}",
        persona_id=persona_id,
        segment_id=segment_id_of(segment.key, acting_user),
        drawn_from=source,
    )


@transaction.atomic
def make_current(journey_id: uuid.UUID, *, acting_user: Actor) -> JourneyView:
    """What should be is now how it is: the map changes its kind, the one it was drawn from is archived.

    Raises BadInput for a map that shows how it is already.
    """
    journey = locked_journey(journey_id, acting_user)
    if journey.kind != JourneyKind.TO_BE:
        raise BadInput(_("This map already shows how it is."))
    _set_kind(journey, JourneyKind.AS_IS)
    before = journey.drawn_from
    if before is not None and before.deleted_at is None:
        _set_status(locked_journey(before.pk, acting_user), JourneyStatus.ARCHIVED, acting_user)
    tell_structure(
        acting_user, journey, "journey became current", ("journey", journey.pk), {"title": journey.title}
    )
    return journey_view(journey)


@transaction.atomic
def undo_make_current(journey_id: uuid.UUID, *, acting_user: Actor) -> JourneyView:
    """The way back: the map shows again how it should be, the archived one is in use again.

    Raises BadInput for a map that took no other one's place.
    """
    journey = locked_journey(journey_id, acting_user)
    before = journey.drawn_from
    if journey.kind != JourneyKind.AS_IS or before is None or before.status != JourneyStatus.ARCHIVED:
        raise BadInput(_("This map took no other one's place."))
    _set_kind(journey, JourneyKind.TO_BE)
    if before.deleted_at is None:
        _set_status(locked_journey(before.pk, acting_user), JourneyStatus.ACTIVE, acting_user)
    tell_structure(
        acting_user, journey, "journey is a plan again", ("journey", journey.pk), {"title": journey.title}
    )
    return journey_view(journey)


def _set_kind(journey: Journey, kind: str) -> None:
    journey.kind, journey.status = kind, JourneyStatus.ACTIVE
    journey.save(update_fields=["kind", "status"])
    touch(journey)


def _set_status(journey: Journey, status: str, acting_user: Actor) -> None:
    journey.status = status
    journey.save(update_fields=["status"])
    touch(journey)
    tell_structure(acting_user, journey, "journey changed", ("journey", journey.pk), {"status": status})


def _copied(
    source: Journey,
    acting_user: Actor,
    *,
    title: str,
    kind: str = "",
    persona_id: uuid.UUID | None = None,
    segment_id: uuid.UUID | None = None,
    drawn_from: Journey | None = None,
) -> JourneyView:
    """`drawn_from` when the copy and its cards stay tied to the source."""
    persona = source.persona if source.persona and source.persona.deleted_at is None else None
    journey = Journey.objects.create(
        brand_id=source.brand_id,
        title=journey_title(title[:160]),
        summary=source.summary,
        kind=kind or source.kind,
        persona=standing_persona(persona_id, acting_user) if persona_id else persona,
        segment_id=segment_id or source.segment_id,
        owner_id=acting_user.id if acting_user.kind == "person" else source.owner_id,
        drawn_from=drawn_from,
        review_every_days=source.review_every_days,
        review_due=source.review_due,
    )
    _copy_drawing(source, journey, acting_user, tied=drawn_from is not None)
    data = {"title": journey.title, "from": str(source.pk)}
    tell_structure(acting_user, journey, "journey copied", ("journey", journey.pk), data)
    return journey_view(journey)


def _copy_drawing(source: Journey, journey: Journey, acting_user: Actor, *, tied: bool) -> None:
    stages = _copied_rows(Stage, source, journey, ("name", "description", "key", "order_key"))
    lanes = _copied_rows(Lane, source, journey, ("kind", "name", "order_key"))
    touchpoints = {
        old.pk: Touchpoint(
            journey=journey,
            stage=stages[old.stage_id],
            **_values(old, ("name", "channel", "rule", "order_key")),
        )
        for old in Touchpoint.objects.filter(journey=source, **_STANDING)
        if old.stage_id in stages
    }
    Touchpoint.objects.bulk_create(touchpoints.values())
    Card.objects.bulk_create(
        Card(
            journey=journey,
            stage=stages[old.stage_id],
            lane=lanes[old.lane_id],
            details=_details(old.details, touchpoints),
            drawn_from=old if tied else None,
            edited_by=acting_user.label,
            **_values(old, _OF_A_CARD),
        )
        for old in Card.objects.filter(journey=source, **_STANDING)
        if old.stage_id in stages and old.lane_id in lanes
    )


def _copied_rows(
    model: Any, source: Journey, journey: Journey, fields: tuple[str, ...]
) -> dict[uuid.UUID, Any]:
    """The copies of what stands, by the id of what they were copied from."""
    made = {
        old.pk: model(journey=journey, **_values(old, fields))
        for old in model.objects.filter(journey=source, **_STANDING)
    }
    model.objects.bulk_create(made.values())
    return made


def _details(details: dict[str, Any], touchpoints: dict[uuid.UUID, Touchpoint]) -> dict[str, Any]:
    """A card that stands for a touchpoint stands for its copy."""
    named = {str(old): str(new.pk) for old, new in touchpoints.items()}
    if details.get("touchpoint") in named:
        return {**details, "touchpoint": named[details["touchpoint"]]}
    return dict(details)


def _values(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}
