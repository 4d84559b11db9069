"""What a new canvas is drawn from: stages, rows and cards in one language, not stored yet."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple


class Words(NamedTuple):
    """The same thing in English and in French: words that end up on a canvas, not on a page."""

    en: str
    fr: str

    def in_language(self, language: str) -> str:
        return self.fr if language.startswith("fr") else self.en


@dataclass(frozen=True, slots=True)
class PlannedTouchpoint:
    name: str
    channel: str
    rule: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """`key` names a stage of a built-in template, whose empty cells say what belongs in them."""

    name: str
    description: str = ""
    key: str = ""
    touchpoints: tuple[PlannedTouchpoint, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedLane:
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """`stage` and `lane` are places in the plan, from 0."""

    stage: int
    lane: int
    title: str
    text: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """`title` is what a journey is called that nobody named."""

    title: str
    stages: tuple[PlannedStage, ...]
    lanes: tuple[PlannedLane, ...]
    cards: tuple[PlannedCard, ...] = ()
    review_every_days: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def dots(self) -> list[list[range]]:
        """By row, then by stage, as many numbers as there are cards: what a small drawing of it shows."""
        counts = Counter((card.lane, card.stage) for card in self.cards)
        return [
            [range(counts[lane, stage]) for stage in range(len(self.stages))]
            for lane in range(len(self.lanes))
        ]


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    """The plan that `as_json` wrote."""
    return Plan(
        title=data["title"],
        stages=tuple(
            PlannedStage(
                **{**stage, "touchpoints": tuple(PlannedTouchpoint(**each) for each in stage["touchpoints"])}
            )
            for stage in data["stages"]
        ),
        lanes=tuple(PlannedLane(**lane) for lane in data["lanes"]),
        cards=tuple(PlannedCard(**card) for card in data["cards"]),
        review_every_days=data["review_every_days"],
    )
