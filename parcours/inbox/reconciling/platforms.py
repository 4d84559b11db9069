"""Asks every platform that can be asked what it has of the last days, and takes in what never came here."""

import logging
from datetime import datetime

from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.errors import ParcoursError
from parcours.inbox.channels import channel_of
from parcours.inbox.enums import ArrivalStatus
from parcours.inbox.models import ChannelAccount
from parcours.inbox.reconciling.shapes import Finding, Look
from parcours.inbox.writes.receiving import keep

log = logging.getLogger(__name__)

MOST = 500
"""Of one account a night; what is left is found the next one."""


def look(brand: Brand, since: datetime) -> Look:
    seen = Look()
    rows = ChannelAccount.objects.filter(brand=brand, enabled=True, removed_at=None)
    for account in rows.select_related("brand", "source").order_by("created_at"):
        seen.seen += 1
        found = _look_at(account, since)
        if found is not None:
            seen.findings.append(found)
    return seen


def _look_at(account: ChannelAccount, since: datetime) -> Finding | None:
    names: list[str] = []
    taken = 0
    trouble = ""
    try:
        for missed in channel_of(account.kind).missing_since(account, since):
            receipt = keep(account, missed.body, name=missed.name, headers=dict(missed.headers))
            if receipt.duplicate:
                continue
            names.append(missed.name)
            taken += receipt.status != ArrivalStatus.FAILED
            if len(names) >= MOST:
                break
    except ParcoursError as fault:
        trouble = fault.what
    except Exception:  # the other accounts are looked at
        log.exception("account %s of %s can't be compared", account.pk, account.kind)
        trouble = _("Parcours stumbled over it; the log says why.")
    if trouble and not names:
        return Finding("unasked", 1, 0, str(account.pk), account.name, trouble)
    return Finding("missing", len(names), taken, str(account.pk), account.name, trouble) if names else None
