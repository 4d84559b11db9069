"""What people publish for everybody: comments, posts, reviews. The account says what they become here."""

from django.utils.translation import gettext_lazy as _

from parcours.inbox.channels.base import Setting
from parcours.inbox.models import ChannelAccount

BECOMES = Setting(
    "becomes",
    _("What comments, posts and reviews become"),
    _("Feedback stands in the log of events and is counted; nobody has to answer it."),
    kind="choice",
    required=False,
    default="conversation",
    choices=[
        ("conversation", _("Conversations")),
        ("feedback", _("Feedback only")),
        ("both", _("Conversations and feedback")),
    ],
)


def is_conversation(account: ChannelAccount) -> bool:
    return bool(account.settings.get("becomes") != "feedback")


def is_feedback(account: ChannelAccount) -> bool:
    return account.settings.get("becomes") in {"feedback", "both"}
