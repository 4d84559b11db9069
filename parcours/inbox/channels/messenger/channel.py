from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.inbox.channels import graph, meta
from parcours.inbox.channels.base import Missed, NeverSent, Setting, Told, TryLater
from parcours.inbox.channels.messenger.reading import read
from parcours.inbox.channels.public import BECOMES
from parcours.inbox.models import ChannelAccount


class Messenger(meta.PageChannel):
    """`address` of an account is the id of its page."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "messenger"
    label = "Facebook"
    event_channel = "messenger"
    place = 40
    about = gettext_lazy("Messages to your page on Facebook, comments under its posts, and mentions.")
    address = Setting("address", gettext_lazy("Id of the page"))
    settings = (
        *meta.settings_of(token=gettext_lazy("Access token of the page")), meta.ANSWERS, BECOMES,
    )  # fmt: skip
    fields = (
        "messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_reactions",
        "message_echoes", "feed", "mention",
    )  # fmt: skip
    longest_text = 2_000
    file_types = ("image/*", "video/*", "audio/*", "application/*", "text/*")
    answers = "comments"
    on_comments = {
        meta.HIDE: meta.Call("POST", "", {"is_hidden": True}),
        meta.SHOW: meta.Call("POST", "", {"is_hidden": False}),
        meta.LIKE: meta.Call("POST", "/likes", {}),
        meta.UNLIKE: meta.Call("DELETE", "/likes", {}),
    }

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        return read(body)

    def missing_since(self, account: ChannelAccount, moment: datetime) -> Iterable[Missed]:
        from parcours.inbox.channels.messenger.missing import missing_since

        return missing_since(account, moment)

    def test(self, account: ChannelAccount) -> str:
        found = graph.graph(account, account.address, query={"fields": "name"})
        known = _("Meta knows this page: {name}.").format(name=found.get("name", account.address))
        return f"{known} {self._subscribed(account)}"

    def _subscribed(self, account: ChannelAccount) -> str:
        """Whether the page lets the app know of everything that is read here."""
        try:
            told = graph.graph(account, f"{account.address}/subscribed_apps")
        except (TryLater, NeverSent):
            return _("With this token it can’t be seen whether the page calls.")
        apps = graph.items(told, "data")
        fields = {str(each) for app in apps for each in app.get("subscribed_fields") or ()}
        missing = [each for each in self.fields if each not in fields]
        if not missing:
            return _("The page tells of everything.")
        return _("The page doesn’t tell of: {fields}. Subscribe to them in the console.").format(
            fields=", ".join(missing)
        )
