import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import (
    BadSignature,
    Channel,
    Incoming,
    IncomingFile,
    IncomingStep,
    Missed,
    NeverSent,
    NotUnderstood,
    Outbound,
    Request,
    Sender,
    SentAs,
    Setting,
    Told,
)
from parcours.inbox.channels.sms.asking import asked, content
from parcours.inbox.channels.sms.signing import is_signed, way_in
from parcours.inbox.enums import Step
from parcours.inbox.models import ChannelAccount

STEPS = {
    "sent": Step.SENT,
    "delivered": Step.DELIVERED,
    "read": Step.READ,
    "failed": Step.FAILED,
    "undelivered": Step.FAILED,
}


class Sms(Channel):
    """`address` of an account is its number, or the id of a Messaging Service."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "sms"
    label = gettext_lazy("Text messages")
    icon = "chat"
    event_channel = "sms"
    place = 60
    hook = "twilio"
    about = gettext_lazy("Text messages to a number that you have at Twilio.")
    to_fetch = (
        gettext_lazy("In Twilio’s console, on its first page: Account SID and auth token."),
        gettext_lazy("The number as +33…, or the id of a Messaging Service (MG…), is the address here."),
    )
    address = Setting(
        "address", gettext_lazy("Number"), gettext_lazy("As +33…; or the id of a Messaging Service (MG…).")
    )
    settings = (
        Setting("account_sid", gettext_lazy("Account SID")),
        Setting("auth_token", gettext_lazy("Auth token"), kind="secret"),
    )
    longest_text = 1_600
    thanks = ('<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")

    def to_enter(self, account: ChannelAccount) -> Sequence[str]:
        if account.address.startswith("MG"):
            return [_("In Twilio, at the Messaging Service under Integration: the address, by HTTP POST.")]
        return [_("In Twilio, at the number under “A message comes in”: the address, by HTTP POST.")]

    def clean_address(self, text: str) -> str:
        plain = re.sub(r"[\s().-]", "", text)
        if not re.fullmatch(r"\+\d{4,15}|\d{3,8}|MG\w+", plain):
            raise BadInput(
                _("“{text}” isn’t a number in the form +33…").format(text=text[:100]), where="address"
            )
        return plain

    def check(self, account: ChannelAccount, request: Request) -> None:
        urls: tuple[str, ...] = (request.url,)
        if settings.PUBLIC_URL:
            parts = urlsplit(request.url)
            public = f"{settings.PUBLIC_URL}{parts.path}" + (f"?{parts.query}" if parts.query else "")
            urls = (request.url, public)
        is_form = "json" not in request.headers.get("content-type", "")
        fields = _fields(request.body) if is_form else None
        way = way_in(request.headers.get("x-twilio-webhooks-signature-settings", ""))
        sent = request.headers.get("x-twilio-signature", "")
        if not is_signed(unseal(account.secrets["auth_token"]), urls, fields, request.body, sent, way=way):
            raise BadSignature(
                _("The call isn't signed with the auth token."),
                remedy=_("Check the token, and that PARCOURS_URL is the address that Twilio calls."),
            )

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        fields = {name: values[0] for name, values in _fields(body).items()}
        sid = fields.get("MessageSid") or fields.get("SmsSid", "")
        if not sid:
            raise NotUnderstood(_("It names no message."))
        status = fields.get("MessageStatus") or fields.get("SmsStatus", "")
        if status and status != "received":
            step = STEPS.get(status)
            code = fields.get("ErrorCode", "")
            fault = _("Twilio: {code}").format(code=code) if code else ""
            return [IncomingStep(step, now(), sid, fault=fault)] if step else []
        number = fields.get("From", "")
        place = ", ".join(filter(None, (fields.get("FromCity"), fields.get("FromCountry"))))
        return [
            Incoming(
                sid,
                Sender(number, handle=number, identities={"phone": number}),
                datetime.fromisoformat(headers["at"]) if headers.get("at") else now(),
                text=fields.get("Body", ""),
                files=_files(fields),
                payload={"type": "sms", "to": fields.get("To", ""), **({"place": place} if place else {})},
            )
        ]

    def missing_since(self, account: ChannelAccount, moment: datetime) -> Iterable[Missed]:
        from parcours.inbox.channels.sms.missing import missing_since

        return missing_since(account, moment)

    def fetch(self, account: ChannelAccount, remote: Mapping[str, Any]) -> bytes:
        answer = asked(str(remote["url"]), "GET", account, None)
        if answer.status in {302, 307} and answer.headers.get("location"):
            answer = asked(answer.headers["location"], "GET", None, None)
        if answer.status != 200:
            raise NeverSent(_("Twilio doesn't give the file ({status}).").format(status=answer.status))
        return answer.body

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        sid = account.settings["account_sid"]
        by = "MessagingServiceSid" if account.address.startswith("MG") else "From"
        form = {"To": outbound.to, by: account.address, "Body": outbound.text}
        if settings.PUBLIC_URL:
            form["StatusCallback"] = f"{settings.PUBLIC_URL}/hooks/twilio/{account.pk}"
        address = f"{settings.TWILIO_URL}/2010-04-01/Accounts/{sid}/Messages.json"
        answer = asked(address, "POST", account, urlencode(form).encode())
        return SentAs(str(content(answer).get("sid", "")))

    def test(self, account: ChannelAccount) -> str:
        sid = account.settings["account_sid"]
        answer = asked(f"{settings.TWILIO_URL}/2010-04-01/Accounts/{sid}.json", "GET", account, None)
        known = _("Twilio knows this account: {name}.").format(name=content(answer).get("friendly_name", sid))
        return f"{known} {self._told_to(account, sid)}".strip()

    def _told_to(self, account: ChannelAccount, sid: str) -> str:
        """Where Twilio hands texts to the number; of a Messaging Service it isn't asked."""
        if account.address.startswith("MG"):
            return ""
        query = urlencode({"PhoneNumber": account.address})
        address = f"{settings.TWILIO_URL}/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json?{query}"
        found = content(asked(address, "GET", account, None)).get("incoming_phone_numbers") or []
        if not found:
            return _("The number {number} isn’t one of this account.").format(number=account.address)
        if f"/hooks/{self.hook}/{account.pk}" in str(found[0].get("sms_url") or ""):
            return _("Texts to the number are handed over here.")
        return _("Texts to the number are handed to another address: enter the one below in Twilio.")


def _fields(body: bytes) -> dict[str, list[str]]:
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def _files(fields: Mapping[str, str]) -> list[IncomingFile]:
    count = fields.get("NumMedia", "0")
    return [
        IncomingFile(
            f"{place + 1}",
            fields.get(f"MediaContentType{place}", "application/octet-stream"),
            remote={"url": fields[f"MediaUrl{place}"]},
        )
        for place in range(min(int(count), 10) if count.isdecimal() else 0)
        if f"MediaUrl{place}" in fields
    ]
