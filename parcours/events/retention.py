"""What of events, people and files need not be kept for ever; a brand's rules say how long."""

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import system_actor
from parcours.customers.erasure.carrying_out import do_erase
from parcours.customers.reads import merges_not_in_lake
from parcours.customers.retention.people import last_words, silent_since
from parcours.events.lake import Lake
from parcours.events.models import Import
from parcours.events.uploads import path_of, waits

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

ORDER = "Order Completed"
MOST_A_NIGHT = 10_000
NOT_BY_THE_PERSON = frozenset(
    {
        "Advertisement Viewed", "Bot Answered", "Bot Handed Over", "Callback Done", "Conversation Resolved",
        "Coupon Sent", "Email Bounced", "Email Delivered", "Email Opened", "Email Sent", "Help Offered",
        "Message Sent", "Order Delivered", "Order Refunded", "Order Shipped", "Order Updated",
        "Playbook Entered", "Promotion Viewed", "Review Requested", "Survey Sent",
    }
)  # fmt: skip
"""Events that the brand causes, or that need no will, as an opened mail. All others are a contact by the
person: a click counts, an open does not.
"""


class OldEvents:
    """Events of everybody, by when they happened."""

    label = gettext_lazy("Events")
    explanation = gettext_lazy(
        "All events that happened before; people and their orders’ numbers go with them."
    )
    suggested_days = 760

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return int((Lake(brand_id).index().time < _microseconds(before)).sum())

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        return Lake(brand_id).forget_before(before)


class QuietPeople:
    """Customers who have not been in touch themselves, with or without an order."""

    def __init__(self, label: object, explanation: object, suggested_days: int, *, bought: bool) -> None:
        self.label, self.explanation, self.suggested_days = label, explanation, suggested_days
        self._bought = bought

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return len(quiet_people(brand_by_id(brand_id), before, bought=self._bought))

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        """Erases them, at most so many a night. Who returns later is a new visitor."""
        brand = brand_by_id(brand_id)
        gone = quiet_people(brand, before, bought=self._bought)[:MOST_A_NIGHT]
        if gone:
            reason = _("Retention rule “{rule}”").format(rule=self.label)
            do_erase(brand, gone, acting_user=system_actor(brand.pk), reason=reason, keep_away=False)
        return len(gone)


class OldFiles:
    """Files of rejected rows, and uploads that nobody confirmed."""

    label = gettext_lazy("Files of imports")
    explanation = gettext_lazy("Rejected rows, and uploaded files that nobody confirmed.")
    suggested_days = 90

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return len(_old_rejects(brand_id, before)) + len(_old_uploads(brand_id, before))

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        rejects, uploads = _old_rejects(brand_id, before), _old_uploads(brand_id, before)
        for path in rejects:
            Import.objects.filter(brand_id=brand_id, rejects_path=str(path)).update(rejects_path="")
            path.unlink(missing_ok=True)
        for row in uploads:
            folder = path_of(row).parent
            row.delete()
            shutil.rmtree(folder, ignore_errors=True)
        return len(rejects) + len(uploads)


PROSPECTS = QuietPeople(
    gettext_lazy("Prospects"),
    gettext_lazy(
        "People without an order, counted from the last time they were in touch themselves: a click counts,"
        " an opened e-mail does not. The French authority recommends three years at most."
    ),
    1_095,
    bought=False,
)
BUYERS = QuietPeople(
    gettext_lazy("Customers"),
    gettext_lazy("People with an order, counted from the last time they were in touch themselves."),
    1_825,
    bought=True,
)
EVENTS, FILES = OldEvents(), OldFiles()


def quiet_people(brand: Brand, before: datetime, *, bought: bool) -> list[int]:
    """Customers whose last contact by themselves was before the moment, those with or those without an order.

    Who has no events at all counts, as a prospect, from when their profile was made.
    """
    ids, last, ordered = _contacts(brand)
    spoke = last_words(brand, since=before)
    quiet = ids[(last < _microseconds(before)) & (ordered == bought)]
    found = set(quiet.tolist())
    if not bought:
        found |= set(silent_since(brand, before)) - set(ids.tolist())
    return sorted(found - spoke)


def _contacts(brand: Brand) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]":
    """Customers with events, the time of each one's last contact, and whether they ordered."""
    import numpy as np

    index = Lake(brand.pk).index()
    if not len(index):
        nothing = np.empty(0, np.int64)
        return nothing, nothing, np.empty(0, np.bool_)
    starts = index.offsets[:-1]
    by_person = np.array([name not in NOT_BY_THE_PERSON for name in index.names] + [True])
    order = np.array([name == ORDER for name in index.names] + [False])
    codes = np.minimum(index.name_codes, len(index.names))
    # Who never was in touch counts from the first event: that is when their data came.
    first = index.time[starts]
    times = np.where(by_person[codes], index.time, np.iinfo(np.int64).min)
    contact = np.maximum(np.maximum.reduceat(times, starts), first)
    moved = merges_not_in_lake(brand)
    ids = np.fromiter((moved.get(each, each) for each in index.customers.tolist()), np.int64)
    people, place = np.unique(ids, return_inverse=True)
    last = np.full(len(people), np.iinfo(np.int64).min)
    np.maximum.at(last, place, contact)
    ordered = np.zeros(len(people), np.bool_)
    np.logical_or.at(ordered, place, np.logical_or.reduceat(order[codes], starts))
    return people, last, ordered


def _old_rejects(brand_id: uuid.UUID, before: datetime) -> list[Path]:
    folder = Path(settings.DATA) / "rejects" / str(brand_id)
    return [path for path in sorted(folder.glob("*.csv")) if path.stat().st_mtime < before.timestamp()]


def _old_uploads(brand_id: uuid.UUID, before: datetime) -> list[Import]:
    return [row for row in Import.objects.filter(brand_id=brand_id, created_at__lt=before) if waits(row)]


def _microseconds(moment: datetime) -> int:
    from parcours.engine.moments import moment as as_microseconds

    return as_microseconds(moment.astimezone(UTC))
