from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parcours.insights.lens import LensCell
from parcours.web.templatetags.look import points

register = template.Library()


@register.simple_tag
def interval(cell: LensCell, scale: float) -> SafeString:
    """The difference to all others as a point on its interval; the middle of the axis is no difference."""
    low, at, high = (
        f"{_place(value, scale):.2f}%" for value in (cell.low, cell.difference or 0.0, cell.high)
    )
    name = _("Difference to the others: {difference}, from {low} to {high}").format(
        difference=points(cell.difference or 0.0), low=points(cell.low), high=points(cell.high)
    )
    return format_html(
        '<svg class="lens-interval{}" role="img" aria-label="{}"><title>{}</title>'
        '<line class="axis" x1="50%" x2="50%" y1="0" y2="100%"/><line x1="{}" x2="{}" y1="50%" y2="50%"/>'
        '<circle cx="{}" cy="50%" r="3"/></svg>',
        " certain" if cell.certain else "",
        name,
        name,
        low,
        high,
        at,
    )


def _place(value: float, scale: float) -> float:
    return min(100.0, max(0.0, 50 + value / scale * 48))
