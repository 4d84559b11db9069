"""Mails that a provider hands over by calling us, read with the library that knows each one's way."""

import secrets
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.utils.translation import gettext as _

from parcours.core.secrets import unseal
from parcours.inbox.channels.base import BadSignature, NotUnderstood, Request
from parcours.inbox.models import ChannelAccount

USER = "parcours"


class Provider(NamedTuple):
    """`key` is what its view calls the secret with which it signs; empty where it sends a password."""

    label: str
    view: str
    key: str = ""


PROVIDERS = {
    "mailgun": Provider("Mailgun", "mailgun:MailgunInboundWebhookView", "webhook_signing_key"),
    "postmark": Provider("Postmark", "postmark:PostmarkInboundWebhookView"),
    "sendgrid": Provider("SendGrid", "sendgrid:SendGridInboundWebhookView"),
    "mailjet": Provider("Mailjet", "mailjet:MailjetInboundWebhookView"),
    "mailersend": Provider("MailerSend", "mailersend:MailerSendInboundWebhookView", "inbound_secret"),
    "postal": Provider("Postal", "postal:PostalInboundWebhookView", "webhook_key"),
    "sparkpost": Provider("SparkPost", "sparkpost:SparkPostInboundWebhookView"),
}


def check(account: ChannelAccount, request: Request) -> None:
    """Raises BadSignature."""
    provider = PROVIDERS.get(str(account.settings.get("receiving", "")))
    if provider is None:
        raise BadSignature(_("No provider calls for this mailbox: it is read."))
    called = _as_django(request.body, request.headers, request.url)
    try:
        _view(account, provider).run_validators(called)
    except SuspiciousOperation as error:
        raise BadSignature(_("The signature isn't {name}'s.").format(name=provider.label)) from error


def mails_in(account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[bytes]:
    """The mails of a call that was believed. Raises NotUnderstood."""
    provider = PROVIDERS.get(str(account.settings.get("receiving", "")))
    if provider is None:
        raise NotUnderstood(
            _("This mailbox has another way of receiving by now, so this call can't be read.")
        )
    called = _as_django(body, headers, "")
    try:
        events = _view(account, provider).parse_events(called)
    except (ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise NotUnderstood(
            _("{name} sent something else than a mail.").format(name=provider.label)
        ) from error
    except Exception as error:
        if type(error).__module__.startswith("anymail"):
            raise NotUnderstood(str(error)[:300]) from error
        raise
    messages = [event.message for event in events if getattr(event, "message", None) is not None]
    return [message.as_bytes() for message in messages]


def _view(account: ChannelAccount, provider: Provider) -> Any:
    module, name = provider.view.split(":")
    view = getattr(import_module(f"anymail.webhooks.{module}"), name)
    if provider.key:
        sealed = account.secrets.get("hook_key", "")
        return view(**{provider.key: unseal(sealed) if sealed else _nobodys()})
    made = account.secrets.get("hook_password", "")
    return view(webhook_secret=[f"{USER}:{unseal(made)}" if made else _nobodys()])


def _nobodys() -> str:
    """A secret that nobody knows: without one of the account's own nobody may call."""
    return secrets.token_urlsafe(32)


def _as_django(body: bytes, headers: Mapping[str, str], url: str) -> WSGIRequest:
    parts = urlsplit(url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path or "/",
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or 443),
        "wsgi.url_scheme": parts.scheme or "https",
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("content-type", ""),
    }
    for name, value in headers.items():
        if name not in {"content-type", "content-length"}:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return WSGIRequest(environ)
