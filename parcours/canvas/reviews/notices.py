"""What people are told about reviews that are due."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext as _n

from parcours.core.text import quoted
from parcours.notices.enums import MailWhen
from parcours.notices.kinds import NoticeKind

Facts = Mapping[str, Any]


def _soon(facts: Facts) -> str:
    days = int(facts["days"])
    if days == 0:
        return _("The review of {journey} is due today.").format(journey=quoted(facts["journey"]))
    words = _n(
        "The review of {journey} is due in {n} day.", "The review of {journey} is due in {n} days.", days
    )
    return words.format(journey=quoted(facts["journey"]), n=days)


def _overdue(facts: Facts) -> str:
    days = int(facts["days"])
    words = _n(
        "The review of {journey} is {n} day overdue.", "The review of {journey} is {n} days overdue.", days
    )
    return words.format(journey=quoted(facts["journey"]), n=days)


KINDS = {
    "review-soon": NoticeKind(gettext_lazy("Reviews that are soon due"), _soon),
    "review-overdue": NoticeKind(gettext_lazy("Reviews that are overdue"), _overdue, mail=MailWhen.AT_ONCE),
    "review-escalated": NoticeKind(
        gettext_lazy("Reviews of others that are overdue for long"), _overdue, mail=MailWhen.DAILY
    ),
}
