"""The chat on the shop's own pages: we are the platform, so what is sent is there once it is stored."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from parcours.core.errors import BadInput
from parcours.inbox.channels.base import (
    Channel,
    Incoming,
    IncomingFile,
    NotUnderstood,
    Outbound,
    Sender,
    SentAs,
    Setting,
    Told,
)
from parcours.inbox.channels.chat.settings import SETTINGS
from parcours.inbox.files import path_of
from parcours.inbox.models import ChannelAccount

_FACTS = ("name", "handle", "language", "profile", "identities")


class Chat(Channel):
    """Brought by `api.chat`, which keeps each message as the JSON that is read here."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "chat"
    label = _("Live chat")
    icon = "chat"
    event_channel = "chat"
    place = 10
    about = _("A chat on your shop's pages, in French and English. The script of the shop carries it.")
    settings: Sequence[Setting] = SETTINGS
    longest_text = 10_000
    file_types = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")
    largest_file = 10 * 1024 * 1024

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        try:
            told = json.loads(body)
            who = told["from"]
            return [
                Incoming(
                    told["id"],
                    Sender(who["id"], **{name: who[name] for name in _FACTS}),
                    datetime.fromisoformat(told["at"]),
                    text=told["text"],
                    files=[_file(each) for each in told["files"]],
                    context=told["context"],
                )
            ]
        except (ValueError, KeyError, TypeError) as fault:
            raise NotUnderstood(str(fault)) from fault

    def taken_as(self, key: str) -> str:
        return f"chat/{key}"

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        return SentAs(self.taken_as(outbound.key))

    def test(self, account: ChannelAccount) -> str:
        from parcours.inbox.chat.reads import origins_of
        from parcours.inbox.hours.lines import unreadable
        from parcours.inbox.hours.reads import hours_of

        lines = unreadable(str(account.settings.get("hours", "")))
        if lines:
            raise BadInput(_("“{line}” can’t be read as hours.").format(line=lines[0]), where="hours")
        always = hours_of(account, brand_id=account.brand_id).is_always
        when = _("at any time") if always else _("at the hours you entered")
        pages = ", ".join(sorted(origins_of(account)))
        return str(_("The chat may appear on {pages} and is answered {when}.")).format(pages=pages, when=when)


def _file(told: Mapping[str, Any]) -> IncomingFile:
    try:
        content = path_of(told["digest"]).read_bytes()
    except OSError as fault:
        raise NotUnderstood(str(fault)) from fault
    return IncomingFile(told["name"], told["media_type"], content=content)


CHANNEL = Chat()
