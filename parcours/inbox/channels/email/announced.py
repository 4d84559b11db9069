"""Mails that a provider announces and keeps: fetched as soon as a worker is free, kept raw, then read."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from django.db import transaction

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.inbox.channels.base import NeverSent, NotUnderstood
from parcours.inbox.channels.email import resend, ses
from parcours.inbox.enums import ArrivalStatus
from parcours.inbox.models import Arrival, ChannelAccount

DUE = {"fetch": "due"}
"""In the headers of an arrival: what it announces hasn't been fetched yet."""
FETCHES = {"resend": resend.fetched, "ses": ses.fetched}
KEPT_FOR = timedelta(days=7)
MOST_AT_ONCE = 50


def note(headers: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a call that may announce a mail."""
    return dict(DUE) if "svix-id" in headers or "x-amz-sns-message-type" in headers else {}


def ask_to_fetch(account: ChannelAccount) -> None:
    """Once the announcement is stored."""
    from parcours.inbox.nudging import ask_to_pull

    transaction.on_commit(partial(ask_to_pull, account.pk))


def fetch_due(account: ChannelAccount) -> None:
    """Everything that was announced and isn't here. Raises ParcoursError for the first that has to wait;
    what can't be had any more says so under what arrived.
    """
    fetch = FETCHES.get(str(account.settings.get("receiving", "")))
    if fetch is None:
        return
    rows = Arrival.objects.filter(
        account=account,
        status=ArrivalStatus.IGNORED,
        headers__fetch=DUE["fetch"],
        received_at__gte=now() - KEPT_FOR,
        forgotten_at=None,
    )
    troubles: list[ParcoursError] = []
    for arrival in rows.order_by("received_at")[:MOST_AT_ONCE]:
        try:
            mail = fetch(account, bytes(arrival.body))
        except (NeverSent, NotUnderstood) as fault:
            arrival.status, arrival.trouble = ArrivalStatus.FAILED, fault.what[:300]
            arrival.save(update_fields=["status", "trouble"])
        except ParcoursError as fault:
            troubles.append(fault)
        else:
            _keep(account, arrival, mail)
    if troubles:
        raise troubles[0]


@transaction.atomic
def _keep(account: ChannelAccount, arrival: Arrival, mail: bytes | None) -> None:
    """The mail, and the note that it was fetched: both or neither."""
    from parcours.inbox.writes.receiving import keep

    if mail:
        keep(account, mail, headers={"received": arrival.received_at.isoformat()})
    arrival.headers = {**arrival.headers, "fetch": "done"}
    arrival.save(update_fields=["headers"])
