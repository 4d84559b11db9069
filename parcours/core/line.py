"""One connection to the database for all that an event loop asks; one statement at a time."""

import asyncio
from typing import Any

import psycopg
from django.db import connections

NAME = "parcours line"
"""As the database lists these connections."""


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

    async def hang_up(self) -> None:
        async with self._one_at_a_time:
            await self._close()

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
    return {"connect_timeout": 5, "application_name": NAME, **named}
