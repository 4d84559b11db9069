"""Segments by one kind of name: the brand's own have an id, the generations a word.

Whatever points at a segment (a journey, a persona) keeps an id; that of a generation is made from its word
and the same everywhere.
"""

import uuid

from parcours.customers.segments.generations import GENERATIONS

_NAMESPACE = uuid.UUID("5b9a7c1e-6f0d-5c55-9a6c-3f1f8d2f4e10")
_ID_OF = {generation.key: uuid.uuid5(_NAMESPACE, generation.key) for generation in GENERATIONS}
_KEY_OF = {identifier: key for key, identifier in _ID_OF.items()}


def id_of_segment(key: str) -> uuid.UUID | None:
    """The id that stands for a segment's key; None for what can't be one, and for everybody (no key)."""
    if key in _ID_OF:
        return _ID_OF[key]
    try:
        return uuid.UUID(key)
    except ValueError:
        return None


def key_of_segment(identifier: uuid.UUID | None) -> str:
    """The key of the segment with that id; empty for everybody."""
    return "" if identifier is None else _KEY_OF.get(identifier, str(identifier))
