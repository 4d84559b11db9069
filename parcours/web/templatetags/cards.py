from django import template
from django.utils.safestring import SafeString

from parcours.canvas.shapes import CardView
from parcours.web.canvas.drawing import drawn_card
from parcours.web.canvas.marks import NONE

register = template.Library()


@register.simple_tag(takes_context=True)
def card(context: template.Context, view: CardView) -> SafeString:
    """A card's list item, for the person who looks at the page."""
    return drawn_card(view, context["actor"], context.get("marks", {}).get(view.id, NONE))
