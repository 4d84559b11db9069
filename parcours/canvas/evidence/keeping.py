"""What counting found out is kept here, and what follows from it is done once: marks, standings, reviews."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from parcours.accounts.rights import Actor
from parcours.canvas.evidence.enums import Standing
from parcours.canvas.evidence.models import CardStanding, Evidence, EvidenceCount
from parcours.canvas.evidence.reads import proofs, standings_known
from parcours.canvas.evidence.shapes import Counted, Proof
from parcours.canvas.models import Card
from parcours.core.clock import now
from parcours.customers.erasure.gone import gone
from parcours.live.writes import publish

REVIEWED = (Standing.OLD, Standing.CONTESTED)
OLD_REASON, CONTESTED_REASON = "evidence-old", "evidence-contested"


@transaction.atomic
def keep_counts(brand_id: uuid.UUID, counts: Mapping[uuid.UUID, Counted]) -> None:
    """Stores what was counted; the words of people whose erasure has begun are not stored again."""
    rows = Evidence.objects.select_for_update(no_key=True).filter(brand_id=brand_id, pk__in=list(counts))
    there = set(rows.values_list("pk", flat=True))
    erased = gone(brand_id, {sample[3] for each in counts.values() for sample in each.samples})
    moment = now()
    EvidenceCount.objects.bulk_create(
        [
            EvidenceCount(
                evidence_id=pk,
                digest=each.digest,
                events=each.events,
                customers=each.customers,
                share=each.share,
                weeks=list(each.weeks),
                samples=[
                    {"text": text, "at": at.isoformat(), "channel": channel, "customer": customer}
                    for text, at, channel, customer in each.samples
                    if customer not in erased
                ],
                last_at=each.last_at,
                problem=each.problem,
                computed_at=moment,
            )
            for pk, each in counts.items()
            if pk in there
        ],
        update_conflicts=True,
        unique_fields=["evidence"],
        update_fields=[
            "digest", "events", "customers", "share", "weeks", "samples", "last_at", "problem", "computed_at"
        ],
    )  # fmt: skip


def notice_standings(
    brand_id: uuid.UUID, *, acting_user: Actor, before: Mapping[uuid.UUID, Proof] | None = None
) -> list[uuid.UUID]:
    """Compares how cards stand with how they stood: tells open canvases, and opens a review for each card
    whose evidence grew old or was outweighed since. Returns the cards whose standing changed.

    `before` are the marks as they were drawn; without it only changed standings are told.
    """
    known, current = standings_known(brand_id), proofs(brand_id)
    changed = {
        card: (known.get(card, Standing.NONE), proof)
        for card, proof in current.items()
        if known.get(card, Standing.NONE) != proof.standing
    }
    lost = [card for card, standing in known.items() if card not in current and standing != Standing.NONE]
    changed |= {card: (known[card], Proof()) for card in lost}
    looks_else = set(changed)
    if before is not None:
        looks_else |= {card for card, proof in current.items() if before.get(card) != proof}
    cards = Card.objects.select_related("journey").in_bulk(list(looks_else))
    for card_id, (old, proof) in changed.items():
        if (card := cards.get(card_id)) is not None:
            _note(card, old, proof, acting_user)
    _tell(brand_id, cards.values())
    return list(changed)


@transaction.atomic
def _note(card: Card, old: str, proof: Proof, acting_user: Actor) -> None:
    moment = now()
    CardStanding.objects.update_or_create(
        card=card, defaults={"standing": proof.standing, "before": old, "changed_at": moment}
    )
    if proof.standing not in REVIEWED or card.deleted_at is not None or card.journey.deleted_at is not None:
        return
    from parcours.canvas.reviews.writes import open_review

    contested = proof.standing == Standing.CONTESTED
    facts: dict[str, Any] = {"days": proof.days, "supporting": proof.supporting, "against": proof.against}
    if contested:
        facts |= {"for_customers": proof.for_customers, "against_customers": proof.against_customers}
    open_review(
        card.journey_id,
        reason=CONTESTED_REASON if contested else OLD_REASON,
        facts=facts,
        card_id=card.pk,
        acting_user=acting_user,
    )


@transaction.atomic
def _tell(brand_id: uuid.UUID, cards: Collection[Card]) -> None:
    """Whoever has the canvas open fetches these cards again."""
    for card in cards:
        payload = {"card": str(card.pk), "revision": card.revision, "actor": {"id": None, "label": ""}}
        publish(brand_id, f"journey:{card.journey_id}", "card.marked", payload)
