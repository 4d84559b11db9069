"""Hours as a chat's own field has them: one span a line, “mon-fri 09:00-18:00”."""

import re
from datetime import time

from parcours.inbox.hours.arithmetic import DAY, Hours

_DAYS = (("mon", "lun"), ("tue", "mar"), ("wed", "mer"), ("thu", "jeu"), ("fri", "ven"), ("sat", "sam"),
         ("sun", "dim"))  # fmt: skip
_NUMBER = {name: number for number, names in enumerate(_DAYS) for name in names}
_SPAN = re.compile(
    r"(?P<first>[a-z]{3})\w*(?:\s*[-–]\s*(?P<last>[a-z]{3})\w*)?\s+"
    r"(?P<from>\d{1,2})[:h](?P<from_minutes>\d{2})?\s*[-–]\s*(?P<to>\d{1,2})[:h](?P<to_minutes>\d{2})?"
)


def hours_in(text: str, time_zone: str) -> Hours | None:
    """None where no line says anything."""
    spans = spans_of(text)
    if not spans:
        return None
    week = tuple(
        tuple((_minute(begin), _minute(end)) for begin, end in sorted(spans.get(day, ()))) for day in range(7)
    )
    return Hours(time_zone, week)


def unreadable(text: str) -> list[str]:
    """The lines that say nothing."""
    return [line for line in text.splitlines() if line.strip() and not spans_of(line)]


def spans_of(text: str) -> dict[int, list[tuple[time, time]]]:
    """By weekday (Monday is 0). A line that can't be read says nothing."""
    spans: dict[int, list[tuple[time, time]]] = {}
    for line in text.lower().splitlines():
        found = _SPAN.fullmatch(line.strip())
        if found is None or found["first"] not in _NUMBER or (found["last"] or "mon") not in _NUMBER:
            continue
        begin, end = _time(found["from"], found["from_minutes"]), _time(found["to"], found["to_minutes"])
        if begin is None or end is None or begin >= end:
            continue
        first = _NUMBER[found["first"]]
        last = _NUMBER[found["last"]] if found["last"] else first
        for step in range((last - first) % 7 + 1):
            spans.setdefault((first + step) % 7, []).append((begin, end))
    return spans


def _minute(at: time) -> int:
    return DAY if at == time.max else at.hour * 60 + at.minute


def _time(hours: str, minutes: str | None) -> time | None:
    hour, minute = int(hours), int(minutes or 0)
    if (hour, minute) == (24, 0):
        return time.max
    return time(hour, minute) if hour < 24 and minute < 60 else None
