"""What a rule asks of a conversation that begins: every condition must hold, any of its values will do."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.errors import BadInput
from parcours.core.language import main_language
from parcours.core.text import one_line, storable

MOST_VALUES = 50
LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a conversation when it begins. What costs a query is asked only when a rule asks."""

    kind: str
    account_id: uuid.UUID
    language: str = ""
    text: str = ""
    page: str = ""
    topic: str = ""
    is_known: Callable[[], bool] = field(default=bool, compare=False)  # did the customer write before?
    segments: Callable[[], frozenset[str]] = field(default=frozenset, compare=False)


@dataclass(frozen=True, slots=True)
class Asks:
    """A kind of condition: how it is called, and the values of it that hold of some facts."""

    label: Any
    holding: Callable[[Facts, Sequence[str]], Sequence[str]]


def _one_of(value: Callable[[Facts], str]) -> Callable[[Facts, Sequence[str]], Sequence[str]]:
    return lambda facts, wanted: [each for each in wanted if each.casefold() == value(facts).casefold()]


def _inside(value: Callable[[Facts], str]) -> Callable[[Facts, Sequence[str]], Sequence[str]]:
    return lambda facts, wanted: [each for each in wanted if each.casefold() in value(facts).casefold()]


def _languages(facts: Facts, wanted: Sequence[str]) -> Sequence[str]:
    """“fr” is also “fr-CA”; “fr-CA” is that only."""
    theirs = {facts.language.casefold(), main_language(facts.language)}
    return [each for each in wanted if each.casefold() in theirs]


def _known(facts: Facts, wanted: Sequence[str]) -> Sequence[str]:
    return [each for each in wanted if each == ("known" if facts.is_known() else "new")]


def _segments(facts: Facts, wanted: Sequence[str]) -> Sequence[str]:
    theirs = facts.segments()
    return [each for each in wanted if each in theirs]


KINDS: Mapping[str, Asks] = {
    "channels": Asks(gettext_lazy("Channel"), _one_of(lambda facts: facts.kind)),
    "accounts": Asks(gettext_lazy("Account"), _one_of(lambda facts: str(facts.account_id))),
    "languages": Asks(gettext_lazy("Language"), _languages),
    "words": Asks(gettext_lazy("Words in the first message"), _inside(lambda facts: facts.text)),
    "pages": Asks(gettext_lazy("Page it was written on"), _inside(lambda facts: facts.page)),
    "topics": Asks(gettext_lazy("Topic"), _one_of(lambda facts: facts.topic)),
    "customers": Asks(gettext_lazy("Customer"), _known),
    "segments": Asks(gettext_lazy("Segment"), _segments),
}
"""In the order in which they are asked: what costs a query comes last."""

Conditions = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether all hold; `found` says by which values, `failed` names the first kind that doesn't."""

    holds: bool
    found: Conditions = field(default_factory=dict)
    failed: str = ""


def judge(conditions: Conditions, facts: Facts) -> Judged:
    found: dict[str, Sequence[str]] = {}
    for kind, asks in KINDS.items():
        wanted = conditions.get(kind, ())
        if not wanted:
            continue
        holding = asks.holding(facts, wanted)
        if not holding:
            return Judged(False, found, kind)
        found[kind] = list(holding)
    return Judged(True, found)


def clean_conditions(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """As they are stored. Raises BadInput for an unknown kind, or values that are too many or long."""
    cleaned: dict[str, list[str]] = {}
    for kind, values in given.items():
        if kind not in KINDS:
            raise BadInput(_("“{text}” is not one of the choices.").format(text=kind), where="conditions")
        tidy = list(dict.fromkeys(filter(None, (one_line(storable(str(each))) for each in values))))
        if len(tidy) > MOST_VALUES or any(len(each) > LONGEST_VALUE for each in tidy):
            raise BadInput(
                _("At most {n} values of at most {most} characters fit here.").format(
                    n=MOST_VALUES, most=LONGEST_VALUE
                ),
                where=kind,
            )
        if tidy:
            cleaned[kind] = tidy
    return cleaned
