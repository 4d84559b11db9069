"""Keeping a filter of the list under a name."""

import uuid
from urllib.parse import parse_qs, urlencode

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parcours.core.errors import BadInput, Conflict, ParcoursError
from parcours.inbox.desk.views import change_view, delete_view, save_view
from parcours.web.doors import Request, door
from parcours.web.inbox.views_of_list import read_asked


@door("inbox.view")
@require_POST
def save(request: Request) -> HttpResponseBase:
    """The filter in `query`, with `name`; `shared` for everybody. A deleted one comes back by its address."""
    sent = request.GET if "query" in request.GET else request.POST
    asked = {name: values[0] for name, values in parse_qs(sent.get("query", "")[1:]).items()}
    query = read_asked(asked).query
    try:
        saved = save_view(
            sent.get("name", ""), query, shared=bool(sent.get("shared")), acting_user=request.actor
        )
    except ParcoursError as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("The view “{name}” is kept.").format(name=saved.name))
    return redirect(reverse("inbox") + query)


@door("inbox.view")
@require_POST
def change(request: Request, view_id: uuid.UUID) -> HttpResponseBase:
    """Another `name`, and whose it is; `state` is what the form was begun with."""
    asked = {name: values[0] for name, values in parse_qs(request.POST.get("query", "")[1:]).items()}
    try:
        changed = change_view(
            view_id,
            request.POST.get("name", ""),
            shared=bool(request.POST.get("shared")) if request.actor.may("inbox.manage") else None,
            state=request.headers.get("If-Match", "").strip('"') or request.POST.get("state", ""),
            acting_user=request.actor,
        )
    except (BadInput, Conflict) as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("The view “{name}” is kept.").format(name=changed.name))
    return redirect(reverse("inbox") + read_asked(asked).query)


@door("inbox.view")
@require_POST
def delete(request: Request, view_id: uuid.UUID) -> HttpResponseBase:
    gone = delete_view(view_id, acting_user=request.actor)
    told = {"query": gone.query, "name": gone.name, "shared": "1" if gone.shared else ""}
    undo = f"{reverse('inbox_view_save')}?{urlencode(told)}"
    messages.success(request, _("The view “{name}” is gone.").format(name=gone.name), extra_tags=undo)
    return redirect(reverse("inbox") + gone.query)
