"""What a shop sent, read with care: every shop writes numbers, times and empty things in its own way."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from parcours.events.hooks.enums import Trouble


class NotUnderstood(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """A delivery that can't be understood; it is kept, and the next ones are not held up."""

    def __init__(self, trouble: Trouble, where: str = "") -> None:
        super().__init__(f"{trouble} {where}".strip())
        self.trouble = trouble
        self.where = where


class Fields:
    """A JSON object and where it stands in the payload. What is missing reads as empty."""

    __slots__ = ("values", "where")

    def __init__(self, values: Any, where: str = "") -> None:
        """Raises NotUnderstood for anything but an object."""
        if not isinstance(values, dict):
            raise NotUnderstood(Trouble.MISSING, where)
        self.values: dict[str, Any] = values
        self.where = where

    def __bool__(self) -> bool:
        return bool(self.values)

    def text(self, *keys: str) -> str:
        """The first of the keys that says something, as text."""
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
                return str(value).strip().replace("\0", "")
        return ""

    def needed(self, *keys: str) -> str:
        """Raises NotUnderstood when none of them says something."""
        found = self.text(*keys)
        if not found:
            raise NotUnderstood(Trouble.MISSING, self._at(keys[0]))
        return found

    def number(self, *keys: str) -> float | int | None:
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, bool) or value is None:
                continue
            try:
                number = float(value)
            except (TypeError, ValueError):
                continue
            if math.isfinite(number):
                return int(number) if number.is_integer() else round(number, 4)
        return None

    def flag(self, key: str) -> bool:
        return self.values.get(key) in (True, 1, "1", "true", "yes")

    def moment(self, *keys: str, zone: tzinfo = UTC) -> datetime | None:
        """A time; one without a zone lies in `zone`. None for what is no time."""
        for key in keys:
            value = self.values.get(key)
            try:
                if isinstance(value, int | float) and not isinstance(value, bool):
                    return datetime.fromtimestamp(value, UTC)
                found = datetime.fromisoformat(str(value)) if value else None
            except (ValueError, OverflowError, OSError):
                continue
            if found is not None:
                return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        return None

    def needed_moment(self, *keys: str, zone: tzinfo = UTC) -> datetime:
        """Raises NotUnderstood without one."""
        found = self.moment(*keys, zone=zone)
        if found is None:
            raise NotUnderstood(Trouble.MISSING, self._at(keys[0]))
        return found

    def part(self, key: str) -> "Fields":
        """The object under a key; an empty one when there is none."""
        value = self.values.get(key)
        return Fields(value if isinstance(value, dict) else {}, self._at(key))

    def rows(self, key: str) -> "list[Fields]":
        """The objects under a key. Some shops write a list of one as that one."""
        return list(self._rows(key))

    def _rows(self, key: str) -> "Iterator[Fields]":
        value = self.values.get(key)
        if isinstance(value, dict):
            value = [value]
        for place, each in enumerate(value if isinstance(value, list) else []):
            if isinstance(each, dict):
                yield Fields(each, f"{self._at(key)}[{place}]")

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key


def without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """The properties that say something: 0 and False do, an empty text or list doesn't."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}
