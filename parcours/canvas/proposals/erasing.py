"""Customers' words that proposals quote, for export and erasure."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction

from parcours.canvas.proposals.models import JourneyDraft, Proposal

SAID = "words quoted in proposals"


class ProposalRecords:
    """Each sample in the facts of a proposal knows whose words it is."""

    name = "proposals"

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        wanted = set(customer_ids)
        rows = [
            {"text": sample["text"], "at": row.created_at.isoformat()}
            for row in _quoting(brand_id)
            for sample in row.facts["samples"]
            if sample.get("customer") in wanted
        ]
        return {SAID: rows} if rows else {}

    @transaction.atomic
    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        """Their words go; where a proposal took its title from them, the proposal goes too. Drafts that
        nobody stored yet are let go of whole: they can be made again.
        """
        wanted, gone = set(customer_ids), 0
        for row in _quoting(brand_id).select_for_update():
            theirs = [sample for sample in row.facts["samples"] if sample.get("customer") in wanted]
            if not theirs:
                continue
            gone += len(theirs)
            if row.facts.get("words") in {sample["text"] for sample in theirs}:
                row.delete()
                continue
            row.facts["samples"] = [each for each in row.facts["samples"] if each not in theirs]
            row.save(update_fields=["facts"])
        if gone:
            JourneyDraft.objects.filter(brand_id=brand_id, journey=None).delete()
        return {SAID: gone} if gone else {}


def _quoting(brand_id: uuid.UUID) -> Any:
    return Proposal.objects.filter(journey__brand_id=brand_id, facts__has_key="samples")


RECORDS = ProposalRecords()
