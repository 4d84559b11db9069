"""What the desk does to a comment on the platform itself: hides it, likes it."""

import uuid

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from parcours.inbox.writes.moderating import do_on_platform
from parcours.web.doors import Request, door


@door("inbox.reply")
@require_POST
def do(request: Request, message_id: uuid.UUID, deed: str) -> HttpResponseBase:
    """Open pages hear of it and fetch the message anew; this one comes back to the conversation."""
    message = do_on_platform(message_id, deed, acting_user=request.actor)
    return redirect("inbox_conversation", message.conversation_id)
