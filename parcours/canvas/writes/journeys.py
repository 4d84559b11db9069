import uuid

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.enums import JourneyKind
from parcours.canvas.models import Journey, Lane, Persona, Stage
from parcours.canvas.order import first_keys
from parcours.canvas.reads import journey_view
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import JourneyView
from parcours.canvas.templates.field import LANES, STAGES
from parcours.canvas.writes.common import clean, locked_journey, tell_structure, touch
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound


@transaction.atomic
def create_journey(
    title: str,
    *,
    acting_user: Actor,
    summary: str = "",
    kind: str = JourneyKind.AS_IS,
    persona_id: uuid.UUID | None = None,
    language: str = "",
    empty: bool = False,
) -> JourneyView:
    """A new map from the template; its stages and lanes are named in `language`, by default the actor's.

    With `empty` it has neither stages nor lanes yet. Raises BadInput without a title.
    """
    acting_user.require(EDIT)
    journey = Journey.objects.create(
        brand_id=acting_user.brand_id,
        title=journey_title(title),
        summary=clean(summary, where="summary", most=2_000),
        kind=journey_kind(kind),
        persona=_persona(persona_id, acting_user),
    )
    if not empty:
        with translation.override(language or acting_user.language):
            _draw_template(journey)
    tell_structure(acting_user, journey, "journey created", ("journey", journey.pk), {"title": journey.title})
    return journey_view(journey)


def _draw_template(journey: Journey) -> None:
    Stage.objects.bulk_create(
        Stage(
            journey=journey,
            key=stage.key,
            name=str(stage.name),
            description=str(stage.description),
            order_key=key,
        )
        for stage, key in zip(STAGES, first_keys(len(STAGES)), strict=True)
    )
    Lane.objects.bulk_create(
        Lane(journey=journey, kind=kind, name=str(kind.label), order_key=key)
        for kind, key in zip(LANES, first_keys(len(LANES)), strict=True)
    )


@transaction.atomic
def edit_journey(
    journey_id: uuid.UUID,
    *,
    acting_user: Actor,
    title: str | None = None,
    summary: str | None = None,
    kind: str | None = None,
    persona_id: uuid.UUID | None = None,
    without_persona: bool = False,
) -> JourneyView:
    """Changes what is given; None leaves it as it is. Raises BadInput."""
    journey = locked_journey(journey_id, acting_user)
    old = {"title": journey.title, "summary": journey.summary, "kind": journey.kind}
    if title is not None:
        journey.title = journey_title(title)
    if summary is not None:
        journey.summary = clean(summary, where="summary", most=2_000)
    if kind is not None:
        journey.kind = journey_kind(kind)
    if persona_id is not None or without_persona:
        journey.persona = None if without_persona else _persona(persona_id, acting_user)
    journey.save(update_fields=["title", "summary", "kind", "persona"])
    touch(journey)
    new = {"title": journey.title, "summary": journey.summary, "kind": journey.kind}
    tell_structure(
        acting_user, journey, "journey changed", ("journey", journey.pk), {"before": old, "after": new}
    )
    return journey_view(journey)


@transaction.atomic
def delete_journey(journey_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Takes the map out of every list; `restore_journey` brings it back whole."""
    journey = locked_journey(journey_id, acting_user)
    journey.deleted_at = now()
    journey.save(update_fields=["deleted_at"])
    tell_structure(acting_user, journey, "journey deleted", ("journey", journey.pk), {"title": journey.title})


@transaction.atomic
def restore_journey(journey_id: uuid.UUID, *, acting_user: Actor) -> JourneyView:
    """Raises NotFound unless it was deleted."""
    journey = locked_journey(journey_id, acting_user, deleted=True)
    journey.deleted_at = None
    journey.save(update_fields=["deleted_at"])
    tell_structure(
        acting_user, journey, "journey restored", ("journey", journey.pk), {"title": journey.title}
    )
    return journey_view(journey)


def _persona(persona_id: uuid.UUID | None, acting_user: Actor) -> Persona | None:
    if persona_id is None:
        return None
    row = Persona.objects.filter(pk=persona_id, brand_id=acting_user.brand_id).first()
    if row is None:
        raise NotFound(_("There is no such persona."), where="persona")
    return row


def journey_title(title: str) -> str:
    return clean(title, where="title", most=160, line=True, required=True)


def journey_kind(kind: str) -> str:
    if kind not in JourneyKind.values:
        raise BadInput(
            _("There is no kind of journey “{kind}”.").format(kind=kind),
            where="kind",
            remedy=_("Use one of: {known}.").format(known=", ".join(JourneyKind.values)),
        )
    return kind
