"""The pages of the inbox: tabs at the top of each of them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """`url_name` takes nothing; `right` is what its door asks for."""

    key: str
    title: str | Promise
    url_name: str
    right: str = "inbox.view"


PLACES: tuple[Place, ...] = (
    Place("inbox", _("Inbox"), "inbox"),
    Place("actions", _("Actions"), "act", "canvas.view"),
    Place("channels", _("Channels"), "inbox_channels", "inbox.manage"),
    Place("replies", _("Quick replies"), "inbox_replies", "inbox.manage"),
    Place("macros", _("Macros"), "inbox_macros", "inbox.manage"),
    Place("signature", _("Signature"), "inbox_signature", "inbox.reply"),
)
