"""What a source sent lately: what waits, what is in the lake, what was refused and what to look at."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from parcours.events.enums import Refusal
from parcours.events.models import ReceivedEvent, RefusedEvent, SchemaWarning, Source

State = Literal["waiting", "stored", "refused"]
MOST = 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that came. `text` is all of it, indented; `reason` says why it was refused.

    `customer` is known of those that are stored, unless they were left out.
    """

    key: str
    at: datetime
    state: State
    type: str
    name: str
    who: str
    text: str
    reason: str = ""
    customer: int | None = None


def latest_arrivals(source: Source, most: int = MOST) -> list[Arrival]:
    """The newest first, those that were refused among them."""
    received = ReceivedEvent.objects.filter(source_id=source.pk).order_by("-id")[:most]
    refused = RefusedEvent.objects.filter(source_id=source.pk).order_by("-id")[:most]
    found = [_received(row) for row in received] + [_refused(row) for row in refused]
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]


def arrival(source: Source, key: str) -> Arrival | None:
    """One message by its key; None when it isn't kept any more."""
    number = int(key[1:]) if key[1:].isdecimal() and len(key) < 20 else 0
    if key.startswith("r"):
        received = ReceivedEvent.objects.filter(source_id=source.pk, pk=number).first()
        return _received(received) if received else None
    refused = RefusedEvent.objects.filter(source_id=source.pk, pk=number).first()
    return _refused(refused) if refused else None


def schema_warnings(source: Source) -> list[SchemaWarning]:
    """Those seen last first."""
    return list(SchemaWarning.objects.filter(source=source).order_by("-last_seen", "event", "detail")[:500])


def waiting(source_id: uuid.UUID) -> int:
    """How many messages have arrived and aren't in the lake yet."""
    return ReceivedEvent.objects.filter(source_id=source_id, handed_at=None).count()


def _received(row: ReceivedEvent) -> Arrival:
    said = _said(bytes(row.body))
    state: State = "waiting" if row.handed_at is None else "stored"
    return Arrival(
        key=f"r{row.pk}",
        at=row.received_at,
        state=state,
        type=_word(said, "type") or "track",
        name=_word(said, "event", "name"),
        who=_word(said, "userId", "distinct_id", "anonymousId"),
        text=_indented(said),
        customer=row.customer_id,
    )


def _refused(row: RefusedEvent) -> Arrival:
    raw = bytes(row.body)
    said = _said(raw)
    return Arrival(
        key=f"x{row.pk}",
        at=row.received_at,
        state="refused",
        type=_word(said, "type"),
        name=_word(said, "event", "name"),
        who=_word(said, "userId", "distinct_id", "anonymousId"),
        text=_indented(said) if said else raw.decode("utf-8", "replace"),
        reason=str(Refusal(row.reason).label),
    )


def _said(body: bytes) -> dict[str, Any]:
    """The message as an object; an empty one for what isn't."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _word(said: dict[str, Any], *names: str) -> str:
    """The first of these fields that says something."""
    for name in names:
        value = said.get(name)
        if isinstance(value, str | int) and value != "":
            return str(value)[:200]
    return ""


def _indented(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=2)
