"""How the built-in templates are written down: in both languages, by the keys of their stages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parcours.canvas.templates.plans import (
    Plan,
    PlannedCard,
    PlannedLane,
    PlannedStage,
    PlannedTouchpoint,
    Words,
)

NOTHING = Words("", "")
EXAMPLE = {"example": True}
"""What tells a card of a template from one that somebody wrote."""


@dataclass(frozen=True, slots=True)
class SaidTouchpoint:
    """Any of the `events`, by their names in the catalogue, and what else must hold of them."""

    name: Words
    channel: str
    events: tuple[str, ...]
    also: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    @property
    def rule(self) -> dict[str, Any]:
        conditions = [("name", "is", self.events), *self.also]
        return {"all": [{"field": name, "op": op, "value": list(values)} for name, op, values in conditions]}


@dataclass(frozen=True, slots=True)
class SaidStage:
    """`hints` say by kind of row what belongs in its empty cells; without, the kind's own hint stands."""

    key: str
    name: Words
    description: Words
    touchpoints: tuple[SaidTouchpoint, ...] = ()
    hints: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaidCard:
    stage: str
    kind: str
    title: Words
    text: Words = NOTHING
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A template as it comes with Parcours. `title` is what a journey is called that nobody named."""

    key: str
    name: Words
    about: Words
    title: Words
    stages: tuple[SaidStage, ...]
    kinds: tuple[str, ...]
    cards: tuple[SaidCard, ...] = ()
    review_every_days: int | None = 90

    def plan(self, language: str) -> Plan:
        places = {stage.key: place for place, stage in enumerate(self.stages)}
        return Plan(
            title=self.title.in_language(language),
            stages=tuple(_stage(stage, language) for stage in self.stages),
            lanes=tuple(PlannedLane(kind) for kind in self.kinds),
            cards=tuple(
                PlannedCard(
                    stage=places[card.stage],
                    lane=self.kinds.index(card.kind),
                    title=card.title.in_language(language),
                    text=card.text.in_language(language),
                    details={**card.details, **EXAMPLE},
                )
                for card in self.cards
            ),
            review_every_days=self.review_every_days,
        )


def _stage(stage: SaidStage, language: str) -> PlannedStage:
    return PlannedStage(
        name=stage.name.in_language(language),
        description=stage.description.in_language(language),
        key=stage.key,
        touchpoints=tuple(
            PlannedTouchpoint(each.name.in_language(language), each.channel, each.rule)
            for each in stage.touchpoints
        ),
    )
