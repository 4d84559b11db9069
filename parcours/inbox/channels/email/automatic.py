"""Mails that no person wrote: they are shown, and nothing answers them (RFC 3834 and what programs do)."""

import re
from email.message import Message

from parcours.inbox.channels.email.headers import addresses_of, raw_value, text_of

_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-AutoReply-From",
    "X-MS-Exchange-Inbox-Rules-Loop",
)
_BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_MACHINES = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|noreply-.*|bounces?|bounce-.*|ne-pas-repondre)@"
)
_SUBJECTS = re.compile(
    r"^(?:(?:re|aw|rép|tr)\s?:\s*)?(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?reply\b|"
    r"auto:|"
    r"réponse automatique|absence du bureau|message d[’']absence|automatische antwort|abwesenheitsnotiz|"
    r"respuesta automática|risposta automatica)",
    re.IGNORECASE,
)


def is_automatic(message: Message) -> bool:
    """Whether a machine answered or wrote to many: an answer to it would start a loop."""
    said = raw_value(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if said:
        return said != "no"
    return (
        raw_value(message, "Precedence").strip().lower() in _BULK
        or any(_is_said(message, name) for name in _HEADERS)
        or raw_value(message, "Return-Path").strip() == "<>"
        or bool(raw_value(message, "List-Id") or raw_value(message, "List-Unsubscribe"))
        or bool(_SUBJECTS.match(text_of(message, "Subject")))
        or any(_MACHINES.match(each.address) for each in addresses_of(message, "From"))
    )


def _is_said(message: Message, name: str) -> bool:
    value = raw_value(message, name).strip().lower()
    return bool(value) and value not in {"no", "false", "none"}
