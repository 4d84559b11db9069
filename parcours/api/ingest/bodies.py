"""A request's body, whole and unpacked, within limits."""

import base64
import binascii
import zlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

Receive = Callable[[], Awaitable[Any]]

MOST_BYTES = 4 * 1024 * 1024
"""Of a request, packed and unpacked: what RudderStack's clients may send; Segment's stop at 500 KB."""
_GZIP = b"\x1f\x8b"


class TooLargeError(Exception):
    """The body is larger than a request may be."""


class UnpackableError(Exception):
    """The body says it is packed and isn't."""


class GoneError(Exception):
    """The client left before it had sent everything."""


async def read_body(receive: Receive) -> bytes:
    """The body as it was sent. Raises TooLargeError, GoneError."""
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise GoneError
        part = event.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            raise TooLargeError
        parts.append(part)
        if not event.get("more_body"):
            return b"".join(parts)


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body without gzip or deflate; gzip is seen by its first bytes too, for some clients don't say it.

    Raises UnpackableError, and TooLargeError before anything large was unpacked.
    """
    if body.startswith(_GZIP):
        return _inflated(body, 16 + zlib.MAX_WBITS)
    if encoding == "gzip" and body and not body.lstrip().startswith((b"{", b"[")):
        raise UnpackableError
    if encoding == "deflate" and not body.lstrip().startswith((b"{", b"[")):
        return _inflated(body, zlib.MAX_WBITS)
    return body


def _inflated(body: bytes, window: int) -> bytes:
    unpacking = zlib.decompressobj(window)
    try:
        plain = unpacking.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise UnpackableError from error
    if len(plain) > MOST_BYTES:
        raise TooLargeError
    if not unpacking.eof:
        raise UnpackableError
    return plain


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """The first header of that name (in small letters); empty without one."""
    return next((value.decode("latin-1") for key, value in headers if key == name), "")


def basic_user(authorization: str) -> str:
    """The user of basic authorization, where clients put the write key; empty without one."""
    scheme, _space, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
