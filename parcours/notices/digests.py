"""The mail of the morning: what a person hasn't read, of the kinds they want once a day."""

import uuid
from collections import defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.accounts.reads import all_brands
from parcours.core.clock import now
from parcours.notices.enums import MailWhen
from parcours.notices.models import Mail, Notice
from parcours.notices.reads import who_wants_mail
from parcours.notices.writes import new_message_id

AT = time(7)
"""By the clock of the brand."""
LOOKS_BACK = timedelta(days=7)


def write_digests() -> int:
    """Puts the digests of the day in line, once each however often it is asked; returns how many."""
    return sum(_digests_of(brand) for brand in all_brands())


@transaction.atomic
def _digests_of(brand: Brand) -> int:
    here = now().astimezone(ZoneInfo(brand.time_zone))
    if here.time() < AT:
        return 0
    cut = datetime.combine(here.date(), AT, ZoneInfo(brand.time_zone))
    there = set(Mail.objects.filter(brand=brand, day=here.date()).values_list("person_id", flat=True))
    written = 0
    for person_id, notice_ids in _waiting(brand, cut).items():
        if person_id in there:
            continue
        mail = Mail.objects.create(
            brand=brand, person_id=person_id, message_id=new_message_id(), day=here.date()
        )
        Notice.objects.filter(pk__in=notice_ids).update(mail=mail)
        written += 1
    return written


def _waiting(brand: Brand, cut: datetime) -> dict[uuid.UUID, list[uuid.UUID]]:
    """By person, the unread notices up to `cut` that no mail told yet and that belong into a digest."""
    rows = Notice.objects.select_for_update(of=("self",)).filter(
        brand=brand, mail=None, read_at=None, at__lt=cut, at__gte=cut - LOOKS_BACK, person__is_active=True
    )
    by_kind: dict[str, list[tuple[uuid.UUID, uuid.UUID]]] = defaultdict(list)
    for notice_id, person_id, kind in rows.order_by("pk").values_list("pk", "person_id", "kind"):
        by_kind[kind].append((notice_id, person_id))
    waiting: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for kind, found in by_kind.items():
        people = list({person_id for _notice, person_id in found})
        wanted = who_wants_mail(brand.pk, people, kind, MailWhen.DAILY)
        for notice_id, person_id in found:
            if person_id in wanted:
                waiting[person_id].append(notice_id)
    return waiting
