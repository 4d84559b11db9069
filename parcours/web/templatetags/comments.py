from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def comments_at(context: template.Context, kind: str, *ids: Any) -> SafeString | str:
    """How many comments stand in the open conversations about a place of the map: a stage, a cell or a
    touchpoint; nothing where there are none. `said_at` holds the counts, see `counts_by_place`.
    """
    place = ":".join([kind, *map(str, ids)])
    said = (context.get("said_at") or {}).get(place)
    if not said:
        return ""
    here = {"place": place, "n": said, "journey": context["journey"]}
    return SafeString(render_to_string("comments/at.html", here).strip())
