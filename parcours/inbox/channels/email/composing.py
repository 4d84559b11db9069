"""Our answer as a mail: headers that thread, words, a simple HTML of them, files."""

import mimetypes
from collections.abc import Sequence
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.text import one_line
from parcours.inbox.channels.base import NeverSent, Outbound
from parcours.inbox.channels.email.identity import our_id, token_for
from parcours.inbox.channels.email.reading import OWN_HEADER, own_addresses
from parcours.inbox.desk.signatures import signature_under
from parcours.inbox.enums import Direction
from parcours.inbox.models import ChannelAccount, Conversation, Message

MOST_REFERENCES = 20
_LINE = 76


def message_id(account: ChannelAccount, outbound: Outbound) -> str:
    """Without brackets; the same over all tries."""
    domain = account.address.rpartition("@")[2] or "parcours.invalid"
    return our_id(outbound.message.pk, domain)


def composed(account: ChannelAccount, outbound: Outbound) -> EmailMessage:
    """The mail to hand over. Raises NeverSent where there is nobody to write to."""
    last = _last_mail(outbound.conversation)
    facts = (last.payload.get("mail") or {}) if last else {}
    to = _answered_at(account, outbound, facts)
    mail = EmailMessage(policy=SMTP.clone(max_line_length=_LINE))
    mail["From"] = _address(str(account.settings.get("sender_name") or account.name), account.address)
    mail["To"] = _address(outbound.conversation.contact.name, to)
    copies = [str(each) for each in outbound.message.payload.get("cc", []) if _is_address(str(each))]
    if copies:
        mail["Cc"] = ", ".join(copies[:20])
    mail["Subject"] = _subject(outbound, facts)
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{message_id(account, outbound)}>"
    answered, chain = _chain(outbound, facts)
    if answered:
        mail["In-Reply-To"] = f"<{answered}>"
        mail["References"] = " ".join(f"<{each}>" for each in chain)
    if account.settings.get("reply_tokens"):
        mail["Reply-To"] = _with_token(account, outbound.message)
    if outbound.message.author_kind != "person":
        mail["Auto-Submitted"] = "auto-replied" if answered else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail[OWN_HEADER] = str(account.pk)
    text = with_signature(outbound)
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(as_html(text), subtype="html", cte="quoted-printable")
    _add_files(mail, outbound.files)
    return mail


def with_signature(outbound: Outbound) -> str:
    signature = signature_under(outbound.message)
    return f"{outbound.text}\n\n-- \n{signature}" if signature else outbound.text


def as_html(text: str) -> str:
    """Paragraphs and line ends, nothing else: mail programs make links themselves."""
    paragraphs = [escape(each).replace("\n", "<br>\n") for each in text.strip().split("\n\n")]
    return "<html><body>\n" + "\n".join(f"<p>{each}</p>" for each in paragraphs) + "\n</body></html>\n"


def _last_mail(conversation: Conversation) -> Message | None:
    rows = Message.objects.filter(conversation=conversation, direction=Direction.IN)
    return rows.filter(payload__automatic__isnull=True).order_by("-at", "-id").first()


def _answered_at(account: ChannelAccount, outbound: Outbound, facts: dict[str, Any]) -> str:
    """Where they want their answer; never back to ourselves."""
    own = own_addresses(account)
    contact = outbound.conversation.contact
    wanted = [each for each in facts.get("reply_to", []) if facts.get("from") == contact.external_id]
    for address in [*wanted, contact.handle, contact.external_id]:
        if _is_address(address) and address not in own:
            return str(address)
    if _is_address(contact.external_id):
        return contact.external_id
    raise NeverSent(_("This contact has no mail address."))


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(at and local and domain and len(text) <= 254 and text == one_line(text) and " " not in text)


def _address(name: str, address: str) -> MailAddress:
    """Raises NeverSent for what no server takes as an address."""
    try:
        return MailAddress(one_line(name)[:120], addr_spec=_in_ascii(address))
    except (ValueError, IndexError, UnicodeError) as error:
        raise NeverSent(
            _("“{address}” is not an address that mails can go to.").format(address=address)
        ) from error


def _in_ascii(address: str) -> str:
    """The domain as the name servers know it (IDNA)."""
    local, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    import idna

    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def _subject(outbound: Outbound, facts: dict[str, Any]) -> str:
    subject = one_line(
        str(outbound.message.payload.get("subject") or outbound.subject or facts.get("subject", ""))
    )
    if not facts:
        return subject or _("Your message")
    return subject if subject.lower().startswith("re:") else f"Re: {subject}".strip()


def _chain(outbound: Outbound, facts: dict[str, Any]) -> tuple[str, list[str]]:
    """What it answers, and the whole thread as the other side knows it, the oldest first (RFC 5322)."""
    said = [_real_id(each) for each in outbound.reply_to]
    known = [each for each in said if each]
    answered = str(facts.get("id") or "") or (known[0] if known else "")
    if not answered:
        return "", []
    earlier = [*facts.get("references", []), *known[::-1]]
    chain = [each for each in dict.fromkeys(earlier) if each != answered] + [answered]
    if len(chain) > MOST_REFERENCES:
        chain = [chain[0], *chain[-(MOST_REFERENCES - 1) :]]
    return answered, chain


def _real_id(external_id: str) -> str:
    """The Message-ID behind a message's name; some have none."""
    return "" if external_id.startswith("content:") else external_id.partition("#")[0]


def _with_token(account: ChannelAccount, message: Message) -> str:
    local, _at, domain = account.address.rpartition("@")
    return f"{local}+{token_for(message.pk)}@{_in_ascii(f'x@{domain}').partition('@')[2]}"


def _add_files(mail: EmailMessage, files: Sequence[tuple[str, str, str]]) -> None:
    for path, name, media_type in files:
        kind = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        main, _slash, sub = kind.partition("/")
        if not sub or main in {"message", "multipart"}:
            main, sub = "application", "octet-stream"
        mail.add_attachment(Path(path).read_bytes(), maintype=main, subtype=sub, filename=one_line(name))
