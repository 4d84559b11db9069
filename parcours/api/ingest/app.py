"""From a request to an answer: read, unpack, check, store, say what became of each message."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from prometheus_client import Counter

from parcours.api.ingest.addresses import MESSAGE_TYPES, key_of_settings
from parcours.api.ingest.answers import Answer, answer_of_settings, preflight, problem, verdicts
from parcours.api.ingest.bodies import (
    GoneError,
    Receive,
    TooLargeError,
    UnpackableError,
    basic_user,
    header,
    read_body,
    unpacked,
)
from parcours.api.ingest.keys import WriteKeys
from parcours.api.ingest.nudges import Nudges
from parcours.api.ingest.store import Delivery, KnownSource, NotStoredError, Store
from parcours.core.clock import now
from parcours.events.enums import Refusal
from parcours.events.ingest.checking import Checked, Parcel, check, unpack
from parcours.events.ingest.reading import UnreadableError

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Send = Callable[[Any], Awaitable[None]]

MOST_WAITING = 64 * 1024 * 1024
"""Bytes of bodies that are being worked on; beyond that clients are asked to come back."""
MOST_REFUSED_KEPT = 20
MESSAGES = Counter("parcours_messages", "Messages of tracking clients", ["verdict"])


class Parts(NamedTuple):
    """What requests of one event loop share."""

    store: Store
    keys: WriteKeys
    nudges: Nudges


class Ingest:
    """The ASGI application for the addresses of `addresses`."""

    def __init__(self) -> None:
        self._parts: dict[asyncio.AbstractEventLoop, Parts] = {}
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except GoneError:
            return
        except Exception:
            logger.exception("a request with events failed; its sender will try again")
            answer = problem(500, "Something went wrong here; send the same again.", retry_after=5)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path, method = scope["path"], scope["method"]
        key = key_of_settings(path)
        if method == "OPTIONS":
            return preflight(scope)
        if key and method in {"GET", "HEAD"}:
            known = await self._asked(key)
            return known if isinstance(known, Answer) else answer_of_settings(key, scope)
        if path not in MESSAGE_TYPES or method != "POST":
            return _elsewhere(path, is_settings=bool(key))
        if self._waiting > MOST_WAITING:
            return problem(429, "Too much arrives at once; send the same again in a moment.", retry_after=2)
        return await self._receive(scope, receive)

    async def _receive(self, scope: Scope, receive: Receive) -> Answer:
        try:
            body = await read_body(receive)
            self._waiting += len(body)
            try:
                return await self._take_in(scope, body)
            finally:
                self._waiting -= len(body)
        except TooLargeError:
            return problem(413, "A request may have 4 MB; send fewer events at a time.")

    async def _take_in(self, scope: Scope, body: bytes) -> Answer:
        headers = scope["headers"]
        named = basic_user(header(headers, b"authorization"))
        try:
            plain = unpacked(body, header(headers, b"content-encoding").lower())
            parcel = unpack(plain, MESSAGE_TYPES[scope["path"]])
        except (UnpackableError, UnreadableError) as error:
            return await self._unreadable(named, body, error)
        key = named or parcel.key
        source = await self._asked(key)
        if isinstance(source, Answer):
            return source
        checked = [check(raw, parcel.dialect) for raw in parcel.messages]
        return await self._store(key, source, parcel, checked)

    async def _store(self, key: str, source: KnownSource, parcel: Parcel, checked: list[Checked]) -> Answer:
        parts = self._shared()
        received = now()
        good = [each for each in checked if each.refusal is None]
        refused = [each for each in checked if each.refusal is not None]
        try:
            new: set[str] = set()
            if good:
                new = await parts.store.put(Delivery(source, parcel.dialect, received, parcel.sent_at, good))
                if not new and not await parts.keys.still_opens(key):
                    return _unknown_key(key)
                parts.nudges.arrived(source.brand_id)
            if refused:
                await parts.store.keep_refused(source, refused[:MOST_REFUSED_KEPT], received)
        except NotStoredError:
            return _not_stored()
        for verdict, count in (("new", len(new)), ("again", len(good) - len(new)), ("refused", len(refused))):
            MESSAGES.labels(verdict).inc(count)
        return verdicts(checked, new)

    async def _unreadable(self, key: str, body: bytes, error: Exception) -> Answer:
        """Kept for people to look at, if we know who sent it."""
        reason = error.reason if isinstance(error, UnreadableError) else Refusal.NOT_JSON
        source = await self._asked(key)
        if isinstance(source, KnownSource):
            try:
                await self._shared().store.keep_refused(source, [Checked("", body, reason)], now())
            except NotStoredError:
                return _not_stored()
        elif key:
            return source
        return problem(400, str(reason.label))

    async def _asked(self, key: str) -> KnownSource | Answer:
        """Whose key this is, or the answer to one that opens nothing."""
        try:
            source = await self._shared().keys.source_of(key) if key else None
        except NotStoredError:
            return _not_stored()
        return source or _unknown_key(key)

    def _shared(self) -> Parts:
        loop = asyncio.get_running_loop()
        if loop not in self._parts:
            self._parts = {known: parts for known, parts in self._parts.items() if not known.is_closed()}
            store = Store()
            self._parts[loop] = Parts(store, WriteKeys(store), Nudges())
        return self._parts[loop]

    async def close(self) -> None:
        """Closes what this event loop has open."""
        parts = self._parts.pop(asyncio.get_running_loop(), None)
        if parts is not None:
            await parts.nudges.close()
            await parts.store.close()


def _elsewhere(path: str, *, is_settings: bool) -> Answer:
    """Nothing is there, or it is asked in another way."""
    if is_settings:
        allowed = ((b"allow", b"GET, HEAD, OPTIONS"),)
        return problem(405, "Settings are asked for with GET.", more=allowed)
    if path in MESSAGE_TYPES:
        return problem(405, "Events are sent with POST.", more=((b"allow", b"POST, OPTIONS"),))
    return problem(404, "There is nothing at this address.")


def _unknown_key(key: str) -> Answer:
    return problem(
        401,
        "This write key opens no source."
        if key
        else "A write key is needed: as the user of basic"
        " authorization, or as “writeKey” or “api_key” in the body.",
        more=((b"www-authenticate", b"Basic"),),
    )


def _not_stored() -> Answer:
    return problem(503, "The events could not be stored just now; send the same again.", retry_after=2)
