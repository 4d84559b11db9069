from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from parcours.accounts.rights import Actor
from parcours.notices.reads import unread_count

AREAS = (
    ("map", _("Map"), "maps"),
    ("listen", _("Listen"), "listen"),
    ("act", _("Act"), "inbox"),
    ("measure", _("Measure"), "measure"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: the four areas, the brand and the person's role."""
    areas = []
    actor = getattr(request, "actor", None)
    for key, name, route in AREAS:
        try:
            address = reverse(_for(actor, route))
        except NoReverseMatch:
            continue
        areas.append({"key": key, "name": name, "url": address, "here": _is_in(request.path, key)})
    return {
        "areas": areas,
        "unread_notices": partial(unread_count, actor) if actor else 0,
        "brand": getattr(request, "brand", None),
        "actor": actor,
    }


_ALSO = {"map": ("/personas/",), "act": ("/inbox/",)}
"""Pages of an area whose address begins otherwise."""


def _for(actor: Actor | None, route: str) -> str:
    """Whoever may not read conversations begins Act with its second page."""
    return "act" if route == "inbox" and actor is not None and not actor.may("inbox.view") else route


def _is_in(path: str, area: str) -> bool:
    return path.startswith((f"/{area}/", *_ALSO.get(area, ())))
