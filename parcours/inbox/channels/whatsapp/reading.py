"""What WhatsApp calls with: messages of every type, and what became of ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.inbox.channels.base import Incoming, IncomingChange, IncomingFile, IncomingStep, Sender, Told
from parcours.inbox.channels.graph import entries, envelope, items
from parcours.inbox.enums import Step

MEDIA = ("image", "video", "audio", "document", "sticker")
STEPS = {"sent": Step.SENT, "delivered": Step.DELIVERED, "read": Step.READ, "failed": Step.FAILED}


def read(body: bytes) -> list[Told]:
    """Everything that the call tells, in its order. Raises NotUnderstood."""
    return [
        told
        for entry in entries(envelope(body, "whatsapp_business_account"))
        for change in items(entry, "changes")
        if change.get("field") == "messages" and isinstance(change.get("value"), Mapping)
        for told in _told(change["value"])
    ]


def _told(value: Mapping[str, Any]) -> Iterator[Told]:
    metadata = value.get("metadata")
    account = str(metadata.get("phone_number_id", "")) if isinstance(metadata, Mapping) else ""
    names = {str(each.get("wa_id", "")): _name(each) for each in items(value, "contacts")}
    for message in items(value, "messages"):
        yield _message(message, names, account)
    for status in items(value, "statuses"):
        step = STEPS.get(str(status.get("status")))
        if step is not None:
            yield IncomingStep(
                step,
                _time(status),
                str(status.get("id", "")),
                contact=str(status.get("recipient_id", "")),
                fault=_errors(status),
                account=account,
            )


def _message(message: Mapping[str, Any], names: Mapping[str, str], account: str) -> Told:
    kind = str(message.get("type", ""))
    if kind == "reaction" and isinstance(message.get("reaction"), Mapping):
        reaction = message["reaction"]
        return IncomingChange(
            str(reaction.get("message_id", "")),
            _time(message),
            reaction=str(reaction.get("emoji", "")),
            account=account,
        )
    number = str(message.get("from", ""))
    text, files = _content(kind, message)
    context = message.get("context")
    answered = [str(context["id"])] if isinstance(context, Mapping) and context.get("id") else []
    return Incoming(
        external_id=str(message.get("id", "")),
        sender=Sender(number, names.get(number, ""), f"+{number}", identities={"phone": f"+{number}"}),
        at=_time(message),
        text=text,
        files=files,
        reply_to=answered,
        payload={"type": kind, **_more(kind, message)},
        context=_came_from(message),
        account=account,
    )


def _content(kind: str, message: Mapping[str, Any]) -> tuple[str, Sequence[IncomingFile]]:
    """Its words and files; a type that isn't known says so in its words."""
    inner = message.get(kind)
    holder: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {}
    if kind in MEDIA:
        file = IncomingFile(
            name=str(holder.get("filename") or kind),
            media_type=str(holder.get("mime_type", "")).partition(";")[0],
            remote={"media": str(holder.get("id", ""))},
        )
        return str(holder.get("caption", "")), (file,)
    if kind == "contacts":
        return "\n".join(_contact(each) for each in items(message, "contacts")), ()
    words = _WORDS.get(kind)
    return words(holder) if words else _("A message of a kind that can’t be shown here."), ()


def _place(holder: Mapping[str, Any]) -> str:
    place = ", ".join(str(holder[name]) for name in ("name", "address") if holder.get(name))
    point = f"{holder.get('latitude')}, {holder.get('longitude')}"
    return f"{place} ({point})" if place else point


def _chosen(holder: Mapping[str, Any]) -> str:
    chosen = holder.get(str(holder.get("type", "")))
    return str(chosen.get("title", "")) if isinstance(chosen, Mapping) else ""


def _ordered(holder: Mapping[str, Any]) -> str:
    lines = [
        f"{each.get('quantity')} × {each.get('product_retailer_id')}"
        f" · {each.get('item_price')} {each.get('currency')}"
        for each in items(holder, "product_items")
    ]
    return "\n".join(filter(None, [str(holder.get("text", "")), *lines]))


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "text": lambda holder: str(holder.get("body", "")),
    "location": _place,
    "interactive": _chosen,
    "button": lambda holder: str(holder.get("text", "")),
    "order": _ordered,
    "system": lambda holder: str(holder.get("body", "")),
}


def _more(kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """What its words don't say: which button, which errors; of an unknown type all of it."""
    if kind in {"interactive", "button", "location", "order", "system"}:
        return {"detail": message.get(kind)}
    if kind in {"text", "contacts", *MEDIA}:
        return {}
    return {
        "detail": {key: value for key, value in message.items() if key not in {"from", "id", "timestamp"}}
    }


def _contact(each: Mapping[str, Any]) -> str:
    phones = [str(phone.get("phone", "")) for phone in items(each, "phones")]
    name = each.get("name")
    shown = str(name.get("formatted_name", "")) if isinstance(name, Mapping) else ""
    return " · ".join(filter(None, [shown, *phones]))


def _came_from(message: Mapping[str, Any]) -> dict[str, Any]:
    """The advertisement that a conversation began with, or the product that it asks about."""
    referral, context = message.get("referral"), message.get("context")
    found: dict[str, Any] = {}
    if isinstance(referral, Mapping):
        found["campaign"] = str(referral.get("headline") or referral.get("source_id") or "")
        found["page"] = str(referral.get("source_url", ""))
    if isinstance(context, Mapping) and isinstance(context.get("referred_product"), Mapping):
        found["product_id"] = str(context["referred_product"].get("product_retailer_id", ""))
    return {key: value for key, value in found.items() if value}


def _name(contact: Mapping[str, Any]) -> str:
    profile = contact.get("profile")
    return str(profile.get("name", "")) if isinstance(profile, Mapping) else ""


def _errors(status: Mapping[str, Any]) -> str:
    said = []
    for error in items(status, "errors"):
        data = error.get("error_data")
        details = data.get("details") if isinstance(data, Mapping) else ""
        said.append(
            f"{details or error.get('title') or error.get('message') or ''} ({error.get('code', '')})"
        )
    return " ".join(said)


def _time(thing: Mapping[str, Any]) -> datetime:
    """Seconds since 1970, as text; what can't be read came now."""
    try:
        return datetime.fromtimestamp(int(thing.get("timestamp", "")), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return now()
