from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.clock import now
from parcours.inbox.channels import graph, page_messages
from parcours.inbox.channels.base import (
    Channel,
    Greeting,
    NeverSent,
    Outbound,
    Request,
    SentAs,
    Setting,
    Told,
    Window,
)
from parcours.inbox.channels.instagram.reading import THREAD, read
from parcours.inbox.models import ChannelAccount, Conversation


class Instagram(Channel):
    """`address` of an account is its id as a professional account."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "instagram"
    label = "Instagram"
    icon = "chat"
    event_channel = "instagram"
    place = 41
    hook = "meta"
    about = gettext_lazy("Messages and answers to stories, comments and mentions of your account.")
    settings = (
        Setting("token", gettext_lazy("Access token"), kind="secret"),
        Setting("app_secret", gettext_lazy("Secret of the app"), kind="secret"),
        Setting("verify_token", gettext_lazy("Word to verify"), kind="secret", made=True),
    )
    longest_text = 1_000
    file_types = ("image/*", "video/*", "audio/*", "application/pdf")
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
        thread = outbound.conversation.thread
        if thread.startswith(THREAD):
            comment = thread.removeprefix(THREAD)
            content = {"message": outbound.text}
            answer = graph.graph(account, f"{comment}/replies", method="POST", content=content)
            return SentAs(str(answer.get("id", "")))
        if thread:
            raise NeverSent(_("A mention is answered on Instagram itself."))
        return page_messages.send(account, outbound, now())

    def window(self, account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        if conversation.thread.startswith(THREAD):
            return Window()
        if conversation.thread:
            return Window(open=False, why=_("A mention is answered on Instagram itself."))
        return page_messages.window_of(conversation, moment)

    def test(self, account: ChannelAccount) -> str:
        found = graph.graph(account, account.address, query={"fields": "username"})
        return _("Meta knows this account: @{name}.").format(name=found.get("username", account.address))
