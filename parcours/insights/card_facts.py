"""What a card shows quietly beyond its words: the details of its kind, and what really met its touchpoint."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from parcours.canvas.enums import LaneKind
from parcours.canvas.kinds import feeling, fields_of, severity, shown_value, signed
from parcours.canvas.shapes import Board, CardView
from parcours.core.formats import NO_BREAK, count
from parcours.insights.shapes import CanvasNumbers

CHANNEL_ICONS = {
    "web": "screen",
    "app": "app",
    "mobile": "app",
    "store": "shop",
    "chat": "chat",
    "email": "mail",
    "phone": "phone",
    "sms": "chat",
    "whatsapp": "chat",
    "messenger": "chat",
    "telegram": "chat",
    "instagram": "people",
    "facebook": "people",
    "social": "people",
    "ads": "flag",
    "search": "search",
    "referral": "gift",
    "help": "info",
    "post": "mail",
    "survey": "check",
    "review": "star",
}
ACTION_ICONS = {
    "chat": "chat",
    "reply": "reply",
    "article": "file",
    "bot": "bot",
    "playbook": "play",
    "review": "star",
    "referral": "gift",
    "call": "phone",
}


@dataclass(frozen=True, slots=True)
class Met:
    """The touchpoint that a card stands for: its name, and how many customers met it in the period shown."""

    name: str
    customers: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """`label` is for those who can't see it; `steps` of five are drawn as dots; `href` leads further."""

    name: str
    label: str
    value: str
    icon: str = ""
    steps: int = 0
    state: str = ""
    href: str = ""


def met_by_id(board: Board, numbers: CanvasNumbers | None) -> Mapping[str, Met]:
    """By the id of a touchpoint, as cards name it."""
    counted = numbers.touchpoint_by_id if numbers else {}
    return {
        str(each.id): Met(each.name, counted[each.id].customers if each.id in counted else None)
        for each in board.touchpoints
    }


def met_by(card: CardView, met: Mapping[str, Met]) -> Met | None:
    return met.get(str(card.details.get("touchpoint"))) if card.kind == LaneKind.TOUCHPOINT else None


def sign_of(card: CardView) -> str:
    """The icon before a card's title: what kind of action it is."""
    if card.kind != LaneKind.ACTION:
        return ""
    return ACTION_ICONS.get(str(card.details.get("does")), "play")


def facts_of(card: CardView, met: Met | None = None) -> list[Fact]:
    """In the reader's language."""
    details = card.details
    if card.kind == LaneKind.KPI:
        return _kpi(details)
    if card.kind == LaneKind.TOUCHPOINT:
        return _met(met) if "touchpoint" in details else []
    facts = [
        _fact(field.name, str(field.label), shown_value(field, details[field.name], {}), details)
        for field in fields_of(card.kind)
        if field.name in details
    ]
    return [fact for fact in facts if fact.name != "does"]


def _fact(name: str, label: str, value: str, details: Mapping[str, Any]) -> Fact:
    if name == "severity":
        return Fact(name, label, value, steps=severity(details))
    if name == "channel":
        return Fact(name, label, value, icon=CHANNEL_ICONS.get(str(details[name]), "path"))
    if name == "level":
        level = details[name]
        return Fact(name, label, f"{feeling(level)}, {signed(level)}")
    if name == "address":
        short = value.partition("://")[2].removeprefix("www.").rstrip("/")
        return Fact(name, label, short, icon="external", href=value)
    icons = {"device": "phone" if details[name] == "phone" else "screen", "team": "people", "value": "check"}
    state = str(details[name]) if name in {"state", "tone"} else ""
    return Fact(name, label, value, icon=icons.get(name, ""), state=state)


def _kpi(details: Mapping[str, Any]) -> list[Fact]:
    """“62 % ↗ 75 %”: where it stands, which way it should go, and how far."""
    current, target, direction = details.get("current"), details.get("target"), details.get("direction")
    if current is None and target is None:
        return []
    reached = (
        None
        if current is None or target is None or not direction
        else (current >= target if direction == "up" else current <= target)
    )
    parts = []
    if current is not None:
        parts.append(Fact("current", _("Now"), _with_unit(current, details)))
    if target is not None:
        said = _("target reached") if reached else _("target")
        icon = "check" if reached else {"up": "rise", "down": "fall"}.get(str(direction), "on")
        way = {"up": _("more is better"), "down": _("less is better")}.get(str(direction), "")
        label = f"{said}, {way}" if way else said
        state = "" if reached is None else "reached" if reached else "missed"
        parts.append(Fact("target", label, _with_unit(target, details), icon=icon, state=state))
    return parts


def _with_unit(value: float, details: Mapping[str, Any]) -> str:
    unit = details.get("unit", "")
    shown = number_format(value, force_grouping=True)
    return f"{shown}{NO_BREAK}{unit}" if unit else shown


def _met(met: Met | None) -> list[Fact]:
    if met is None:
        return [Fact("touchpoint", _("Touchpoint"), _("a touchpoint that was removed"), icon="warning")]
    name = Fact("touchpoint", _("Touchpoint"), met.name, icon="touchpoint")
    if met.customers is None:
        return [name]
    return [name, Fact("customers", _("Customers who met it"), count(met.customers), icon="person")]
