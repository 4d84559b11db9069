"""What was left lying: arrivals nobody understood, files that never came or that nobody has any more."""

import os
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.inbox.enums import ArrivalStatus, Direction
from parcours.inbox.fetching import MOST_TRIES
from parcours.inbox.files import forget_unused, path_of
from parcours.inbox.models import Arrival, Attachment, Message
from parcours.inbox.nudging import ask_to_fetch
from parcours.inbox.reconciling.shapes import Look
from parcours.inbox.writes.receiving import understand

AT_ONCE = 1_000
WAITS = timedelta(hours=1)
UNUSED_AFTER = timedelta(days=1)


def look(brand: Brand, since: datetime) -> Look:
    seen = Look()
    _arrivals(brand, since, seen)
    _unfetched(brand, since, seen)
    _without_content(brand, since, seen)
    _doubled(brand, since, seen)
    return seen


def _arrivals(brand: Brand, since: datetime, seen: Look) -> None:
    """Reads once more what wasn't understood: what it was about may have come since."""
    rows = Arrival.objects.filter(brand=brand, received_at__gte=since)
    seen.seen += rows.count()
    failed = rows.filter(status=ArrivalStatus.FAILED, forgotten_at=None).order_by("received_at")
    ids = list(failed.values_list("pk", flat=True)[:AT_ONCE])
    left = [str(pk) for pk in ids if not _is_understood(pk)]
    understood = [str(pk) for pk in ids if str(pk) not in left]
    seen.found("unread", [*left, *understood], mended=len(understood))


def _is_understood(arrival_id: uuid.UUID) -> bool:
    with transaction.atomic():
        arrival = (
            Arrival.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("account__brand", "account__source")
            .filter(pk=arrival_id, status=ArrivalStatus.FAILED)
            .first()
        )
        if arrival is None:
            return True
        understand(arrival)
        arrival.tries = min(arrival.tries + 1, 30_000)
        arrival.save(update_fields=["status", "trouble", "tries"])
        return arrival.status != ArrivalStatus.FAILED


def _unfetched(brand: Brand, since: datetime, seen: Look) -> None:
    """Files that their platform still has, or had."""
    rows = Attachment.objects.filter(
        brand=brand, digest="", message__created_at__gte=since, message__created_at__lt=now() - WAITS
    ).exclude(remote={})
    waiting = rows.filter(refused="", tries__lt=MOST_TRIES).values_list("pk", flat=True)[:AT_ONCE]
    seen.found("unfetched", [str(pk) for pk in waiting])
    if waiting:
        ask_to_fetch()
    given_up = rows.exclude(refused="", tries__lt=MOST_TRIES).values_list("pk", flat=True)[:AT_ONCE]
    seen.found("never_fetched", [str(pk) for pk in given_up])


def _without_content(brand: Brand, since: datetime, seen: Look) -> None:
    rows = Attachment.objects.filter(brand=brand, message__created_at__gte=since).exclude(digest="")
    gone = [str(pk) for pk, digest in rows.values_list("pk", "digest") if not path_of(digest).exists()]
    seen.found("content_gone", gone)


def _doubled(brand: Brand, since: datetime, seen: Look) -> None:
    """The same words by the same customer at the same moment, under two names of the platform."""
    rows = (
        Message.objects.filter(brand=brand, direction=Direction.IN, created_at__gte=since)
        .exclude(text="")
        .values("conversation_id", "at", "text")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .order_by()
    )
    seen.found("doubled", [str(row["conversation_id"]) for row in rows[:AT_ONCE]])


def forget_unused_files() -> int:
    """Deletes contents that no message has, of the whole installation; young ones may be on their way."""
    old = (now() - UNUSED_AFTER).timestamp()
    gone = 0
    for some in _in_steps(old):
        forget_unused(some)
        gone += sum(not path_of(digest).exists() for digest in some)
    return gone


def _in_steps(old: float) -> Iterator[list[str]]:
    some: list[str] = []
    for folder in sorted(Path(settings.MEDIA_ROOT, "messages").glob("??")):
        with os.scandir(folder) as entries:
            some += [each.name for each in entries if each.stat().st_mtime < old and len(each.name) == 64]
        if len(some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some
