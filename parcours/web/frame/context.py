from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from parcours.notices.reads import unread_count

AREAS = (
    ("map", _("Map"), "maps"),
    ("listen", _("Listen"), "listen"),
    ("act", _("Act"), "act"),
    ("measure", _("Measure"), "measure"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: the four areas, the brand and the person's role."""
    areas = []
    for key, name, route in AREAS:
        try:
            address = reverse(route)
        except NoReverseMatch:
            continue
        areas.append({"key": key, "name": name, "url": address, "here": _is_in(request.path, key)})
    actor = getattr(request, "actor", None)
    return {
        "areas": areas,
        "unread_notices": partial(unread_count, actor) if actor else 0,
        "brand": getattr(request, "brand", None),
        "actor": actor,
    }


_ALSO = {"map": ("/personas/",)}
"""Pages of an area whose address begins otherwise."""


def _is_in(path: str, area: str) -> bool:
    return path.startswith((f"/{area}/", *_ALSO.get(area, ())))
