from django import template

from parcours.canvas.standing import waiting
from parcours.web.canvas.places import PLACES, Place

register = template.Library()


@register.simple_tag(takes_context=True)
def places_of_journey(context: template.Context) -> list[tuple[Place, int | None]]:
    """The pages of a journey that the person may open, with how many things wait there or None."""
    found = waiting(context["journey"].id)
    open_to = [place for place in PLACES if context["actor"].may(place.right)]
    return [(place, found[place.waiting] if place.waiting else None) for place in open_to]
