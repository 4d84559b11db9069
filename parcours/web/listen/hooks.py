"""Shops: connect one, see that it works, change how it is read."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.core.errors import ParcoursError
from parcours.core.ids import new_secret
from parcours.events.hooks import reads
from parcours.events.hooks.enums import DeliveryStatus, Health
from parcours.events.hooks.writes import (
    connect_shop,
    do_change_shop,
    do_disconnect_shop,
    do_set_secret,
    do_set_web_service,
)
from parcours.web.doors import Request, door
from parcours.web.listen.hooks_steps import GUIDES

A_PAGE = 50


@door("events.sources")
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponse:
    """The connected shops, and a form for another."""
    problem: ParcoursError | None = None
    sent = {"kind": request.POST.get("kind", ""), "name": request.POST.get("name", "")}
    if request.method == "POST":
        try:
            account = connect_shop(request.brand, sent["kind"], sent["name"], acting_user=request.actor)
        except ParcoursError as fault:
            problem = fault
        else:
            return redirect("shop", account.pk)
    context = {
        "tab": "shops",
        "shops": reads.shops(request.brand),
        "guides": GUIDES.values(),
        "problem": problem,
        "sent": sent,
    }
    return render(request, "listen/shops.html", context, status=problem.status if problem else 200)


@door("events.sources")
@require_GET
def show(request: Request, account_id: uuid.UUID) -> HttpResponse:
    return _page(request, reads.shop(request.brand, account_id))


@door("events.sources")
@require_GET
def state(request: Request, account_id: uuid.UUID) -> HttpResponse:
    """The part of the page that asks for itself again while the first delivery is awaited."""
    return render(request, "listen/shop_state.html", _state(request, reads.shop(request.brand, account_id)))


@door("events.sources")
@require_POST
def secret(request: Request, account_id: uuid.UUID) -> HttpResponse:
    view = reads.shop(request.brand, account_id)
    try:
        do_set_secret(view.account, request.POST.get("secret", ""), acting_user=request.actor)
    except ParcoursError as fault:
        return _page(request, view, problem=fault)
    messages.success(request, _("The secret was stored. What the shop sends now is taken in."))
    return redirect("shop", account_id)


@door("events.sources")
@require_POST
def change(request: Request, account_id: uuid.UUID) -> HttpResponse:
    view = reads.shop(request.brand, account_id)
    try:
        do_change_shop(
            view.account,
            customer_prefix=request.POST.get("customer_prefix", ""),
            time_zone=request.POST.get("time_zone", ""),
            counts_orders="counts_orders" in request.POST,
            acting_user=request.actor,
        )
    except ParcoursError as fault:
        return _page(request, view, problem=fault)
    messages.success(request, _("This holds for what arrives from now on."))
    return redirect("shop", account_id)


@door("events.sources")
@require_POST
def web_service(request: Request, account_id: uuid.UUID) -> HttpResponse:
    """Where the shop is asked."""
    view = reads.shop(request.brand, account_id)
    url, key = request.POST.get("shop_url", ""), request.POST.get("api_key", "")
    try:
        do_set_web_service(view.account, url, key, acting_user=request.actor)
    except ParcoursError as fault:
        return _page(request, view, problem=fault)
    messages.success(
        request,
        _("Parcours asks the shop every five minutes from now on.")
        if url
        else _("The shop isn’t asked any more."),
    )
    return redirect("shop", account_id)


@door("events.sources")
@require_POST
def remove(request: Request, account_id: uuid.UUID) -> HttpResponse:
    with transaction.atomic():
        do_disconnect_shop(reads.shop(request.brand, account_id).account, acting_user=request.actor)
    messages.success(request, _("The shop was disconnected. Its events are kept."))
    return redirect("shops")


def _page(request: Request, view: reads.ShopView, problem: ParcoursError | None = None) -> HttpResponse:
    guide = GUIDES[view.account.kind]
    address = _address(request, view)
    context = {
        **_state(request, view),
        "tab": "shops",
        "guide": guide,
        "address": address,
        "unreachable": _is_unreachable(address),
        "suggested": new_secret("shop") if guide.made_up and not view.account.secret else "",
        "problem": problem,
    }
    return render(request, "listen/shop.html", context, status=problem.status if problem else 200)


def _state(request: Request, view: reads.ShopView) -> dict[str, Any]:
    status, topic = request.GET.get("status", ""), request.GET.get("topic", "")
    before = _uuid(request.GET.get("before", ""))
    rows = list(reads.deliveries(view.account, status=status, topic=topic, before=before)[: A_PAGE + 1])
    return {
        "shop": view,
        "waits": view.health == Health.WAITING and bool(view.account.secret or view.account.shop_url),
        "deliveries": rows[:A_PAGE],
        "further": rows[A_PAGE - 1].pk if len(rows) > A_PAGE else None,
        "statuses": DeliveryStatus.choices,
        "topics": reads.topics(view.account),
        "status": status,
        "topic": topic,
        "before": before,
    }


def _address(request: Request, view: reads.ShopView) -> str:
    path = reverse("hook", args=[view.account.kind, view.account.pk])
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def _is_unreachable(address: str) -> bool:
    """Shops send over https only, and to names that they can find."""
    parts = urlsplit(address)
    return parts.scheme != "https" or parts.hostname in {"localhost", "127.0.0.1", "::1"}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
