"""Messages in Segment's form, which RudderStack's clients speak too."""

from collections.abc import Mapping
from typing import Any, cast

from parcours.events.ingest.messages import TYPES, Message, MessageType
from parcours.events.ingest.reading import moment_of, text_of

LONGEST_NAME = 200
LONGEST_CHANNEL = 80
_KEPT_CONTEXT = ("page", "campaign", "locale", "device", "os", "app", "referrer")
_CHANNELS = {"browser": "web", "mobile": "app", "server": "", "sources": ""}
"""What clients say they run in, in our words. A server tells of what happened elsewhere."""


def read_segment(fields: Mapping[str, Any], *, message_id: str) -> Message:
    """What the message says; its type and who it is about were checked when it arrived."""
    kind = fields.get("type")
    context = _object(fields.get("context"))
    properties = dict(_object(fields.get("properties")))
    identities = _object(fields.get("identities"))
    name = text_of(fields.get("name"))
    if name and kind in {"page", "screen"}:
        properties.setdefault("name", name)
    return Message(
        message_id=message_id,
        type=cast(MessageType, kind) if kind in TYPES else "track",
        event=event_name(kind, fields.get("event")),
        user_id=text_of(fields.get("userId")),
        anonymous_id=text_of(fields.get("anonymousId")),
        previous_id=text_of(fields.get("previousId")),
        group_id=text_of(fields.get("groupId")),
        identities={text_of(name): text for name, value in identities.items() if (text := text_of(value))},
        traits=_traits(kind, fields, context),
        properties=properties,
        context=dict(context),
        channel=channel_of(kind, fields.get("channel"), properties, context),
        timestamp=_first_moment(fields, "originalTimestamp", "timestamp"),
        sent_at=moment_of(fields.get("sentAt")),
    )


def event_name(kind: Any, event: Any) -> str:
    if kind == "track":
        return text_of(event)[:LONGEST_NAME]
    return {"page": "Page Viewed", "screen": "Screen Viewed"}.get(str(kind), "")


def channel_of(kind: Any, said: Any, properties: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """The channel that the event names itself, else where its client runs; empty when nothing tells."""
    for value in (properties.get("channel"), said, context.get("channel")):
        channel = text_of(value)[:LONGEST_CHANNEL]
        if channel and (known := _CHANNELS.get(channel.lower(), channel)):
            return known
    if kind in {"page", "screen"}:
        return "web" if kind == "page" else "app"
    return _channel_of_library(context)


def kept_context(context: Mapping[str, Any]) -> dict[str, Any]:
    """What of the context is worth asking for later; addresses and such are not kept."""
    return {name: context[name] for name in _KEPT_CONTEXT if context.get(name)}


def _channel_of_library(context: Mapping[str, Any]) -> str:
    """Browsers tell their page, phones their device; a library on a server tells nothing of the kind."""
    if _object(context.get("page")):
        return "web"
    device = _object(context.get("device"))
    if text_of(device.get("type")).lower() in {"ios", "android"}:
        return "app"
    return ""


def _traits(kind: Any, fields: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """RudderStack puts the traits of an identify into the context."""
    if kind not in {"identify", "group"}:
        return {}
    found = _object(context.get("traits")) if kind == "identify" else {}
    return {**found, **_object(fields.get("traits"))}


def _first_moment(fields: Mapping[str, Any], *names: str) -> Any:
    return next((found for name in names if (found := moment_of(fields.get(name)))), None)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
