"""What channels are called. Any name may come with an event; these are known and have a label."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANNELS: dict[str, str | Promise] = {
    "web": _("Website"),
    "app": _("App"),
    "mobile": _("App"),
    "server": _("Server"),
    "store": _("Store"),
    "chat": _("Live chat"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "sms": _("SMS"),
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "telegram": "Telegram",
    "social": _("Social networks"),
    "ads": _("Advertising"),
    "search": _("Search engine"),
    "referral": _("Referral"),
    "help": _("Help centre"),
    "post": _("Letter"),
    "survey": _("Survey"),
    "review": _("Reviews"),
}


def channel_label(name: str) -> str:
    """The channel in the reader's language; one that isn't known is its own label."""
    return str(CHANNELS.get(name, name))
