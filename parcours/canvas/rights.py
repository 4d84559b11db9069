import uuid

from parcours.accounts.rights import Actor
from parcours.canvas.models import Journey

VIEW = "canvas.view"
EDIT = "canvas.edit"
SUGGEST = "canvas.suggest"
COMMENT = "canvas.comment"


def may_follow_journey(actor: Actor, identifier: str) -> bool:
    """May this actor follow the live topic `journey:<identifier>`?"""
    try:
        journey_id = uuid.UUID(identifier)
    except ValueError:
        return False
    return (
        actor.may(VIEW)
        and Journey.objects.filter(pk=journey_id, brand_id=actor.brand_id, deleted_at=None).exists()
    )
