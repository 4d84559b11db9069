"""What every write on a canvas does: check the right, lock the journey, then rows, journal, publish."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.models import Journey
from parcours.canvas.rights import EDIT
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.core.text import one_line
from parcours.journal.writes import record
from parcours.live.writes import publish


def locked_journey(
    journey_id: uuid.UUID, acting_user: Actor, *, deleted: bool = False, right: str = EDIT
) -> Journey:
    """The journey, kept for this transaction: changes of one canvas happen one after the other.

    Raises Forbidden without the right, NotFound for a journey that isn't there or another brand's.
    """
    acting_user.require(right)
    rows = Journey.objects.select_for_update(no_key=True).filter(
        pk=journey_id, brand_id=acting_user.brand_id, deleted_at__isnull=not deleted
    )
    journey = rows.first()
    if journey is None:
        raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted."))
    return journey


def touch(journey: Journey, *, rules: bool = False) -> None:
    """Notes that the canvas changed; `rules` when its numbers must be counted anew."""
    journey.updated_at = now()
    journey.rules_revision += int(rules)
    journey.save(update_fields=["updated_at", "rules_revision"])


def tell(
    acting_user: Actor,
    journey: Journey,
    verb: str,
    target_kind: str,
    target_id: uuid.UUID,
    *,
    data: dict[str, Any],
    event: str,
    payload: dict[str, Any],
) -> None:
    """Journal, then the live message: the last two things of a write."""
    record(acting_user, verb, target_kind, target_id, {"journey": str(journey.pk), **data})
    publish(
        journey.brand_id, f"journey:{journey.pk}", event, {**payload, "actor": actor_payload(acting_user)}
    )


def tell_structure(
    acting_user: Actor, journey: Journey, verb: str, target: tuple[str, uuid.UUID], data: dict[str, Any]
) -> None:
    """The same for what isn't a card; `target` is its kind and id. Clients load the canvas afresh."""
    payload = {"what": verb, "rules_revision": journey.rules_revision}
    tell(acting_user, journey, verb, *target, data=data, event="journey.changed", payload=payload)


def actor_payload(acting_user: Actor) -> dict[str, str | None]:
    return {"id": str(acting_user.id) if acting_user.id else None, "label": acting_user.label}


def clean(text: str, *, where: str, most: int, line: bool = False, required: bool = False) -> str:
    """Text as it is stored: no surrounding space, no NUL characters, \\n as line end; one line for `line`.

    Raises BadInput when it is too long, or empty though `required`.
    """
    tidy = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if line:
        tidy = one_line(tidy)
    if len(tidy) > most:
        raise BadInput(
            _("This text has {n} characters; at most {most} fit here.").format(n=len(tidy), most=most),
            where=where,
        )
    if required and not tidy:
        raise BadInput(_("This can't be empty."), where=where)
    return tidy
