"""“Look now”: has the log looked at for one journey."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parcours.canvas import reads
from parcours.insights.proposing import ask_to_look
from parcours.web.doors import Request, door


@door("canvas.edit")
@require_POST
def look(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    reads.journey(request.brand.pk, journey_id)
    ask_to_look(request.brand.pk, journey_id)
    messages.success(request, _("The log is being looked at. What is found will stand here."))
    return redirect("map_proposals", journey_id)
