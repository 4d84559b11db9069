"""Mailboxes as a channel of the inbox."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.errors import BadInput
from parcours.core.outbound import Unreachable
from parcours.customers.undeliverable import why_undeliverable
from parcours.inbox.channels.base import (
    Channel,
    Greeting,
    Missed,
    Outbound,
    Request,
    SentAs,
    Setting,
    Told,
    Window,
)
from parcours.inbox.channels.email import announced, brevo, hooks
from parcours.inbox.channels.email.form import SETTINGS
from parcours.inbox.channels.email.reading import read_mail
from parcours.inbox.models import ChannelAccount, Conversation


class Email(Channel):
    """A message is a mail; a matter is a thread of mails, and a contact may have several."""

    # ruff: noqa: ARG002 - as in `base.Channel`

    kind = "email"
    label = gettext_lazy("E-mail")
    icon = "mail"
    event_channel = "email"
    place = 10
    about = gettext_lazy(
        "A mailbox of yours: Parcours reads it and answers from it; everything stays in it too."
    )
    settings = SETTINGS
    address = Setting("address", gettext_lazy("Mail address"))
    hook = "email"
    threads = True
    has_subject = True
    longest_text = 100_000
    file_types = ("*",)
    largest_file = 20 * 1024 * 1024

    def clean_address(self, text: str) -> str:
        local, _at, host = text.strip().rpartition("@")
        if not local or "." not in host or " " in text.strip():
            raise BadInput(_("“{text}” isn’t a mail address.").format(text=text[:100]), where="address")
        return f"{local}@{host.lower()}"

    def is_called(self, account: ChannelAccount) -> bool:
        return hooks.is_called(account)

    def to_enter(self, account: ChannelAccount) -> Sequence[str]:
        return hooks.to_enter(account)

    def greet(self, account: ChannelAccount, request: Request) -> Greeting | None:
        """Some providers look whether somebody is here."""
        return Greeting(200) if request.method == "GET" else None

    def check(self, account: ChannelAccount, request: Request) -> None:
        hooks.check(account, request)

    def headers_kept(self, request: Request) -> dict[str, str]:
        kind = request.headers.get("content-type", "")
        return {"content-type": kind, "hook": "yes", **announced.note(request.headers)}

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        if headers.get("hook"):
            return hooks.told_in(account, body, headers)
        return read_mail(account, body, headers)

    def pull(self, account: ChannelAccount) -> None:
        from parcours.inbox.channels.email.pulling import pull

        if _is_read(account):
            pull(account)
        else:
            announced.fetch_due(account)

    def watch(self, account: ChannelAccount) -> None:
        from parcours.inbox.channels.email.watching import watch

        if _is_read(account):
            watch(account.pk)

    def missing_since(self, account: ChannelAccount, moment: datetime) -> Iterable[Missed]:
        from parcours.inbox.channels.email.missing import missing_since

        return missing_since(account, moment) if _is_read(account) else ()

    def fetch(self, account: ChannelAccount, remote: Mapping[str, Any]) -> bytes:
        return brevo.fetched(account, remote)

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        from parcours.inbox.channels.email.sending import send

        return send(account, outbound)

    def window(self, account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        reason = why_undeliverable(account.brand_id, conversation.contact.external_id)
        if not reason:
            return Window()
        return Window(
            open=False,
            why=_("Mails to {address} come back: {reason}").format(
                address=conversation.contact.external_id, reason=reason
            ),
        )

    def test(self, account: ChannelAccount) -> str:
        """Signs in where mails are read and where they leave, and says what was seen there."""
        said = [*self._reading(account), self._sending(account)]
        return " ".join(each for each in said if each)

    def _reading(self, account: ChannelAccount) -> Sequence[str]:
        from parcours.inbox.channels.email.box import opened
        from parcours.inbox.channels.email.pulling import folders_of

        if not _is_read(account):
            return hooks.tested(account)
        with opened(account) as box:
            counts = [
                _("{folder}: {n} mails").format(
                    folder=name, n=box.select_folder(name, readonly=True)[b"EXISTS"]
                )
                for name, _is_sent in folders_of(account, box)
            ]
            at_once = box.has_capability("IDLE")
        return [
            _("Reading works ({folders}).").format(folders=", ".join(counts)),
            _("New mails are told at once.") if at_once else _("New mails are looked for every minute."),
        ]

    def _sending(self, account: ChannelAccount) -> str:
        from parcours.inbox.channels.email.sending import server_for, signed_in

        server = server_for(account)
        try:
            with signed_in(account, server) as line:
                line.noop()
        except (SMTPException, OSError) as error:
            raise Unreachable(
                _("Sending doesn't work yet. {host}: {reason}").format(
                    host=server.host, reason=str(error)[:200]
                )
            ) from error
        return _("Sending works ({host}).").format(host=server.host)


def _is_read(account: ChannelAccount) -> bool:
    return str(account.settings.get("receiving", "imap")) == "imap"
