"""Messages of tracking clients (Segment, RudderStack): who is who, and what they did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parcours.events.imports.rows import People

TYPES = frozenset({"track", "page", "screen", "identify", "alias", "group"})
MESSAGE_COLUMNS = ("customer", "time", "activity", "channel", "id")
_CONTEXT = ("page", "campaign", "locale", "device", "os", "app", "referrer")
_TIMES = ("timestamp", "originalTimestamp", "sentAt", "receivedAt")


@dataclass(frozen=True, slots=True)
class Message:
    """One event. `roles` has the texts for `MESSAGE_COLUMNS`; `kind` is the kind of identity that `customer`
    is.
    """

    roles: dict[str, str | None]
    kind: str
    properties: dict[str, Any]


def is_message(values: Mapping[str, Any]) -> bool:
    return values.get("type") in TYPES and any(
        values.get(name) is not None for name in ("userId", "anonymousId", "previousId", "messageId")
    )


def read_message(values: Mapping[str, Any], people: People) -> Message | str | None:
    """The event; None for a message about people only, which is added to `people`; a text says why it's
    refused.
    """
    kind = values.get("type")
    user, anonymous = _id(values.get("userId")), _id(values.get("anonymousId"))
    if kind not in TYPES:
        return _("The message has no known type.")
    if not user and not anonymous:
        return _("There is no customer: neither userId nor anonymousId.")
    if kind in {"track", "page", "screen"}:
        name = _name(kind, values)
        if not name:
            return _("There is no activity.")
        if user and anonymous:
            people.links.append((anonymous, user))
        return _event(name, user, anonymous, values)
    _about_people(kind, user, anonymous, values, people)
    return None


def _about_people(kind: str, user: str, anonymous: str, values: Mapping[str, Any], people: People) -> None:
    who = ("user_id", user) if user else ("anonymous_id", anonymous)
    if user and anonymous:
        people.links.append((anonymous, user))
    if kind == "identify":
        people.profiles.append((*who, _traits(values)))
    elif kind == "group":
        group = _id(values.get("groupId"))
        if group:
            people.groups.append((*who, group, _traits(values)))
    elif kind == "alias":
        previous = _id(values.get("previousId"))
        if previous and user:
            people.aliases.append((previous, user))


def _event(name: str, user: str, anonymous: str, values: Mapping[str, Any]) -> Message:
    properties = values.get("properties")
    kept = dict(properties) if isinstance(properties, dict) else {}
    if values.get("type") in {"page", "screen"} and values.get("name"):
        kept.setdefault("name", values["name"])
    context = values.get("context")
    if isinstance(context, dict):
        known = {key: context[key] for key in _CONTEXT if context.get(key)}
        if known:
            kept.setdefault("context", known)
    time = next((values[key] for key in _TIMES if values.get(key)), None)
    return Message(
        roles={
            "customer": user or anonymous,
            "time": None if time is None else str(time),
            "activity": name,
            "channel": _channel(values, kept),
            "id": _id(values.get("messageId")) or None,
        },
        kind="user_id" if user else "anonymous_id",
        properties=kept,
    )


def _name(kind: str, values: Mapping[str, Any]) -> str:
    if kind == "track":
        event = values.get("event")
        return event.strip() if isinstance(event, str) else ""
    return "Page Viewed" if kind == "page" else "Screen Viewed"


def _channel(values: Mapping[str, Any], properties: Mapping[str, Any]) -> str | None:
    """The channel that the event names itself, else the one its client says it runs in."""
    for channel in (properties.get("channel"), values.get("channel")):
        if isinstance(channel, str) and channel.strip():
            return "web" if channel.strip() == "browser" else channel.strip()
    return {"page": "web", "screen": "app"}.get(str(values.get("type")))


def _traits(values: Mapping[str, Any]) -> dict[str, Any]:
    context = values.get("context")
    found = [values.get("traits"), context.get("traits") if isinstance(context, dict) else None]
    traits: dict[str, Any] = {}
    for each in reversed(found):
        if isinstance(each, dict):
            traits |= each
    return traits


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()
