from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.clock import now
from parcours.inbox.channels import graph, page_messages
from parcours.inbox.channels.base import Channel, Greeting, Outbound, Request, SentAs, Setting, Told, Window
from parcours.inbox.channels.messenger.reading import THREAD, read
from parcours.inbox.models import ChannelAccount, Conversation


class Messenger(Channel):
    """`address` of an account is the id of its page."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "messenger"
    label = "Facebook"
    icon = "chat"
    event_channel = "messenger"
    place = 40
    hook = "meta"
    about = gettext_lazy("Messages to your page on Facebook, and comments under its posts.")
    settings = (
        Setting("token", gettext_lazy("Access token of the page"), kind="secret"),
        Setting("app_secret", gettext_lazy("Secret of the app"), kind="secret"),
        Setting("verify_token", gettext_lazy("Word to verify"), kind="secret", made=True),
    )
    longest_text = 2_000
    file_types = ("image/*", "video/*", "audio/*", "application/*", "text/*")
    largest_file = 25 * 1024 * 1024

    def greet(self, account: ChannelAccount, request: Request) -> Greeting | None:
        return graph.greet(account, request)

    def check(self, account: ChannelAccount, request: Request) -> None:
        graph.check_signature(account, request)

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        return read(body)

    def fetch(self, account: ChannelAccount, remote: Mapping[str, Any]) -> bytes:
        return page_messages.fetch(str(remote["url"]))

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        if outbound.conversation.thread.startswith(THREAD):
            comment = outbound.conversation.thread.removeprefix(THREAD)
            content = {"message": outbound.text}
            answer = graph.graph(account, f"{comment}/comments", method="POST", content=content)
            return SentAs(str(answer.get("id", "")))
        return page_messages.send(account, outbound, now())

    def window(self, account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        if conversation.thread.startswith(THREAD):
            return Window()
        return page_messages.window_of(conversation, moment)

    def test(self, account: ChannelAccount) -> str:
        found = graph.graph(account, account.address, query={"fields": "name"})
        return _("Meta knows this page: {name}.").format(name=found.get("name", account.address))
