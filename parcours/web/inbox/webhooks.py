"""Webhooks: which programs are told what, how that went, and once more."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.core.errors import BadInput, NotFound, ParcoursError
from parcours.inbox.channels import channels
from parcours.inbox.webhooks import reads, writes
from parcours.inbox.webhooks.kinds import known_kinds
from parcours.inbox.webhooks.models import DeliveryStatus
from parcours.inbox.webhooks.reads import EndpointView
from parcours.web.doors import Request, door

A_PAGE = 50


@door("brand.manage")
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponse:
    """Every endpoint, and the form of another one; its secret is shown in the answer, this once."""
    problem: ParcoursError | None = None
    secret, added = "", None
    if request.method == "POST":
        try:
            added, secret = writes.add_endpoint(_wanted(request.POST), acting_user=request.actor)
        except ParcoursError as fault:
            problem = fault
    context = {
        "here": "webhooks",
        "endpoints": reads.endpoints(request.brand.pk),
        "added": added,
        "secret": secret,
        "problem": problem,
        **_form(request.POST if problem else None, None),
    }
    return render(request, "inbox/webhooks.html", context, status=problem.status if problem else 200)


@door("brand.manage")
@require_http_methods(["GET", "POST"])
def show(request: Request, webhook_id: uuid.UUID) -> HttpResponseBase:
    """An endpoint: how it does, its settings, and the log of what it was sent (`status`, `before`)."""
    if request.method == "POST":
        try:
            writes.change_endpoint(webhook_id, _wanted(request.POST), acting_user=request.actor)
        except BadInput as fault:
            return _page(request, reads.endpoint(request.brand.pk, webhook_id), problem=fault)
        messages.success(request, _("The settings were saved."))
        return redirect("inbox_webhook", webhook_id)
    return _page(request, reads.endpoint(request.brand.pk, webhook_id))


@door("brand.manage")
@require_POST
def act(request: Request, webhook_id: uuid.UUID, deed: str) -> HttpResponseBase:
    """One of DEEDS."""
    if deed not in DEEDS:
        raise NotFound(_("There is no such action."), where=deed)
    endpoint = reads.endpoint(request.brand.pk, webhook_id)
    return DEEDS[deed](request, endpoint)


def _test(request: Request, endpoint: EndpointView) -> HttpResponseBase:
    delivery = writes.send_test(endpoint.id, acting_user=request.actor)
    if delivery.status == DeliveryStatus.SENT:
        messages.success(request, _("The test arrived."))
    else:
        messages.error(request, _("The test didn’t arrive. What was answered stands here."))
    return redirect("inbox_webhook_delivery", delivery.pk)


def _renew(request: Request, endpoint: EndpointView) -> HttpResponseBase:
    _row, secret = writes.renew_secret(endpoint.id, acting_user=request.actor)
    return _page(request, reads.endpoint(request.brand.pk, endpoint.id), secret=secret)


def _switch(request: Request, endpoint: EndpointView) -> HttpResponseBase:
    is_on = bool(request.POST.get("on"))
    writes.switch_endpoint(endpoint.id, is_on=is_on, acting_user=request.actor)
    said = _("{name} is on.") if is_on else _("{name} is off. What happens is kept, to be sent later.")
    messages.success(request, said.format(name=endpoint.name))
    return redirect("inbox_webhook", endpoint.id)


def _replay(request: Request, endpoint: EndpointView) -> HttpResponseBase:
    try:
        since = _moment(request.POST.get("since", ""), ZoneInfo(request.brand.time_zone))
        number = writes.replay(
            endpoint.id, since, acting_user=request.actor, also_delivered=bool(request.POST.get("all"))
        )
    except ParcoursError as fault:
        return _page(request, endpoint, problem=fault)
    said = ngettext("{n} event is being sent.", "{n} events are being sent.", number)
    messages.success(request, said.format(n=number))
    return redirect("inbox_webhook", endpoint.id)


def _remove(request: Request, endpoint: EndpointView) -> HttpResponseBase:
    writes.remove_endpoint(endpoint.id, acting_user=request.actor)
    messages.success(request, _("{name} isn’t told anything any more.").format(name=endpoint.name))
    return redirect("inbox_webhooks")


DEEDS: Mapping[str, Callable[[Request, EndpointView], HttpResponseBase]] = {
    "test": _test,
    "renew": _renew,
    "switch": _switch,
    "replay": _replay,
    "remove": _remove,
}


@door("brand.manage")
@require_GET
def delivery(request: Request, delivery_id: uuid.UUID) -> HttpResponse:
    """One event on its way to one endpoint: what was sent, and every answer."""
    found = reads.delivery(request.brand.pk, delivery_id)
    endpoint = reads.endpoint(request.brand.pk, found.endpoint_id)
    context = {"here": "webhooks", "endpoint": endpoint, "delivery": found}
    return render(request, "inbox/webhook_delivery.html", context)


@door("brand.manage")
@require_POST
def again(request: Request, delivery_id: uuid.UUID) -> HttpResponseBase:
    writes.send_again(delivery_id, acting_user=request.actor)
    messages.success(request, _("It is being sent again, under the same name."))
    return redirect("inbox_webhook_delivery", delivery_id)


def _page(
    request: Request, endpoint: EndpointView, *, problem: ParcoursError | None = None, secret: str = ""
) -> HttpResponse:
    status = request.GET.get("status", "")
    found = reads.deliveries(
        endpoint.id, status=status, before=_uuid(request.GET.get("before", "")), limit=A_PAGE + 1
    )
    context = {
        "here": "webhooks",
        "endpoint": endpoint,
        "secret": secret,
        "problem": problem,
        "deliveries": found[:A_PAGE],
        "older": found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        "status": status,
        "statuses": DeliveryStatus.choices,
        **_form(request.POST if problem and "url" in request.POST else None, endpoint),
    }
    return render(request, "inbox/webhook.html", context, status=problem.status if problem else 200)


def _form(sent: QueryDict | None, endpoint: EndpointView | None) -> dict[str, Any]:
    """What stands in the form: what was sent and refused, else what is stored, else what is usual."""
    chosen, of_channels = (endpoint.kinds, endpoint.channels) if endpoint else ((), ())
    values: dict[str, Any] = {
        "name": endpoint.name if endpoint else "",
        "url": endpoint.url if endpoint else "",
        "with_text": endpoint.with_text if endpoint else False,
        "some": bool(chosen),
    }
    if sent is not None:
        wanted = _wanted(sent)
        chosen, of_channels = tuple(sent.getlist("kinds")), tuple(wanted.channels)
        values = {
            "name": wanted.name,
            "url": wanted.url,
            "with_text": wanted.with_text,
            "some": bool(wanted.kinds),
        }
    groups = [
        (group, [(key, kind.label, key in chosen) for key, kind in of_group])
        for group, of_group in groupby(known_kinds().items(), key=lambda each: str(each[1].group))
    ]
    known = [(key, channel.label, key in of_channels) for key, channel in channels().items()]
    return {"values": values, "groups": groups, "channels": known}


def _wanted(sent: QueryDict) -> writes.Wanted:
    return writes.Wanted(
        name=sent.get("name", ""),
        url=sent.get("url", ""),
        kinds=sent.getlist("kinds"),
        channels=sent.getlist("channels"),
        with_text=bool(sent.get("with_text")),
    )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError as error:
        raise BadInput(_("Say since when."), where="since") from error


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise NotFound(_("There is no such delivery."), where=text) from error
