"""What a kind of notice says. Other areas register theirs in `core.registry.notice_kinds`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parcours.core.registry import notice_kinds
from parcours.notices.enums import MailWhen

Facts = Mapping[str, Any]


def _nothing(_facts: Facts) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`sentence` tells it in the language of the moment, in one line; `quote` gives words that go with it.

    `label` names the kind where a person chooses when to get mails, in the plural: “Mentions of you”.
    """

    label: str | Promise
    sentence: Callable[[Facts], str]
    mail: str = MailWhen.DAILY
    quote: Callable[[Facts], str] = _nothing
    icon: str = "info"


UNKNOWN = NoticeKind(_("Other notices"), lambda facts: str(facts.get("title", "")) or str(_("Something new")))


def kind_named(key: str) -> NoticeKind:
    """One that nobody registers any more still shows what it can."""
    return notice_kinds.get(key) or UNKNOWN
