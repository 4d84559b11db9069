import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.models import Persona
from parcours.canvas.reads import persona_view
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import PersonaView
from parcours.canvas.writes.common import clean
from parcours.canvas.writes.journeys import segment_id_of
from parcours.canvas.writes.pictures import picture_of
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.journal.writes import record

MOST_CHANNELS = 12
EARLIEST_BIRTH = 1900
_MOST = {"sketch": 4_000, "goals": 4_000, "habits": 4_000, "quote": 1_000}


@transaction.atomic
def add_persona(
    name: str,
    *,
    acting_user: Actor,
    birth_year: int | None = None,
    sketch: str = "",
    goals: str = "",
    habits: str = "",
    quote: str = "",
    channels: Sequence[str] = (),
    segment_key: str = "",
    photo_id: uuid.UUID | None = None,
) -> PersonaView:
    """`channels` with the dearest first; `quote` may be several, each a line.

    Raises BadInput without a name or with a birth year that can't be, NotFound for a segment that isn't
    there.
    """
    acting_user.require(EDIT)
    persona = Persona.objects.create(
        brand_id=acting_user.brand_id,
        name=_name(name),
        birth_year=_birth_year(birth_year),
        channels=_channels(channels),
        segment_id=segment_id_of(segment_key, acting_user),
        photo=picture_of(photo_id, acting_user),
        **_texts({"sketch": sketch, "goals": goals, "habits": habits, "quote": quote}),
    )
    record(acting_user, "persona added", "persona", persona.pk, {"name": persona.name})
    return persona_view(persona)


@transaction.atomic
def edit_persona(
    persona_id: uuid.UUID,
    *,
    acting_user: Actor,
    name: str | None = None,
    birth_year: int | None = None,
    without_birth_year: bool = False,
    sketch: str | None = None,
    goals: str | None = None,
    habits: str | None = None,
    quote: str | None = None,
    channels: Sequence[str] | None = None,
    segment_key: str | None = None,
    photo_id: uuid.UUID | None = None,
    without_photo: bool = False,
) -> PersonaView:
    """Changes what is given; None leaves it as it is. Raises BadInput, NotFound."""
    persona = _locked(persona_id, acting_user)
    before = _told(persona)
    persona.name = persona.name if name is None else _name(name)
    if birth_year is not None or without_birth_year:
        persona.birth_year = None if without_birth_year else _birth_year(birth_year)
    given = {"sketch": sketch, "goals": goals, "habits": habits, "quote": quote}
    for field, text in _texts({field: text for field, text in given.items() if text is not None}).items():
        setattr(persona, field, text)
    if channels is not None:
        persona.channels = _channels(channels)
    if segment_key is not None:
        persona.segment_id = segment_id_of(segment_key, acting_user)
    if photo_id is not None or without_photo:
        persona.photo = None if without_photo else picture_of(photo_id, acting_user)
    persona.save()
    data = {"name": persona.name, "before": before, "after": _told(persona)}
    record(acting_user, "persona changed", "persona", persona.pk, data)
    return persona_view(persona)


@transaction.atomic
def duplicate_persona(persona_id: uuid.UUID, *, acting_user: Actor) -> PersonaView:
    persona = _locked(persona_id, acting_user)
    name = _("{name}, copy").format(name=persona.name)[:80]
    copy = Persona.objects.create(
        brand_id=persona.brand_id,
        name=name,
        birth_year=persona.birth_year,
        channels=persona.channels,
        segment_id=persona.segment_id,
        photo=persona.photo,
        **{field: getattr(persona, field) for field in _MOST},
    )
    record(acting_user, "persona added", "persona", copy.pk, {"name": name, "from": str(persona.pk)})
    return persona_view(copy)


@transaction.atomic
def remove_persona(persona_id: uuid.UUID, *, acting_user: Actor) -> PersonaView:
    """Takes a persona off the list and off its journeys; `restore_persona` brings it back to all of them."""
    persona = _locked(persona_id, acting_user)
    persona.deleted_at = now()
    persona.save(update_fields=["deleted_at"])
    record(acting_user, "persona removed", "persona", persona.pk, {"name": persona.name})
    return persona_view(persona)


@transaction.atomic
def restore_persona(persona_id: uuid.UUID, *, acting_user: Actor) -> PersonaView:
    """Raises NotFound unless it was removed."""
    persona = _locked(persona_id, acting_user, deleted=True)
    persona.deleted_at = None
    persona.save(update_fields=["deleted_at"])
    record(acting_user, "persona restored", "persona", persona.pk, {"name": persona.name})
    return persona_view(persona)


def _locked(persona_id: uuid.UUID, acting_user: Actor, *, deleted: bool = False) -> Persona:
    acting_user.require(EDIT)
    rows = Persona.objects.select_for_update(of=("self",)).filter(
        pk=persona_id, brand_id=acting_user.brand_id, deleted_at__isnull=not deleted
    )
    persona = rows.select_related("photo").first()
    if persona is None:
        raise NotFound(_("There is no such persona."), remedy=_("It may have been removed."))
    return persona


def _name(name: str) -> str:
    return clean(name, where="name", most=80, line=True, required=True)


def _birth_year(year: int | None) -> int | None:
    if year is not None and not EARLIEST_BIRTH <= year <= now().year:
        raise BadInput(_("“{year}” is not a year of birth.").format(year=year), where="birth_year")
    return year


def _texts(given: dict[str, str]) -> dict[str, str]:
    return {field: clean(text, where=field, most=_MOST[field]) for field, text in given.items()}


def _channels(names: Sequence[str]) -> list[str]:
    """Each once, in the order given. Raises BadInput for too many."""
    tidy = [clean(name, where="channels", most=60, line=True) for name in names]
    found = list(dict.fromkeys(name for name in tidy if name))
    if len(found) > MOST_CHANNELS:
        raise BadInput(_("A persona has at most {n} channels.").format(n=MOST_CHANNELS), where="channels")
    return found


def _told(persona: Persona) -> dict[str, Any]:
    facts = {field: getattr(persona, field) for field in ("name", "birth_year", "channels", *_MOST)}
    photo = str(persona.photo_id) if persona.photo_id else None
    segment = str(persona.segment_id) if persona.segment_id else None
    return {**facts, "photo": photo, "segment": segment}
