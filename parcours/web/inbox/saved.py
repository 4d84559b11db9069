"""Keeping a filter of the list under a name."""

import uuid
from urllib.parse import parse_qs

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parcours.core.errors import ParcoursError
from parcours.inbox.desk.views import delete_view, save_view
from parcours.web.doors import Request, door
from parcours.web.inbox.views_of_list import read_asked


@door("inbox.view")
@require_POST
def save(request: Request) -> HttpResponseBase:
    """The filter in `query`, with `name`; `shared` for everybody."""
    asked = {name: values[0] for name, values in parse_qs(request.POST.get("query", "")[1:]).items()}
    query = read_asked(asked).query
    try:
        saved = save_view(
            request.POST.get("name", ""),
            query,
            shared=bool(request.POST.get("shared")),
            acting_user=request.actor,
        )
    except ParcoursError as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("The view “{name}” is kept.").format(name=saved.name))
    return redirect(reverse("inbox") + query)


@door("inbox.view")
@require_POST
def delete(request: Request, view_id: uuid.UUID) -> HttpResponseBase:
    gone = delete_view(view_id, acting_user=request.actor)
    messages.success(request, _("The view “{name}” is gone.").format(name=gone.name))
    return redirect(reverse("inbox") + gone.query)
