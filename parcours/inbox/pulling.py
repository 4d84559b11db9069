"""Asking the channels that don't call us for what is new."""

import logging
import uuid

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.inbox.channels import channel_of, channels
from parcours.inbox.channels.base import Channel
from parcours.inbox.models import ChannelAccount

log = logging.getLogger(__name__)


def accounts_to_pull() -> list[uuid.UUID]:
    """Enabled accounts of the channels that have something to ask."""
    kinds = [kind for kind, channel in channels().items() if type(channel).pull is not Channel.pull]
    rows = ChannelAccount.objects.filter(kind__in=kinds, enabled=True, removed_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def pull(account_id: uuid.UUID) -> None:
    """Asks for one account and notes on it whether that worked. Raises nothing that another try may mend."""
    account = (
        ChannelAccount.objects.select_related("brand", "source")
        .filter(pk=account_id, enabled=True, removed_at=None)
        .first()
    )
    if account is None:
        return
    try:
        channel_of(account.kind).pull(account)
        fault = ""
    except ParcoursError as error:
        fault = error.what
    except Exception:  # the next minute asks again
        log.exception("account %s of %s can't be asked", account_id, account.kind)
        fault = _("Parcours stumbled over it; the log says why.")
    told = {"fault": fault, **({"failed_at": now()} if fault else {})}
    if fault or account.fault:
        ChannelAccount.objects.filter(pk=account_id).update(**told)


def watch(account_id: uuid.UUID) -> None:
    """Lets its channel listen from now on, where that worked which it was asked for."""
    account = ChannelAccount.objects.filter(pk=account_id, enabled=True, removed_at=None, fault="").first()
    if account is not None:
        channel_of(account.kind).watch(account)
