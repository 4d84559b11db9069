"""A server of mails in the test: takes them, or refuses them as it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings

from tests.acceptance.product import free_port

TAKEN = "250 OK"


class Mailbox:
    """`answer` is what the server says to each mail; `mails` are those it took."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = TAKEN
        self.asked = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.asked += 1
        if self.answer == TAKEN:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer

    def text(self, at: int = -1, kind: str = "plain") -> str:
        body = self.mails[at].get_body((kind,))
        assert body is not None
        return str(body.get_content())


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Mails of Parcours go to the mailbox for as long as the block lasts."""
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            EMAIL_USE_TLS=False,
            EMAIL_HOST_USER="",
        ):
            yield box
    finally:
        controller.stop()
