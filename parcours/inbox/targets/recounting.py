"""After hours or targets were changed: what is due is counted anew, of every conversation that stands."""

import uuid

from django.db import transaction

from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import Conversation
from parcours.inbox.targets.applying import set_due
from parcours.live.writes import publish

_AT_ONCE = 200


def count_due(brand_id: uuid.UUID) -> int:
    """Returns of how many. What was late before is nobody's news."""
    rows = Conversation.objects.filter(brand_id=brand_id).exclude(status=ConversationStatus.CLOSED)
    found = list(rows.order_by("id").values_list("pk", flat=True))
    for first in range(0, len(found), _AT_ONCE):
        _count(found[first : first + _AT_ONCE])
    with transaction.atomic():
        publish(brand_id, f"inbox:{brand_id}", "inbox.changed", {"what": "due", "conversation": ""})
    return len(found)


@transaction.atomic
def _count(some: list[uuid.UUID]) -> None:
    rows = Conversation.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=some)
    for row in rows.select_related("account__brand", "contact").order_by("id"):
        set_due(row, quietly=True)
