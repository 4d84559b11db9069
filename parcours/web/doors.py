"""The one way into a page: who is it, in which brand, and may they?"""

import uuid
from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from asgiref.sync import sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import actor_of_person
from parcours.accounts.rights import ALL_RIGHTS, Actor
from parcours.core.errors import Forbidden

View = TypeVar("View", bound=Callable[..., Any])

BRAND_IN_SESSION = "brand"


class Request(HttpRequest):
    """A request that came through a door."""

    actor: Actor
    brand: Brand


def door(right: str) -> Callable[[View], View]:
    """The view needs somebody signed in whose role in the current brand includes `right`.

    Nobody signed in is sent to sign in (htmx and streams get 401). Without the right: Forbidden. Things of
    other brands are for the view's reads to not find.
    """
    if right not in ALL_RIGHTS:
        raise LookupError(f"{right!r} is not in accounts.rights")

    def guard(view: View) -> View:
        if iscoroutinefunction(view):

            @wraps(view)
            async def open_async(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
                refused = await sync_to_async(_enter)(request, right)
                return refused or await view(request, *args, **kwargs)

            opened: Any = open_async
        else:

            @wraps(view)
            def open_sync(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
                return _enter(request, right) or view(request, *args, **kwargs)

            opened = open_sync
        opened.door = right
        return cast(View, opened)

    return guard


def open_door(view: View) -> View:
    """The view is meant for everybody, signed in or not."""
    view.door = "open"  # type: ignore[attr-defined]
    return view


def _enter(request: Request, right: str) -> HttpResponse | None:
    if not request.user.is_authenticated:
        if request.headers.get("HX-Request") or request.headers.get("Accept") == "text/event-stream":
            return HttpResponse(_("You were signed out. Please sign in again."), status=401)
        return redirect_to_login(request.get_full_path())
    found = actor_of_person(request.user, _brand_in_session(request))
    if found is None and BRAND_IN_SESSION in request.session:
        del request.session[BRAND_IN_SESSION]
        found = actor_of_person(request.user)
    if found is None:
        raise Forbidden(
            _("You are signed in but belong to no brand yet."),
            remedy=_("Ask an owner of the brand to add you."),
        )
    request.actor, request.brand = found
    request.actor.require(right)
    return None


def _brand_in_session(request: HttpRequest) -> uuid.UUID | None:
    value = request.session.get(BRAND_IN_SESSION)
    return uuid.UUID(value) if value else None
