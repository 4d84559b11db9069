"""What customers said, where evidence on the cards of a stage shows it already."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _

from parcours.canvas.evidence.models import EvidenceCount
from parcours.core.errors import NotFound

MOST_SAMPLES = 12


@dataclass(frozen=True, slots=True)
class SampleQuote:
    """`key` names it within its stage."""

    key: str
    text: str
    source: str
    customer_id: int | None


def samples_of_stage(
    journey_id: uuid.UUID, stage_id: uuid.UUID, *, but: Collection[str] = (), most: int = MOST_SAMPLES
) -> tuple[SampleQuote, ...]:
    """In one query, the newest first; without those that say `but` the same."""
    rows = EvidenceCount.objects.filter(
        evidence__deleted_at=None,
        evidence__card__journey_id=journey_id,
        evidence__card__stage_id=stage_id,
        evidence__card__deleted_at=None,
    ).exclude(samples=[])
    kept = sorted(
        (each for row in rows for each in row.samples), key=lambda each: str(each["at"]), reverse=True
    )
    found: dict[str, SampleQuote] = {}
    for each in kept:
        text = str(each["text"])[:500]
        if text in but:
            continue
        key = sha256(text.encode()).hexdigest()[:16]
        source = ", ".join(part for part in (str(each.get("channel") or ""), str(each["at"])[:10]) if part)
        found.setdefault(key, SampleQuote(key, text, source, each.get("customer")))
    return tuple(found.values())[:most]


def sample_of(journey_id: uuid.UUID, stage_id: uuid.UUID, key: str) -> SampleQuote:
    """Raises NotFound for words that are shown no more."""
    for sample in samples_of_stage(journey_id, stage_id, most=10_000):
        if sample.key == key:
            return sample
    raise NotFound(_("These words aren’t shown as evidence any more."))
