"""How a card stands, in the few words that stand on it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parcours.canvas.evidence.enums import Standing
from parcours.canvas.evidence.shapes import Proof


def proof_line(proof: Proof) -> str:
    """What stands on a card: “3 for · 1 against · confirmed 2 d ago”."""
    parts = []
    if proof.supporting:
        parts.append(_("{n} for").format(n=proof.supporting))
    if proof.against:
        parts.append(_("{n} against").format(n=proof.against))
    if proof.standing == Standing.CONTESTED:
        parts.append(_("contested"))
    parts.append(_age(proof))
    return " · ".join(part for part in parts if part)


def _age(proof: Proof) -> str:
    if proof.days is None or proof.on is None:
        return _("never confirmed")
    if proof.standing == Standing.OLD:
        return _("old, confirmed {day}").format(day=date_format(proof.on, "SHORT_DATE_FORMAT"))
    if proof.days == 0:
        return _("confirmed today")
    words = pgettext("short for days", "confirmed {n} d ago").format(n=proof.days)
    return _("ageing, {confirmed}").format(confirmed=words) if proof.standing == Standing.AGEING else words
