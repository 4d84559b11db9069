"""Spans of a day as people write them: “9-12, 14:00-18:30”, “22h-6h”, “closed”."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.inbox.hours.arithmetic import DAY, Span

Pair = tuple[str, str]
"""Begin and end as “HH:MM”; kept in the database as a list."""

MOST_SPANS = 6
_CLOSED = {"", "-", "–", "closed", "fermé", "ferme"}
_SPAN = re.compile(r"(\d{1,2})(?:[:h.](\d{2})?)?\s*(?:-|–|—|à|to)\s*(\d{1,2})(?:[:h.](\d{2})?)?")


def read_spans(text: str, where: str) -> list[Pair]:
    """In order of the day. Raises BadInput for what can't be read, and for spans that overlap."""
    tidy = text.strip().lower()
    if tidy in _CLOSED:
        return []
    parts = re.split(r"[,;/]|\band\b|\bet\b", tidy)
    return in_order((_pair(part, where) for part in parts if part.strip()), where)


def in_order(pairs: Iterable[Pair], where: str) -> list[Pair]:
    """Raises BadInput for too many, and for spans that overlap."""
    ordered = sorted(pairs)
    if len(ordered) > MOST_SPANS:
        raise BadInput(_("A day has at most {n} spans.").format(n=MOST_SPANS), where=where)
    for before, after in pairwise(ordered):
        if minutes_of(after)[0] < minutes_of(before)[1]:
            raise BadInput(_("“{text}” has spans that overlap.").format(text=written(ordered)), where=where)
    return ordered


def minutes_of(pair: Sequence[str]) -> Span:
    """An end that isn't after its begin is on the next day."""
    begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in pair)
    return begin, end if end > begin else end + DAY


def written(pairs: Sequence[Sequence[str]]) -> str:
    """As it stands in a field, and can be read again."""
    return ", ".join(f"{begin}-{end}" for begin, end in pairs)


def _pair(text: str, where: str) -> Pair:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            _("“{text}” can’t be read as hours.").format(text=text.strip()[:40]),
            where=where,
            remedy=_("Write for instance 9:00-12:00, 14:00-18:00."),
        )
    begin, end = _time(found[1], found[2]), _time(found[3], found[4])
    if begin is None or end is None or begin == "24:00":
        raise BadInput(_("“{text}” is no time of a day.").format(text=text.strip()[:40]), where=where)
    return begin, end


def _time(hours: str, minutes: str | None) -> str | None:
    hour, minute = int(hours), int(minutes or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return f"{hour:02}:{minute:02}"
