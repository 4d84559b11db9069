"""Reading brand values and how a journey keeps them: a constant number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from parcours.canvas import reads as canvas_reads
from parcours.canvas.brand_values.models import BrandValue, Quote, Rating, Wish
from parcours.canvas.brand_values.shapes import (
    BrandFit,
    Fit,
    FitMark,
    FitRow,
    FitStage,
    QuoteView,
    RatingView,
    ValueView,
)
from parcours.canvas.enums import LaneKind
from parcours.canvas.shapes import CardView, JourneyView, StageView, TouchpointView
from parcours.core.errors import NotFound

Pair = tuple[uuid.UUID, uuid.UUID]


def brand_values(brand_id: uuid.UUID) -> tuple[ValueView, ...]:
    """In the brand's own order."""
    rows = BrandValue.objects.filter(brand_id=brand_id, deleted_at=None).order_by("order_key", "id")
    return tuple(value_view(row) for row in rows)


def removed_values(brand_id: uuid.UUID) -> tuple[ValueView, ...]:
    """Those that can be put back, the one removed last first."""
    rows = BrandValue.objects.filter(brand_id=brand_id, deleted_at__isnull=False).order_by("-deleted_at")
    return tuple(value_view(row) for row in rows)


def value_names(brand_id: uuid.UUID) -> tuple[str, ...]:
    return tuple(value.name for value in brand_values(brand_id))


def brand_fit(brand_id: uuid.UUID, journey_id: uuid.UUID, *, quoted: bool = True) -> BrandFit:
    """Every value at every touchpoint of a journey; with what customers said. Raises NotFound."""
    journey = canvas_reads.journey(brand_id, journey_id)
    return fit_of(journey, canvas_reads.stages(brand_id, journey_id), quoted=quoted)


def fit_of(journey: JourneyView, stages: Collection[StageView], *, quoted: bool = True) -> BrandFit:
    """The same from stages that were read already, in four queries; in three without what was `quoted`."""
    values = brand_values(journey.brand_id)
    here = {touchpoint.id for stage in stages for touchpoint in stage.touchpoints} if values else set()
    wishes, ratings = _rated(here)
    quotes = _quoted(here if quoted else set())

    def fit(stage: StageView, touchpoint: TouchpointView, value: ValueView) -> Fit:
        pair = (touchpoint.id, value.id)
        wish = wishes.get(pair)
        return Fit(
            stage=stage,
            touchpoint=touchpoint,
            value=value,
            wanted=wish.level if wish else None,
            wanted_by=wish.by if wish else "",
            wanted_at=wish.at if wish else None,
            ratings=tuple(ratings[pair]),
            quotes=tuple(quotes[pair]),
        )

    return BrandFit(
        journey,
        values,
        tuple(
            FitStage(
                stage,
                tuple(
                    FitRow(touchpoint, tuple(fit(stage, touchpoint, value) for value in values))
                    for touchpoint in stage.touchpoints
                ),
            )
            for stage in stages
        ),
    )


def one_fit(brand_id: uuid.UUID, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID) -> Fit:
    """Raises NotFound."""
    for fit in brand_fit(brand_id, journey_id).fits:
        if (fit.touchpoint.id, fit.value.id) == (touchpoint_id, value_id):
            return fit
    raise NotFound(
        _("There is no such touchpoint or value."), remedy=_("It may have been removed in the meantime.")
    )


def gaps_by_touchpoint(fit: BrandFit) -> Mapping[uuid.UUID, FitMark]:
    """The largest gap of each touchpoint that has one."""
    found: dict[uuid.UUID, FitMark] = {}
    for each in fit.gaps:
        found.setdefault(each.touchpoint.id, _mark(each))
    return found


def gaps_by_card(fit: BrandFit, cards: Iterable[CardView]) -> Mapping[uuid.UUID, FitMark]:
    """The largest gap of the value that a brand-fit card is about, among the touchpoints of its stage."""
    gaps: dict[tuple[uuid.UUID, str], Fit] = {}
    for each in fit.gaps:
        gaps.setdefault((each.stage.id, each.value.name.casefold()), each)
    about = ((card.id, (card.stage_id, about_value(card).casefold())) for card in cards)
    return {card: _mark(gaps[key]) for card, key in about if key in gaps}


def about_value(card: CardView) -> str:
    """The name of the brand value that a card is about; empty for every other card."""
    return str(card.details.get("value") or "") if card.kind == LaneKind.BRAND_FIT else ""


def _mark(fit: Fit) -> FitMark:
    return FitMark(
        fit.touchpoint.id, fit.touchpoint.name, fit.value.id, fit.value.name, fit.gap or 0.0, fit.tone
    )


def value_view(row: BrandValue) -> ValueView:
    return ValueView(
        id=row.pk,
        name=row.name,
        sentence=row.sentence,
        looks_like=row.looks_like,
        not_like=row.not_like,
        order_key=row.order_key,
        deleted_at=row.deleted_at,
    )


def quote_view(row: Quote) -> QuoteView:
    return QuoteView(row.pk, row.touchpoint_id, row.value_id, row.text, row.source, row.by, row.at)


def _rated(touchpoints: Collection[uuid.UUID]) -> tuple[dict[Pair, Wish], dict[Pair, list[RatingView]]]:
    here = {"touchpoint_id__in": touchpoints}
    wishes = {(row.touchpoint_id, row.value_id): row for row in Wish.objects.filter(**here)}
    ratings: dict[Pair, list[RatingView]] = defaultdict(list)
    for rating in Rating.objects.filter(**here).order_by("at", "id"):
        view = RatingView(rating.actor_id, rating.by, rating.level, rating.at)
        ratings[rating.touchpoint_id, rating.value_id].append(view)
    return wishes, ratings


def _quoted(touchpoints: Collection[uuid.UUID]) -> dict[Pair, list[QuoteView]]:
    quotes: dict[Pair, list[QuoteView]] = defaultdict(list)
    for quote in Quote.objects.filter(touchpoint_id__in=touchpoints, deleted_at=None).order_by("at", "id"):
        quotes[quote.touchpoint_id, quote.value_id].append(quote_view(quote))
    return quotes
