"""What stands on cards beside their own words: counts that other parts of a canvas keep about them.

Each field is filled by one query for all cards of a canvas, however many there are.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from parcours.accounts.rights import Actor


@dataclass(frozen=True, slots=True)
class CardMarks:
    """About one card. Hashable: a card that looks the same is drawn once (see `drawing`)."""


NONE = CardMarks()


def marks_on(
    actor: Actor,  # noqa: ARG001
    journey_id: uuid.UUID,  # noqa: ARG001
    card_ids: Collection[uuid.UUID] | None = None,  # noqa: ARG001
) -> Mapping[uuid.UUID, CardMarks]:
    """By card, for those that have any; of the whole canvas, or of `card_ids` only."""
    return {}
