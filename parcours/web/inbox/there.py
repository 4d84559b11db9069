"""Who is there: saying so oneself, the desk's heartbeat, and taking the next conversation."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from parcours.core.errors import BadInput
from parcours.inbox.routing import reads
from parcours.inbox.routing.agents import release as release_all
from parcours.inbox.routing.assigning import take_next
from parcours.inbox.routing.enums import SILENT, UNANSWERED, State
from parcours.inbox.routing.presence import seen as note_seen
from parcours.inbox.routing.presence import set_state
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door

REASONS = (
    gettext_lazy("Break"),
    gettext_lazy("Lunch"),
    gettext_lazy("Meeting"),
    gettext_lazy("Other work"),
)
"""Why people are away, for the menu; any other word may be typed."""


@door("inbox.reply")
@require_POST
def presence(request: Request) -> HttpResponseBase:
    """`state` and `reason` of oneself, or of the colleague `person` by whoever manages the inbox."""
    person = _person(request)
    set_state(
        person, request.POST.get("state", ""), request.POST.get("reason", ""), acting_user=request.actor
    )
    if wants_fragment(request):
        return JsonResponse(mine(request))
    return redirect("inbox" if person == request.actor.id else "inbox_supervisor")


@door("inbox.reply")
@require_POST
def heartbeat(request: Request) -> JsonResponse:
    """The desk is open; how the person is there and how much they have."""
    if request.actor.id is not None:
        note_seen(request.actor.id, request.brand.pk)
    return JsonResponse(mine(request))


@door("inbox.manage")
@require_POST
def release(request: Request) -> HttpResponseBase:
    """What the colleague `person` has waits for others."""
    number = release_all(_person(request), acting_user=request.actor)
    said = ngettext(
        "{n} conversation waits for somebody else.", "{n} conversations wait for somebody else.", number
    ).format(n=number)
    if wants_fragment(request):
        return JsonResponse({"said": said, "count": number})
    messages.success(request, said)
    return redirect("inbox_supervisor")


@door("inbox.reply")
@require_POST
def take(request: Request) -> HttpResponseBase:
    """The next conversation that waits becomes one's own and is opened."""
    found = take_next(acting_user=request.actor)
    nothing = _("Nobody waits for an answer without having somebody.")
    if wants_fragment(request):
        url = reverse("inbox_conversation", args=[found.pk]) if found else ""
        return JsonResponse({"url": url, "said": "" if found else nothing})
    if found is not None:
        return redirect("inbox_conversation", found.pk)
    messages.info(request, nothing)
    return redirect("inbox")


def mine(request: Request) -> dict[str, Any]:
    """How the person is there: `words` for people, `load` as “3 of 5”."""
    me = request.actor.id
    if me is None:
        return {"state": State.OFFLINE.value, "words": State.OFFLINE.label, "load": ""}
    here = reads.presence(request.brand.pk, me)
    busy, most = reads.load_of(request.brand.pk, me)
    return {
        "state": str(here.state),
        "words": state_words(here.state, here.reason),
        "load": _("{n} of {most}").format(n=busy, most=most),
    }


def state_words(state: str, reason: str) -> str:
    """“Away: lunch”; somebody whose desk went quiet is offline without a word of their own."""
    known = {SILENT: _("no sign of their desk"), UNANSWERED: _("a chat was not answered")}
    said = known.get(reason, reason)
    label = str(State(state).label)
    return _("{state}: {reason}").format(state=label, reason=said) if said else label


def _person(request: Request) -> uuid.UUID:
    text = request.POST.get("person", "") or str(request.actor.id or "")
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where="person") from error
