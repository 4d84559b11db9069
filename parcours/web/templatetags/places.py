from django import template

from parcours.web.canvas.places import PLACES, Place

register = template.Library()


@register.simple_tag(takes_context=True)
def places_of_journey(context: template.Context) -> list[Place]:
    """The pages of a journey that the person may open."""
    return [place for place in PLACES if context["actor"].may(place.right)]
