"""At the door: can a message be an event, and what is its id? The rest is read when it is handed over.

Everything here runs in the web process for each event, so only what decides is decoded.
"""

from codecs import BOM_UTF8
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from parcours.events.enums import Dialect, Refusal
from parcours.events.ingest.messages import TYPES
from parcours.events.ingest.reading import (
    MOST_BYTES,
    UnreadableError,
    id_for,
    moment_of,
    object_in,
    text_of,
)


class Checked(NamedTuple):
    """A message that goes into the inbox: its id and itself as it came; with a `refusal` it doesn't."""

    message_id: str
    raw: bytes
    refusal: Refusal | None = None


class Parcel(NamedTuple):
    """The body of a request, unpacked: the messages, and what stands beside them."""

    messages: Sequence[bytes]
    key: str
    sent_at: datetime | None
    dialect: Dialect


class _Parcel(msgspec.Struct):
    batch: list[msgspec.Raw] | None = None
    writeKey: Any = None  # noqa: N815 - as clients write it
    api_key: Any = None
    sentAt: Any = None  # noqa: N815
    sent_at: Any = None


class _Message(msgspec.Struct, rename="camel"):
    type: Any = None
    event: Any = None
    user_id: Any = None
    anonymous_id: Any = None
    previous_id: Any = None
    group_id: Any = None
    message_id: Any = None
    timestamp: Any = None
    original_timestamp: Any = None


class _PostHogProperties(msgspec.Struct):
    distinct_id: Any = None
    alias: Any = None
    group_key: Any = msgspec.field(default=None, name="$group_key")


class _PostHogMessage(msgspec.Struct):
    event: Any = None
    distinct_id: Any = None
    uuid: Any = None
    timestamp: Any = None
    properties: _PostHogProperties | None = None


_parcels = msgspec.json.Decoder(_Parcel)
_messages = msgspec.json.Decoder(_Message)
_posthog_messages = msgspec.json.Decoder(_PostHogMessage)
_lists = msgspec.json.Decoder(list[msgspec.Raw])


def unpack(body: bytes, message_type: str = "") -> Parcel:
    """The messages in a request's body: a batch, a bare list, or one message by itself.

    `message_type` is what the address says they are, for those that don't say it. Raises UnreadableError.
    """
    body = body.removeprefix(BOM_UTF8).strip()
    if body.startswith(b"["):
        return Parcel(_decoded(_lists, body), "", None, Dialect.SEGMENT)
    parcel = _decoded(_parcels, body)
    dialect = Dialect.POSTHOG if parcel.api_key is not None else Dialect.SEGMENT
    messages = parcel.batch
    if messages is None:
        messages = [_with_type(body, message_type) if dialect == Dialect.SEGMENT else body]
    sent_at = moment_of(parcel.sentAt if parcel.sentAt is not None else parcel.sent_at)
    return Parcel(messages, text_of(parcel.api_key or parcel.writeKey), sent_at, dialect)


def check(raw: bytes, dialect: Dialect) -> Checked:
    """Whether this can be an event."""
    raw = bytes(raw)
    if len(raw) > MOST_BYTES:
        return Checked("", raw, Refusal.TOO_LARGE)
    try:
        return _check_posthog(raw) if dialect == Dialect.POSTHOG else _check_segment(raw)
    except UnreadableError as error:
        return Checked("", raw, error.reason)


def _check_segment(raw: bytes) -> Checked:
    message = _decoded(_messages, raw)
    kind = message.type
    dated = message.timestamp is not None or message.original_timestamp is not None
    message_id = text_of(message.message_id) or id_for(raw, dated=dated)
    refusal = None
    if not isinstance(kind, str) or kind not in TYPES:
        refusal = Refusal.NO_TYPE
    elif kind == "track" and not text_of(message.event):
        refusal = Refusal.NO_NAME
    elif not text_of(message.user_id) and (kind == "alias" or not text_of(message.anonymous_id)):
        refusal = Refusal.NO_CUSTOMER
    elif kind == "alias" and not text_of(message.previous_id):
        refusal = Refusal.NO_PREVIOUS
    elif kind == "group" and not text_of(message.group_id):
        refusal = Refusal.NO_GROUP
    return Checked(message_id, raw, refusal)


def _check_posthog(raw: bytes) -> Checked:
    message = _decoded(_posthog_messages, raw)
    properties = message.properties or _PostHogProperties()
    message_id = text_of(message.uuid) or id_for(raw, dated=message.timestamp is not None)
    name = text_of(message.event)
    refusal = None
    if not name:
        refusal = Refusal.NO_NAME
    elif not text_of(message.distinct_id) and not text_of(properties.distinct_id):
        refusal = Refusal.NO_CUSTOMER
    elif name == "$create_alias" and not text_of(properties.alias):
        refusal = Refusal.NO_PREVIOUS
    elif name == "$groupidentify" and not text_of(properties.group_key):
        refusal = Refusal.NO_GROUP
    return Checked(message_id, raw, refusal)


def _decoded(decoder: "msgspec.json.Decoder[Any]", raw: bytes) -> Any:
    try:
        return decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        mended = msgspec.json.encode(object_in(raw))
        try:
            return decoder.decode(mended)
        except msgspec.MsgspecError as error:
            raise UnreadableError(Refusal.NOT_AN_OBJECT) from error


def _with_type(body: bytes, message_type: str) -> bytes:
    """The message, saying its type; one that says another type itself keeps it, for the later key wins."""
    if not message_type or not body.startswith(b"{"):
        return body
    rest = body[1:].lstrip()
    return b'{"type":"' + message_type.encode() + (b'"' if rest.startswith(b"}") else b'",') + rest
