"""What a contact costs on each channel."""

import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput
from parcours.inbox.placing.models import ChannelCost
from parcours.inbox.rights import MANAGE
from parcours.journal.writes import record

MOST = Decimal(1_000_000)


def costs(brand_id: uuid.UUID) -> dict[str, Decimal]:
    """By channel of the log; channels of which nothing was said are missing."""
    return dict(ChannelCost.objects.filter(brand_id=brand_id).values_list("channel", "amount"))


@transaction.atomic
def set_costs(given: Mapping[str, str], *, acting_user: Actor) -> None:
    """Of each channel that is given; an empty text takes it back. Raises BadInput, the channel in `where`."""
    acting_user.require(MANAGE)
    for channel, text in given.items():
        mine = ChannelCost.objects.filter(brand_id=acting_user.brand_id, channel=channel[:60])
        if not text.strip():
            mine.delete()
            continue
        ChannelCost.objects.update_or_create(
            brand_id=acting_user.brand_id, channel=channel[:60], defaults={"amount": _amount(text, channel)}
        )
    record(acting_user, "channel costs set", "brand", acting_user.brand_id, dict(given))


def _amount(text: str, channel: str) -> Decimal:
    """A comma or a point before the cents, whichever language the reader writes."""
    tidy = text.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        amount = Decimal(tidy)
    except InvalidOperation as error:
        raise BadInput(_("“{text}” is not a number.").format(text=text.strip()), where=channel) from error
    if not amount.is_finite() or not 0 <= amount < MOST:
        raise BadInput(_("A cost is from 0 to a million."), where=channel)
    return amount.quantize(Decimal("0.01"))
