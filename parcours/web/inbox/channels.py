"""Channels: connect an account, see what it brings and sends, try again what went wrong."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.core.errors import NotFound, ParcoursError
from parcours.inbox import channels as kinds
from parcours.inbox import reads, writes
from parcours.inbox.channels.base import Channel, Setting
from parcours.inbox.desk import arrivals as arrived
from parcours.inbox.desk.accounts import entering, made_secrets, test_account
from parcours.inbox.enums import ArrivalStatus
from parcours.inbox.placing.watching import facts_of, sentence
from parcours.inbox.reads.health import health
from parcours.inbox.shapes import AccountView
from parcours.web.doors import Request, door


@dataclass(frozen=True, slots=True)
class Field:
    """A setting with what stands in it; `stored` says that a secret is there, which isn't shown."""

    setting: Setting
    value: Any
    stored: bool = False
    error: str = ""

    @property
    def needs_words(self) -> bool:
        return self.setting.required and not self.stored


@door("inbox.manage")
@require_GET
def listing(request: Request) -> HttpResponse:
    """The brand's accounts, and the channels on which another can be connected."""
    found = health(request.brand.pk, request.brand.time_zone)
    context = {
        "here": "channels",
        "accounts": reads.accounts(request.brand.pk),
        "troubles": {
            each.account_id: [sentence(facts_of(each, kind)) for kind in each.troubles] for each in found
        },
        "channels": kinds.channels().values(),
        "dead": len(arrived.dead_letters(request.brand.pk)),
    }
    return render(request, "inbox/channels.html", context)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def new(request: Request, kind: str) -> HttpResponseBase:
    """The form of a channel, made from its settings."""
    channel = kinds.channel_of(kind)
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            account = writes.add_account(
                request.brand,
                kind,
                request.POST.get("name", ""),
                _given(channel, request.POST),
                address=request.POST.get("set-address", ""),
                language=request.POST.get("account_language", ""),
                acting_user=request.actor,
            )
        except ParcoursError as fault:
            problem = fault
        else:
            messages.success(request, _("{name} is connected.").format(name=account.name))
            return redirect("inbox_channel", account.pk)
    context = {
        "here": "channels",
        "channel": channel,
        "fields": _fields(channel, None, request.POST, problem),
        "sent": request.POST,
        "problem": problem,
    }
    return render(request, "inbox/channel_new.html", context, status=problem.status if problem else 200)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def show(request: Request, account_id: uuid.UUID) -> HttpResponseBase:
    """An account: its state, its settings, and what arrived (`status`, `before`)."""
    problem: ParcoursError | None = None
    if request.method == "POST":
        account = reads.account(request.brand.pk, account_id)
        try:
            writes.change_account(
                account_id,
                name=request.POST.get("name", ""),
                given=_given(kinds.channel_of(account.kind), request.POST),
                address=request.POST.get("set-address"),
                language=request.POST.get("account_language"),
                acting_user=request.actor,
            )
        except ParcoursError as fault:
            problem = fault
        else:
            messages.success(request, _("The settings were saved."))
            return redirect("inbox_channel", account_id)
    return _page(request, reads.account(request.brand.pk, account_id), problem=problem)


@door("inbox.manage")
@require_POST
def test(request: Request, account_id: uuid.UUID) -> HttpResponseBase:
    """Tries the settings and says in a sentence whether they work."""
    account = reads.account(request.brand.pk, account_id)
    try:
        said = test_account(account_id, acting_user=request.actor)
    except ParcoursError as fault:
        return _page(request, account, problem=fault)
    messages.success(request, said or _("There is nothing to try on this channel."))
    return redirect("inbox_channel", account_id)


@door("inbox.manage")
@require_POST
def switch(request: Request, account_id: uuid.UUID) -> HttpResponseBase:
    """Off, or (`on`) on again."""
    is_on = bool(request.POST.get("on"))
    account = writes.change_account(account_id, enabled=is_on, acting_user=request.actor)
    said = (
        _("{name} is on.")
        if is_on
        else _("{name} is off. Nothing is sent or asked for until it is on again.")
    )
    messages.success(request, said.format(name=account.name))
    return redirect("inbox_channel", account_id)


@door("inbox.manage")
@require_POST
def remove(request: Request, account_id: uuid.UUID) -> HttpResponseBase:
    writes.remove_account(account_id, acting_user=request.actor)
    messages.success(request, _("The account was removed. Its conversations are kept, its secrets are gone."))
    return redirect("inbox_channels")


@door("inbox.manage")
@require_POST
def replay(request: Request, account_id: uuid.UUID) -> HttpResponseBase:
    """Reads again one `arrival`, or everything that wasn't understood."""
    reads.account(request.brand.pk, account_id)
    chosen = request.POST.get("arrival", "")
    if chosen:
        row = arrived.arrival(request.brand.pk, account_id, _uuid(chosen))
        became = writes.do_replay(row.id, acting_user=request.actor)
        label = ArrivalStatus(became.status).label
        messages.success(
            request, _("Read again: {state}. {trouble}").format(state=label, trouble=became.trouble)
        )
        return redirect("inbox_arrival", account_id, row.id)
    good, every = arrived.replay_failed(account_id, acting_user=request.actor)
    said = ngettext("{good} of {n} is understood now.", "{good} of {n} are understood now.", every)
    messages.success(request, said.format(good=good, n=every))
    return redirect("inbox_channel", account_id)


@door("inbox.manage")
@require_GET
def arrival(request: Request, account_id: uuid.UUID, arrival_id: uuid.UUID) -> HttpResponse:
    """One thing that arrived, raw."""
    account = reads.account(request.brand.pk, account_id)
    row = arrived.arrival(request.brand.pk, account_id, arrival_id)
    return render(request, "inbox/arrival.html", {"here": "channels", "account": account, "arrival": row})


@door("inbox.manage")
@require_GET
def dead_letters(request: Request) -> HttpResponse:
    """Messages to customers that couldn't be delivered."""
    context = {"here": "channels", "letters": arrived.dead_letters(request.brand.pk)}
    return render(request, "inbox/dead_letters.html", context)


def _page(request: Request, account: AccountView, problem: ParcoursError | None = None) -> HttpResponse:
    channel = kinds.channel_of(account.kind)
    status = request.GET.get("status", "")
    before = request.GET.get("before", "")
    rows, older = arrived.arrivals(
        request.brand.pk, account.id, status=status, before=_uuid(before) if before else None
    )
    is_called, steps = entering(account.id, acting_user=request.actor)
    shown = is_called or not account.hook_path
    context = {
        "here": "channels",
        "account": account,
        "channel": channel,
        "steps": steps,
        "fields": _fields(channel, account, request.POST if problem else {}, problem),
        "hook": _absolute(request, account.hook_path) if is_called else "",
        "made": made_secrets(account.id, acting_user=request.actor) if shown else [],
        "arrivals": rows,
        "older": older,
        "status": status,
        "statuses": ArrivalStatus.choices,
        "letters": arrived.dead_letters(request.brand.pk, account.id),
        "sent": request.POST,
        "problem": problem,
    }
    return render(request, "inbox/channel.html", context, status=problem.status if problem else 200)


def _fields(
    channel: Channel, account: AccountView | None, sent: Mapping[str, Any], problem: ParcoursError | None
) -> list[Field]:
    found = []
    if channel.address is not None:
        there = account.address if account else ""
        wrong = problem.what if problem and problem.where == "address" else ""
        found.append(Field(channel.address, sent.get("set-address", there), error=wrong))
    for setting in channel.settings:
        if setting.made:
            continue
        stored = account.settings.get(setting.name, "") if account else setting.default
        value = sent.get(f"set-{setting.name}", "" if sent else stored)
        found.append(
            Field(
                setting,
                "" if setting.kind == "secret" else value,
                stored=bool(account and setting.name in account.secrets_set),
                error=problem.what if problem and problem.where == setting.name else "",
            )
        )
    return found


def _given(channel: Channel, sent: Mapping[str, Any]) -> dict[str, str]:
    """What the form holds, by the names of the settings; a box that isn't ticked sends nothing."""
    return {
        setting.name: str(sent.get(f"set-{setting.name}", ""))
        for setting in channel.settings
        if not setting.made
    }


def _absolute(request: Request, path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound(_("There is no such arrival."), where=text) from error
