"""Spans of a day as people write them: “9-12, 14:00-18:30”, “22 h – 6 h”, “9am-5pm”, “closed”."""

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
_TIME = r"(\d{1,2})(?:\s?[:h.]\s?(\d{2})(?!\d)|\s?[:h.](?![^\W_]))?(?:\s?([ap])\.?m\b\.?)?"
_SPAN = re.compile(rf"(?:de |from )?{_TIME}\s*(?:-|–|—|à|to)\s*{_TIME}")
_BETWEEN = re.compile(r"\s*(?:[,;/]|\band\b|\bet\b)\s*")


def read_spans(text: str, where: str) -> list[Pair]:
    """In order of the day. Raises BadInput for what can't be read, and for spans that overlap."""
    tidy = text.strip().lower()
    if tidy in _CLOSED:
        return []
    parts = _BETWEEN.split(tidy)
    return in_order((_pair(part, where) for part in parts if part.strip()), where)


def spans_and_name(text: str) -> tuple[str, str]:
    """“9-12, 14-18 Halloween” apart; no spans where it doesn't begin with any."""
    end, tidy = 0, text.lower()
    for word in sorted(filter(str.isalpha, _CLOSED), key=len, reverse=True):
        if re.match(rf"{word}\b", tidy):
            return text[: len(word)], text[len(word) :].strip()
    while found := _SPAN.match(tidy, end):
        after = _BETWEEN.match(tidy, found.end())
        if after is None or not _SPAN.match(tidy, after.end()):
            return text[: found.end()], text[found.end() :].strip()
        end = after.end()
    return "", text


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
    half = found[3] or (found[6] if _shares_its_half(found) else None)
    begin, end = _time(found[1], found[2], half), _time(found[4], found[5], found[6])
    if begin is None or end is None or begin == "24:00" or (found[3] and not found[6]):
        raise BadInput(_("“{text}” is no time of a day.").format(text=text.strip()[:40]), where=where)
    return begin, end


def _shares_its_half(found: re.Match[str]) -> bool:
    """“1-5pm” begins in the afternoon, “9-5pm” doesn't."""
    return found[6] is not None and int(found[1]) % 12 < int(found[4]) % 12


def _time(hours: str, minutes: str | None, half: str | None) -> str | None:
    """Of twelve hours where it is said in which `half` of the day: “a” or “p”."""
    hour, minute = int(hours), int(minutes or 0)
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return f"{hour:02}:{minute:02}"
