"""Whether a reply may leave at this moment."""

import uuid

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Window
from parcours.inbox.models import Conversation


def window_of(brand_id: uuid.UUID, conversation_id: uuid.UUID) -> Window:
    """Closed, with why, also when the account is switched off or removed. Raises NotFound."""
    row = (
        Conversation.objects.select_related("account", "contact")
        .filter(brand_id=brand_id, pk=conversation_id)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such conversation."))
    if row.account.removed_at or not row.account.enabled:
        return Window(open=False, why=_("This account is switched off: nothing can be sent."))
    return channel_of(row.account.kind).window(row.account, row, now())
