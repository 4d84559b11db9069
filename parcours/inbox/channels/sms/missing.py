"""Holds a number at Twilio against what came of it: texts that never came here, and how far ours came."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from parcours.customers.enums import IdentityKind
from parcours.inbox.channels.base import Missed
from parcours.inbox.channels.erased import is_erased
from parcours.inbox.channels.sms.asking import asked, content
from parcours.inbox.channels.sms.channel import STEPS
from parcours.inbox.models import ChannelAccount, Message
from parcours.inbox.writes.common import step_after

A_PAGE = 200
MOST_PAGES = 50


def missing_since(account: ChannelAccount, moment: datetime) -> Iterator[Missed]:
    """As the calls that would have told of them."""
    for page in _pages(account, moment):
        told = [each for each in page if _is_ours(account, each)]
        shown = dict(
            Message.objects.filter(
                account=account, external_id__in=[str(each.get("sid", "")) for each in told]
            ).values_list("external_id", "step")
        )
        for each in told:
            sid, status = str(each.get("sid", "")), str(each.get("status", ""))
            if each.get("direction") == "inbound":
                if sid not in shown and _may_come(account, each, moment):
                    yield _text(account, each)
            elif sid in shown and status in STEPS and step_after(shown[sid], STEPS[status]) != shown[sid]:
                told_step = {
                    "MessageSid": sid,
                    "MessageStatus": status,
                    "ErrorCode": each.get("error_code") or "",
                }
                yield Missed(urlencode(told_step).encode())


def _pages(account: ChannelAccount, moment: datetime) -> Iterator[list[Mapping[str, Any]]]:
    query = urlencode({"DateSent>": moment.astimezone(UTC).date().isoformat(), "PageSize": A_PAGE})
    path = f"/2010-04-01/Accounts/{account.settings['account_sid']}/Messages.json?{query}"
    for _page in range(MOST_PAGES):
        said = content(asked(f"{settings.TWILIO_URL}{path}", "GET", account, None))
        yield [each for each in said.get("messages") or [] if isinstance(each, Mapping)]
        path = str(said.get("next_page_uri") or "")
        if not path.startswith("/"):
            return


def _is_ours(account: ChannelAccount, told: Mapping[str, Any]) -> bool:
    """The account at Twilio may have other numbers."""
    return account.address in {told.get("to"), told.get("from"), told.get("messaging_service_sid")}


def _sent_at(told: Mapping[str, Any]) -> datetime:
    try:
        return parsedate_to_datetime(str(told.get("date_sent") or told.get("date_created")))
    except ValueError:
        return datetime.now(UTC)


def _may_come(account: ChannelAccount, told: Mapping[str, Any], moment: datetime) -> bool:
    """It is of the account's own time, and its writer was not erased since."""
    number, at = str(told.get("from", "")), _sent_at(told)
    return at >= max(moment, account.created_at) and not is_erased(
        account, number, at, {IdentityKind.PHONE.value: number}
    )


def _text(account: ChannelAccount, told: Mapping[str, Any]) -> Missed:
    fields = {
        "MessageSid": str(told.get("sid", "")),
        "SmsStatus": "received",
        "From": str(told.get("from", "")),
        "To": str(told.get("to", "")),
        "Body": str(told.get("body") or ""),
        **_media(account, told),
    }
    return Missed(urlencode(fields).encode(), {"at": _sent_at(told).isoformat()})


def _media(account: ChannelAccount, told: Mapping[str, Any]) -> dict[str, str]:
    """The addresses of its files, which Twilio lists apart."""
    list_path = str((told.get("subresource_uris") or {}).get("media") or "")
    if str(told.get("num_media") or "0") == "0" or not list_path.startswith("/"):
        return {}
    said = content(asked(f"{settings.TWILIO_URL}{list_path}", "GET", account, None))
    files = [each for each in said.get("media_list") or [] if isinstance(each, Mapping)][:10]
    fields = {"NumMedia": str(len(files))}
    for place, each in enumerate(files):
        fields[f"MediaUrl{place}"] = settings.TWILIO_URL + str(each.get("uri", "")).removesuffix(".json")
        fields[f"MediaContentType{place}"] = str(each.get("content_type", ""))
    return fields
