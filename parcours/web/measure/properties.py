"""Conditions on properties in the address: `where=country:FR`, several times where several values count."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.core.property_names import property_label
from parcours.core.text import quoted

BETWEEN = ":"
MOST = 12


@dataclass(frozen=True, slots=True)
class Condition:
    """One value of a property that counts, as a chip shows it."""

    name: str
    value: str

    @property
    def word(self) -> str:
        return f"{self.name}{BETWEEN}{self.value}"

    @property
    def sentence(self) -> str:
        return _("{name} is {value}").format(name=property_label(self.name), value=quoted(self.value))


def read_conditions(query: QueryDict) -> tuple[Condition, ...]:
    """Those of the address, and the one that its form adds with `property` and `value`. Raises BadInput."""
    words = list(dict.fromkeys(query.getlist("where")))
    name, value = query.get("property", ""), query.get("value", "").strip()
    if name and value:
        words.append(f"{name}{BETWEEN}{value}")
    found = tuple(_condition(word) for word in dict.fromkeys(words) if word)
    if len(found) > MOST:
        raise BadInput(_("At most {n} conditions can stand in the address.").format(n=MOST), where="where")
    return found


def together(conditions: Sequence[Condition]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each property once with all its values."""
    found: dict[str, tuple[str, ...]] = {}
    for each in conditions:
        found[each.name] = (*found.get(each.name, ()), each.value)
    return tuple(found.items())


def _condition(word: str) -> Condition:
    name, between, value = word.partition(BETWEEN)
    if not between or not name or not value:
        raise BadInput(
            _("“{word}” is not a condition.").format(word=word),
            where="where",
            remedy=_("Write a property and its value, like country:FR."),
        )
    return Condition(name, value)
