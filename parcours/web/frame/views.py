from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from parcours.core.errors import Forbidden, NotFound
from parcours.web.faults import answer_fault


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return answer_fault(
        request,
        NotFound(_("There is nothing at this address."), remedy=_("Check the link, or start from the map.")),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return answer_fault(request, Forbidden(_("Your role in this brand doesn't include this.")))


def broken(request: HttpRequest) -> HttpResponse:
    """Without context processors: whatever broke may break them too."""
    return render(request, "broken.html", status=500)
