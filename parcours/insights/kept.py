"""Numbers that were counted once: in this process, and in the database for the others and the next start.

A digest of everything they depend on names them, so nothing kept is ever wrong; what can't be asked for any
more is deleted.
"""

import hashlib
import uuid
from collections.abc import Callable
from threading import Lock

import msgspec

from parcours.accounts.models import Brand
from parcours.core.recent import Recent
from parcours.insights.models import KeptNumbers
from parcours.insights.shapes import CanvasNumbers

MOST_IN_MEMORY = 128
MOST_STORED = 40
"""Answers a journey; the default view, a dozen periods and generations fit many times."""

_in_memory: Recent[str, CanvasNumbers] = Recent(MOST_IN_MEMORY)
_counting_lock = Lock()


def digest_of(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def kept_or_counted(
    brand: Brand, journey: uuid.UUID, digest: str, count: Callable[[], CanvasNumbers]
) -> CanvasNumbers:
    """The numbers with this digest: from memory, else from the database, else counted now and kept.

    One thread of a process counts at a time: the counting itself uses all cores.
    """
    found = _in_memory.get(digest) or _stored(journey, digest)
    if found is not None:
        return _in_memory.keep(digest, found)
    with _counting_lock:
        found = _in_memory.get(digest)
        if found is None:
            found = _in_memory.keep(digest, count())
            _store(brand, journey, digest, found)
    return found


def forget_everything_in_memory() -> None:
    _in_memory.forget()


def _stored(journey: uuid.UUID, digest: str) -> CanvasNumbers | None:
    rows = KeptNumbers.objects.filter(journey_id=journey, digest=digest)
    data = rows.values_list("numbers", flat=True).first()
    return None if data is None else msgspec.convert(data, CanvasNumbers)


def _store(brand: Brand, journey: uuid.UUID, digest: str, numbers: CanvasNumbers) -> None:
    KeptNumbers.objects.bulk_create(
        [
            KeptNumbers(
                brand=brand,
                journey_id=journey,
                digest=digest,
                numbers=msgspec.to_builtins(numbers),
                computed_at=numbers.computed_at,
            )
        ],
        ignore_conflicts=True,
    )
    kept = KeptNumbers.objects.filter(journey_id=journey).order_by("-computed_at").values("pk")[:MOST_STORED]
    KeptNumbers.objects.filter(journey_id=journey).exclude(
        pk__in=list(kept.values_list("pk", flat=True))
    ).delete()
