import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.reads import brand_by_id, membership_in
from parcours.accounts.rights import Actor
from parcours.canvas.enums import JourneyKind, JourneyStatus
from parcours.canvas.models import Journey, Persona
from parcours.canvas.reads import journey_view
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import JourneyView
from parcours.canvas.templates.catalogue import FIELD, template
from parcours.canvas.writes.common import clean, locked_journey, tell_structure, touch
from parcours.canvas.writes.merging import settled
from parcours.canvas.writes.plans import draw_plan
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.customers.reads import segment as named_segment
from parcours.customers.segments.keys import id_of_segment, key_of_segment


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
    template_key: str = FIELD,
    segment_key: str = "",
) -> JourneyView:
    """A new map from a template; its stages, rows and examples are in `language`, by default the actor's.

    With `empty` it has neither stages nor lanes yet. Whoever makes it owns it. Raises BadInput without a
    title, NotFound for a persona, segment or template that isn't there.
    """
    acting_user.require(EDIT)
    language = language or acting_user.language
    plan = None if empty else template(acting_user.brand_id, template_key, language).plan
    rhythm = plan.review_every_days if plan else None
    journey = Journey.objects.create(
        brand_id=acting_user.brand_id,
        title=journey_title(title),
        summary=clean(summary, where="summary", most=2_000),
        kind=journey_kind(kind),
        persona=standing_persona(persona_id, acting_user),
        segment_id=segment_id_of(segment_key, acting_user),
        owner_id=acting_user.id if acting_user.kind == "person" else None,
        review_every_days=rhythm,
        review_due=now().date() + timedelta(days=rhythm) if rhythm else None,
    )
    if plan is not None:
        draw_plan(journey, plan, acting_user=acting_user, language=language)
    tell_structure(acting_user, journey, "journey created", ("journey", journey.pk), {"title": journey.title})
    return journey_view(journey)


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
    status: str | None = None,
    owner_id: uuid.UUID | None = None,
    without_owner: bool = False,
    segment_key: str | None = None,
    seen: Mapping[str, str] | None = None,
) -> JourneyView:
    """Changes what is given; None leaves it as it is. An empty `segment_key` means everybody.

    `seen` are title and summary as the actor saw them.

    Raises WordsConflict when somebody else changed the same words meanwhile, BadInput, and
    NotFound for a persona, person or segment that isn't there.
    """
    journey = locked_journey(journey_id, acting_user)
    old = _told(journey)
    wanted = {} if title is None else {"title": journey_title(title)}
    if summary is not None:
        wanted["summary"] = clean(summary, where="summary", most=2_000)
    for field, words in settled({"title": journey.title, "summary": journey.summary}, wanted, seen).items():
        setattr(journey, field, words)
    if kind is not None:
        journey.kind = journey_kind(kind)
    if persona_id is not None or without_persona:
        journey.persona = None if without_persona else standing_persona(persona_id, acting_user)
    if status is not None:
        journey.status = _status(status)
    if owner_id is not None or without_owner:
        journey.owner_id = None if without_owner else _owner(owner_id, acting_user)
    if segment_key is not None:
        journey.segment_id = segment_id_of(segment_key, acting_user)
    journey.save(update_fields=["title", "summary", "kind", "persona", "status", "owner", "segment_id"])
    touch(journey)
    data = {"before": old, "after": _told(journey)}
    tell_structure(acting_user, journey, "journey changed", ("journey", journey.pk), data)
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


def standing_persona(persona_id: uuid.UUID | None, acting_user: Actor) -> Persona | None:
    """The brand's persona with that id; None for None. Raises NotFound."""
    if persona_id is None:
        return None
    row = Persona.objects.filter(pk=persona_id, brand_id=acting_user.brand_id, deleted_at=None).first()
    if row is None:
        raise NotFound(_("There is no such persona."), where="persona")
    return row


def segment_id_of(key: str, acting_user: Actor) -> uuid.UUID | None:
    """The id that rows keep of a segment; None for everybody. Raises NotFound."""
    if not key:
        return None
    return id_of_segment(named_segment(brand_by_id(acting_user.brand_id), key).key)


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


def _status(status: str) -> str:
    if status not in JourneyStatus.values:
        raise BadInput(
            _("A journey can't be “{status}”.").format(status=status),
            where="status",
            remedy=_("Use one of: {known}.").format(known=", ".join(JourneyStatus.values)),
        )
    return status


def _owner(person_id: uuid.UUID | None, acting_user: Actor) -> uuid.UUID:
    owner: uuid.UUID = membership_in(acting_user.brand_id, person_id=person_id).person_id
    return owner


def _told(journey: Journey) -> dict[str, str | None]:
    """What the journal says of a journey's head."""
    return {
        "title": journey.title,
        "summary": journey.summary,
        "kind": journey.kind,
        "status": journey.status,
        "owner": str(journey.owner_id) if journey.owner_id else None,
        "segment": key_of_segment(journey.segment_id) or None,
        "persona": str(journey.persona_id) if journey.persona_id else None,
    }
