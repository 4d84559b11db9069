"""Counts what somebody should look at: unknown names, missing properties, wrong clocks."""

import uuid
from collections import Counter
from datetime import datetime

from django.db import connection

from parcours.events.catalogue import EVENTS
from parcours.events.enums import WarningKind
from parcours.events.ingest.expected import missing_properties
from parcours.events.ingest.messages import Message

MOST_ROWS = 1_000
"""Of one source; beyond that new warnings are not kept: a client that makes names up would fill the table."""


class Notices:
    """The warnings of one hand-over, counted by source, kind, event and detail."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[uuid.UUID, str, str, str]] = Counter()

    def look_at(self, source_id: uuid.UUID, message: Message) -> None:
        """Notes what is unusual about an event."""
        if message.event not in EVENTS:
            self.note(source_id, WarningKind.UNKNOWN_NAME, message.event)
            return
        for missing in missing_properties(message.event, message.properties):
            self.note(source_id, WarningKind.MISSING_PROPERTY, message.event, missing)

    def note(self, source_id: uuid.UUID, kind: WarningKind, event: str, detail: str = "") -> None:
        self._counts[source_id, kind.value, event[:200], detail[:200]] += 1

    def write(self, brand_id: uuid.UUID, at: datetime) -> None:
        """Adds the counts to what was noticed before; part of the hand-over's transaction."""
        if not self._counts:
            return
        rows = [(*key, count) for key, count in sorted(self._counts.items())]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, {"brand": brand_id, "at": at, "most": MOST_ROWS, **_columns(rows)})


_ADD = """
INSERT INTO events_schemawarning (brand_id, source_id, kind, event, detail, count, first_seen, last_seen)
SELECT %(brand)s, n.source_id, n.kind, n.event, n.detail, n.count, %(at)s, %(at)s
FROM unnest(%(sources)s::uuid[], %(kinds)s::text[], %(events)s::text[], %(details)s::text[],
  %(counts)s::bigint[]) n (source_id, kind, event, detail, count)
WHERE (SELECT count(*) FROM events_schemawarning w WHERE w.source_id = n.source_id) < %(most)s
  OR EXISTS (SELECT FROM events_schemawarning w WHERE w.source_id = n.source_id AND w.kind = n.kind
    AND w.event = n.event AND w.detail = n.detail)
ON CONFLICT (source_id, kind, event, detail) DO UPDATE SET
  count = events_schemawarning.count + excluded.count, last_seen = excluded.last_seen
"""


def _columns(rows: list[tuple[uuid.UUID, str, str, str, int]]) -> dict[str, list[object]]:
    names = ("sources", "kinds", "events", "details", "counts")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
