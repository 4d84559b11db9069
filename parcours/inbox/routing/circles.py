"""Queues flow over into others; what would go round in a circle is told from what ends somewhere."""

import uuid
from collections.abc import Mapping

Following = Mapping[uuid.UUID, uuid.UUID | None]
"""By queue the one into which it flows over."""


def leads_to(begin: uuid.UUID, end: uuid.UUID, following: Following) -> bool:
    """Whether what flows on and on from one queue comes to the other; from itself only by a circle."""
    step = following.get(begin)
    for _each in following:
        if step is None or step == end:
            break
        step = following.get(step)
    return step == end
