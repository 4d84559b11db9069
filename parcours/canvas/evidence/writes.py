"""Giving evidence, changing and confirming it: whoever may suggest may give; editors may change all."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.evidence.given import columns, same_as
from parcours.canvas.evidence.models import Evidence, EvidenceConfirmation, EvidenceCount, EvidenceDays
from parcours.canvas.evidence.reads import evidence
from parcours.canvas.evidence.shapes import EvidenceView, Given
from parcours.canvas.models import Card, Journey
from parcours.canvas.rights import EDIT
from parcours.canvas.writes.common import actor_payload, clean, locked_journey
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.registry import changed_evidence
from parcours.journal.writes import record
from parcours.live.writes import publish

SUGGEST = "canvas.suggest"
MOST_PIECES = 50
FEWEST_DAYS, MOST_DAYS = 1, 3_650


@transaction.atomic
def add_evidence(
    journey_id: uuid.UUID, card_id: uuid.UUID, given: Given, *, acting_user: Actor
) -> EvidenceView:
    """Gives a card a piece of evidence. Raises BadInput, NotFound, Conflict when the card has it already."""
    journey = locked_journey(journey_id, acting_user, right=SUGGEST)
    card = _card(journey, card_id)
    there = Evidence.objects.filter(card=card, deleted_at=None)
    if there.count() >= MOST_PIECES:
        raise BadInput(_("A card has at most {n} pieces of evidence.").format(n=MOST_PIECES))
    values = columns(journey.brand, given)
    same = same_as(values)
    if same is not None and there.filter(**same).exists():
        raise Conflict(
            _("This card has this evidence already."), remedy=_("Open the card to see or change it.")
        )
    row = Evidence.objects.create(
        brand_id=journey.brand_id,
        card=card,
        author_id=acting_user.id,
        author_label=acting_user.label[:160],
        created_at=now(),
        **values,
    )
    _tell(acting_user, journey, "evidence added", row, count=True)
    return evidence(journey.brand, journey_id, row.pk)


@transaction.atomic
def edit_evidence(
    journey_id: uuid.UUID, evidence_id: uuid.UUID, given: Given, *, acting_user: Actor
) -> EvidenceView:
    """Replaces what a piece says; it stays of its kind. Raises BadInput, NotFound."""
    journey = locked_journey(journey_id, acting_user, right=SUGGEST)
    row = _own(journey, evidence_id, acting_user)
    if given.kind != row.kind:
        raise BadInput(_("A piece of evidence stays of its kind."), where="kind")
    values = columns(journey.brand, given)
    asks_else = any(
        getattr(row, name) != values.get(name, getattr(row, name))
        for name in ("rule", "asked", "words", "period", "segment")
    )
    before = {
        name: _plain(getattr(row, name)) for name, value in values.items() if getattr(row, name) != value
    }
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    if asks_else:
        EvidenceCount.objects.filter(evidence=row).delete()
    _tell(acting_user, journey, "evidence changed", row, count=asks_else, before=before)
    return evidence(journey.brand, journey_id, row.pk)


@transaction.atomic
def remove_evidence(journey_id: uuid.UUID, evidence_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Takes a piece off its card; `restore_evidence` brings it back."""
    journey = locked_journey(journey_id, acting_user, right=SUGGEST)
    row = _own(journey, evidence_id, acting_user)
    row.deleted_at = now()
    row.save(update_fields=["deleted_at"])
    _tell(acting_user, journey, "evidence removed", row, count=True)


@transaction.atomic
def restore_evidence(journey_id: uuid.UUID, evidence_id: uuid.UUID, *, acting_user: Actor) -> EvidenceView:
    journey = locked_journey(journey_id, acting_user, right=SUGGEST)
    row = _own(journey, evidence_id, acting_user, deleted=True)
    row.deleted_at = None
    row.save(update_fields=["deleted_at"])
    _tell(acting_user, journey, "evidence restored", row, count=True)
    return evidence(journey.brand, journey_id, row.pk)


@transaction.atomic
def confirm_evidence(
    journey_id: uuid.UUID, evidence_id: uuid.UUID, *, acting_user: Actor, note: str = ""
) -> EvidenceView:
    """“I looked, and it is still true.” Raises BadInput, NotFound."""
    journey = locked_journey(journey_id, acting_user, right=SUGGEST)
    row = _row(journey, evidence_id)
    EvidenceConfirmation.objects.create(
        evidence=row,
        note=clean(note, where="note", most=300, line=True),
        actor_id=acting_user.id,
        actor_label=acting_user.label[:160],
        at=now(),
    )
    _tell(acting_user, journey, "evidence confirmed", row, count=True)
    return evidence(journey.brand, journey_id, row.pk)


@transaction.atomic
def set_evidence_days(ageing: int, old: int, *, acting_user: Actor) -> None:
    """After how many days this brand calls evidence ageing, and old. Raises BadInput."""
    acting_user.require(EDIT)
    if not (FEWEST_DAYS <= ageing < old <= MOST_DAYS):
        raise BadInput(
            _("Evidence first ages, then it is old: give two numbers of days, the second larger."),
            where="old",
        )
    EvidenceDays.objects.update_or_create(
        brand_id=acting_user.brand_id, defaults={"ageing": ageing, "old": old}
    )
    record(acting_user, "evidence days set", "brand", acting_user.brand_id, {"ageing": ageing, "old": old})
    _ask_to_count(acting_user.brand_id)


def _card(journey: Journey, card_id: uuid.UUID) -> Card:
    standing = {"deleted_at": None, "stage__deleted_at": None, "lane__deleted_at": None}
    card = Card.objects.filter(journey=journey, pk=card_id, **standing).first()
    if card is None:
        raise NotFound(_("There is no such card."), remedy=_("It may have been deleted."))
    return card


def _row(journey: Journey, evidence_id: uuid.UUID, *, deleted: bool = False) -> Evidence:
    rows = Evidence.objects.select_related("card").filter(
        pk=evidence_id, card__journey=journey, deleted_at__isnull=not deleted
    )
    found = rows.first()
    if found is None:
        raise NotFound(_("There is no such evidence."), remedy=_("It may have been removed."))
    return found


def _own(journey: Journey, evidence_id: uuid.UUID, acting_user: Actor, *, deleted: bool = False) -> Evidence:
    """A piece that this person may change: their own, or any with the right to edit. Raises Forbidden."""
    row = _row(journey, evidence_id, deleted=deleted)
    if acting_user.id is None or row.author_id != acting_user.id:
        acting_user.require(EDIT)
    return row


def _tell(
    acting_user: Actor,
    journey: Journey,
    verb: str,
    row: Evidence,
    *,
    count: bool,
    before: dict[str, Any] | None = None,
) -> None:
    """Journal, a count when it is needed, and the card's marks anew wherever it is looked at."""
    told = {"card": str(row.card_id), "side": row.side, "source": row.source, "title": row.title}
    data = {"journey": str(journey.pk), **told, **({"before": before} if before else {})}
    record(acting_user, verb, "evidence", row.pk, data)
    if count:
        _ask_to_count(journey.brand_id)
    payload = {"card": str(row.card_id), "revision": row.card.revision, "actor": actor_payload(acting_user)}
    publish(journey.brand_id, f"journey:{journey.pk}", "card.marked", payload)


def _ask_to_count(brand_id: uuid.UUID) -> None:
    for handler in changed_evidence.all().values():
        handler(brand_id)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
