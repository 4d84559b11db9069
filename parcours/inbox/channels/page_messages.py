"""Messages as Messenger and Instagram tell them: the same shape under two names."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.core.outbound import Unreachable, ask
from parcours.inbox.channels import graph
from parcours.inbox.channels.base import (
    Incoming,
    IncomingChange,
    IncomingFile,
    IncomingStep,
    NeverSent,
    Outbound,
    Sender,
    SentAs,
    Told,
    TryLater,
    Window,
)
from parcours.inbox.enums import Step
from parcours.inbox.files import MOST_BYTES
from parcours.inbox.models import ChannelAccount, Conversation

OPEN_FOR = timedelta(hours=24)
OPEN_TO_PEOPLE = timedelta(days=7)
_TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mp4",
    "file": "application/octet-stream",
}


def told_by(entry: Mapping[str, Any]) -> Iterator[Told]:
    """Everything in `entry.messaging`, in its order; what isn't known is shown as that."""
    account = str(entry.get("id", ""))
    for event in graph.items(entry, "messaging"):
        yield from _event(event, account)


def _event(event: Mapping[str, Any], account: str) -> Iterator[Told]:
    message, at = _inside(event, "message"), _time(event)
    if message is not None:
        yield _message(event, message, account)
    elif (postback := _inside(event, "postback")) is not None:
        yield Incoming(
            str(postback.get("mid") or f"postback {_id(event, 'sender')} {event.get('timestamp')}"),
            Sender(_id(event, "sender")),
            at,
            text=str(postback.get("title", "")),
            payload={"type": "postback", "detail": postback.get("payload")},
            context=_came_from(postback),
            account=account,
        )
    elif (delivery := _inside(event, "delivery")) is not None:
        yield from _up_to(Step.DELIVERED, delivery, event, account)
    elif (read := _inside(event, "read")) is not None:
        yield from _up_to(Step.READ, read, event, account)
    elif (reaction := _inside(event, "reaction")) is not None:
        emoji = str(reaction.get("emoji") or reaction.get("reaction") or "")
        gone = reaction.get("action") == "unreact"
        yield IncomingChange(
            str(reaction.get("mid", "")), at, reaction="" if gone else emoji, account=account
        )


def _message(event: Mapping[str, Any], message: Mapping[str, Any], account: str) -> Told:
    external_id, at = str(message.get("mid", "")), _time(event)
    if message.get("is_deleted"):
        return IncomingChange(external_id, at, deleted=True, account=account)
    echo = bool(message.get("is_echo"))
    text, files = str(message.get("text", "")), _files(message)
    shared = [_shared(each) for each in graph.items(message, "attachments")]
    answered = _inside(message, "reply_to")
    if message.get("is_unsupported") or not (text or files or any(shared)):
        text = text or _("A message of a kind that can’t be shown here.")
    return Incoming(
        external_id,
        Sender(_id(event, "recipient" if echo else "sender")),
        at,
        text="\n".join(filter(None, [text, *shared])),
        files=files,
        reply_to=[str(answered["mid"])] if answered and answered.get("mid") else [],
        payload={
            "type": "message",
            **({"story": answered["story"]} if answered and "story" in answered else {}),
        },
        context=_came_from(message) | _came_from(event),
        echo=echo,
        account=account,
    )


def _files(message: Mapping[str, Any]) -> Sequence[IncomingFile]:
    found = []
    for each in graph.items(message, "attachments"):
        payload = _inside(each, "payload") or {}
        kind = str(each.get("type", ""))
        if kind in _TYPES and isinstance(payload.get("url"), str):
            found.append(IncomingFile(kind, _TYPES[kind], remote={"url": payload["url"]}))
    return found


def _shared(attachment: Mapping[str, Any]) -> str:
    """What isn't a file: a place, a product, a post or story, as words with its address."""
    payload = _inside(attachment, "payload") or {}
    kind = str(attachment.get("type", ""))
    if kind in _TYPES:
        return ""
    point = _inside(payload, "coordinates")
    if point is not None:
        return f"{attachment.get('title') or ''} ({point.get('lat')}, {point.get('long')})".strip()
    title = attachment.get("title") or payload.get("title") or kind
    return " ".join(filter(None, [str(title or ""), str(payload.get("url") or attachment.get("url") or "")]))


def _up_to(
    step: Step, told: Mapping[str, Any], event: Mapping[str, Any], account: str
) -> Iterator[IncomingStep]:
    at, contact = _time(event), _id(event, "sender")
    named = [str(each) for each in [*(told.get("mids") or []), told.get("mid")] if each]
    if named:
        for external_id in named:
            yield IncomingStep(step, at, external_id, contact=contact, account=account)
    elif told.get("watermark"):
        yield IncomingStep(step, at, contact=contact, up_to=_moment(told["watermark"]), account=account)


def _came_from(holder: Mapping[str, Any]) -> dict[str, Any]:
    referral = _inside(holder, "referral")
    if referral is None:
        return {}
    ads = _inside(referral, "ads_context_data") or {}
    found = {
        "campaign": referral.get("ref") or ads.get("ad_title") or referral.get("ad_id"),
        "page": referral.get("referer_uri"),
    }
    return {key: str(value) for key, value in found.items() if value}


def fetch(address: str) -> bytes:
    """A file at an address that Meta signed; it needs no token. Raises TryLater, NeverSent."""
    try:
        answer = ask(address, most_bytes=MOST_BYTES)
    except Unreachable as fault:
        raise TryLater(fault.what) from fault
    except BadInput as fault:
        raise NeverSent(fault.what) from fault
    return graph.file_in(answer)


def window_of(conversation: Conversation, moment: datetime) -> Window:
    """24 hours for everybody, 7 days for people who answer."""
    last = conversation.last_customer_at
    if last is not None and moment < last + OPEN_TO_PEOPLE:
        return Window(until=last + OPEN_TO_PEOPLE)
    return Window(open=False, why=_("Messages can be answered for 7 days after the customer’s last one."))


def send(account: ChannelAccount, outbound: Outbound, moment: datetime) -> SentAs:
    """A text, or files one by one and then the text."""
    last = outbound.conversation.last_customer_at
    late = last is None or moment >= last + OPEN_FOR
    manner = (
        {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if late else {"messaging_type": "RESPONSE"}
    )
    parts = outbound.parts
    for file in outbound.files:
        parts.once(partial(_post_file, account, outbound, manner, file))
    if outbound.text:
        parts.once(lambda: _post(account, outbound, manner, {"text": outbound.text}))
    return parts.sent_as()


def _post_file(
    account: ChannelAccount, outbound: Outbound, manner: Mapping[str, str], file: tuple[str, str, str]
) -> str:
    path, name, media_type = file
    kind = media_type.partition("/")[0]
    kind = kind if kind in _TYPES else "file"
    message = f'{{"attachment":{{"type":"{kind}","payload":{{"is_reusable":true}}}}}}'
    stored = graph.upload(
        account,
        f"{account.address}/message_attachments",
        {"message": message, **({"platform": "instagram"} if account.kind == "instagram" else {})},
        (name, media_type, Path(path).read_bytes()),
    )
    attachment = {"type": kind, "payload": {"attachment_id": stored.get("attachment_id", "")}}
    return _post(account, outbound, manner, {"attachment": attachment})


def _post(
    account: ChannelAccount, outbound: Outbound, manner: Mapping[str, str], message: Mapping[str, Any]
) -> str:
    answer = graph.graph(
        account,
        f"{account.address}/messages",
        method="POST",
        content={"recipient": {"id": outbound.to}, **manner, "message": message},
    )
    return str(answer.get("message_id", ""))


def _inside(holder: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    found = holder.get(name)
    return found if isinstance(found, Mapping) else None


def _id(event: Mapping[str, Any], role: str) -> str:
    return str((_inside(event, role) or {}).get("id", ""))


def _time(event: Mapping[str, Any]) -> datetime:
    return _moment(event.get("timestamp"))


def _moment(milliseconds: object) -> datetime:
    """Milliseconds since 1970; what can't be read is now."""
    try:
        return datetime.fromtimestamp(int(str(milliseconds)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return now()
