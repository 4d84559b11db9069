import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.models import Persona
from parcours.canvas.reads import persona_view
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import PersonaView
from parcours.canvas.writes.common import clean
from parcours.canvas.writes.pictures import picture_of
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.journal.writes import record


@transaction.atomic
def add_persona(
    name: str,
    *,
    acting_user: Actor,
    birth_year: int | None = None,
    sketch: str = "",
    goals: str = "",
    quote: str = "",
    photo_id: uuid.UUID | None = None,
) -> PersonaView:
    """Raises BadInput without a name or with a birth year that can't be."""
    acting_user.require(EDIT)
    if birth_year is not None and not 1900 <= birth_year <= now().year:
        raise BadInput(_("“{year}” is not a year of birth.").format(year=birth_year), where="birth_year")
    persona = Persona.objects.create(
        brand_id=acting_user.brand_id,
        name=clean(name, where="name", most=80, line=True, required=True),
        birth_year=birth_year,
        sketch=clean(sketch, where="sketch", most=4_000),
        goals=clean(goals, where="goals", most=4_000),
        quote=clean(quote, where="quote", most=300),
        photo=picture_of(photo_id, acting_user),
    )
    record(acting_user, "persona added", "persona", persona.pk, {"name": persona.name})
    return persona_view(persona)
