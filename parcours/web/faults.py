"""Errors that a person reads become pages, fragments or problem+json, whichever the caller can show."""

import logging
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from parcours.core.errors import ParcoursError

logger = logging.getLogger(__name__)


class ReadableFaults:
    """Middleware: answers a ParcoursError raised by a view with its own status and sentences."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        if not isinstance(fault, ParcoursError):
            return None
        if fault.status >= 500:
            logger.error("%s", fault, exc_info=fault)
        return answer_fault(request, fault)


def answer_fault(request: HttpRequest, fault: ParcoursError) -> HttpResponse:
    """Problem+json (RFC 9457) for programs, a short fragment for htmx, a page for everybody else."""
    if "application/json" in request.headers.get("Accept", "") or request.path.startswith("/api/"):
        problem = {"status": fault.status, "title": fault.what, "where": fault.where, "detail": fault.remedy}
        return JsonResponse(problem, status=fault.status, content_type="application/problem+json")
    template = "fault_fragment.html" if request.headers.get("HX-Request") else "fault.html"
    return render(request, template, {"fault": fault}, status=fault.status)
