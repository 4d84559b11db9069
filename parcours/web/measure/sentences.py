"""Answers of Measure in plain words."""

from collections.abc import Callable

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from parcours.core.property_names import property_label
from parcours.measures.conformance import Deviation
from parcours.measures.reasons import BEFORE, CHANNEL, HOUR, PERIOD, PREVIOUS, REPEATED, WEEKDAY, Reason

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEAST = 0.001
NO_ACTIVITY = "(nothing)"


def reason_sentence(reason: Reason) -> str:
    """What the lost have in common, and when."""
    what = _what(reason)
    if reason.since is None or reason.until is None:
        return what
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (reason.since, reason.until))
    if reason.kind == PERIOD:
        return _("it was between {first} and {last}").format(first=first, last=last)
    return _("{what}, between {first} and {last}").format(what=what, first=first, last=last)


def _what(reason: Reason) -> str:
    step = reason.step.name if reason.step else ""
    said: dict[str, Callable[[], str]] = {
        CHANNEL: lambda: _("they came through the channel “{value}”").format(value=reason.value),
        PREVIOUS: lambda: (
            _("it was the first thing they did")
            if reason.value == NO_ACTIVITY
            else _("“{step}” came directly before").format(step=step)
        ),
        BEFORE: lambda: _("“{step}” had happened before").format(step=step),
        REPEATED: lambda: _("“{step}” had happened at least twice before").format(step=step),
        WEEKDAY: lambda: _("it was a {day}").format(day=_weekday(reason.value)),
        HOUR: lambda: _("it was between {hour} and an hour later").format(hour=reason.value),
    }
    if reason.kind in said:
        return said[reason.kind]()
    if reason.name == "generation":
        return _("they belong to the {generation}").format(generation=reason.value)
    return _("{name} is “{value}”").format(name=property_label(reason.name), value=reason.value)


def _weekday(english: str) -> str:
    return str(WEEKDAYS[_DAYS.index(english)]) if english in _DAYS else english


def by_chance(p_value: float) -> str:
    """How often chance alone would show as much, all that was looked at considered."""
    if p_value < LEAST:
        return _("less than once in 1,000")
    if p_value < 0.01:
        return _("less than once in 100")
    return _("about {n} times in 100").format(n=number_format(round(p_value * 100)))


def deviation_title(kind: str) -> str:
    """Who is counted in a deviation; with `{step}` and `{before}`."""
    titles = {
        "skipped": _("Who went past “{step}” without it"),
        "back": _("Who went back to “{step}” after “{before}”"),
        "early": _("Who did “{step}” too early, after “{before}”"),
        "off_map": _("Who did “{step}”, which isn’t drawn, after “{before}”"),
    }
    return titles.get(kind) or _("Who went through “{step}”")


def deviation_sentence(each: Deviation) -> str:
    """What customers do otherwise than drawn, without how many they are."""
    step, before = each.step.name, each.after.name if each.after else ""
    if each.kind == "skipped":
        return _("go past “{step}” without it").format(step=step)
    if each.kind == "back":
        return _("go back to “{step}” after “{before}”").format(step=step, before=before)
    if not before:
        said = {
            "early": _("come to “{step}” before the steps drawn ahead of it"),
            "off_map": _("do “{step}”, which isn’t drawn, before the first step"),
        }
        return said[each.kind].format(step=step)
    said = {
        "early": _("come to “{step}” too early, after “{before}”"),
        "off_map": _("do “{step}”, which isn’t drawn, after “{before}”"),
    }
    return said[each.kind].format(step=step, before=before)


def model_name(model: str) -> str:
    names = {
        "first": _("First touch"),
        "last": _("Last touch"),
        "linear": _("Linear"),
        "position": _("By position"),
        "time_decay": _("Time decay"),
        "markov": _("Markov"),
        "shapley": _("Shapley"),
    }
    return names[model]


def model_definition(model: str) -> str:
    """What each model does, in a sentence; the engine's guide has the formulas."""
    definitions = {
        "first": _("The whole conversion goes to the channel of the first touch."),
        "last": _("The whole conversion goes to the channel of the last touch before it."),
        "linear": _("Every touch gets an equal part."),
        "position": _("40 % to the first touch, 40 % to the last, 20 % in equal parts to those between."),
        "time_decay": _("The nearer to the conversion, the more: a touch 7 days earlier counts half."),
        "markov": _(
            "What would be lost if every step to this channel led nowhere, from how customers really go "
            "from channel to channel."
        ),
        "shapley": _("Each path’s conversion in equal parts to the different channels on it."),
    }
    return definitions[model]
