"""Routing in sentences: what a rule asks, why a conversation came where it is, and why somebody got it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parcours.core.text import quoted
from parcours.inbox.channels import channels
from parcours.inbox.routing.conditions import KINDS


@dataclass(frozen=True, slots=True)
class Labels:
    """How the brand calls what rules name by keys."""

    accounts: Mapping[str, str] = field(default_factory=dict, hash=False)
    channels: Mapping[str, str] = field(default_factory=dict, hash=False)
    segments: Mapping[str, str] = field(default_factory=dict, hash=False)
    queues: Mapping[uuid.UUID, str] = field(default_factory=dict, hash=False)
    skills: Mapping[uuid.UUID, str] = field(default_factory=dict, hash=False)

    def conditions(self, conditions: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        """What each asks, and its values in the reader's words."""
        return [
            (str(KINDS[kind].label), _(" or ").join(self._value(kind, each) for each in values))
            for kind, values in conditions.items()
            if kind in KINDS and values
        ]

    def _value(self, kind: str, value: str) -> str:
        known = {"accounts": self.accounts, "channels": self.channels, "segments": self.segments}.get(kind)
        if known is not None:
            return known.get(value, value)
        if kind == "customers":
            return _("wrote before") if value == "known" else _("writes for the first time")
        return value if kind == "languages" else quoted(value)


def line(facts: Mapping[str, Any], who: str) -> str:
    """A line of a conversation that routing wrote; empty for any other."""
    words = _LINES.get(str(facts.get("what", "")))
    return words(facts, who) if words else ""


def why_chosen(why: str) -> str:
    """Why somebody gets a conversation, to stand behind a colon."""
    return {
        "knows": _("they answered this customer before"),
        "least_busy": _("they have the fewest conversations"),
        "longest_idle": _("they have not been given one for longest"),
    }.get(why, "")


def why_not(kind: str) -> str:
    """Which condition of a rule doesn't hold."""
    return _("not this: {condition}").format(condition=KINDS[kind].label) if kind in KINDS else ""


def _routed(facts: Mapping[str, Any], _who: str) -> str:
    found = facts.get("found")
    names = {kind: str(channel.label) for kind, channel in channels().items()}
    reasons = Labels(channels=names).conditions(
        {kind: values for kind, values in found.items() if kind not in {"accounts", "segments"}}
        if isinstance(found, dict)
        else {}
    )
    between = pgettext("between things of a list that hold commas", "; ")
    because = between.join(_("{label}: {value}").format(label=what, value=value) for what, value in reasons)
    said = _("It came into the queue {queue} by the rule {rule}").format(
        queue=quoted(facts.get("queue", "")), rule=quoted(facts.get("rule", ""))
    )
    return f"{said} ({because})" if because else said


def _given(facts: Mapping[str, Any], _who: str) -> str:
    said = _("It was given to {name}").format(name=facts.get("name") or _("somebody who left"))
    why = why_chosen(str(facts.get("why", "")))
    return _("{said}: {why}").format(said=said, why=why) if why else said


def _given_back(facts: Mapping[str, Any], who: str) -> str:
    name = facts.get("name") or _("Somebody who left")
    said = {
        "unanswered": _("{name} didn’t answer in time; it waits for somebody else"),
        "left": _("{name} went offline; it waits for somebody else"),
        "released": _("{who} gave back what {name} had; it waits for somebody else"),
    }.get(str(facts.get("why", "")), _("{name} is no longer here; it waits for somebody else"))
    return said.format(name=name, who=who)


def _overflowed(facts: Mapping[str, Any], _who: str) -> str:
    return _("It waited too long in {queue} and went on to {other}").format(
        queue=quoted(facts.get("from", "")), other=quoted(facts.get("queue", ""))
    )


def _moved(facts: Mapping[str, Any], who: str) -> str:
    return _("{who} moved it to the queue {queue}").format(who=who, queue=quoted(facts.get("queue", "")))


_LINES = {
    "routed": _routed,
    "given": _given,
    "given back": _given_back,
    "overflowed": _overflowed,
    "moved": _moved,
}
