"""What a shop sent, one by one: the payload, what was made of it, and once more."""

import json
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.core.errors import ParcoursError
from parcours.events.hooks import reads
from parcours.events.hooks.enums import DeliveryStatus
from parcours.events.hooks.models import HookDelivery
from parcours.events.hooks.writes import do_replay, do_replay_failed
from parcours.web.doors import Request, door

MOST_SHOWN = 200_000


@door("events.sources")
@require_GET
def show(request: Request, delivery_id: uuid.UUID) -> HttpResponse:
    return _page(request, reads.delivery(request.brand, delivery_id))


@door("events.sources")
@require_POST
def replay(request: Request, delivery_id: uuid.UUID) -> HttpResponse:
    delivery = reads.delivery(request.brand, delivery_id)
    try:
        delivery = do_replay(delivery, acting_user=request.actor)
    except ParcoursError as fault:
        return _page(request, delivery, problem=fault)
    if delivery.status == DeliveryStatus.FAILED:
        messages.error(request, _("It was read once more and is still not understood."))
    else:
        messages.success(request, _("It was read once more. Nothing is counted twice."))
    return redirect("delivery", delivery.pk)


@door("events.sources")
@require_POST
def replay_failed(request: Request, account_id: uuid.UUID) -> HttpResponse:
    view = reads.shop(request.brand, account_id)
    good, read = do_replay_failed(view.account, acting_user=request.actor)
    told = _("{read} read once more, {good} of them understood now.")
    messages.success(request, told.format(read=read, good=good))
    return redirect("shop", account_id)


def _page(request: Request, delivery: HookDelivery, problem: ParcoursError | None = None) -> HttpResponse:
    payload = _readable(bytes(delivery.body))
    context = {
        "tab": "shops",
        "delivery": delivery,
        "payload": payload[:MOST_SHOWN],
        "is_cut": len(payload) > MOST_SHOWN or len(delivery.body) < delivery.body_size,
        "replayable": delivery.status != DeliveryStatus.REFUSED and delivery.forgotten_at is None,
        "events": [each for each in delivery.events if each[1] == "track"],
        "introductions": sum(each[1] == "identify" for each in delivery.events),
        "problem": problem,
    }
    return render(request, "listen/delivery.html", context, status=problem.status if problem else 200)


def _readable(body: bytes) -> str:
    """The payload with line breaks; what isn't JSON as it came."""
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text
