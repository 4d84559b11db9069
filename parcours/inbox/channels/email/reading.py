"""A mail as it came becomes what the inbox understands."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import Message as Mail
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.language import language_of
from parcours.customers.enums import IdentityKind
from parcours.customers.undeliverable import note_heard_from
from parcours.inbox.channels.base import Incoming, IncomingFile, IncomingStep, NotUnderstood, Sender, Told
from parcours.inbox.channels.email import suppression
from parcours.inbox.channels.email.automatic import is_automatic
from parcours.inbox.channels.email.bodies import Bodies, bodies_of
from parcours.inbox.channels.email.bounces import Report, report_in
from parcours.inbox.channels.email.headers import (
    Address,
    addresses_of,
    date_of,
    message_ids,
    raw_value,
    raw_values,
    text_of,
)
from parcours.inbox.channels.email.html import own_words_of, safe, words_of
from parcours.inbox.channels.email.identity import digest_of, own_id
from parcours.inbox.channels.email.quotes import Parts, parts_of
from parcours.inbox.channels.email.threads import answered, name_for, thread_of
from parcours.inbox.enums import Direction
from parcours.inbox.models import ChannelAccount, Message

OWN_HEADER = "X-Parcours-Account"
MOST_AN_HOUR = 30
"""Mails of one address in an hour; those beyond it are shown as a machine's."""
_GUESSED_WITHIN = timedelta(days=3)
_REPLY_MARK = re.compile(r"^(?:(?:re|aw|sv|rép|réf|tr|fwd?|wg|rif)\s?(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE)


def read_mail(account: ChannelAccount, raw: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
    """What a mail tells. `headers` are what we noted when we fetched it: `folder`, `cut` when it is larger
    than what is fetched, `received` by the server's clock. Raises NotUnderstood for what is no mail.
    """
    mail = BytesParser(policy=compat32).parsebytes(raw)
    if not mail.keys():
        raise NotUnderstood(headers.get("trouble") or _("This is not a mail: it has no headers."))
    if raw_value(mail, OWN_HEADER) == str(account.pk):
        return []  # it left here, and its message is there
    at = date_of(mail) or _moment(headers.get("received", "")) or now()
    report = report_in(mail)
    if report is not None:
        told = _reported(account, report, at)
        if told is not None:
            return told
    return [_incoming(account, mail, headers, at, is_report=report is not None)]


def _reported(account: ChannelAccount, report: Report, at: datetime) -> Sequence[Told] | None:
    """What became of our mail; None when the report is about none of ours: then it is shown as it is."""
    message = _meant(account, report, at)
    if message is None:
        return None
    suppression.note_report(account, report, message, at)
    if not report.step:
        return []
    fault = report.reason or _("The mail came back.")
    return [IncomingStep(report.step, at, message.external_id, fault=fault)]


def _meant(account: ChannelAccount, report: Report, at: datetime) -> Message | None:
    ours = Message.objects.filter(account=account, direction=Direction.OUT).select_related(
        "conversation__contact"
    )
    found = ours.filter(external_id__in=report.about).first() if report.about else None
    if found is None and not report.about and report.recipient:
        found = suppression.newest_sent_to(account, report.recipient, at - _GUESSED_WITHIN)
    return found


def _incoming(
    account: ChannelAccount, mail: Mail, headers: Mapping[str, str], at: datetime, *, is_report: bool
) -> Incoming:
    bodies = bodies_of(mail)
    parts = _words(bodies)
    digest = digest_of(mail)
    said_id = own_id(mail)
    name = name_for(account, said_id, digest)
    sender, other = _people(account, mail)
    echo = bool(headers.get("sent") and other.address) and sender.address in own_addresses(account)
    contact = other if echo else sender
    automatic = not echo and (is_report or is_automatic(mail) or _writes_too_much(account, contact))
    if contact.address and not (echo or automatic):
        note_heard_from(account.brand_id, contact.address, at)
    html = safe("\n<hr>\n".join(bodies.html)) if bodies.html else ""
    language = language_of(parts.own[:5_000])
    return Incoming(
        external_id=name,
        sender=_sender(mail, contact, language, sure=not automatic and not _is_forged(mail)),
        at=at,
        text=parts.own,
        html=html,
        subject=subject_of(mail),
        files=_files(bodies.files, headers),
        thread=thread_of(mail, name),
        reply_to=answered(account, mail, said_id, contact.address),
        payload={
            "mail": _facts(mail, said_id, digest, headers),
            **({"quoted": parts.rest} if parts.rest else {}),
        },
        echo=echo,
        automatic=automatic,
    )


def subject_of(mail: Mail) -> str:
    """Without the marks of answers before it."""
    subject = text_of(mail, "Subject")
    return _REPLY_MARK.sub("", subject).strip() or subject


def _words(bodies: Bodies) -> Parts:
    """Their own words and what is quoted; of a mail with HTML only, the words of the HTML."""
    plain = "\n\n".join(each.strip() for each in bodies.plain).strip()
    if plain:
        return parts_of(plain)
    html = "\n".join(bodies.html)
    whole, own = words_of(html), own_words_of(html)
    if own and own != whole:
        parts = parts_of(own)
        return Parts(parts.own, whole.removeprefix(parts.own).strip())
    return parts_of(whole)


def own_addresses(account: ChannelAccount) -> frozenset[str]:
    """The mailbox's own addresses: its first and those that its form names beside."""
    others = re.split(r"[\s,;]+", str(account.settings.get("aliases", "")))
    return frozenset(each.lower() for each in [account.address, *others] if each)


def _people(account: ChannelAccount, mail: Mail) -> tuple[Address, Address]:
    """Who wrote, and to whom. A form of the shop writes from the shop's own address for somebody who is to
    be answered: then it is them.
    """
    own = own_addresses(account)
    nobody = Address("", "")
    written_by = next(iter(addresses_of(mail, "From") or addresses_of(mail, "Sender")), nobody)
    answers_to = next((each for each in addresses_of(mail, "Reply-To") if each.address not in own), nobody)
    if written_by.address in own and answers_to.address:
        return answers_to, nobody
    if not written_by.address:
        returned = next(iter(addresses_of(mail, "Return-Path")), nobody)
        written_by = answers_to if answers_to.address else returned
    others = [each for each in addresses_of(mail, "To") if each.address not in own]
    return written_by, next(iter(others), nobody)


def _sender(mail: Mail, who: Address, language: str, *, sure: bool) -> Sender:
    """`sure`: nothing speaks against the address being theirs, so they are a customer by it."""
    name = who.name or (text_of(mail, "From")[:200] if not who.address else "")
    return Sender(
        external_id=who.address or f"nobody:{name.lower()[:200]}",
        name=name.strip("\"' "),
        handle=who.address,
        language=language,
        identities={IdentityKind.EMAIL: who.address} if sure and who.address else {},
    )


def _is_forged(mail: Mail) -> bool:
    """Whether our own server says that it isn't from where it says: its word stands on top."""
    said = next(raw_values(mail, "Authentication-Results"), "").lower()
    return "dmarc=fail" in said


def _writes_too_much(account: ChannelAccount, who: Address) -> bool:
    lately = Message.objects.filter(
        Q(conversation__contact__external_id=who.address),
        account=account,
        direction=Direction.IN,
        created_at__gte=now() - timedelta(hours=1),
    )
    return bool(who.address) and lately.count() >= MOST_AN_HOUR


def _facts(mail: Mail, said_id: str, digest: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """What answering it, or looking into it, needs later."""
    answers_to = [each.address for each in addresses_of(mail, "Reply-To")][:5]
    facts: dict[str, Any] = {
        "id": said_id,
        "digest": digest,
        "subject": text_of(mail, "Subject")[:300],
        "from": next((each.address for each in addresses_of(mail, "From")), ""),
        "to": [each.address for each in addresses_of(mail, "To")][:30],
        "cc": [each.address for each in addresses_of(mail, "Cc")][:30],
        "references": message_ids(" ".join(raw_values(mail, "References")))[-40:],
        "in_reply_to": message_ids(" ".join(raw_values(mail, "In-Reply-To")))[:5],
    }
    if answers_to:
        facts["reply_to"] = answers_to
    if headers.get("folder"):
        facts["folder"] = headers["folder"]
    if headers.get("cut"):
        facts["cut"] = int(headers["cut"])
    return facts


def _files(files: Sequence[IncomingFile], headers: Mapping[str, str]) -> Sequence[IncomingFile]:
    """Of a mail that was cut off, the last file isn't whole: it is named, not kept."""
    if not headers.get("cut") or not files:
        return files
    last = files[-1]
    return [*files[:-1], IncomingFile(last.name, last.media_type, size=int(headers["cut"]))]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
