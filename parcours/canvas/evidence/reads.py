"""Reading evidence: one query for all cards of a canvas, three for everything about one of them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.canvas.evidence.enums import EvidenceKind, Standing
from parcours.canvas.evidence.models import (
    CardStanding,
    Evidence,
    EvidenceConfirmation,
    EvidenceCount,
    EvidenceDays,
)
from parcours.canvas.evidence.shapes import (
    CardProof,
    ConfirmationView,
    CountView,
    Coverage,
    Days,
    EvidenceView,
    Proof,
    Sample,
    ToCount,
)
from parcours.canvas.evidence.standing import Weighed, by_age, last_confirmed, proof_of
from parcours.canvas.models import Card
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import Board
from parcours.core.clock import now
from parcours.core.errors import NotFound, ParcoursError
from parcours.core.periods import read_period
from parcours.customers.reads import segment as named_segment

MONTH = timedelta(days=30)
STANDING = Q(deleted_at=None)
ON_THE_MAP = Q(
    card__deleted_at=None,
    card__stage__deleted_at=None,
    card__lane__deleted_at=None,
    card__journey__deleted_at=None,
)


def days_of(brand_id: uuid.UUID) -> Days:
    """When evidence ages for this brand."""
    row = EvidenceDays.objects.filter(brand_id=brand_id).first()
    return Days(row.ageing, row.old) if row else Days()


def evidence_of(brand: Brand, journey_id: uuid.UUID, card_id: uuid.UUID) -> tuple[EvidenceView, ...]:
    """Everything a card stands on, the newest first; nothing for a card that isn't there."""
    rows = _rows(brand).filter(STANDING, card_id=card_id, card__journey_id=journey_id)
    days = days_of(brand.pk)
    return tuple(_view(brand, row, days) for row in rows)


def evidence_on(brand: Brand, journey_id: uuid.UUID) -> Mapping[uuid.UUID, tuple[EvidenceView, ...]]:
    """The same for every card of a canvas that has any, by card."""
    days = days_of(brand.pk)
    found: dict[uuid.UUID, list[EvidenceView]] = defaultdict(list)
    for row in _rows(brand).filter(STANDING, card__journey_id=journey_id):
        found[row.card_id].append(_view(brand, row, days))
    return {card: tuple(pieces) for card, pieces in found.items()}


def evidence(
    brand: Brand, journey_id: uuid.UUID, evidence_id: uuid.UUID, *, deleted: bool = False
) -> EvidenceView:
    """One piece. Raises NotFound."""
    rows = _rows(brand).filter(pk=evidence_id, card__journey_id=journey_id)
    row = (rows if deleted else rows.filter(STANDING)).first()
    if row is None:
        raise NotFound(_("There is no such evidence."), remedy=_("It may have been removed."))
    return _view(brand, row, days_of(brand.pk))


def any_evidence(brand_id: uuid.UUID) -> bool:
    """Whether any card of the brand has evidence, the deleted ones aside."""
    return Evidence.objects.filter(brand_id=brand_id, deleted_at=None, card__deleted_at=None).exists()


def proofs(
    brand_id: uuid.UUID, journey_id: uuid.UUID | None = None, card_ids: Collection[uuid.UUID] | None = None
) -> Mapping[uuid.UUID, Proof]:
    """How cards stand, by card, for those with any evidence; of a canvas, of some cards or of the brand."""
    moment = now()
    return {
        card: proof_of(pieces, moment, days)
        for card, (pieces, days) in _weighed(brand_id, journey_id, card_ids).items()
    }


def cards_of(brand: Brand, board: Board) -> tuple[CardProof, ...]:
    """Every card of a canvas with its standing, by stage, then as they stand: two queries."""
    moment = now()
    weighed = _weighed(brand.pk, board.journey.id, None)
    since = moment - MONTH
    changed = {
        row.card_id: row
        for row in CardStanding.objects.filter(card__journey_id=board.journey.id, changed_at__gte=since)
    }
    stages = {stage.id: stage for stage in board.stages}
    found = []
    for card in board.cards:
        pieces, days = weighed.get(card.id, ([], Days()))
        change = changed.get(card.id)
        stage = stages[card.stage_id]
        found.append(
            CardProof(
                card_id=card.id,
                title=card.title,
                kind=card.kind,
                kind_label=card.kind_label,
                stage_id=stage.id,
                stage=stage.name,
                stage_number=stage.number,
                proof=proof_of(pieces, moment, days),
                confirmed_at=last_confirmed(pieces),
                changed_from=change.before if change and _is_news(change) else "",
                changed_at=change.changed_at if change else None,
                added=sum(piece.created_at >= since for piece in pieces),
            )
        )
    return tuple(sorted(found, key=lambda each: each.stage_number))


def _is_news(change: CardStanding) -> bool:
    """Not the first evidence of a card: that is told as something given."""
    return change.before not in {change.standing, Standing.NONE.value}


def coverage_of(cards: Collection[CardProof]) -> Coverage:
    """How much of these cards stands on evidence, and how well."""
    by_standing = {standing.value: 0 for standing in Standing}
    for card in cards:
        by_standing[card.proof.standing] += 1
    return Coverage(len(cards), sum(1 for card in cards if card.proof.supporting), by_standing)


def coverage_by_journey(brand_id: uuid.UUID) -> Mapping[uuid.UUID, Coverage]:
    """The same for every journey of a brand, by journey: three queries."""
    standing = Q(deleted_at=None, stage__deleted_at=None, lane__deleted_at=None, journey__deleted_at=None)
    rows = Card.objects.filter(standing, journey__brand_id=brand_id).order_by()
    cards = dict(rows.values_list("journey_id").annotate(Count("id")))
    journey_of = dict(
        rows.filter(evidence__deleted_at=None, evidence__isnull=False)
        .values_list("id", "journey_id")
        .distinct()
    )
    tallies: dict[uuid.UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    founded: dict[uuid.UUID, int] = defaultdict(int)
    for card, proof in proofs(brand_id).items():
        journey = journey_of.get(card)
        if journey is not None:
            tallies[journey][proof.standing] += 1
            founded[journey] += bool(proof.supporting)
    return {
        journey: Coverage(
            number,
            founded[journey],
            {**tallies[journey], "none": number - sum(v for k, v in tallies[journey].items() if k != "none")},
        )
        for journey, number in cards.items()
    }


def to_count(brand_id: uuid.UUID) -> list[ToCount]:
    """All counted pieces of a brand that stand on its canvases, in one query."""
    rows = (
        Evidence.objects.filter(STANDING, ON_THE_MAP, brand_id=brand_id)
        .exclude(kind=EvidenceKind.NOTE)
        .order_by("id")
    )
    fields = ("id", "kind", "rule", "asked", "words", "period", "segment")
    return [
        ToCount(**{**row, "digest": row["digest"] or ""})
        for row in rows.values(*fields, digest=F("count__digest"))
    ]


def standings_known(brand_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """How cards stood when it was last noticed, by card."""
    rows = CardStanding.objects.filter(card__journey__brand_id=brand_id)
    return dict(rows.values_list("card_id", "standing"))


def _weighed(
    brand_id: uuid.UUID, journey_id: uuid.UUID | None, card_ids: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, tuple[list[Weighed], Days]]:
    """The pieces of cards with the brand's days, in one query."""
    rows = Evidence.objects.filter(STANDING, ON_THE_MAP, brand_id=brand_id)
    if journey_id is not None:
        rows = rows.filter(card__journey_id=journey_id)
    if card_ids is not None:
        rows = rows.filter(card_id__in=card_ids)
    days = EvidenceDays.objects.filter(brand_id=OuterRef("brand_id"))
    annotated = rows.order_by("id").annotate(
        looked_at=Max("confirmations__at"),
        ageing=Subquery(days.values("ageing")[:1]),
        old=Subquery(days.values("old")[:1]),
    )
    fields = (
        "card_id", "side", "kind", "created_at", "count__computed_at", "count__customers", "count__last_at",
        "dated", "looked_at", "ageing", "old",
    )  # fmt: skip
    found: dict[uuid.UUID, tuple[list[Weighed], Days]] = {}
    for (
        card,
        side,
        kind,
        created,
        computed,
        customers,
        last,
        dated,
        looked,
        ageing,
        old,
    ) in annotated.values_list(*fields):
        usual = Days()
        pieces, _days = found.setdefault(card, ([], Days(ageing or usual.ageing, old or usual.old)))
        pieces.append(Weighed(side, kind, created, computed is not None, customers or 0, last, dated, looked))
    return found


def _rows(brand: Brand) -> QuerySet[Evidence]:
    confirmations = EvidenceConfirmation.objects.order_by("-at", "-id")
    return (
        Evidence.objects.filter(brand=brand)
        .select_related("card", "count")
        .prefetch_related(Prefetch("confirmations", confirmations))
        .order_by("side", "-created_at", "-id")
    )


def _view(brand: Brand, row: Evidence, days: Days) -> EvidenceView:
    count: EvidenceCount | None = getattr(row, "count", None)
    confirmed = next(iter(row.confirmations.all()), None)
    weighed = Weighed(
        row.side,
        row.kind,
        row.created_at,
        counted=count is not None,
        customers=count.customers if count else 0,
        last_at=count.last_at if count else None,
        dated=row.dated,
        confirmed_at=confirmed.at if confirmed else None,
    )
    return EvidenceView(
        id=row.pk,
        journey_id=row.card.journey_id,
        card_id=row.card_id,
        kind=row.kind,
        side=row.side,
        source=row.source,
        title=row.title,
        sentence=touchpoint_rule(row.rule).sentence() if row.rule else "",
        rule=row.rule,
        asked=row.asked,
        words=row.words,
        period=row.period,
        period_label="" if row.kind == EvidenceKind.NOTE else _period_label(brand, row.period),
        segment=row.segment,
        segment_name=_segment_name(brand, row.segment),
        text=row.text,
        address=row.address,
        dated=row.dated,
        author_id=row.author_id,
        author=row.author_label,
        created_at=row.created_at,
        count=_count_view(count) if count else None,
        confirmed=ConfirmationView(confirmed.at, confirmed.actor_label, confirmed.note)
        if confirmed
        else None,
        confirmed_at=weighed.confirmed,
        standing=by_age(weighed.confirmed, now(), days),
        deleted=row.deleted_at is not None,
    )


def _count_view(row: EvidenceCount) -> CountView:
    return CountView(
        events=row.events,
        customers=row.customers,
        share=row.share,
        weeks=tuple(row.weeks),
        samples=tuple(_samples(row.samples)),
        last_at=row.last_at,
        problem=row.problem,
        computed_at=row.computed_at,
    )


def _samples(kept: list[dict[str, Any]]) -> Iterator[Sample]:
    for each in kept:
        yield Sample(each["text"], datetime.fromisoformat(each["at"]), each.get("channel", ""))


def _period_label(brand: Brand, period: Mapping[str, str]) -> str:
    try:
        return read_period(period, brand.time_zone, default="90d").label
    except ParcoursError:
        return ""


def _segment_name(brand: Brand, key: str) -> str:
    if not key:
        return ""
    try:
        return named_segment(brand, key).name
    except NotFound:
        return _("a segment that is gone")
