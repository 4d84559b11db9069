import uuid
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.models import Card, CardLease
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import CardView
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.live.writes import publish

HELD_FOR = timedelta(seconds=45)
"""Clients ask again every 20 seconds while somebody edits; a closed browser is forgotten after this."""


@transaction.atomic
def take_lease(journey_id: uuid.UUID, card_id: uuid.UUID, *, acting_user: Actor) -> CardView:
    """Tells the others that this actor is editing, unless somebody else is: see `leased_by` of the answer."""
    card = _card(journey_id, card_id, acting_user)
    held = CardLease.objects.filter(card=card, until__gt=now()).first()
    if held is None or held.actor_id == acting_user.id:
        CardLease.objects.update_or_create(
            card=card,
            defaults={"actor_id": acting_user.id, "label": acting_user.label, "until": now() + HELD_FOR},
        )
        if held is None:
            _tell(card, acting_user, acting_user.label)
    return reads.card(acting_user.brand_id, journey_id, card_id)


@transaction.atomic
def release_lease(journey_id: uuid.UUID, card_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Tells the others that this actor has stopped editing; somebody else's lease stays."""
    card = _card(journey_id, card_id, acting_user)
    released, _models = CardLease.objects.filter(card=card, actor_id=acting_user.id).delete()
    if released:
        _tell(card, acting_user, None)


def _card(journey_id: uuid.UUID, card_id: uuid.UUID, acting_user: Actor) -> Card:
    acting_user.require(EDIT)
    rows = Card.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk=card_id, journey_id=journey_id, journey__brand_id=acting_user.brand_id, journey__deleted_at=None
    )
    card = rows.filter(deleted_at=None).first()
    if card is None:
        raise NotFound(_("There is no such card."), remedy=_("It may have been deleted."))
    return card


def _tell(card: Card, acting_user: Actor, label: str | None) -> None:
    actor_id = str(acting_user.id) if acting_user.id else None
    payload = {"card": str(card.pk), "label": label, "actor": {"id": actor_id, "label": acting_user.label}}
    publish(acting_user.brand_id, f"journey:{card.journey_id}", "lease.changed", payload)
