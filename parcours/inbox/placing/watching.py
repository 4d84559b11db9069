"""Tells the owners once when an account doesn't work as usual, and again only after it was well."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parcours.accounts.models import Brand
from parcours.accounts.reads import all_brands, people_of
from parcours.accounts.rights import system_actor
from parcours.core.clock import now
from parcours.core.formats import span
from parcours.inbox.placing.models import ChannelAlarm
from parcours.inbox.reads.health import FAILING, REFUSING, SILENT, STUCK, AccountHealth, health
from parcours.notices.kinds import NoticeKind
from parcours.notices.writes import notify

TROUBLE = "channel_trouble"


def sentence(facts: Mapping[str, Any]) -> str:
    """What is wrong with an account, in one line."""
    name, number = str(facts.get("name", "")), int(facts.get("n", 0))
    if facts.get("kind") == SILENT:
        return _("{name}: nothing for {time}, usually {n} an hour").format(
            name=name, time=span(float(facts.get("seconds", 0))), n=number
        )
    if facts.get("kind") == REFUSING:
        words = ngettext(
            "{name}: {n} delivery with a wrong signature",
            "{name}: {n} deliveries with a wrong signature",
            number,
        )
    elif facts.get("kind") == STUCK:
        words = ngettext("{name}: {n} arrival can’t be read", "{name}: {n} arrivals can’t be read", number)
    elif number:
        words = ngettext(
            "{name}: {n} message was not delivered", "{name}: {n} messages were not delivered", number
        )
    else:
        words = _("{name} can’t be reached")
    return words.format(name=name, n=number)


KINDS = {TROUBLE: NoticeKind(gettext_lazy("Channels in trouble"), sentence, icon="warning")}


def facts_of(account: AccountHealth, kind: str) -> dict[str, Any]:
    """What `sentence` needs, as JSON."""
    numbers = {
        SILENT: round(account.an_hour),
        FAILING: account.failed,
        REFUSING: account.refused,
        STUCK: account.unread,
    }
    silent = (now() - account.silent_since).total_seconds() if account.silent_since else 0
    return {"name": account.name, "kind": kind, "n": numbers.get(kind, 0), "seconds": silent}


def watch_all() -> int:
    """Looks at every brand's accounts; returns how many new troubles were told of."""
    return sum(watch(brand) for brand in all_brands())


@transaction.atomic
def watch(brand: Brand) -> int:
    """One notice a trouble; it may come again once it was over."""
    actor = system_actor(brand.pk)
    owners = [row.person_id for row in people_of(brand) if row.role == "owner"]
    told = 0
    for account in health(brand.pk, brand.time_zone):
        troubles = account.troubles
        standing = ChannelAlarm.objects.filter(account_id=account.account_id)
        standing.exclude(kind__in=troubles).delete()
        for kind in troubles:
            _alarm, is_new = ChannelAlarm.objects.get_or_create(
                account_id=account.account_id, kind=kind, defaults={"told_at": now()}
            )
            if is_new:
                url = f"/inbox/settings/channels/{account.account_id}/"
                notify(
                    brand.pk, owners, kind=TROUBLE, facts=facts_of(account, kind), url=url, acting_user=actor
                )
                told += 1
    return told
