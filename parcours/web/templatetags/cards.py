from django import template
from django.utils.safestring import SafeString, mark_safe

from parcours.canvas.shapes import CardView, JourneyView
from parcours.canvas.sub_journeys import Opening, openings_of
from parcours.canvas.text import as_html, as_plain
from parcours.insights.card_facts import met_by
from parcours.web.canvas.drawing import drawn_card
from parcours.web.canvas.marks import NONE

register = template.Library()


@register.simple_tag(takes_context=True)
def card(context: template.Context, view: CardView) -> SafeString:
    """A card's list item, for the person who looks at the page."""
    marks = (context.get("marks") or {}).get(view.id, NONE)
    below = (context.get("beneath") or {}).get(view.leads_to)
    return drawn_card(view, context["actor"], marks, met_by(view, context.get("met") or {}), below)


register.filter("plain", as_plain)


@register.simple_tag
def openings(journey: JourneyView) -> tuple[Opening, ...]:
    """The cards of other journeys that open this one."""
    return openings_of(journey.brand_id, journey.id)


@register.filter
def rich(text: str) -> SafeString:
    """A card's text with its light formatting; cleaned of everything else."""
    return mark_safe(as_html(text))  # noqa: S308 - sanitised by `as_html`
