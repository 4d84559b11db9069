"""The only writers of connected shops."""

import uuid
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict
from parcours.core.outbound import check_address
from parcours.core.secrets import seal
from parcours.events.hooks.enums import DeliveryStatus, ShopKind
from parcours.events.hooks.models import HookAccount, HookDelivery
from parcours.events.hooks.receiving import understand
from parcours.events.writes import add_source, do_remove_source
from parcours.journal.writes import record

MOST_AT_ONCE = 500


@transaction.atomic
def connect_shop(brand: Brand, kind: str, name: str, *, acting_user: Actor) -> HookAccount:
    """A place for a shop's deliveries; its secret may follow.

    Raises BadInput, Conflict when the name is taken.
    """
    acting_user.require("events.sources")
    if kind not in ShopKind.values:
        raise BadInput(_("Parcours doesn't know this kind of shop."), where="kind")
    source, _key = add_source(brand, name, kind=kind, acting_user=acting_user)
    others = HookAccount.objects.filter(brand=brand, source__removed_at=None)
    account = HookAccount.objects.create(
        brand=brand,
        source=source,
        kind=kind,
        name=source.name,
        time_zone=brand.time_zone,
        # Numbers of customers would be taken for each other's where a second shop begins at 1 as well.
        customer_prefix=f"{kind}-{others.count() + 1}:" if others.filter(kind=kind).exists() else "",
        # Stripe tells of orders that a shop beside it tells of, too.
        counts_orders=kind != ShopKind.STRIPE or not others.exclude(kind=ShopKind.STRIPE).exists(),
    )
    record(acting_user, "shop connected", "shop", account.pk, {"name": account.name, "kind": kind})
    return account


@transaction.atomic
def do_set_secret(account: HookAccount, secret: str, *, acting_user: Actor) -> None:
    """The secret that the shop signs with, kept sealed. Raises BadInput without one."""
    acting_user.require("events.sources")
    secret = secret.strip()
    if not secret or len(secret) > 400:
        raise BadInput(_("Enter the signing secret that the shop shows."), where="secret")
    account.secret = seal(secret)
    account.save(update_fields=["secret"])
    record(acting_user, "shop secret set", "shop", account.pk, {"name": account.name})


@transaction.atomic
def do_change_shop(
    account: HookAccount,
    *,
    customer_prefix: str,
    time_zone: str,
    counts_orders: bool,
    acting_user: Actor,
) -> None:
    """Raises BadInput for a time zone that isn't one."""
    acting_user.require("events.sources")
    if time_zone not in available_timezones():
        raise BadInput(_("There is no time zone “{name}”.").format(name=time_zone), where="time_zone")
    account.customer_prefix = customer_prefix.strip()[:40]
    account.time_zone = time_zone
    account.counts_orders = counts_orders
    account.save(update_fields=["customer_prefix", "time_zone", "counts_orders"])
    data = {"prefix": account.customer_prefix, "time zone": time_zone, "orders": counts_orders}
    record(acting_user, "shop changed", "shop", account.pk, data)


@transaction.atomic
def do_set_web_service(account: HookAccount, url: str, key: str, *, acting_user: Actor) -> None:
    """Where the shop is asked, and with which key; an empty address ends the asking. Raises BadInput."""
    acting_user.require("events.sources")
    url, key = url.strip().rstrip("/"), key.strip()
    if account.kind != ShopKind.PRESTASHOP:
        raise BadInput(_("This kind of shop isn't asked; it tells by itself."), where="shop_url")
    if url:
        if not url.startswith("https://"):
            _check_sealed_way(url)
        check_address(url)
    if url and not key and not account.api_key:
        raise BadInput(_("Enter the key of the shop's web service."), where="api_key")
    account.shop_url = url[:300]
    account.api_key = seal(key) if key else account.api_key if url else ""
    account.asking_failed = ""
    account.save(update_fields=["shop_url", "api_key", "asking_failed"])
    record(acting_user, "shop asked at", "shop", account.pk, {"name": account.name, "url": account.shop_url})


def _check_sealed_way(url: str) -> None:
    """A key must not travel in the open. Raises BadInput, unless the settings allow the host as private."""
    if (urlsplit(url).hostname or "") not in settings.PRIVATE_ADDRESSES:
        raise BadInput(
            _("The address must begin with https:// so that the key stays secret."), where="shop_url"
        )


@transaction.atomic
def do_disconnect_shop(account: HookAccount, *, acting_user: Actor) -> None:
    """Nothing is taken in from it any more. Its events stay; its secret and raw deliveries go."""
    acting_user.require("events.sources")
    record(acting_user, "shop disconnected", "shop", account.pk, {"name": account.name, "kind": account.kind})
    source = account.source
    account.delete()
    do_remove_source(source, acting_user=acting_user)


@transaction.atomic
def do_replay(delivery: HookDelivery, *, acting_user: Actor) -> HookDelivery:
    """Reads a kept delivery once more. What it told before isn't told again: events are known by their ids.

    Raises Conflict for one that was refused, for nobody knows who sent it, and for one without its payload.
    """
    acting_user.require("events.sources")
    delivery = (
        HookDelivery.objects.select_for_update(of=("self",))
        .select_related("account__brand")
        .get(pk=delivery.pk)
    )
    if delivery.status == DeliveryStatus.REFUSED:
        raise Conflict(
            _("What was refused can't be replayed: nobody knows who sent it."),
            remedy=_("Enter the right secret and let the shop send it again."),
        )
    if delivery.forgotten_at is not None:
        raise Conflict(_("Its payload was deleted, so there is nothing to read."))
    _read_again(delivery)
    record(acting_user, "delivery replayed", "delivery", delivery.pk, {"became": delivery.status})
    return delivery


def do_replay_failed(account: HookAccount, *, acting_user: Actor) -> tuple[int, int]:
    """Reads what wasn't understood once more, those tried least first, at most 500 at once; each in a
    transaction of its own, so that one doesn't hold up what arrives meanwhile.

    Returns how many are understood now, and how many were read.
    """
    acting_user.require("events.sources")
    failed = HookDelivery.objects.filter(account=account, status=DeliveryStatus.FAILED, forgotten_at=None)
    wanted = list(failed.order_by("tries", "received_at", "id").values_list("pk", flat=True)[:MOST_AT_ONCE])
    good = sum(_replay_if_failed(delivery_id) for delivery_id in wanted)
    with transaction.atomic():
        data = {"read": len(wanted), "understood": good}
        record(acting_user, "failed deliveries replayed", "shop", account.pk, data)
    return good, len(wanted)


@transaction.atomic
def _replay_if_failed(delivery_id: uuid.UUID) -> bool:
    """Whether it is understood now."""
    delivery = (
        HookDelivery.objects.select_for_update(of=("self",))
        .select_related("account__brand")
        .filter(pk=delivery_id, status=DeliveryStatus.FAILED, forgotten_at=None)
        .first()
    )
    if delivery is None:
        return True
    _read_again(delivery)
    return delivery.status != DeliveryStatus.FAILED


def _read_again(delivery: HookDelivery) -> None:
    understand(delivery)
    delivery.tries = min(delivery.tries + 1, 30_000)
    delivery.save(update_fields=["status", "trouble", "where", "events", "people", "tries"])
