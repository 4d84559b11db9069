"""Taking back what accepting a proposal did, from the outcome that was kept with it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.core.errors import Conflict, NotFound


def take_back(journey_id: uuid.UUID, outcome: Mapping[str, Any], acting_user: Actor) -> None:
    """Undoes what `changes.carry_out` answered with; what somebody took away since stays away.

    Raises CardConflict when a card that was edited has been edited again, NotFound when it is gone.
    """
    undoing = _Undoing(journey_id, outcome, acting_user)
    for name, (undo, must) in _UNDOES.items():
        if name not in outcome:
            continue
        try:
            undo(undoing, uuid.UUID(str(outcome[name])))
        except (NotFound, Conflict):
            if must:
                raise


@dataclass(frozen=True, slots=True)
class _Undoing:
    journey_id: uuid.UUID
    outcome: Mapping[str, Any]
    acting_user: Actor

    def added_card(self, pk: uuid.UUID) -> None:
        card = reads.card(self.acting_user.brand_id, self.journey_id, pk)
        writes.delete_card(
            self.journey_id, card.id, expected_revision=card.revision, acting_user=self.acting_user
        )

    def edited_card(self, pk: uuid.UUID) -> None:
        writes.edit_card(
            self.journey_id,
            pk,
            expected_revision=int(self.outcome["revision"]),
            acting_user=self.acting_user,
            **self.outcome["before"],
        )

    def deleted_card(self, pk: uuid.UUID) -> None:
        writes.restore_card(self.journey_id, pk, acting_user=self.acting_user)

    def added_touchpoint(self, pk: uuid.UUID) -> None:
        writes.remove_touchpoint(self.journey_id, pk, acting_user=self.acting_user)

    def renamed_touchpoint(self, pk: uuid.UUID) -> None:
        writes.edit_touchpoint(self.journey_id, pk, acting_user=self.acting_user, **self.outcome["before"])

    def removed_touchpoint(self, pk: uuid.UUID) -> None:
        writes.restore_touchpoint(self.journey_id, pk, acting_user=self.acting_user)

    def moved_stage(self, pk: uuid.UUID) -> None:
        writes.move_stage(
            self.journey_id, pk, int(self.outcome["before"]["position"]), acting_user=self.acting_user
        )


_UNDOES: Mapping[str, tuple[Callable[[_Undoing, uuid.UUID], None], bool]] = {
    "card": (_Undoing.added_card, False),
    "edited_card": (_Undoing.edited_card, True),
    "deleted_card": (_Undoing.deleted_card, True),
    "touchpoint": (_Undoing.added_touchpoint, False),
    "renamed_touchpoint": (_Undoing.renamed_touchpoint, False),
    "removed_touchpoint": (_Undoing.removed_touchpoint, False),
    "moved_stage": (_Undoing.moved_stage, False),
}
"""By the name that an outcome has: how to undo it, and whether failing to must be said."""
