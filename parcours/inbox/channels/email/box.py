"""A connection to a mailbox: encrypted, checked, with a name or a token."""

import imaplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from parcours.core.outbound import Unreachable, connect
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import NeverSent
from parcours.inbox.channels.email.presets import Server, password_hint, server_of
from parcours.inbox.channels.email.tokens import with_token
from parcours.inbox.models import ChannelAccount

SECONDS = 30.0


class _Line(imaplib.IMAP4):
    """Connects to the address that was checked, and to no other."""

    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__(server.host, server.port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        line = connect(self._server.host, self._server.port, seconds=timeout or SECONDS)
        if self._server.security != "tls":
            return line
        return ssl.create_default_context().wrap_socket(line, server_hostname=self._server.host)


class Box(IMAPClient):  # type: ignore[misc]
    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__(server.host, server.port, ssl=server.security == "tls", timeout=SECONDS)

    def _create_IMAP4(self) -> Any:  # noqa: N802 - the library's name
        return _Line(self._server)


@contextmanager
def opened(account: ChannelAccount) -> Iterator[Box]:
    """The mailbox, signed in. Raises Unreachable with a sentence that says what didn't work."""
    server = server_of(account, "imap")
    box = None
    try:
        box = Box(server)
        if server.security == "starttls":
            box.starttls(ssl.create_default_context())
        sign_in(box, account)
        yield box
    except (OSError, IMAPClientError) as error:
        hint = password_hint(account) if isinstance(error, LoginError) else ""
        where = f"{server.host}:{server.port}"
        raise Unreachable(in_words(error, server), where=where, remedy=hint) from error
    finally:
        if box is not None:
            _let_go(box)


def sent_folder_of(account: ChannelAccount, box: Box) -> str:
    """The folder of sent mails: as the form names it, else as the server marks or usually names it."""
    named = str(account.settings.get("sent_folder", "")).strip()
    return named or str(box.find_special_folder(rb"\Sent") or "")


def sign_in(box: Box, account: ChannelAccount) -> None:
    name = str(account.settings.get("username") or account.address)
    if account.settings.get("sign_in") == "oauth":
        with_token(account, lambda token: box.oauth2_login(name, token), LoginError)
    elif "password" in account.secrets:
        _login(box, name, unseal(account.secrets["password"]))
    else:
        raise NeverSent(_("There is no password for this mailbox."), remedy=_("Enter it under Channels."))


def _login(box: Box, name: str, password: str) -> None:
    """By LOGIN, or where the server forbids that or the password isn't ASCII, by AUTHENTICATE PLAIN."""
    if box.has_capability("LOGINDISABLED") or not password.isascii():
        box.plain_login(name, password)
    else:
        box.login(name, password)


def in_words(error: Exception, server: Server) -> str:
    """What went wrong, as somebody who set it up can understand it."""
    if isinstance(error, LoginError):
        return _("{host} refuses the name or password: {reason}").format(
            host=server.host, reason=_plain(error)
        )
    if isinstance(error, ssl.SSLError):
        return _("{host} can't be trusted: {reason}").format(host=server.host, reason=_plain(error))
    if isinstance(error, TimeoutError):
        return _("{host} doesn't answer on port {port}.").format(host=server.host, port=server.port)
    return _("{host} didn't do what was asked: {reason}").format(host=server.host, reason=_plain(error))


def _plain(error: Exception) -> str:
    said = str(error).removeprefix("b'").removesuffix("'") or type(error).__name__
    return said[:200]


def _let_go(box: Box) -> None:
    """Signs out within a moment: a server that is gone must not hold the worker."""
    ended = threading.Event()

    def sign_out() -> None:
        try:
            box.logout()
        except (OSError, IMAPClientError):
            pass
        finally:
            ended.set()

    thread = threading.Thread(target=sign_out, daemon=True)
    thread.start()
    if not ended.wait(5):
        try:
            box.shutdown()
        except (OSError, IMAPClientError):
            return
