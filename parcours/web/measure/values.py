"""The values that a property has, for whoever wants only some of the events."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.measures.questions import property_values
from parcours.web.doors import Request, door


@door("measures.view")
@require_GET
def values(request: Request) -> HttpResponse:
    """The options of a list, the most frequent first."""
    found = property_values(request.brand, request.GET.get("property", ""))
    return render(request, "measure/values.html", {"values": found})
