"""What a message says, whoever's form it has; and whether it can be an event at all."""

import hashlib
import json
import math
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec

from parcours.events.enums import Refusal

LONGEST_ID = 400
EARLIEST, LATEST = 1970, 9990
"""Years of times that are believed."""
MOST_BYTES = 32 * 1024
"""Of one event, as Segment documents it."""


class UnreadableError(ValueError):
    """The message can't be an event, ever."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


def text_of(value: Any) -> str:
    """An id or name as text; empty for anything that can't be one. Whole numbers lose their point."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()[:LONGEST_ID]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, float):
        return "" if not math.isfinite(value) else str(int(value)) if value.is_integer() else str(value)
    return str(value)[:LONGEST_ID]


def object_in(raw: bytes) -> dict[str, Any]:
    """The JSON object that the bytes hold. Raises UnreadableError.

    Half of a surrogate pair, which browsers send when a text was cut inside an emoji, becomes a question
    mark.
    """
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            found = _mended(json.loads(raw.decode("utf-8", "replace")))
        except (ValueError, RecursionError) as error:
            raise UnreadableError(Refusal.NOT_JSON) from error
    except RecursionError as error:
        raise UnreadableError(Refusal.NOT_JSON) from error
    if not isinstance(found, dict):
        raise UnreadableError(Refusal.NOT_AN_OBJECT)
    return found


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_mended(each) for each in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(each) for name, each in value.items()}
    return value


def id_for(raw: bytes, *, dated: bool) -> str:
    """An id for a message that came without one: of the same message the same, if it says when it happened.

    Without a time, the same again may well have happened again.
    """
    return hashlib.sha256(raw).hexdigest()[:32] if dated else uuid4().hex


def moment_of(value: Any) -> datetime | None:
    """The moment, in UTC; None for what isn't one. Numbers are seconds or milliseconds since 1970."""
    try:
        found = _moment_of(value)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found is not None and EARLIEST <= found.year <= LATEST else None


def _moment_of(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, str):
        text = value.strip()
        # Eight digits are a day, 20261122; as seconds they would lie in the first weeks of the seventies.
        number = text.replace(".", "", 1).isdecimal() and len(text) != len("YYYYMMDD")
        return _moment_of(float(text) if number else datetime.fromisoformat(text))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    return None
