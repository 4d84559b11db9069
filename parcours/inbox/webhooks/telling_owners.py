"""Owners hear of an endpoint that was switched off by itself."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.accounts.reads import people_of
from parcours.accounts.rights import system_actor
from parcours.inbox.webhooks.models import WebhookEndpoint
from parcours.notices.kinds import NoticeKind
from parcours.notices.writes import notify

OFF = "webhook_off"


def sentence(facts: Mapping[str, Any]) -> str:
    """Why an endpoint isn't told any more, in one line."""
    name = str(facts.get("name", ""))
    if facts.get("why") == "gone":
        return _("Webhook {name} is off: its address says that it is gone").format(name=name)
    return _("Webhook {name} is off: it has answered nothing good for three days").format(name=name)


KINDS = {OFF: NoticeKind(gettext_lazy("Webhooks that were switched off"), sentence, icon="warning")}


def tell_that_it_is_off(endpoint: WebhookEndpoint) -> None:
    owners = [row.person_id for row in people_of(endpoint.brand) if row.role == "owner"]
    notify(
        endpoint.brand_id,
        owners,
        kind=OFF,
        facts={"name": endpoint.name, "why": endpoint.off_why},
        url=f"/inbox/settings/webhooks/{endpoint.pk}/",
        acting_user=system_actor(endpoint.brand_id),
    )
