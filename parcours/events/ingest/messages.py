"""A message of a tracking client, whoever sent it: who, what, when, where."""

from datetime import datetime
from typing import Any, Literal

import msgspec

MessageType = Literal["track", "page", "screen", "identify", "group", "alias"]
TYPES: frozenset[str] = frozenset({"track", "page", "screen", "identify", "group", "alias"})
HAPPENED: frozenset[str] = frozenset({"track", "page", "screen"})
"""The types that are events; the others tell about people only."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message. What is empty wasn't said.

    `message_id` is unique within its source: the same id again is the same message, sent again. `event` is
    the name of a track message, and “Page Viewed” or “Screen Viewed” of the others that are events.
    `timestamp` is aware; None stands for the moment of arrival. `sent_at` is the sender's clock when it sent,
    by which `timestamp` is corrected when it differs from ours.

    `identities` are further ways in which the sender knows the customer, by kind (`email`, `phone`): they
    join the profile, and name the customer when there is neither a user id nor an anonymous id: an address
    that a visitor typed may be somebody else's.

    `raw` is the message as it came, a JSON object; empty for one that was put together here.
    """

    message_id: str
    type: MessageType
    event: str = ""
    user_id: str = ""
    anonymous_id: str = ""
    previous_id: str = ""
    group_id: str = ""
    identities: dict[str, str] = msgspec.field(default_factory=dict)
    traits: dict[str, Any] = msgspec.field(default_factory=dict)
    properties: dict[str, Any] = msgspec.field(default_factory=dict)
    context: dict[str, Any] = msgspec.field(default_factory=dict)
    channel: str = ""
    timestamp: datetime | None = None
    sent_at: datetime | None = None
    raw: bytes = b""


class Verdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one message. `reason` says why it wasn't accepted; a duplicate is accepted and stored
    once.
    """

    message_id: str
    accepted: bool
    duplicate: bool = False
    reason: str = ""


def as_body(message: Message) -> bytes:
    """The message as the inbox keeps it: as it came, else in Segment's form with our `identities` beside."""
    if message.raw:
        return message.raw
    fields: dict[str, Any] = {
        "type": message.type,
        "messageId": message.message_id,
        "event": message.event if message.type == "track" else "",
        "userId": message.user_id,
        "anonymousId": message.anonymous_id,
        "previousId": message.previous_id,
        "groupId": message.group_id,
        "identities": message.identities,
        "traits": message.traits,
        "properties": message.properties,
        "context": message.context,
        "channel": message.channel,
        "timestamp": message.timestamp,
        "sentAt": message.sent_at,
    }
    return msgspec.json.encode({name: value for name, value in fields.items() if value})
