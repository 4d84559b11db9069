"""Errors as problem+json (RFC 9457)."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from parcours.api.objects import card_object
from parcours.canvas.errors import CardConflict
from parcours.core.errors import ParcoursError

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])


def problem(status: int, title: str, *, detail: str = "", where: str = "", **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "where": where, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def answer_with_problems(api: NinjaAPI) -> None:
    """Registers an answer for each kind of error that the API's operations raise."""
    api.add_exception_handler(ParcoursError, _fault)
    api.add_exception_handler(CardConflict, _conflict)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(MultiPartParserError, _unreadable)
    api.add_exception_handler(SuspiciousOperation, _unreadable)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    for gone in (OperationalError, InterfaceError):
        api.add_exception_handler(gone, _database_gone)
    api.add_exception_handler(Exception, _broken)


def not_allowed(methods: str) -> HttpResponse:
    """`methods` are those that the address takes, as in `Allow`."""
    answer = problem(
        405,
        _("This address is not for that method."),
        detail=_("It takes: {methods}.").format(methods=methods),
        where="method",
    )
    answer.headers["Allow"] = methods
    return answer


def in_json(view: View) -> View:
    """A method that the address doesn't take is answered as every other error."""

    @wraps(view)
    def answering(*args: Any, **kwargs: Any) -> Any:
        answer = view(*args, **kwargs)
        if answer.status_code != 405:
            return answer
        return not_allowed(", ".join(sorted(answer.headers["Allow"].split(", "))))

    return cast(View, answering)


def _fault(_request: HttpRequest, fault: Any) -> HttpResponse:
    return problem(fault.status, fault.what, detail=fault.remedy, where=fault.where)


def _conflict(_request: HttpRequest, conflict: Any) -> HttpResponse:
    card = card_object(conflict.card) if conflict.card else None
    answer = problem(conflict.status, conflict.what, detail=conflict.remedy, where="If-Match", card=card)
    if card:
        answer.headers["ETag"] = f'"{card["revision"]}"'
    return answer


def _unknown(_request: HttpRequest, _fault: Any) -> HttpResponse:
    answer = problem(
        401,
        _("This token opens nothing, or none was sent."),
        where="Authorization",
        detail=_("Make one with “parcours token add” and send it as: Authorization: Bearer TOKEN"),
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _invalid(_request: HttpRequest, fault: Any) -> HttpResponse:
    """The first of what is wrong stands in front; all of it is listed under `errors`."""
    errors = [
        {"where": ".".join(str(step) for step in error["loc"]), "what": error["msg"]}
        for error in fault.errors
    ]
    title = _("What was sent can't be used as it is.")
    return problem(422, title, where=errors[0]["where"], detail=errors[0]["what"], errors=errors)


def _unreadable(_request: HttpRequest, fault: Any) -> HttpResponse:
    return problem(400, _("What was sent can't be used as it is."), detail=str(fault), where="body")


def _too_large(_request: HttpRequest, fault: Any) -> HttpResponse:
    return problem(413, _("What was sent is too large."), detail=str(fault), where="body")


def _http(_request: HttpRequest, fault: Any) -> HttpResponse:
    return problem(fault.status_code, str(fault))


def _database_gone(_request: HttpRequest, _fault: Any) -> HttpResponse:
    answer = problem(
        503,
        _("The database does not answer."),
        detail=_("Send the same again in a moment; with an Idempotency-Key nothing is done twice."),
    )
    answer.headers["Retry-After"] = "2"
    return answer


def _broken(request: HttpRequest, fault: Any) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=fault)
    return problem(
        500,
        _("Something broke here."),
        detail=_("Send the same again; if it breaks again, the log of the server says why."),
    )


def _not_found(_request: HttpRequest, _fault: Any) -> HttpResponse:
    return problem(404, _("There is nothing at this address."))
