from zoneinfo import ZoneInfo

from parcours.events.hooks.models import HookAccount
from parcours.events.hooks.telling import Shop


def shop_of(account: HookAccount) -> Shop:
    """What a mapping needs to know of a connection."""
    return Shop(
        kind=account.kind,
        customer_prefix=account.customer_prefix,
        zone=ZoneInfo(account.time_zone),
        counts_orders=account.counts_orders,
        currency=account.brand.currency,
    )
