"""Rhythms of reviews as people say them: every so many weeks or months. Stored in days."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext as _n

MONTHS = {30: 1, 61: 2, 91: 3, 90: 3, 122: 4, 182: 6, 365: 12}
CHOICES = (
    ("", gettext_lazy("Not in a rhythm")),
    ("14", gettext_lazy("Every 2 weeks")),
    ("30", gettext_lazy("Every month")),
    ("61", gettext_lazy("Every 2 months")),
    ("90", gettext_lazy("Every 3 months")),
    ("182", gettext_lazy("Every 6 months")),
    ("365", gettext_lazy("Every year")),
)


def rhythm_label(days: int) -> str:
    """“every 3 months”, in the middle of a sentence."""
    if days in MONTHS:
        months = MONTHS[days]
        if months == 12:
            return _("every year")
        return _n("every month", "every {n} months", months).format(n=months)
    if days % 7 == 0:
        return _n("every week", "every {n} weeks", days // 7).format(n=days // 7)
    return _n("every day", "every {n} days", days).format(n=days)
