"""Owners hear of what a night's check found and could not put right."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from parcours.inbox.reconciling import words
from parcours.inbox.reconciling.shapes import Finding
from parcours.notices.kinds import NoticeKind

TROUBLE = "nightly_trouble"


def sentence(facts: Mapping[str, Any]) -> str:
    """The first of it in one line, and how much more there is."""
    first, others = words.sentence(Finding(**facts["first"])), int(facts.get("n", 1)) - 1
    if not others:
        return first
    more = ngettext("{first}, and {n} more", "{first}, and {n} more", others)
    return more.format(first=first, n=others)


KINDS = {TROUBLE: NoticeKind(gettext_lazy("What the nightly check found"), sentence, icon="warning")}
