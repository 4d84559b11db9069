"""Mails on their way out: each is tried until the server of mails takes it, or given up and shown.

A mail keeps its Message-ID through all tries. When a worker dies after the server took a mail and before that
is stored, the mail goes out a second time with the same Message-ID, which mail programs show once.
"""

import logging
import smtplib
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F

from parcours.accounts.models import Membership
from parcours.core.clock import now
from parcours.notices.composing import compose
from parcours.notices.enums import MailState
from parcours.notices.models import Mail

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""After each try that failed; after the last one the mail is given up."""
RESERVED = (".example", ".invalid", ".localhost", ".test")
"""Nobody has a mailbox there (RFC 2606): the people of the demo."""
MOST_AT_ONCE = 500


def move_back(back: timedelta) -> None:
    """The clock was set back: what waits for its next try waits no longer than was meant."""
    Mail.objects.filter(state=MailState.WAITING, due__gt=now()).update(due=F("due") - back)


def send_due() -> int:
    """Tries every mail that is due once; returns how many were sent. Several workers share them out."""
    sent = 0
    connection = get_connection()
    for _attempt in range(MOST_AT_ONCE):
        state = _send_next(connection)
        if state is None:
            break
        sent += state == MailState.SENT
    connection.close()
    return sent


@transaction.atomic
def _send_next(connection: BaseEmailBackend) -> str | None:
    """The state of the mail that was tried; None when none is due."""
    due = Mail.objects.filter(state=MailState.WAITING, due__lte=now()).order_by("due", "id")
    mail = due.select_for_update(skip_locked=True, of=("self",)).select_related("person", "brand").first()
    if mail is None:
        return None
    message = _wanted(mail)
    if message is None:
        mail.state = MailState.DROPPED
    else:
        _try(mail, message, connection)
    mail.save(update_fields=["state", "due", "tries", "problem", "sent_at"])
    return mail.state


def _wanted(mail: Mail) -> EmailMultiAlternatives | None:
    """The mail as it goes out now; None when there is nobody to read it or nothing left to tell."""
    person = mail.person
    here = Membership.objects.filter(person=person, brand=mail.brand).exists()
    if not here or not person.is_active or person.email.lower().endswith(RESERVED):
        return None
    unread = [notice for notice in mail.notices.order_by("pk") if notice.read_at is None]
    return compose(mail, unread) if unread else None


def _try(mail: Mail, message: EmailMultiAlternatives, connection: BaseEmailBackend) -> None:
    mail.tries += 1
    message.connection = connection
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as fault:
        _note_failure(mail, fault)
        connection.close()
    else:
        mail.state, mail.problem, mail.sent_at = MailState.SENT, "", now()


def _note_failure(mail: Mail, fault: Exception) -> None:
    mail.problem = f"{type(fault).__name__}: {_said(fault)}"[:300]
    if _for_good(fault) or mail.tries > len(WAITS):
        mail.state = MailState.FAILED
    else:
        mail.due = now() + WAITS[mail.tries - 1]
    log.warning("mail %s was not taken (try %d): %s", mail.pk, mail.tries, type(fault).__name__)


def _for_good(fault: Exception) -> bool:
    """The server knows that it will never take this mail, for this address or at all."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in fault.recipients.values())
    never = isinstance(fault, smtplib.SMTPDataError | smtplib.SMTPSenderRefused)
    return never and getattr(fault, "smtp_code", 0) >= 500


def _said(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return "; ".join(
            f"{code} {words.decode(errors='replace')}" for code, words in fault.recipients.values()
        )
    if isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error
        return f"{fault.smtp_code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    return str(fault)
