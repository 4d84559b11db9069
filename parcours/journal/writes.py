import uuid
from typing import Any

from parcours.accounts.rights import Actor
from parcours.journal.models import Entry


def record(
    acting_user: Actor,
    verb: str,
    target_kind: str,
    target_id: uuid.UUID | int | str,
    data: dict[str, Any] | None = None,
) -> None:
    """Notes who did what to what, in the transaction of the write itself.

    `verb` is in the past tense (`card moved`), `data` holds what tells the story: old and new
    values, never secrets.
    """
    Entry.objects.create(
        brand_id=acting_user.brand_id,
        actor_kind=acting_user.kind,
        actor_id=acting_user.id,
        actor_label=acting_user.label,
        verb=verb,
        target_kind=target_kind,
        target_id=str(target_id),
        data=data or {},
    )
