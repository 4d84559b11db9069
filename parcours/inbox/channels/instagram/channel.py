from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.inbox.channels import graph, meta
from parcours.inbox.channels.base import Missed, Outbound, SentAs, Setting, Told, Window
from parcours.inbox.channels.graph import MENTION
from parcours.inbox.channels.instagram import hashtags
from parcours.inbox.channels.instagram.reading import read
from parcours.inbox.channels.public import BECOMES
from parcours.inbox.models import ChannelAccount, Conversation


class Instagram(meta.PageChannel):
    """`address` of an account is its id as a professional account."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "instagram"
    label = "Instagram"
    event_channel = "instagram"
    place = 41
    about = gettext_lazy("Messages and answers to stories, comments, mentions, and hashtags that you watch.")
    address = Setting("address", gettext_lazy("Id of the professional account"))
    settings = (
        *meta.settings_of(),
        meta.ANSWERS,
        BECOMES,
        Setting(
            "hashtags",
            gettext_lazy("Hashtags to watch"),
            gettext_lazy("One a line, at most 30 in a week; Meta must have approved Public Content Access."),
            kind="lines",
            required=False,
        ),
    )
    fields = ("messages", "comments", "mentions")
    longest_text = 1_000
    file_types = ("image/*", "video/*", "audio/*", "application/pdf")
    answers = "replies"
    on_comments = {
        meta.HIDE: meta.Call("POST", "", {"hide": True}),
        meta.SHOW: meta.Call("POST", "", {"hide": False}),
    }

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        if headers.get("hashtag"):
            return hashtags.read(body, headers["hashtag"])
        return read(body)

    def pull(self, account: ChannelAccount) -> None:
        hashtags.watch(account)

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        if not outbound.conversation.thread.startswith(MENTION):
            return super().send(account, outbound)
        first = outbound.conversation.messages.filter(payload__type="mention").order_by("at").first()
        named = first.payload if first else {}
        content = {"message": outbound.text, "media_id": named.get("post", "")}
        if named.get("comment"):
            content["comment_id"] = named["comment"]
        answer = graph.graph(account, f"{account.address}/mentions", method="POST", content=content)
        return SentAs(str(answer.get("id", "")))

    def window(self, account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        if conversation.thread.startswith(MENTION):
            return Window()
        if conversation.thread.startswith(hashtags.POST):
            return Window(open=False, why=_("Posts of a hashtag are answered on Instagram itself."))
        return super().window(account, conversation, moment)

    def missing_since(self, account: ChannelAccount, moment: datetime) -> Iterable[Missed]:
        from parcours.inbox.channels.instagram.missing import missing_since

        return missing_since(account, moment)

    def test(self, account: ChannelAccount) -> str:
        found = graph.graph(account, account.address, query={"fields": "username"})
        return _("Meta knows this account: @{name}.").format(name=found.get("username", account.address))
