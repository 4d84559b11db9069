"""What the channels of Meta have in common: how they greet and sign; of pages, messages and comments too."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.inbox.channels import graph, page_messages
from parcours.inbox.channels.base import (
    Channel,
    Deed,
    Greeting,
    Manner,
    NeverSent,
    Outbound,
    Request,
    SentAs,
    Setting,
    Window,
)
from parcours.inbox.channels.graph import COMMENT, MENTION
from parcours.inbox.enums import Direction, Step
from parcours.inbox.models import ChannelAccount, Conversation, Message

ANSWERS = Setting(
    "comment_answers",
    gettext_lazy("Answers to comments"),
    gettext_lazy("In private: one message to whoever commented, within 7 days; they may answer it."),
    kind="choice",
    required=False,
    default="public",
    choices=[
        ("public", gettext_lazy("Under the comment, for everybody")),
        ("private", gettext_lazy("In private")),
    ],
)
PUBLIC = "public"
PRIVATE = "private"
PRIVATE_FOR = timedelta(days=7)
_TOKEN = gettext_lazy("Access token")
HIDE = Deed("hide", gettext_lazy("Hide the comment"))
SHOW = Deed("show", gettext_lazy("Show the comment again"), undoes="hide")
LIKE = Deed("like", gettext_lazy("Like the comment"))
UNLIKE = Deed("unlike", gettext_lazy("Take the like back"), undoes="like")


class Call(NamedTuple):
    """How the platform is asked for a deed: the method, what stands behind the comment's id, the content."""

    method: str
    edge: str
    content: Mapping[str, Any]


def settings_of(
    *own: Setting,
    token: str | Promise = _TOKEN,
    token_help: str | Promise = "",
) -> tuple[Setting, ...]:
    """What every account with Meta needs, after its `own`."""
    return (
        *own,
        Setting("token", token, token_help, "secret"),
        Setting("app_secret", gettext_lazy("Secret of the app"), kind="secret"),
        Setting("verify_token", gettext_lazy("Word to verify"), kind="secret", made=True),
    )


APP = gettext_lazy(
    "In Meta’s console for developers: an app of the kind “Business”; its secret stands under"
    " Settings → Basic."
)


class MetaChannel(Channel):
    """Calls with a challenge at first, and signed always."""

    # ruff: noqa: ARG002 - as in `base.Channel`

    icon = "chat"
    fields: Sequence[str] = ()
    """Of Meta's calls, those that the channel reads."""

    def to_enter(self, account: ChannelAccount) -> Sequence[str]:
        return [
            _("In the console, under Webhooks of this product: the address and the word below, then Verify."),
            _("Subscribe there to: {fields}.").format(fields=", ".join(self.fields)),
        ]

    def clean_address(self, text: str) -> str:
        if not text.strip().isdecimal():
            raise BadInput(
                _("“{text}” isn’t an id of Meta’s: those are digits only.").format(text=text[:100]),
                where="address",
            )
        return text.strip()

    def greet(self, account: ChannelAccount, request: Request) -> Greeting | None:
        return graph.greet(account, request)

    def check(self, account: ChannelAccount, request: Request) -> None:
        graph.check_signature(account, request)


class PageChannel(MetaChannel):
    """A page or profile that people write to, and under whose posts they comment.

    `answers` is where an answer to a comment is posted; `on_comments` are the deeds that the platform allows.
    """

    hook = "meta"
    to_fetch = (
        APP,
        gettext_lazy("The id of the page or professional account, which is the address here."),
        gettext_lazy(
            "A token of the page that doesn’t end: of a system user to whom the page is assigned, with the"
            " permissions for messages and comments."
        ),
    )
    largest_file = 25 * 1024 * 1024
    answers: str
    on_comments: Mapping[Deed, Call]

    def fetch(self, account: ChannelAccount, remote: Mapping[str, Any]) -> bytes:
        return page_messages.fetch(str(remote["url"]))

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        thread = outbound.conversation.thread
        if not thread.startswith(COMMENT):
            return page_messages.send(account, outbound, now())
        if _is_private(account, outbound.message):
            return _in_private(account, outbound)
        path = f"{thread.removeprefix(COMMENT)}/{self.answers}"
        answer = graph.graph(account, path, method="POST", content={"message": outbound.text})
        return SentAs(str(answer.get("id", "")))

    def window(self, account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        if conversation.thread.startswith(COMMENT):
            return Window()
        return page_messages.window_of(conversation, moment)

    def manners(
        self, account: ChannelAccount, conversation: Conversation, moment: datetime
    ) -> Sequence[Manner]:
        if not conversation.thread.startswith(COMMENT):
            return ()
        ways = [
            Manner(PUBLIC, _("Under the comment, for everybody")),
            Manner(PRIVATE, _("In private"), _why_not_private(conversation, moment)),
        ]
        return ways if account.settings.get("comment_answers") != PRIVATE else ways[::-1]

    def file_types_in(self, conversation: Conversation) -> Sequence[str]:
        """None under comments, nor in a private answer to one: those are words only."""
        return () if conversation.thread.startswith((COMMENT, MENTION)) else self.file_types

    def deeds(self, payload: Mapping[str, Any]) -> Sequence[Deed]:
        if payload.get("type") != "comment" or payload.get("deleted_at"):
            return ()
        done = set(payload.get("done", ()))
        return [
            each
            for each in self.on_comments
            if (each.undoes in done if each.undoes else each.name not in done)
        ]

    def do(self, account: ChannelAccount, message: Message, name: str) -> None:
        call = next(call for deed, call in self.on_comments.items() if deed.name == name)
        graph.graph(account, f"{message.external_id}{call.edge}", method=call.method, content=call.content)


def _is_private(account: ChannelAccount, message: Message) -> bool:
    """As whoever wrote it said (`manner`), else as the account does it."""
    return bool((message.payload.get("manner") or account.settings.get("comment_answers")) == PRIVATE)


def _why_not_private(conversation: Conversation, moment: datetime) -> str:
    """Meta takes one private answer to each comment, within 7 days."""
    said = conversation.messages.order_by("-at", "-id")
    comment = said.filter(direction=Direction.IN).first()
    if comment is None or comment.payload.get("type") != "comment" or comment.payload.get("deleted_at"):
        return _("Only a comment can be answered in private.")
    if moment >= comment.at + PRIVATE_FOR:
        return _("A comment can be answered in private for 7 days.")
    answers = said.filter(direction=Direction.OUT, payload__manner=PRIVATE, at__gte=comment.at)
    if answers.exclude(step=Step.FAILED).exists():
        return _("This comment has had its private answer: Meta allows one.")
    return ""


def _in_private(account: ChannelAccount, outbound: Outbound) -> SentAs:
    """To whoever commented last; what they answer is a conversation of messages."""
    if not outbound.text:
        raise NeverSent(_("A private answer to a comment is words only."))
    comments = Message.objects.filter(conversation=outbound.conversation, direction=Direction.IN)
    comment = comments.order_by("-at", "-id").values_list("external_id", flat=True)[0]
    content = {"recipient": {"comment_id": comment}, "message": {"text": outbound.text}}
    answer = graph.graph(account, f"{account.address}/messages", method="POST", content=content)
    return SentAs(str(answer.get("message_id", "")))
