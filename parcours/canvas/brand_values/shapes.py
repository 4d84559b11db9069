"""What the reads of brand values return: plain and frozen."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from statistics import mean

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.canvas.shapes import JourneyView, StageView, TouchpointView

LEVELS: tuple[str | Promise, ...] = (
    gettext_lazy("not at all"),
    gettext_lazy("a little"),
    gettext_lazy("somewhat"),
    gettext_lazy("clearly"),
    gettext_lazy("strongly"),
)
"""What 0 to 4 mean."""

VISIBLE = 1.0
LARGE = 2.0


@dataclass(frozen=True, slots=True)
class ValueView:
    """`looks_like` and `not_like` say by what customers would notice it, and by what its absence."""

    id: uuid.UUID
    name: str
    sentence: str = ""
    looks_like: str = ""
    not_like: str = ""
    order_key: str = ""
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RatingView:
    actor_id: uuid.UUID
    by: str
    level: int
    at: datetime

    @property
    def words(self) -> str:
        return str(LEVELS[self.level])


@dataclass(frozen=True, slots=True)
class QuoteView:
    id: uuid.UUID
    touchpoint_id: uuid.UUID
    value_id: uuid.UUID
    text: str
    source: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Fit:
    """One value at one touchpoint: how it is wanted, and how people think that customers feel it."""

    stage: StageView
    touchpoint: TouchpointView
    value: ValueView
    wanted: int | None = None
    wanted_by: str = ""
    wanted_at: datetime | None = None
    ratings: tuple[RatingView, ...] = ()
    quotes: tuple[QuoteView, ...] = ()

    @cached_property
    def felt(self) -> float | None:
        """The mean of the ratings; None without any."""
        return round(mean(rating.level for rating in self.ratings), 1) if self.ratings else None

    @property
    def raters(self) -> int:
        return len(self.ratings)

    @property
    def lowest(self) -> int | None:
        return min((rating.level for rating in self.ratings), default=None)

    @property
    def highest(self) -> int | None:
        return max((rating.level for rating in self.ratings), default=None)

    @property
    def is_disputed(self) -> bool:
        """Are people two steps or more apart?"""
        return self.lowest is not None and self.highest is not None and self.highest - self.lowest >= 2

    @property
    def gap(self) -> float | None:
        """By how much less it is felt than wanted; below zero when more."""
        if self.wanted is None or self.felt is None:
            return None
        return round(self.wanted - self.felt, 1)

    @property
    def tone(self) -> str:
        """`large`, `some`, `fits` or `unknown`."""
        if self.gap is None:
            return "unknown"
        return "large" if self.gap >= LARGE else "some" if self.gap >= VISIBLE else "fits"

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.gap is None:
            if self.wanted is None and self.felt is None:
                return _("not rated")
            return _("not rated as felt") if self.felt is None else _("not rated as wanted")
        if self.gap >= LARGE:
            return _("large gap")
        if self.gap >= VISIBLE:
            return _("gap")
        return _("more than wanted") if self.gap <= -VISIBLE else _("as wanted")

    @property
    def wanted_words(self) -> str:
        return "" if self.wanted is None else str(LEVELS[self.wanted])

    @property
    def felt_words(self) -> str:
        return "" if self.felt is None else str(LEVELS[int(self.felt + 0.5)])

    def rated_by(self, actor_id: uuid.UUID | None) -> int | None:
        """What somebody said themselves."""
        return next((each.level for each in self.ratings if each.actor_id == actor_id), None)


@dataclass(frozen=True, slots=True)
class FitMark:
    """The largest gap of a touchpoint or card, in as much as stands on the map. Hashable."""

    touchpoint_id: uuid.UUID
    touchpoint: str
    value_id: uuid.UUID
    value: str
    gap: float
    tone: str


@dataclass(frozen=True, slots=True)
class FitRow:
    """A touchpoint with one `Fit` a value, in the order of the values."""

    touchpoint: TouchpointView
    fits: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class FitStage:
    stage: StageView
    rows: tuple[FitRow, ...]


@dataclass(frozen=True)
class BrandFit:
    """How well a journey's touchpoints keep what the brand promises."""

    journey: JourneyView
    values: tuple[ValueView, ...]
    stages: tuple[FitStage, ...]

    @cached_property
    def fits(self) -> tuple[Fit, ...]:
        return tuple(fit for stage in self.stages for row in stage.rows for fit in row.fits)

    @cached_property
    def gaps(self) -> tuple[Fit, ...]:
        """Those one step or more, the largest first."""
        wide = [fit for fit in self.fits if fit.gap is not None and fit.gap >= VISIBLE]
        return tuple(sorted(wide, key=lambda fit: (-(fit.gap or 0), -fit.raters)))

    @property
    def rated(self) -> int:
        """Cells with both numbers."""
        return sum(1 for fit in self.fits if fit.gap is not None)

    @property
    def touchpoints(self) -> int:
        return sum(len(stage.rows) for stage in self.stages)
