"""Why a review was opened, in the reader's words. Other parts register their own reasons."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from parcours.canvas.reviews.enums import WHOLE
from parcours.core.registry import review_reasons


def sentence_of(reason: str, facts: Mapping[str, Any]) -> str:
    """A sentence for any reason, also one whose part is no longer installed."""
    known = review_reasons.get(reason)
    return str(known(facts)) if known else _("It is worth another look.")


def whole(facts: Mapping[str, Any]) -> str:  # noqa: ARG001
    return _("The whole journey is reviewed.")


def asked(facts: Mapping[str, Any]) -> str:
    words = str(facts.get("words", ""))
    return words or _("Somebody asked for another look.")


REASONS = {WHOLE: whole, "asked": asked}
