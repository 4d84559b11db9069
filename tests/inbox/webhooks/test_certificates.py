"""A receiver whose certificate isn't its own, or no longer good, hears nothing; the operator reads why."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from django.conf import LazySettings

from parcours.accounts.rights import Actor
from parcours.inbox.models import ChannelAccount
from parcours.inbox.webhooks.delivering import deliver
from parcours.inbox.webhooks.models import WebhookTry
from parcours.inbox.webhooks.writes import Wanted, add_endpoint
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
SAID = {"expired": "certificate has expired", "of another": "not valid for '127.0.0.1'", "own": "issuer"}


class Receiver:
    """Listens with TLS; `heard` are the bodies that it was sent."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Tests are quiet."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_arguments: object) -> None:
                """Whoever doesn't like the certificate hangs up."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def begin(self, certificate: trustme.LeafCert) -> str:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.thread.start()
        return f"https://127.0.0.1:{self.server.server_address[1]}/hook"

    def end(self) -> None:
        if self.thread.ident:
            self.server.shutdown()
            self.thread.join(5)
        self.server.server_close()


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    there = Receiver()
    try:
        yield there
    finally:
        there.end()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """One that this machine believes."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "believed.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "believed.pem"))
    return authority


def tried(
    receiver: Receiver, certificate: trustme.LeafCert, loft: ChannelAccount, alice: Actor
) -> WebhookTry:
    url = receiver.begin(certificate)
    endpoint, _secret = add_endpoint(
        Wanted(name="CRM", url=url, kinds=["message.received"]), acting_user=alice
    )
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)
    return WebhookTry.objects.get()


def test_a_good_certificate_is_believed(
    receiver: Receiver, authority: trustme.CA, loft: ChannelAccount, alice_acts: Actor
) -> None:
    assert tried(receiver, authority.issue_cert("127.0.0.1"), loft, alice_acts).answered == 204
    assert len(receiver.heard) == 1


@pytest.mark.parametrize("wrong", SAID)
def test_a_bad_one_is_not(
    receiver: Receiver, authority: trustme.CA, loft: ChannelAccount, alice_acts: Actor, wrong: str
) -> None:
    certificate = {
        "expired": lambda: authority.issue_cert("127.0.0.1", not_before=LONG_AGO, not_after=LONG_AGO),
        "of another": lambda: authority.issue_cert("crm.example.org"),
        "own": lambda: trustme.CA().issue_cert("127.0.0.1"),
    }[wrong]()
    noted = tried(receiver, certificate, loft, alice_acts)
    assert noted.answered is None
    assert "its certificate isn't valid" in noted.fault
    assert SAID[wrong] in noted.fault
    assert receiver.heard == [], "nothing was said to it"
