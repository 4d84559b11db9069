"""Talking to Chromium over a pair of pipes, in its own DevTools protocol: JSON, each message ended by NUL.

No port is opened: nobody else on the machine can steer the browser.
"""

import json
import os
import select
import time
from collections.abc import Callable
from typing import Any

from parcours.canvas.captures.chromium.faults import NoPicture
from parcours.canvas.captures.enums import Trouble

Event = dict[str, Any]
_PIECE = 256 * 1024
MOST_BYTES = 64 * 1024 * 1024


class Refused(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """Chromium would not do what it was told; the message is its own."""


class Wire:
    """Commands and their answers; events on the way go to `hear`."""

    def __init__(self, read: int, write: int, *, ends_at: float) -> None:
        self._read = read
        self._write = write
        self._ends_at = ends_at
        self._number = 0
        self._unread = b""
        self._session = ""
        self.hear: Callable[[Event], None] = lambda _event: None

    def attach(self, session: str) -> None:
        """From now on commands go to this page."""
        self._session = session

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Raises Refused, or NoPicture when time is over or Chromium is gone."""
        number = self.send(method, **params)
        while True:
            message = self._next(self._ends_at)
            if message is None:
                raise NoPicture(Trouble.TOO_LONG)
            if message.get("id") == number:
                if "error" in message:
                    raise Refused(message["error"].get("message", method))
                answer: dict[str, Any] = message.get("result", {})
                return answer
            self._heard(message)

    def send(self, method: str, **params: Any) -> int:
        """The same without waiting for the answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        try:
            os.write(self._write, json.dumps(message).encode() + b"\0")
        except OSError as error:
            raise NoPicture(Trouble.CRASHED) from error
        return self._number

    def wait(self, done: Callable[[], bool], *, seconds: float) -> bool:
        """Listens until `done`, at most so long; whether it is. Raises NoPicture when time is over."""
        until = min(time.monotonic() + seconds, self._ends_at)
        while not done():
            if time.monotonic() >= self._ends_at:
                raise NoPicture(Trouble.TOO_LONG)
            message = self._next(until)
            if message is None:
                return done()
            self._heard(message)
        return True

    def _heard(self, message: Event) -> None:
        if "method" in message:
            self.hear(message)

    def _next(self, until: float) -> Event | None:
        """The next message; None when none came in time."""
        while b"\0" not in self._unread:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                return None
            piece = os.read(self._read, _PIECE)
            if not piece or len(self._unread) > MOST_BYTES:
                raise NoPicture(Trouble.CRASHED)
            self._unread += piece
        message, self._unread = self._unread.split(b"\0", 1)
        found: Event = json.loads(message)
        return found
