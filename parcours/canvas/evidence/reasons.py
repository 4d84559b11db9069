"""Why a card's evidence wants another look, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from parcours.core.formats import count


def old(facts: Mapping[str, Any]) -> str:
    days = facts.get("days")
    if not isinstance(days, int):
        return _("Nothing has confirmed this card yet.")
    return _n(
        "Nothing has confirmed this card for {n} day.", "Nothing has confirmed this card for {n} days.", days
    ).format(n=count(days))


def contested(facts: Mapping[str, Any]) -> str:
    against, supporting = facts.get("against_customers") or 0, facts.get("for_customers") or 0
    if not against:
        return _("More speaks against this card than for it.")
    return _n(
        "{n} customer speaks against this card, {others} for it.",
        "{n} customers speak against this card, {others} for it.",
        against,
    ).format(n=count(against), others=count(supporting))
