"""What the reads of insights return: plain, frozen, in the order of the drawn stages."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from math import sqrt
from typing import Literal

from django.utils.translation import gettext as _

FEWEST = 5
"""Below this many customers a share says more about chance than about customers: pages write “too few”."""

FEWEST_FOR_A_FLAG = 30

Kind = Literal["ahead", "back", "off_map", "ended"]

_ICONS: Mapping[str, str] = {"ahead": "ahead", "back": "back", "off_map": "off-map", "ended": "ended"}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where some of the customers who did not go on went first; `stage` only for ahead and back."""

    kind: Kind
    customers: int
    share: float
    """Of the customers of the stage they came from."""
    stage: uuid.UUID | None = None
    stage_name: str = ""

    @property
    def label(self) -> str:
        if self.kind == "ahead":
            return _("ahead to {stage}").format(stage=self.stage_name)
        if self.kind == "back":
            return _("back to {stage}").format(stage=self.stage_name)
        return _("to something off the map") if self.kind == "off_map" else _("nothing more happened")

    @property
    def icon(self) -> str:
        return _ICONS[self.kind]


@dataclass(frozen=True, slots=True)
class TouchpointNumbers:
    """`share` of the customers of its stage; None when the stage has none."""

    touchpoint: uuid.UUID
    stage: uuid.UUID
    customers: int
    events: int
    share: float | None

    @property
    def too_few(self) -> bool:
        return self.customers < FEWEST


@dataclass(frozen=True, slots=True)
class StageNumbers:
    """One stage in a period. `went_on` and the customers of `others` add up to `customers`.

    `share` and `median_seconds` are None where nothing can be said: no customer, or no next stage with a
    touchpoint. `returned` counts customers whose last event in the stage is at least 24 hours after their
    first there.
    """

    stage: uuid.UUID
    name: str
    customers: int
    events: int
    went_on: int
    share: float | None
    median_seconds: float | None
    returned: int
    others: tuple[Destination, ...]
    next_stage: uuid.UUID | None = None
    computed_at: datetime | None = None
    leaves_flag: bool = False
    """The stage that loses the largest share of its customers, when there are enough to say so."""

    @property
    def n(self) -> int:
        return self.customers

    @property
    def too_few(self) -> bool:
        return self.customers < FEWEST

    @property
    def others_customers(self) -> int:
        return self.customers - self.went_on

    @property
    def others_share(self) -> float | None:
        return None if self.share is None else 1 - self.share

    @property
    def returned_share(self) -> float | None:
        return self.returned / self.customers if self.customers else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of `share`."""
        return None if self.share is None else wilson(self.went_on, self.customers)


@dataclass(frozen=True)
class CanvasNumbers:
    """The living numbers of one journey, for one period and segment.

    `customers` and `events` are all there are in the period and segment; `on_the_map` of those customers have
    an event in a touchpoint, `events_on_the_map` of those events lie in one. `forward` of the customers on
    the map never went from a stage back to one drawn before it.
    """

    customers: int
    events: int
    on_the_map: int
    events_on_the_map: int
    forward: int
    stages: tuple[StageNumbers, ...]
    touchpoints: tuple[TouchpointNumbers, ...]
    generation: int
    computed_at: datetime = field(compare=False)

    @property
    def n(self) -> int:
        return self.customers

    @property
    def forward_share(self) -> float | None:
        """How many follow the order in which the stages are drawn, of those on the map."""
        return self.forward / self.on_the_map if self.on_the_map else None

    @property
    def coverage(self) -> float | None:
        """The share of events that lie in a touchpoint."""
        return self.events_on_the_map / self.events if self.events else None

    @cached_property
    def stage_by_id(self) -> dict[uuid.UUID, StageNumbers]:
        return {each.stage: each for each in self.stages}

    @cached_property
    def touchpoint_by_id(self) -> dict[uuid.UUID, TouchpointNumbers]:
        return {each.touchpoint: each for each in self.touchpoints}


def wilson(hits: int, n: int, z: float = 1.959964) -> tuple[float, float] | None:
    """The 95 % score interval of a share; None of nothing."""
    if not n:
        return None
    share, z2 = hits / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
