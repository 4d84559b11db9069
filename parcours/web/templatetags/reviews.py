from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from parcours.canvas.reviews.reads import standings
from parcours.canvas.reviews.shapes import Standing
from parcours.canvas.shapes import JourneyView

register = template.Library()

_WEEKS_FROM = 14
_MONTHS_FROM = 60


@register.simple_tag(takes_context=True)
def review_standing(context: template.Context, journey: JourneyView) -> Standing | None:
    """How a journey stands with its reviews; on a page with many, all are read at once."""
    kept = context.render_context
    if "review_standings" not in kept:
        only = [journey.id] if "board" in context else None
        kept["review_standings"] = standings(journey.brand_id, only)
    found: Standing | None = kept["review_standings"].get(journey.id)
    return found


@register.simple_tag
def due_in(days: int) -> str:
    """When a review is due, as people say it: in days, then weeks, then months."""
    if days == 0:
        return _("due today")
    if days < 0:
        late = -days
        return _n("overdue by {n} day", "overdue by {n} days", late).format(n=late)
    if days < _WEEKS_FROM:
        return _n("due in {n} day", "due in {n} days", days).format(n=days)
    if days < _MONTHS_FROM:
        weeks = round(days / 7)
        return _n("due in {n} week", "due in {n} weeks", weeks).format(n=weeks)
    months = round(days / 30.4)
    return _n("due in {n} month", "due in {n} months", months).format(n=months)
