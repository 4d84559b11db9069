"""The door for tracking clients, asked as a web server asks it."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, NamedTuple, TypeVar

from parcours.api.ingest.app import Ingest

Result = TypeVar("Result")


class Answered(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Door:
    """An event loop with the application in it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._app = Ingest()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self.run(self._app.close())
        self._loop.close()

    def post(self, path: str, body: Any, key: str = "", method: str = "POST", **headers: str) -> Answered:
        return self.run(self.ask(path, body, key, method, **headers))

    async def ask(
        self, path: str, body: Any, key: str = "", method: str = "POST", **headers: str
    ) -> Answered:
        """Bytes are sent as they are, anything else as JSON; `key` goes where clients put it."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            import base64

            named["authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "scheme": "http",
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }
        middle = len(content) // 2
        parts = [
            {"type": "http.request", "body": content[:middle], "more_body": True},
            {"type": "http.request", "body": content[middle:], "more_body": False},
        ]
        sent: list[Any] = []

        async def receive() -> Any:
            return parts.pop(0)

        async def send(event: Any) -> None:
            sent.append(event)

        await self._app(scope, receive, send)
        start, end = sent
        answered = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answered(start["status"], answered, end["body"])
