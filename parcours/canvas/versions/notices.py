"""What people are told about versions."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.text import quoted
from parcours.notices.enums import MailWhen
from parcours.notices.kinds import NoticeKind

Facts = Mapping[str, Any]


def _asked(facts: Facts) -> str:
    words = _("{who} asks you to approve version {n} of {journey}.")
    return words.format(who=facts["who"], n=facts["number"], journey=quoted(facts["journey"]))


def _approved(facts: Facts) -> str:
    words = _("{who} approved version {n} of {journey}.")
    return words.format(who=facts["who"], n=facts["number"], journey=quoted(facts["journey"]))


def _declined(facts: Facts) -> str:
    words = _("{who} declined version {n} of {journey}.")
    return words.format(who=facts["who"], n=facts["number"], journey=quoted(facts["journey"]))


KINDS = {
    "approval-asked": NoticeKind(
        gettext_lazy("Versions to approve"),
        _asked,
        mail=MailWhen.AT_ONCE,
        quote=lambda facts: str(facts.get("reason", "")),
    ),
    "version-approved": NoticeKind(
        gettext_lazy("Versions of yours that were approved"),
        _approved,
        quote=lambda facts: str(facts.get("words", "")),
    ),
    "version-declined": NoticeKind(
        gettext_lazy("Versions of yours that were declined"),
        _declined,
        mail=MailWhen.AT_ONCE,
        quote=lambda facts: str(facts.get("words", "")),
    ),
}
