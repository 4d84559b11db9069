"""The pages of the inbox: tabs at the top of each of them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """`url_name` takes nothing; `right` is what its door asks for. Settings stand behind one tab."""

    key: str
    title: str | Promise
    url_name: str
    right: str = "inbox.view"

    @property
    def is_setting(self) -> bool:
        return "/settings/" in reverse(self.url_name)


PLACES: tuple[Place, ...] = (
    Place("inbox", _("Inbox"), "inbox"),
    Place("supervisor", _("Supervisor"), "inbox_supervisor", "inbox.manage"),
    Place("actions", _("Actions"), "act", "canvas.view"),
    Place("channels", _("Channels"), "inbox_channels", "inbox.manage"),
    Place("replies", _("Quick replies"), "inbox_replies", "inbox.manage"),
    Place("macros", _("Macros"), "inbox_macros", "inbox.manage"),
    Place("webhooks", _("Webhooks"), "inbox_webhooks", "brand.manage"),
    Place("queues", _("Queues"), "inbox_queues", "inbox.manage"),
    Place("agents", _("Agents"), "inbox_agents", "inbox.manage"),
    Place("rules", _("Rules"), "inbox_rules", "inbox.manage"),
    Place("hours", _("Hours"), "inbox_hours", "inbox.manage"),
    Place("targets", _("Targets"), "inbox_targets", "inbox.manage"),
    Place("signature", _("Signature"), "inbox_signature", "inbox.reply"),
)
