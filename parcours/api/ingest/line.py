"""The one connection to the database that a web process's ingest has; one statement at a time."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import psycopg

from parcours.core.line import Line as AnyLine

COPY = (
    "COPY events_receivedevent (brand_id, source_id, message_id, dialect, body, received_at, sent_at)"
    " FROM STDIN (FORMAT BINARY)"
)
TYPES = ("uuid", "uuid", "text", "varchar", "bytea", "timestamptz", "timestamptz")
STILL_THERE = "SELECT id FROM events_source WHERE id = ANY(%s) AND removed_at IS NULL"


class Line(AnyLine):
    """Brings many messages at once too."""

    async def copy(self, rows: Sequence[tuple[Any, ...]], sources: Collection[UUID]) -> bool:
        """Adds new messages to the inbox, all of them or none: False when one is there already, a source was
        removed, or anything else is in the way, which `STORE` will tell.
        """
        if len({(row[1], row[2]) for row in rows}) < len(rows):
            return False
        async with self._one_at_a_time:
            try:
                return await self._copied(rows, sources)
            except psycopg.Error:
                return False

    async def _copied(self, rows: Sequence[tuple[Any, ...]], sources: Collection[UUID]) -> bool:
        connection = await self._connected()
        async with connection.transaction() as transaction:
            cursor = connection.cursor()
            async with cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                for row in rows:
                    await copy.write_row(row)
            found = await cursor.execute(STILL_THERE, [list(sources)], prepare=True)
            complete = len(await found.fetchall()) == len(sources)
            if not complete:
                raise psycopg.Rollback(transaction)
        return complete
