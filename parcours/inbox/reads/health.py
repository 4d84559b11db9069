"""Whether the accounts work: silence that isn't usual, failed sends, refused and unread arrivals."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from statistics import median
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Min, Q

from parcours.core.clock import now
from parcours.inbox.enums import ArrivalStatus, OutboxStatus
from parcours.inbox.models import Arrival, ChannelAccount, Outgoing

WEEKS = 8
HOUR = timedelta(hours=1)
LONGEST = timedelta(days=7)
CHANCE = 0.001
"""Silence is told of when it comes by chance less often than so."""
LATELY = timedelta(days=1)
SILENT, FAILING, REFUSING, STUCK = "silent", "failing", "refusing", "stuck"


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """`usual` messages come in the time that the account has been `silent_since`, when that is too many for
    chance; `an_hour` in the busiest of those hours. Failed and refused ones are of the last day.
    """

    account_id: uuid.UUID
    name: str
    kind: str
    enabled: bool
    silent_since: datetime | None
    usual: float
    an_hour: float
    failed: int
    refused: int
    unread: int
    oldest_unread: datetime | None
    fault: str

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is wrong, by key; nothing where all is well or the account is switched off."""
        if not self.enabled:
            return ()
        found = {
            SILENT: self.silent_since is not None,
            FAILING: self.failed > 0 or bool(self.fault),
            REFUSING: self.refused > 0,
            STUCK: self.unread > 0,
        }
        return tuple(kind for kind, holds in found.items() if holds)


def health(brand_id: uuid.UUID, time_zone: str) -> tuple[AccountHealth, ...]:
    """All accounts that are connected, in four queries."""
    rows = list(ChannelAccount.objects.filter(brand_id=brand_id, removed_at=None).order_by("name", "id"))
    profiles = _profiles(brand_id, time_zone)
    failed = dict(
        Outgoing.objects.filter(brand_id=brand_id, status=OutboxStatus.DEAD, ended_at__gte=now() - LATELY)
        .values("account_id")
        .annotate(n=Count("pk"))
        .values_list("account_id", "n")
    )
    arrivals = _arrivals(brand_id)
    found = []
    for row in rows:
        profile, last = profiles.get(row.pk, ({}, None))
        silent, usual, an_hour = _silence(profile, last, time_zone)
        refused, unread, oldest = arrivals.get(row.pk, (0, 0, None))
        found.append(
            AccountHealth(
                row.pk, row.name, row.kind, row.enabled,
                silent_since=last if silent else None,
                usual=usual,
                an_hour=an_hour,
                failed=failed.get(row.pk, 0),
                refused=refused,
                unread=unread,
                oldest_unread=oldest,
                fault=row.fault,
            )
        )  # fmt: skip
    return tuple(found)


def _arrivals(brand_id: uuid.UUID) -> dict[uuid.UUID, tuple[int, int, datetime | None]]:
    """By account: refused and not understood ones of the last day, and the oldest of these."""
    failed = Q(status=ArrivalStatus.FAILED)
    rows = (
        Arrival.objects.filter(
            brand_id=brand_id,
            status__in=[ArrivalStatus.FAILED, ArrivalStatus.REFUSED],
            received_at__gte=now() - LATELY,
        )
        .values("account_id")
        .annotate(
            refused=Count("pk", filter=~failed),
            unread=Count("pk", filter=failed),
            oldest=Min("received_at", filter=failed),
        )
    )
    return {row["account_id"]: (row["refused"], row["unread"], row["oldest"]) for row in rows}


Profile = dict[tuple[int, int], float]


def _profiles(brand_id: uuid.UUID, time_zone: str) -> dict[uuid.UUID, tuple[Profile, datetime | None]]:
    """By account: how many messages come in each hour of a week, the median of 8 weeks; the last one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account_id, floor(extract(epoch FROM %(now)s - created_at) / 604800)::int AS week,
                extract(isodow FROM created_at AT TIME ZONE %(zone)s)::int AS day,
                extract(hour FROM created_at AT TIME ZONE %(zone)s)::int AS hour, count(*), max(created_at)
            FROM inbox_message
            WHERE brand_id = %(brand)s AND direction = 'in' AND created_at > %(since)s
            GROUP BY account_id, week, day, hour
            """,
            {"brand": brand_id, "zone": time_zone, "now": now(), "since": now() - timedelta(weeks=WEEKS)},
        )
        rows = cursor.fetchall()
    came: dict[uuid.UUID, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    last: dict[uuid.UUID, datetime] = {}
    for account, _week, day, hour, number, newest in rows:
        came[account][day, hour].append(number)
        last[account] = max(last.get(account, newest), newest)
    return {
        account: (
            {hour: median([*numbers, *[0] * (WEEKS - len(numbers))]) for hour, numbers in hours.items()},
            last[account],
        )
        for account, hours in came.items()
    }


def _silence(profile: Profile, last: datetime | None, time_zone: str) -> tuple[bool, float, float]:
    """Whether nothing since `last` is less likely than CHANCE when messages come as usual (Poisson), how many
    would have come, and how many in the busiest hour.
    """
    if last is None:
        return False, 0.0, 0.0
    moment, end = max(last, now() - LONGEST), now()
    zone = ZoneInfo(time_zone)
    usual = busiest = 0.0
    while moment < end:
        local = moment.astimezone(zone)
        until = min(
            end,
            moment
            + HOUR
            - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond),
        )
        an_hour = profile.get((local.isoweekday(), local.hour), 0.0)
        usual += an_hour * ((until - moment) / HOUR)
        busiest = max(busiest, an_hour)
        moment = until
    return exp(-usual) < CHANCE, usual, busiest
