"""Queues that none of their members answers any more: they left, have another role, or their account is off.

Such a queue stays nobody's: whoever can't do returns is not given them because a colleague left. Managers are
told once, and again only after it was answered in between.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.accounts.reads import people_of
from parcours.accounts.rights import RIGHTS, Actor, system_actor
from parcours.core.clock import now
from parcours.inbox.rights import MANAGE
from parcours.inbox.routing.floor import AGENT_ROLES
from parcours.inbox.routing.models import Queue, QueueMember
from parcours.notices.enums import MailWhen
from parcours.notices.kinds import NoticeKind
from parcours.notices.writes import notify

DESERTED = "queue-deserted"


def _sentence(facts: Mapping[str, Any]) -> str:
    return _("Nobody answers “{queue}” any more: what comes in waits there").format(
        queue=str(facts.get("queue", ""))
    )


KINDS = {
    DESERTED: NoticeKind(
        gettext_lazy("Queues that nobody answers any more"), _sentence, mail=MailWhen.AT_ONCE, icon="warning"
    )
}


def look_for_deserted_everywhere() -> int:
    """Of all brands, whatever it was that took people away; returns of how many queues was told."""
    brands = _changed().order_by().values_list("brand_id", flat=True).distinct()
    return sum(look_for_deserted(system_actor(brand_id)) for brand_id in list(brands))


@transaction.atomic
def look_for_deserted(acting_user: Actor) -> int:
    """Tells managers of queues that nobody answers since now; whoever brought it about knows."""
    rows = _changed().select_for_update(of=("self",)).filter(brand_id=acting_user.brand_id).order_by("pk")
    found = list(rows.select_related("brand"))
    told = 0
    for row in found:
        is_deserted = row.deserted_at is None
        row.deserted_at = now() if is_deserted else None
        row.save(update_fields=["deserted_at"])
        if is_deserted:
            told += 1
            managers: set[uuid.UUID] = {
                each.person_id for each in people_of(row.brand) if MANAGE in RIGHTS[each.role]
            }
            facts = {"queue": row.name, "queue_id": str(row.pk)}
            url = f"/inbox/settings/queues/{row.pk}/"
            notify(row.brand_id, managers, kind=DESERTED, facts=facts, url=url, acting_user=acting_user)
    return told


def _changed() -> QuerySet[Queue]:
    """Those that are deserted and weren't, or were and aren't."""
    answering = QueueMember.objects.filter(
        queue=OuterRef("pk"),
        person__is_active=True,
        person__memberships__brand_id=OuterRef("brand_id"),
        person__memberships__role__in=AGENT_ROLES,
    )
    rows = Queue.objects.filter(archived_at=None)
    is_deserted = Q(for_everybody=False) & ~Exists(answering)
    return rows.filter((is_deserted & Q(deserted_at=None)) | (~is_deserted & Q(deserted_at__isnull=False)))
