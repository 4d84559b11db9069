"""A mail in its reader's language, as plain text and as HTML that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from parcours.core.text import one_line
from parcours.notices.links import DIGEST, StopLink, stop_link, whole
from parcours.notices.models import Mail, Notice
from parcours.notices.reads import notice_view

LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as a mail shows it."""

    sentence: str
    quote: str
    address: str


def compose(mail: Mail, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """The mail that tells the notices; at least one."""
    person = mail.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        told = [_told(notice) for notice in notices]
        stop = stop_link(StopLink(mail.brand_id, mail.person_id, DIGEST if mail.day else notices[0].kind))
        context = {
            "told": told,
            "brand": mail.brand.name,
            "digest": mail.day is not None,
            "stop": stop,
            "choices": whole("/me/#mails"),
            "all": whole("/notices/"),
            "language": translation.get_language(),
        }
        message = EmailMultiAlternatives(
            subject=_subject(mail, told),
            body=render_to_string("notices_mail/mail.txt", context),
            to=[person.email],
            headers={
                "Message-ID": mail.message_id,
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
                "Content-Language": translation.get_language() or "en",
            },
        )
        message.attach_alternative(render_to_string("notices_mail/mail.html", context), "text/html")
    return message


def _told(notice: Notice) -> Told:
    view = notice_view(notice)
    return Told(view.sentence, view.quote, whole(f"/notices/{notice.pk}/"))


def _subject(mail: Mail, told: Sequence[Told]) -> str:
    if mail.day is None or len(told) == 1:
        words = one_line(told[0].sentence)
        return words if len(words) <= LONGEST_SUBJECT else f"{words[: LONGEST_SUBJECT - 1]}…"
    return ngettext(
        "{brand}: {n} thing since yesterday", "{brand}: {n} things since yesterday", len(told)
    ).format(brand=one_line(mail.brand.name), n=len(told))
