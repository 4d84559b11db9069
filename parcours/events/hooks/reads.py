"""What is known about connected shops and what they sent."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.events.hooks.enums import DeliveryStatus, Health
from parcours.events.hooks.models import HookAccount, HookDelivery

QUIET_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ShopView:
    """A connected shop and how it does."""

    account: HookAccount
    health: Health
    failed: int
    refused: int
    newest: datetime | None


def shops(brand: Brand) -> list[ShopView]:
    """The brand's connected shops, the oldest first."""
    return _views(_accounts(brand).order_by("created_at"))


def shop(brand: Brand, account_id: uuid.UUID) -> ShopView:
    """Raises NotFound."""
    found = _views(_accounts(brand).filter(pk=account_id))
    if not found:
        raise NotFound(_("There is no such shop."))
    return found[0]


def shop_of_source(brand: Brand, source_id: uuid.UUID) -> uuid.UUID | None:
    """The connected shop whose events come in as those of that source; None when it is no shop's."""
    return _accounts(brand).filter(source=source_id).values_list("pk", flat=True).first()


def deliveries(
    account: HookAccount, *, status: str = "", topic: str = "", before: uuid.UUID | None = None
) -> QuerySet[HookDelivery]:
    """What a shop sent, the newest first, without the payloads; `before` continues after that one."""
    found = HookDelivery.objects.filter(account=account).order_by("-received_at", "-id").defer("body")
    if status in DeliveryStatus.values:
        found = found.filter(status=status)
    if topic:
        found = found.filter(topic=topic)
    last = (
        HookDelivery.objects.filter(account=account, pk=before).only("received_at").first()
        if before
        else None
    )
    if last is not None:
        found = found.filter(
            Q(received_at__lt=last.received_at) | Q(received_at=last.received_at, pk__lt=last.pk)
        )
    return found


def topics(account: HookAccount) -> list[str]:
    """What the shop's newest thousand deliveries were about."""
    newest = HookDelivery.objects.filter(account=account).order_by("-received_at", "-id")
    return sorted({topic for topic in newest.values_list("topic", flat=True)[:1000] if topic})


def delivery(brand: Brand, delivery_id: uuid.UUID) -> HookDelivery:
    """One delivery with its payload. Raises NotFound."""
    found = (
        HookDelivery.objects.select_related("account__brand")
        .filter(account__brand=brand, account__source__removed_at=None, pk=delivery_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such delivery."))
    return found


def _accounts(brand: Brand) -> QuerySet[HookAccount]:
    return HookAccount.objects.select_related("brand", "source").filter(brand=brand, source__removed_at=None)


def _views(accounts: Iterable[HookAccount]) -> list[ShopView]:
    rows = list(accounts)
    troubled: dict[tuple[uuid.UUID, str], int] = {
        (account_id, status): count
        for account_id, status, count in HookDelivery.objects.filter(
            account__in=rows, status__in=[DeliveryStatus.FAILED, DeliveryStatus.REFUSED]
        )
        .values_list("account", "status")
        .annotate(count=Count("id"))
    }
    return [
        ShopView(
            account=row,
            health=health_of(row, failed=troubled.get((row.pk, DeliveryStatus.FAILED), 0)),
            failed=troubled.get((row.pk, DeliveryStatus.FAILED), 0),
            refused=troubled.get((row.pk, DeliveryStatus.REFUSED), 0),
            newest=row.last_seen_at,
        )
        for row in rows
    ]


def health_of(account: HookAccount, *, failed: int) -> Health:
    """Troubled when something waits for a person: it can't be asked, wasn't understood, or was refused since
    the last good delivery. Quiet after three days without any.
    """
    seen, refused = account.last_seen_at, account.refused_at
    if account.asking_failed or failed or (refused and (seen is None or refused > seen)):
        return Health.TROUBLED
    if seen is None:
        return Health.WAITING
    return Health.QUIET if now() - seen > QUIET_AFTER else Health.WELL
