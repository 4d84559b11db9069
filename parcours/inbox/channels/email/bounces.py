"""Reports about mails of ours: not delivered, delivered, shown (RFC 3464, RFC 8098, and plainer ones)."""

import re
from dataclasses import dataclass
from email.message import Message

from parcours.inbox.channels.email.bodies import bodies_of, payload_of, text_of_part
from parcours.inbox.channels.email.headers import addresses_of, message_ids, raw_value, text_of
from parcours.inbox.channels.email.identity import named_by_us
from parcours.inbox.enums import Step

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ANY_ID = re.compile(r"<?([^<>\s\"']+@[^<>\s\"']+)>?")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_SENDERS = re.compile(r"^(?:mailer-daemon|postmaster|mail-?delivery|bounce)", re.IGNORECASE)
_SUBJECTS = re.compile(
    r"undeliver|delivery (?:status|failure|has failed)|failure notice|returned mail|mail delivery failed|"
    r"non remis|échec de (?:la )?remise|message non distribué|unzustellbar|nicht zugestellt|not delivered",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox)|"
    r"mailbox (?:not found|unavailable|does not exist)|"
    r"does(?:n't| not) exist|recipient (?:rejected|not found)|adresse (?:inconnue|n[’']existe pas)|"
    r"address (?:couldn't be found|rejected)|account (?:disabled|inactive)|host or domain name not found|"
    r"domain not found|destinataire inconnu",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"delay|warning|retard", re.IGNORECASE)
_DEAD = {"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4"}
_STEPS = {"failed": Step.FAILED, "delivered": Step.DELIVERED, "relayed": Step.SENT}


@dataclass(frozen=True, slots=True)
class Report:
    """`step` is empty where nothing is settled (a delay). `about` are ids that may be our mail's; `is_final`:
    nobody has that address.
    """

    step: str
    about: tuple[str, ...]
    recipient: str
    status: str
    reason: str
    is_final: bool


def report_in(message: Message) -> Report | None:
    """What a mail reports about another one; None for a mail that isn't a report."""
    kind = str(message.get_param("report-type", "") or "").lower()
    parts = [part for part in message.walk() if isinstance(part, Message)][:60]
    for part in parts:
        content = part.get_content_type().lower()
        if content == "message/disposition-notification":
            return _shown(part, parts)
        if content in {"message/delivery-status", "message/global-delivery-status"}:
            return _delivery(part, parts)
    if kind == "delivery-status" or _looks_like_one(message):
        return _plain(message, parts)
    return None


def _delivery(part: Message, parts: list[Message]) -> Report:
    groups = _groups(part)
    failed = [group for group in groups if group.get("action", "").lower() == "failed"]
    group = next(iter(failed), next((each for each in groups if "action" in each), {}))
    action = group.get("action", "").lower()
    recipient = _after_semicolon(group.get("final-recipient", "") or group.get("original-recipient", ""))
    reason = _after_semicolon(group.get("diagnostic-code", "")) or group.get("status", "")
    status = status_in(group.get("status", "")) or status_in(reason)
    return Report(
        step=_STEPS.get(action, ""),
        about=_about(parts),
        recipient=recipient.strip("<>").lower(),
        status=status,
        reason=reason[:280],
        is_final=action == "failed" and is_final(status, reason),
    )


def _shown(part: Message, parts: list[Message]) -> Report:
    groups = _groups(part)
    fields = {name: value for group in groups for name, value in group.items()}
    shown = "displayed" in fields.get("disposition", "").lower()
    about = tuple(message_ids(fields.get("original-message-id", ""))) or _about(parts)
    recipient = _after_semicolon(fields.get("final-recipient", "")).lower()
    return Report(Step.READ if shown else "", about, recipient, "", "", is_final=False)


def _groups(part: Message) -> list[dict[str, str]]:
    """The blocks of fields of a report; the parser makes a message of each, if it understands them."""
    payload = payload_of(part)
    blocks = payload if isinstance(payload, list) else []
    found = [
        {name.lower(): " ".join(str(value).split()) for name, value in block.raw_items()}
        for block in blocks
        if isinstance(block, Message)
    ]
    if any(found):
        return found
    text = re.sub(r"\r?\n[ \t]+", " ", str(payload))
    return [
        {
            name.strip().lower(): value.strip()
            for name, _colon, value in (line.partition(":") for line in block.splitlines())
        }
        for block in re.split(r"\r?\n\r?\n", text)
    ]


def _about(parts: list[Message]) -> tuple[str, ...]:
    """Ids of the mail that came back: of the copy that is attached, else any of ours in the text."""
    found: list[str] = []
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            head = re.sub(r"\r?\n[ \t]+", " ", text_of_part(part))
            found += [
                each
                for line in head.splitlines()
                if line.lower().startswith("message-id:")
                for each in message_ids(line.partition(":")[2])
            ]
        elif part is not parts[0]:
            found += message_ids(raw_value(part, "Message-ID"))
    if not found:
        for part in parts:
            if part.get_content_maintype() == "text":
                text = text_of_part(part)[:100_000]
                found += [each for each in _ANY_ID.findall(text) if named_by_us(each)]
    return tuple(dict.fromkeys(found))


def _looks_like_one(message: Message) -> bool:
    sender = next((each.address for each in addresses_of(message, "From")), "")
    from_machine = bool(_SENDERS.match(sender)) or raw_value(message, "Return-Path").strip() == "<>"
    return bool(raw_value(message, "X-Failed-Recipients")) or (
        from_machine and bool(_SUBJECTS.search(text_of(message, "Subject")))
    )


def _plain(message: Message, parts: list[Message]) -> Report:
    """One without machine-readable fields, as some servers write them."""
    text = "\n".join(bodies_of(message).plain)[:20_000]
    said = raw_value(message, "X-Failed-Recipients")
    known = _ADDRESS.findall(said) or [
        each for each in _ADDRESS.findall(text) if not _SENDERS.match(each) and not named_by_us(each)
    ]
    status = status_in(text)
    line = next((each.strip() for each in text.splitlines() if _NOBODY.search(each) or status_in(each)), "")
    reason = line or text_of(message, "Subject")
    delayed = status.startswith("4") or bool(_DELAYED.search(text_of(message, "Subject")))
    return Report(
        step="" if delayed else Step.FAILED,
        about=_about(parts),
        recipient=(known[0] if known else "").lower(),
        status=status,
        reason=reason[:280],
        is_final=not delayed and is_final(status, text),
    )


def status_in(text: str) -> str:
    found = _STATUS.search(text)
    return found.group(0) if found else ""


def is_final(status: str, reason: str) -> bool:
    """Nobody is there, and nobody will be: neither a full mailbox nor a refusal by policy."""
    if status.startswith("5"):
        rest = status.partition(".")[2]
        return rest in _DEAD or (rest == "0.0" and bool(_NOBODY.search(reason)))
    return not status and bool(_NOBODY.search(reason))


def _after_semicolon(value: str) -> str:
    return (value.partition(";")[2] or value).strip()
