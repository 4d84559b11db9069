"""Encrypted lines and access tokens, tried with a real Dovecot and Postfix and an authority of our own."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import trustme
from django.conf import LazySettings

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import ParcoursError
from parcours.core.secrets import unseal
from parcours.inbox import writes
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.email.box import opened, sent_folder_of
from parcours.inbox.channels.email.sending import server_for, signed_in
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.pulling import pull
from parcours.inbox.sending import send
from parcours.inbox.writes import keep
from tests.acceptance.hard_mails import US
from tests.acceptance.mail_servers import PASSWORD, Certificate, Servers, lacking, started
from tests.folders import folder_for_a_server
from tests.inbox.channels.email.mails import mail
from tests.inbox.platforms.plain import Asked, Platform, platform

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(lacking()), reason=lacking()),
]


class Provider:
    """Gives tokens, each with another refresh token, and tells the servers which ones are good."""

    def __init__(self) -> None:
        self.refresh = "refresh-0"
        self.good: set[str] = set()
        self.error: dict[str, str] = {}

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path.startswith("/info"):
            token = dict(parse_qsl(urlsplit(asked.path).query)).get("token", "")
            return (200, {"email": US, "active": "true"}) if token in self.good else (401, {})
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if self.error or form["client_id"] != "parcours" or form["client_secret"] != "the secret":
            return 400, self.error or {"error": "invalid_client"}
        if form["refresh_token"] != self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        number = int(self.refresh.rpartition("-")[2]) + 1
        self.refresh, token = f"refresh-{number}", f"access-{number}"
        self.good.add(token)
        return 200, {"access_token": token, "expires_in": 3600, "refresh_token": self.refresh}


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The only one that this process trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


@contextmanager
def servers_with(authority: trustme.CA, name: str = "127.0.0.1", tokens: str = "") -> Iterator[Servers]:
    leaf = authority.issue_cert(name)
    chain = b"".join(each.bytes() for each in leaf.cert_chain_pems)
    made = Certificate(chain, leaf.private_key_pem.bytes(), tokens)
    with folder_for_a_server() as folder, started(folder, made) as running:
        yield running


def mailbox(brand: Brand, actor: Actor, servers: Servers, security: str, **more: str) -> ChannelAccount:
    is_tls = security == "tls"
    given = {
        "provider": "other",
        "password": PASSWORD,
        "imap_host": "127.0.0.1",
        "imap_port": str(servers.imaps if is_tls else servers.imap),
        "imap_security": security,
        "smtp_host": "127.0.0.1",
        "smtp_port": str(servers.smtps if is_tls else servers.smtp),
        "smtp_security": security,
        **more,
    }
    return writes.add_account(brand, "email", "Contact", given, address=US, acting_user=actor)


@pytest.fixture(autouse=True)
def _inside(settings: LazySettings) -> None:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]


def said_by(account: ChannelAccount) -> str:
    """What the button says: that all works, or what doesn't."""
    try:
        return channel_of("email").test(account)
    except ParcoursError as fault:
        return f"{fault.what} {fault.remedy}"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_mailbox_is_read_and_written(
    brand: Brand, alice_acts: Actor, authority: trustme.CA, security: str
) -> None:
    with servers_with(authority) as servers:
        account = mailbox(brand, alice_acts, servers, security)
        said = said_by(account)
        assert "Reading works (INBOX: 0 mails)" in said
        assert "Sending works" in said
        with signed_in(account, server_for(account)) as line:
            assert isinstance(line.sock, ssl.SSLSocket)
        wrong = writes.change_account(account.pk, given={"password": "x"}, acting_user=alice_acts)
        assert "refuses the name or password" in said_by(wrong)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_somebody_else_is_refused_before_a_password_is_said(
    brand: Brand, alice_acts: Actor, authority: trustme.CA, security: str
) -> None:
    with servers_with(authority, name="mail.example.org") as servers:
        account = mailbox(brand, alice_acts, servers, security)
        assert "can't be trusted" in said_by(account)
        with pytest.raises(ssl.SSLCertVerificationError), signed_in(account, server_for(account)):
            pass
        log = (servers.folder / "dovecot.log").read_text()
        assert "Login:" not in log
        assert "auth failed" not in log
    with servers_with(trustme.CA()) as servers:
        moved = {"imap_port": str(servers.imaps if security == "tls" else servers.imap)}
        account = writes.change_account(account.pk, given=moved, acting_user=alice_acts)
        assert "can't be trusted" in said_by(account)


def test_who_wants_encryption_says_no_password_on_a_plain_line(brand: Brand, alice_acts: Actor) -> None:
    with folder_for_a_server() as folder, started(folder) as servers:
        account = mailbox(brand, alice_acts, servers, "starttls")
        assert "STARTTLS" in said_by(account).upper()
        assert "Login:" not in (folder / "dovecot.log").read_text()
        writes.change_account(account.pk, given={"imap_security": "none"}, acting_user=alice_acts)
        account.refresh_from_db()
        assert "STARTTLS" in said_by(account).upper(), "sending insists, too"


@pytest.fixture
def provider() -> Iterator[tuple[Provider, Platform]]:
    made = Provider()
    with platform(made.answer) as there:
        yield made, there


def test_tokens_are_fetched_kept_renewed_and_sealed(
    brand: Brand, alice_acts: Actor, authority: trustme.CA, provider: tuple[Provider, Platform]
) -> None:
    """XOAUTH2 as Google and Microsoft have it, the refresh token changing each time as Microsoft's."""
    made, there = provider
    with servers_with(authority, tokens=f"{there.url}/info?token=") as servers:
        account = mailbox(
            brand, alice_acts, servers, "tls", sign_in="oauth", oauth_token_url=f"{there.url}/token",
            oauth_client_id="parcours", oauth_client_secret="the secret", oauth_refresh_token="refresh-0",
        )  # fmt: skip
        assert "Sending works" in said_by(account)
        account.refresh_from_db()
        assert unseal(account.secrets["oauth_refresh_token"]) == made.refresh == "refresh-1"
        assert "refresh-1" not in str(account.secrets)

        made.good.clear()  # withdrawn before its time: the next one is fetched at once
        assert "Sending works" in said_by(account)
        account.refresh_from_db()
        assert unseal(account.secrets["oauth_refresh_token"]) == "refresh-2"

        made.good.clear()
        made.refresh = "refresh-9"
        assert "expired or revoked" in said_by(account)
        assert "give it anew" in said_by(account)
        made.error = {"error": "invalid_client"}
        assert "client id" in said_by(account)
        account.secrets.pop("oauth_refresh_token")
        assert "refuses the name or password" in said_by(account), "a token that was entered, and is none"
        made.good.add(PASSWORD)
        assert "Sending works" in said_by(account), "a token that was entered"


def test_the_folder_of_sent_mails_holds_our_answers_and_tells_of_those_of_other_programs(
    brand: Brand, alice_acts: Actor
) -> None:
    with folder_for_a_server() as folder, started(folder) as servers:
        account = mailbox(brand, alice_acts, servers, "none", save_sent="1", read_sent="1", start="all")
        keep(account, mail("Où est-elle ?", sender="lucie@customers.test", message_id="<q1@example.org>"))
        conversation = Conversation.objects.get()
        reply = writes.send_reply(conversation.pk, "Demain.", acting_user=alice_acts)
        assert send(reply.pk) == "sent"
        theirs = mail(
            "Je confirme", sender=US, message_id="<from-tb@foulee.test>", In_Reply_To="<q1@example.org>"
        )
        with opened(account) as box:
            name = sent_folder_of(account, box)
            assert box.select_folder(name, readonly=True)[b"EXISTS"] == 1
            box.append(name, theirs.replace(b"To: contact@foulee.example", b"To: lucie@customers.test"))
        for _again in range(2):
            pull(account.pk)
        account.refresh_from_db()
        assert account.fault == ""
        said = conversation.messages.order_by("created_at").values_list("direction", "text")
        assert list(said) == [("in", "Où est-elle ?"), ("out", "Demain."), ("out", "Je confirme")]
