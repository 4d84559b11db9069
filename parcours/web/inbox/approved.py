"""Approved templates: chosen and filled when free words can't be sent any more."""

import uuid

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parcours.core.errors import ParcoursError
from parcours.inbox import reads
from parcours.inbox.desk.templates import send_template, templates_for
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door
from parcours.web.inbox.replies import values_of
from parcours.web.inbox.saying import answer, message_id_of


@door("inbox.reply")
@require_http_methods(["GET", "POST"])
def approved(request: Request, conversation_id: uuid.UUID) -> HttpResponseBase:
    """The templates that may be sent now; with `template` (name/language) and `value`s one of them is."""
    found = reads.conversation(request.brand.pk, conversation_id)
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            sent = send_template(
                conversation_id,
                request.POST.get("template", ""),
                request.POST.getlist("value"),
                acting_user=request.actor,
                message_id=message_id_of(request),
            )
        except ParcoursError as fault:
            if wants_fragment(request):
                raise
            problem = fault
        else:
            return answer(request, conversation_id, sent.pk, lambda: _("The template is on its way."))
    context = {
        "here": "inbox",
        "conversation": found,
        "templates": templates_for(request.brand.pk, conversation_id),
        "known": [value for value in dict.fromkeys(values_of(request, found).values()) if value],
        "problem": problem,
    }
    page = "inbox/approved_form.html" if wants_fragment(request) else "inbox/approved.html"
    return render(request, page, context, status=problem.status if problem else 200)
