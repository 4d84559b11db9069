"""Whether a reply may leave at this moment, and in which ways."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Manner, Window
from parcours.inbox.models import Conversation


@dataclass(frozen=True, slots=True)
class Ways:
    """`manners` where one answer may leave in several ways, `manner` the one that is meant unless somebody
    chooses; `file_types` that it may carry.
    """

    window: Window
    manners: Sequence[Manner] = ()
    file_types: Sequence[str] = ()

    @property
    def manner(self) -> str:
        return next((each.name for each in self.manners if not each.why_not), "")


def ways_of(brand_id: uuid.UUID, conversation_id: uuid.UUID) -> Ways:
    """Closed, with why, also when the account is switched off or removed. Raises NotFound."""
    row = (
        Conversation.objects.select_related("account", "contact")
        .filter(brand_id=brand_id, pk=conversation_id)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such conversation."))
    if row.account.removed_at or not row.account.enabled:
        return Ways(Window(open=False, why=_("This account is switched off: nothing can be sent.")))
    channel, moment = channel_of(row.account.kind), now()
    return Ways(
        channel.window(row.account, row, moment),
        channel.manners(row.account, row, moment),
        channel.file_types_in(row),
    )
