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
from parcours.inbox.channels.base import BadSignature, NeverSent, NotUnderstood, Request, Told
from parcours.inbox.channels.email import announced, brevo, resend, ses
from parcours.inbox.channels.email.reading import read_mail
from parcours.inbox.models import ChannelAccount

USER = "parcours"


class Provider(NamedTuple):
    """`key` is what its view calls the secret with which it signs; empty where it sends a password.
    `api_key`: its view wants the key with which its files are fetched.
    """

    label: str
    view: str
    key: str = ""
    api_key: bool = False


PROVIDERS = {
    "mailgun": Provider("Mailgun", "mailgun:MailgunInboundWebhookView", "webhook_signing_key"),
    "postmark": Provider("Postmark", "postmark:PostmarkInboundWebhookView"),
    "sendgrid": Provider("SendGrid", "sendgrid:SendGridInboundWebhookView"),
    "mailjet": Provider("Mailjet", "mailjet:MailjetInboundWebhookView"),
    "mailersend": Provider("MailerSend", "mailersend:MailerSendInboundWebhookView", "inbound_secret"),
    "postal": Provider("Postal", "postal:PostalInboundWebhookView", "webhook_key"),
    "sparkpost": Provider("SparkPost", "sparkpost:SparkPostInboundWebhookView"),
    "brevo": Provider("Brevo", "brevo:BrevoInboundWebhookView", api_key=True),
}
OWN_WAYS = {"resend": "Resend", "ses": "Amazon SES"}
"""Providers with signatures and ways of their own, and what they are called."""


def check(account: ChannelAccount, request: Request) -> None:
    """Raises BadSignature."""
    receiving = str(account.settings.get("receiving", ""))
    if receiving in OWN_WAYS:
        (resend if receiving == "resend" else ses).check(account, request)
        return
    provider = PROVIDERS.get(receiving)
    if provider is None:
        raise BadSignature(_("No provider calls for this mailbox: it is read."))
    called = _as_django(request.body, request.headers, request.url)
    try:
        _view(account, provider).run_validators(called)
    except SuspiciousOperation as error:
        raise BadSignature(_("The signature isn't {name}'s.").format(name=provider.label)) from error


def told_in(account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
    """What a call tells that was believed; what it announces is fetched soon. Raises NotUnderstood."""
    receiving = str(account.settings.get("receiving", ""))
    if receiving in OWN_WAYS:
        return _told_or_announced(account, receiving, body, headers)
    if receiving != "brevo":
        return [
            each for mail in _mails_in(account, body, headers) for each in read_mail(account, mail, headers)
        ]
    try:
        bare, files = brevo.without_files(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotUnderstood(_("{name} sent something else than a mail.").format(name="Brevo")) from error
    told: list[Told] = []
    for mail, some in zip(_mails_in(account, bare, headers), files, strict=True):
        told += brevo.with_files(read_mail(account, mail, headers), some)
    return told


def _told_or_announced(
    account: ChannelAccount, receiving: str, body: bytes, headers: Mapping[str, str]
) -> Sequence[Told]:
    if receiving == "resend":
        resend.mail_named_in(body)
        mail = None
    else:
        mail = ses.mail_in(body)
    if mail is not None:
        return read_mail(account, mail, headers)
    announced.ask_to_fetch(account)
    return []


def is_called(account: ChannelAccount) -> bool:
    receiving = str(account.settings.get("receiving", ""))
    return receiving in OWN_WAYS or receiving in PROVIDERS


def to_enter(account: ChannelAccount) -> Sequence[str]:
    """What the provider is told so that it calls here."""
    receiving = str(account.settings.get("receiving", ""))
    if receiving == "ses":
        return [
            _("In SNS: a subscription of the topic to this address, by HTTPS, without raw delivery."),
            _("In SES: a receipt rule that publishes to that topic, or lays mails into S3 and tells it."),
        ]
    if receiving == "resend":
        return [
            _("In Resend, under Webhooks: this address, with the event “email.received”."),
            _("Its signing secret (whsec_…) and an API key that may read mails go into the settings below."),
        ]
    provider = PROVIDERS.get(receiving)
    if provider is None:
        return []
    if provider.key:
        way = _("At {name}, for incoming mails: this address. Its signing key goes into the settings below.")
    else:
        way = _(
            "At {name}, for incoming mails: this address, with name and password in front of its host:"
            " https://parcours:PASSWORD@…"
        )
    return [way.format(name=provider.label)]


def tested(account: ChannelAccount) -> Sequence[str]:
    """What can be said of calls before one came. Raises TryLater, NeverSent."""
    receiving = str(account.settings.get("receiving", ""))
    ways = {"resend": resend.tested, "ses": ses.tested, "brevo": brevo.tested}
    if receiving in ways:
        return [ways[receiving](account)]
    provider = PROVIDERS.get(receiving)
    if provider is None:
        return []
    if provider.key and not account.secrets.get("hook_key"):
        raise NeverSent(
            _("The signing key of {name} is missing: no call is believed without it.").format(
                name=provider.label
            )
        )
    return [_("Mails are taken in when {name} calls.").format(name=provider.label)]


def _mails_in(account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[bytes]:
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
    more = {"api_key": _nobodys()} if provider.api_key else {}  # its files are fetched by us
    return view(**more, webhook_secret=[f"{USER}:{unseal(made)}" if made else _nobodys()])


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
