"""Mails about notices: when one gets them, stopping them from a mail, and those that never arrived."""

import uuid
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.accounts.models import Person
from parcours.accounts.reads import all_brands
from parcours.core.errors import NotFound
from parcours.notices import reads, writes
from parcours.notices.enums import MailWhen
from parcours.notices.kinds import kind_named
from parcours.notices.links import DIGEST, read_stop_link
from parcours.web.doors import Request, door, open_door


@door("account.own")
@require_POST
def choose(request: Request) -> HttpResponseBase:
    """When the person gets mails, kind by kind."""
    person_id = cast(Person, request.user).pk
    choices = reads.mail_choices(request.brand.pk, person_id)
    chosen = {each.kind: request.POST.get(each.kind, each.choice) for each in choices}
    writes.choose_mails(request.brand.pk, person_id, chosen)
    messages.success(request, _("Saved."))
    return redirect("me")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """One click in a mail program, or a button here. A GET changes nothing, for scanners follow links."""
    link = read_stop_link(token)
    brand = all_brands().filter(pk=link.brand_id).first()
    if brand is None:
        raise NotFound(_("There is no such brand any more."))
    choices = reads.mail_choices(link.brand_id, link.person_id)
    kinds = [link.kind]
    if link.kind == DIGEST:
        kinds = [each.kind for each in choices if each.choice == MailWhen.DAILY]
    if request.method == "POST":
        known = {each.kind for each in choices}
        stopped = {kind: MailWhen.NEVER.value for kind in kinds if kind in known}
        writes.choose_mails(link.brand_id, link.person_id, stopped)
    context = {
        "brand_name": brand.name,
        "kinds": [kind_named(kind).label for kind in kinds],
        "done": request.method == "POST",
    }
    answer = render(request, "notices/stop.html", context)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


open_door(stop)


@door("people.manage")
@require_GET
def failed(request: Request) -> HttpResponse:
    """Mails that were given up, and why."""
    return render(request, "notices/mails.html", {"mails": reads.failed_mails(request.actor)})


@door("people.manage")
@require_POST
def again(request: Request, mail_id: uuid.UUID) -> HttpResponseBase:
    writes.send_again(mail_id, acting_user=request.actor)
    messages.success(request, _("The mail is on its way again."))
    return redirect("notices_mails")
