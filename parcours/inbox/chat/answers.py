"""What the chat says by itself: what the hours, who is there and the last days tell, and nothing else."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parcours.accounts.rights import system_actor
from parcours.core.clock import now
from parcours.inbox.chat.crowd import Crowd, crowd
from parcours.inbox.chat.hours import Opening, opening, usual_wait
from parcours.inbox.enums import AuthorKind
from parcours.inbox.models import ChannelAccount, Conversation, Message
from parcours.inbox.writes.replying import send_reply

A_MOMENT = timedelta(minutes=5)
"""What is older when it is taken in (read again, imported) is not greeted."""


def answer_first(conversation: Conversation, message: Message, is_new: bool) -> None:
    """Handler of received messages: says when an answer will come, once a conversation."""
    account = conversation.account
    if account.kind != "chat" or not is_new or not account.settings.get("answers"):
        return
    if message.author_kind != AuthorKind.CUSTOMER or now() - message.at > A_MOMENT:
        return
    with translation.override(conversation.language or "en"):
        words = promise(account, conversation)
    if words:
        # A courtesy: were it lost with its process, nobody would miss it.
        transaction.on_commit(lambda: _say(conversation, words), robust=True)


def promise(account: ChannelAccount, conversation: Conversation | None = None) -> str:
    """When an answer will come to a conversation, or to one that would begin now; in the current language,
    empty when nothing is known.
    """
    now_open = opening(account, now())
    if not now_open.is_open:
        return _back(now_open)
    busy = crowd(account, conversation)
    if busy is not None:
        return _in_line(busy, has_begun=conversation is not None)
    wait = usual_wait(account)
    return _("We usually answer within {time}.").format(time=_span(wait)) if wait is not None else ""


def _say(conversation: Conversation, words: str) -> None:
    send_reply(
        conversation.pk,
        words,
        acting_user=system_actor(conversation.brand_id),
        message_id=uuid.uuid5(conversation.pk, "first answer"),
        author_kind=AuthorKind.BOT,
        payload={"automatic": True},
    )


def _back(now_open: Opening) -> str:
    if now_open.again_at is None:
        return _("Nobody is here at the moment. We will answer as soon as we are back.")
    return _("Nobody is here at the moment. We are back on {day} at {time}.").format(
        day=day_of(now_open.again_at), time=formats.date_format(now_open.again_at, "H:i")
    )


def day_of(moment: datetime) -> str:
    """The weekday, and the date too where that would be another week's."""
    far = moment - now() > timedelta(days=6)
    return formats.date_format(moment, "l j F" if far else "l")


def _in_line(busy: Crowd, *, has_begun: bool) -> str:
    words = [_("Everybody is talking to other customers at the moment.")]
    if has_begun:
        words.append(_("You are number {n} in the line.").format(n=busy.place))
    if busy.wait is not None:
        words.append(_("It usually takes about {time} until it is your turn.").format(time=_span(busy.wait)))
    return " ".join(words)


def _span(wait: timedelta) -> str:
    """Rounded up, so that it is kept."""
    minutes = -(-wait // timedelta(minutes=1)) or 1
    if minutes <= 90:
        rounded = minutes if minutes <= 10 else -(-minutes // 5) * 5
        return ngettext("{n} minute", "{n} minutes", rounded).format(n=rounded)
    hours = -(-minutes // 60)
    return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
