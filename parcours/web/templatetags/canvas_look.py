"""How the canvas words its numbers; what they mean is defined in parcours.insights."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()

LARGE_LOSS = 0.5
ICONS = {"next": "on", "ahead": "ahead", "back": "back", "off_map": "off-map", "ended": "ended"}


@dataclass(frozen=True, slots=True)
class DestinationRow:
    """One line of “where the others went”."""

    kind: str
    stage: Any
    icon: str
    label: str
    customers: int
    share: float


@register.simple_tag
def destinations(numbers: Any, columns: Iterable[Any]) -> list[DestinationRow]:
    """The ways the customers of a stage went who did not go on, the largest first."""
    names = {str(_stage_of(column).id): _stage_of(column).name for column in columns}
    rows = [
        DestinationRow(
            kind=other.kind,
            stage=other.stage,
            icon=ICONS[other.kind],
            label=_label(other.kind, names.get(str(other.stage), "")),
            customers=other.customers,
            share=other.customers / numbers.customers,
        )
        for other in numbers.others
        if other.kind != "next" and other.customers
    ]
    return sorted(rows, key=lambda row: -row.customers)


def _stage_of(column: Any) -> Any:
    return column["stage"] if isinstance(column, dict) else column.stage


def _label(kind: str, stage: str) -> str:
    if kind == "ahead":
        return _("Ahead to %(stage)s") % {"stage": stage} if stage else _("Ahead, past the next stage")
    if kind == "back":
        return _("Back to %(stage)s") % {"stage": stage} if stage else _("Back to an earlier stage")
    if kind == "off_map":
        return _("Off the map")
    return _("Nothing more in this period")


@register.filter
def others(numbers: Any) -> int:
    """How many customers of the stage did not go on."""
    return int(numbers.customers - numbers.went_on)


@register.filter
def others_share(numbers: Any) -> float | None:
    """Their share of the stage's customers."""
    return None if numbers.share is None else 1 - numbers.share


@register.filter
def loses_many(numbers: Any) -> bool:
    """More than half of the stage's customers end there or leave the map."""
    lost = sum(other.customers for other in numbers.others if other.kind in {"ended", "off_map"})
    return bool(numbers.customers) and lost / numbers.customers > LARGE_LOSS
