"""Addresses that refuse mails: one list for the whole brand, asked by whatever writes to customers.

One refusal for good puts an address on it, or five passing ones in a row.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import NotFound
from parcours.customers.privacy_models import Undeliverable
from parcours.journal.writes import record

MOST_REFUSALS = 5
A_ROW_LASTS = timedelta(days=60)
"""Of passing refusals: nobody tells when a mail arrives, so after so long without one they count anew."""


@dataclass(frozen=True, slots=True)
class Refusing:
    """An address on the list; `for_good` unless passing refusals put it there."""

    id: int
    address: str
    reason: str
    since: datetime
    for_good: bool


@transaction.atomic
def note_refusal(
    brand_id: uuid.UUID, address: str, *, about: str, reason: str, at: datetime, for_good: bool
) -> bool:
    """Notes that a mail (`about` is its Message-ID) was refused; whether nobody writes there from now on.

    The same refusal again changes nothing.
    """
    Undeliverable.objects.get_or_create(
        brand_id=brand_id, address=_clean(address), defaults={"last_at": at, "about": ""}
    )
    row = Undeliverable.objects.select_for_update().get(brand_id=brand_id, address=_clean(address))
    is_new = not about or row.about != about
    if is_new:
        row.refusals = 1 if at - row.last_at > A_ROW_LASTS else min(row.refusals + 1, 30_000)
    row.about, row.last_at, row.reason = about[:400], max(row.last_at, at), reason[:300]
    if row.blocked_at is None and is_new and (for_good or row.refusals >= MOST_REFUSALS):
        row.blocked_at = at
        row.refusals = 0 if for_good else row.refusals
    row.save()
    return row.blocked_at is not None


def note_heard_from(brand_id: uuid.UUID, address: str, at: datetime) -> None:
    """Somebody wrote from there, so somebody is there: what was refused before doesn't count any more."""
    Undeliverable.objects.filter(brand_id=brand_id, address=_clean(address), last_at__lt=at).delete()


def undeliverable(brand_id: uuid.UUID, addresses: Collection[str]) -> dict[str, str]:
    """Those of the addresses to which nobody writes, as they were given, with the reason; in one query."""
    wanted: dict[str, list[str]] = {}
    for each in addresses:
        wanted.setdefault(_clean(each), []).append(each)
    rows = Undeliverable.objects.filter(
        brand_id=brand_id, address__in=list(wanted), blocked_at__isnull=False
    ).values_list("address", "reason")
    return {given: reason for address, reason in rows for given in wanted[address]}


def why_undeliverable(brand_id: uuid.UUID, address: str) -> str:
    """Why nobody writes there; empty where mails may go."""
    found = undeliverable(brand_id, [address])
    return found[address] or _("Mails to it were refused.") if found else ""


def listed(
    brand_id: uuid.UUID, *, words: str = "", before: int | None = None, most: int = 100
) -> list[Refusing]:
    """The list, the newest first; `before` is the last id of the page above."""
    rows = Undeliverable.objects.filter(brand_id=brand_id, blocked_at__isnull=False)
    if words:
        rows = rows.filter(address__contains=_clean(words))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [
        Refusing(row.pk, row.address, row.reason, row.blocked_at or row.last_at, row.refusals == 0)
        for row in rows.order_by("-pk")[:most]
    ]


@transaction.atomic
def do_write_again(brand: Brand, row_id: int, *, acting_user: Actor) -> str:
    """Takes an address off the list, for somebody who knows that it works again. Raises NotFound."""
    acting_user.require("consent.edit")
    row = Undeliverable.objects.filter(brand=brand, pk=row_id, blocked_at__isnull=False).first()
    if row is None:
        raise NotFound(_("There is no such address on the list."))
    row.delete()
    record(acting_user, "undeliverable lifted", "brand", brand.pk, {"addresses": 1})
    return row.address


def _clean(address: str) -> str:
    return address.strip().strip("<>").lower()[:254]
