"""Handing a mail to the mailbox's own server (SMTP, RFC 5321).

If the process dies between the server's yes and our note of it, the mail is handed over once more, under the
same Message-ID: most mailboxes show such a pair once, some twice. That window is milliseconds wide.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from django.conf import settings
from django.utils.translation import gettext as _
from imapclient.exceptions import IMAPClientError

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.core.outbound import connect
from parcours.core.secrets import unseal
from parcours.customers.undeliverable import note_refusal, why_undeliverable
from parcours.inbox.channels.base import NeverSent, Outbound, SentAs, TryLater
from parcours.inbox.channels.email.bounces import is_final, status_in
from parcours.inbox.channels.email.box import opened, sent_folder_of
from parcours.inbox.channels.email.composing import composed, message_id
from parcours.inbox.channels.email.presets import Server, server_of
from parcours.inbox.channels.email.tokens import with_token
from parcours.inbox.models import ChannelAccount, Message

SECONDS = 60.0


def send(account: ChannelAccount, outbound: Outbound) -> SentAs:
    """Raises TryLater for what another try may mend (4xx, no line), NeverSent for what a person must."""
    mail = composed(account, outbound)
    _check_deliverable(account, mail)
    name = message_id(account, outbound)
    # Known before it leaves: an answer, or our own copy, may be here before the server's yes is.
    Message.objects.filter(pk=outbound.message.pk).update(external_id=name)
    content = mail.as_bytes()
    server = server_for(account)
    try:
        with signed_in(account, server) as line:
            _fits(line, content)
            detail = _handed_over(line, account, mail, content)
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error, server) from error
    except smtplib.SMTPRecipientsRefused as error:
        address, (code, said) = next(iter(error.recipients.items()))
        _note_nobody(account, address, name, said)
        raise _refused(code, said, server) from error
    except smtplib.SMTPException as error:
        raise TryLater(_not_taken(server, str(error))) from error
    except OSError as error:
        raise TryLater(_not_taken(server, str(error) or type(error).__name__)) from error
    _keep_copy(account, content)
    return SentAs(name, detail)


def _check_deliverable(account: ChannelAccount, mail: EmailMessage) -> None:
    """They may want answers at another address than the one they wrote from."""
    to = mail["To"].addresses[0].addr_spec
    reason = why_undeliverable(account.brand_id, to)
    if reason:
        raise NeverSent(_("Mails to {address} come back: {reason}").format(address=to, reason=reason))


def server_for(account: ChannelAccount) -> Server:
    """The mailbox's own server, or the one with which the installation sends everything."""
    if account.settings.get("sending") != "installation":
        return server_of(account, "smtp")
    if not settings.EMAIL_HOST:
        raise NeverSent(_("This installation has no server for mails."), remedy=_("Set PARCOURS_SMTP_HOST."))
    return Server(settings.EMAIL_HOST, settings.EMAIL_PORT, "starttls" if settings.EMAIL_USE_TLS else "none")


@contextmanager
def signed_in(account: ChannelAccount, server: Server) -> Iterator[smtplib.SMTP]:
    is_ours = account.settings.get("sending") == "installation"
    line = _TLS(server, is_ours=is_ours) if server.security == "tls" else _Plain(server, is_ours=is_ours)
    try:
        line.ehlo()
        if server.security == "starttls":
            line.starttls(context=ssl.create_default_context())
            line.ehlo()
        _sign_in(line, account, is_ours=is_ours)
        yield line
    finally:
        with suppress(smtplib.SMTPException, OSError):
            line.quit()
        line.close()


def _sign_in(line: smtplib.SMTP, account: ChannelAccount, *, is_ours: bool) -> None:
    name = str(account.settings.get("smtp_username") or account.settings.get("username") or account.address)
    if is_ours:
        if settings.EMAIL_HOST_USER:
            line.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    elif account.settings.get("sign_in") == "oauth":
        with_token(account, lambda token: _xoauth2(line, name, token), smtplib.SMTPAuthenticationError)
    elif line.has_extn("auth") and _sealed(account):
        line.login(name, unseal(_sealed(account)))


def _xoauth2(line: smtplib.SMTP, name: str, token: str) -> None:
    """A server that refuses the token says why and waits for an empty answer before it ends the matter."""
    said = f"user={name}\1auth=Bearer {token}\1\1"
    line.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")


def _sealed(account: ChannelAccount) -> str:
    return str(account.secrets.get("smtp_password") or account.secrets.get("password") or "")


class _Checked:
    """Connects to the address that was checked, unless the installation itself named the server."""

    def _line(self, server: Server, *, is_ours: bool) -> socket.socket:
        if is_ours:
            return socket.create_connection((server.host, server.port), timeout=SECONDS)
        return connect(server.host, server.port, seconds=SECONDS)


class _Plain(_Checked, smtplib.SMTP):
    def __init__(self, server: Server, *, is_ours: bool) -> None:
        self._server, self._is_ours = server, is_ours
        super().__init__(server.host, server.port, timeout=SECONDS)

    def _get_socket(self, _host: str, _port: int, _timeout: float) -> socket.socket:
        return self._line(self._server, is_ours=self._is_ours)


class _TLS(_Plain):
    def _get_socket(self, _host: str, _port: int, _timeout: float) -> socket.socket:
        line = self._line(self._server, is_ours=self._is_ours)
        return ssl.create_default_context().wrap_socket(line, server_hostname=self._server.host)


def _fits(line: smtplib.SMTP, content: bytes) -> None:
    said = line.esmtp_features.get("size", "")
    if said.isdecimal() and 0 < int(said) < len(content):
        raise NeverSent(
            _("This mail has {n} MB; the server takes {most} MB.").format(
                n=round(len(content) / 1e6, 1), most=round(int(said) / 1e6, 1)
            )
        )


def _handed_over(line: smtplib.SMTP, account: ChannelAccount, mail: EmailMessage, content: bytes) -> str:
    to = [each.addr_spec for name in ("To", "Cc") if mail[name] for each in mail[name].addresses]
    needs_utf8 = not all(each.isascii() for each in [account.address, *to])
    options = ["SMTPUTF8"] if needs_utf8 and line.has_extn("smtputf8") else []
    if needs_utf8 and not options:
        raise NeverSent(_("The server can't write to addresses with letters like these."))
    refused = line.sendmail(mail["From"].addresses[0].addr_spec, to, content, mail_options=options)
    if not refused:
        return ""
    if to[0] in refused:
        code, said = refused[to[0]]
        raise smtplib.SMTPResponseException(code, said)
    return _("Not taken for {addresses}.").format(addresses=", ".join(refused))


def _note_nobody(account: ChannelAccount, address: str, name: str, said: bytes | str) -> None:
    """A server that delivers itself says at once that nobody has the address."""
    reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if is_final(status_in(reason), reason):
        note_refusal(account.brand_id, address, about=name, reason=reason, at=now(), for_good=True)


def _refused(code: int, said: bytes | str, server: Server) -> ParcoursError:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    sentence = _("{host} refused it: {code} {reason}").format(
        host=server.host, code=code, reason=" ".join(text.split())[:200]
    )
    # A wrong password is mended by a person, but then for all that waits: it is tried again.
    if 400 <= code < 500 or code in {530, 534, 535} or code < 0:
        return TryLater(sentence)
    return NeverSent(sentence)


def _not_taken(server: Server, reason: str) -> str:
    return _("{host} couldn't be reached: {reason}").format(host=server.host, reason=reason[:200])


def _keep_copy(account: ChannelAccount, content: bytes) -> None:
    """Into the folder of what was sent, where the provider doesn't do it; a fault there stops nothing."""
    if not account.settings.get("save_sent"):
        return
    with suppress(ParcoursError, IMAPClientError, OSError), opened(account) as box:
        folder = sent_folder_of(account, box) or "Sent"
        if not box.folder_exists(folder):
            box.create_folder(folder)
        box.append(folder, content, flags=[rb"\Seen"])
