"""Pages that show themselves at once and fetch an answer that takes a while."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

from parcours.measures.kept import NotKept, only_kept
from parcours.measures.scope import open_index
from parcours.web.doors import Request
from parcours.web.measure.asked import page, read_asked

View = Callable[..., HttpResponseBase]

EVENTS_AT_ONCE = 50_000
"""An answer about no more events is there before anybody would notice."""


def may_wait(request: Request, events: int) -> bool:
    """Whether the page may come without its answer first; `now` and files want it at once."""
    return events > EVENTS_AT_ONCE and not request.GET.get("now") and not request.GET.get("as")


def unhurried(template: str) -> Callable[[View], View]:
    """Where the view's answer isn't kept yet its page comes without it, and fetches it."""

    def wrap(view: View) -> View:
        @wraps(view)
        def show(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked = read_asked(request, by_event=True)
            events = 0 if asked.empty else len(open_index(request.brand.pk))
            if not may_wait(request, events):
                return view(request, *args, **kwargs)
            try:
                with only_kept():
                    return view(request, *args, **kwargs)
            except NotKept:
                words = request.GET.copy()
                words["now"] = "yes"
                return page(request, template, asked, {"waiting": words.urlencode(), "events": events})

        return show

    return wrap
