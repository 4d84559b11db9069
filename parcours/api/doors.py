"""The one way into the API: a bearer token whose role includes what the operation needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.security import HttpBearer

from parcours.accounts.models import Brand
from parcours.accounts.reads import actor_of_token
from parcours.accounts.rights import ALL_RIGHTS, Actor
from parcours.api.problems import in_json

Urls = tuple[list[Any], str, str]
Operation = TypeVar("Operation", bound=Callable[..., Any])
View = TypeVar("View", bound=Callable[..., Any])


class ApiRequest(HttpRequest):
    """A request with a token that opens something."""

    actor: Actor
    brand: Brand


class BearerToken(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        found = actor_of_token(token)
        if found is None:
            return None
        opened = cast(ApiRequest, request)
        opened.actor, opened.brand = found
        return opened.actor


def needs(right: str) -> Callable[[Operation], Operation]:
    """The operation needs a token whose role includes `right`; without it: Forbidden."""
    if right not in ALL_RIGHTS:
        raise LookupError(f"{right!r} is not in accounts.rights")

    def guard(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
            request.actor.require(right)
            return operation(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]
        return cast(Operation, guarded)

    return guard


def open_to_everybody(view: View) -> View:
    """The view is meant for everybody, or asks in a way of its own who is there."""
    view.door = "open"  # type: ignore[attr-defined]
    return view


def with_doors(api: NinjaAPI, *routers: Router, public: frozenset[str]) -> Urls:
    """The addresses of the API, each with its door named as those of pages are: `open` or the token's.

    Raises LookupError for an operation without `@needs`: nothing is open by accident.
    """
    for router in routers:
        for path, view in router.path_operations.items():
            if any(not hasattr(operation.view_func, "right") for operation in view.operations):
                raise LookupError(f"{path} has an operation without @needs")
    patterns, app, namespace = api.urls
    for pattern in cast(list[Any], patterns):
        pattern.callback = in_json(pattern.callback)
        pattern.callback.door = "open" if pattern.name in public else "bearer token"
    return cast(list[Any], patterns), app, namespace
