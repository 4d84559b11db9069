"""The notices that comments give rise to, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.text import quoted
from parcours.notices.enums import MailWhen
from parcours.notices.kinds import NoticeKind

MENTION, REPLY, STARTED, RESOLVED = "comment-mention", "comment-reply", "comment-started", "comment-resolved"

Facts = Mapping[str, Any]


def _words(facts: Facts) -> str:
    return str(facts.get("words", ""))


def _named(facts: Facts) -> dict[str, str]:
    return {
        "who": str(facts.get("who") or _("Somebody who left")),
        "about": quoted(facts.get("about", "")),
        "journey": quoted(facts.get("journey", "")),
    }


def _mention(facts: Facts) -> str:
    return _("{who} mentioned you on {about}").format(**_named(facts))


def _reply(facts: Facts) -> str:
    return _("{who} answered on {about}").format(**_named(facts))


def _started(facts: Facts) -> str:
    return _("{who} commented on {about} in {journey}").format(**_named(facts))


def _resolved(facts: Facts) -> str:
    return _("{who} resolved the comments on {about}").format(**_named(facts))


KINDS = {
    MENTION: NoticeKind(
        gettext_lazy("Mentions of you"), _mention, mail=MailWhen.AT_ONCE, quote=_words, icon="comment"
    ),
    REPLY: NoticeKind(
        gettext_lazy("Answers where you take part"),
        _reply,
        mail=MailWhen.AT_ONCE,
        quote=_words,
        icon="comment",
    ),
    STARTED: NoticeKind(
        gettext_lazy("Comments on journeys you own"),
        _started,
        mail=MailWhen.DAILY,
        quote=_words,
        icon="comment",
    ),
    RESOLVED: NoticeKind(
        gettext_lazy("Resolved conversations"), _resolved, mail=MailWhen.NEVER, icon="check"
    ),
}
