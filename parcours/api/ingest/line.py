"""The one connection to the database that a web process's ingest has; one statement at a time."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections

COPY = (
    "COPY events_receivedevent (brand_id, source_id, message_id, dialect, body, received_at, sent_at)"
    " FROM STDIN (FORMAT BINARY)"
)
TYPES = ("uuid", "uuid", "text", "varchar", "bytea", "timestamptz", "timestamptz")
STILL_THERE = "SELECT id FROM events_source WHERE id = ANY(%s) AND removed_at IS NULL"


class Line:
    """Connects when it is first needed, and again when the connection was lost."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def execute(self, statement: str, values: Any) -> list[tuple[Any, ...]]:
        """Runs a statement that does no harm when it is run twice: once more, on a new connection, when the
        old one was lost. Raises psycopg.Error.
        """
        async with self._one_at_a_time:
            try:
                return await self._executed(statement, values)
            except psycopg.OperationalError:
                await self._close()
            return await self._executed(statement, values)

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

    async def hang_up(self) -> None:
        async with self._one_at_a_time:
            await self._close()

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

    async def _executed(self, statement: str, values: Any) -> list[tuple[Any, ...]]:
        connection = await self._connected()
        cursor = await connection.execute(statement, values, prepare=True)
        return await cursor.fetchall() if cursor.description else []

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(**parameters(), autocommit=True)
        return self._connection

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def parameters() -> dict[str, Any]:
    """Django's, without what its own cursors need."""
    named = connections["default"].get_connection_params()
    for name in ("pool", "cursor_factory", "server_side_binding", "prepare_threshold", "context"):
        named.pop(name, None)
    return {"connect_timeout": 5, **named}
