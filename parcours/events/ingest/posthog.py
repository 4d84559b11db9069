"""Messages in PostHog's form."""

from collections.abc import Mapping
from typing import Any

from parcours.events.ingest.messages import Message
from parcours.events.ingest.reading import moment_of, text_of
from parcours.events.ingest.segment import LONGEST_NAME

_PAGES = {"$pageview": "page", "$screen": "screen"}
_NAMES = {"page": "Page Viewed", "screen": "Screen Viewed"}
_OF_PAGES = {
    "$current_url": "url",
    "$pathname": "path",
    "$referrer": "referrer",
    "$screen_name": "name",
    "$title": "title",
    "title": "title",
}
_SERVER_LIBRARIES = frozenset(
    f"posthog-{name}" for name in ("python", "node", "ruby", "php", "go", "java", "dotnet", "elixir")
)


def read_posthog(fields: Mapping[str, Any], *, message_id: str) -> Message:
    """What the message says, in our words. Its name and who it is about were checked when it arrived."""
    sent = _object(fields.get("properties"))
    event = text_of(fields.get("event"))
    distinct_id = text_of(fields.get("distinct_id")) or text_of(sent.get("distinct_id"))
    common: dict[str, Any] = {
        "message_id": message_id,
        "timestamp": moment_of(fields.get("timestamp")),
        "sent_at": moment_of(fields.get("sent_at")),
        "channel": _channel(sent),
        "context": _context(sent),
    }
    if event == "$create_alias":
        return Message(type="alias", user_id=distinct_id, previous_id=_other(sent, distinct_id), **common)
    if event == "$groupidentify":
        return Message(
            type="group",
            group_id=text_of(sent.get("$group_key")),
            traits=dict(_object(sent.get("$group_set"))),
            **common,
        )
    who = _who(distinct_id, sent)
    traits = _traits(fields, sent)
    if event in {"$identify", "$set"}:
        return Message(type="identify", traits=traits, **who, **common)
    kind = _PAGES.get(event, "track")
    return Message(
        type="track" if kind == "track" else "page" if kind == "page" else "screen",
        event=_NAMES.get(kind, event)[:LONGEST_NAME],
        traits=traits,
        properties=_properties(sent),
        **who,
        **common,
    )


def _who(distinct_id: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """PostHog has one kind of id. It names a visitor while the client says that nobody was identified yet."""
    before = text_of(sent.get("$anon_distinct_id"))
    anonymous = (
        sent.get("$process_person_profile") is False
        or sent.get("$is_identified") is False
        or distinct_id == text_of(sent.get("$device_id"))
    )
    if anonymous and not before:
        return {"anonymous_id": distinct_id}
    return {"user_id": distinct_id, "anonymous_id": before}


def _other(sent: Mapping[str, Any], distinct_id: str) -> str:
    """The id that is joined to `distinct_id`; libraries differ in which of the two they put where."""
    pair = [text_of(sent.get("alias")), text_of(sent.get("distinct_id"))]
    return next((each for each in pair if each and each != distinct_id), distinct_id)


def _traits(fields: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    traits: dict[str, Any] = {}
    for name in ("$set_once", "$set"):
        traits |= _object(sent.get(name))
        traits |= _object(fields.get(name))
    return traits


def _properties(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The event's own properties, and those of PostHog's that say where on the site it happened."""
    kept = {name: value for name, value in sent.items() if not name.startswith("$") and name != "token"}
    kept.pop("distinct_id", None)
    for theirs, ours in _OF_PAGES.items():
        if sent.get(theirs):
            kept.setdefault(ours, sent[theirs])
    return kept


def _context(sent: Mapping[str, Any]) -> dict[str, Any]:
    device = {
        name: sent[theirs]
        for name, theirs in (("type", "$device_type"), ("browser", "$browser"))
        if sent.get(theirs)
    }
    found = {"device": device, "os": sent.get("$os"), "groups": sent.get("$groups")}
    return {name: value for name, value in found.items() if value}


def _channel(sent: Mapping[str, Any]) -> str:
    channel = text_of(sent.get("channel"))
    library = text_of(sent.get("$lib"))
    if channel or library in _SERVER_LIBRARIES:
        return channel
    if sent.get("$current_url") or library == "web":
        return "web"
    return "app" if sent.get("$screen_name") or "ios" in library or "android" in library else ""


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
