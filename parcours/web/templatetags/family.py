from django import template

from parcours.canvas.family import Family, family
from parcours.canvas.shapes import JourneyView

register = template.Library()


@register.simple_tag
def family_of(journey: JourneyView) -> Family:
    """The journeys that a journey is tied to."""
    return family(journey.brand_id, journey)
