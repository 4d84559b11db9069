"""How the person signs mails: one signature for all mailboxes, and others for some."""

import uuid
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parcours.core.errors import NotFound, ParcoursError
from parcours.inbox import reads
from parcours.inbox.channels import channel_of
from parcours.inbox.desk import signatures as kept
from parcours.inbox.desk.replies import LANGUAGES, filled, first_name
from parcours.web.doors import Request, door


@door("inbox.reply")
@require_http_methods(["GET", "POST"])
def signature(request: Request) -> HttpResponseBase:
    """`mailbox` names the one whose signature is changed; without it, the one for all of them."""
    problem: ParcoursError | None = None
    if request.method == "POST":
        texts = {language: request.POST.get(language, "") for language in LANGUAGES}
        try:
            kept.save_signature(
                texts, account_id=_mailbox(request.POST.get("mailbox", "")), acting_user=request.actor
            )
        except ParcoursError as fault:
            problem = fault
        else:
            messages.success(request, _("Your signature is saved."))
            return redirect(request.get_full_path())
    mailbox = _mailbox(request.GET.get("mailbox", ""))
    found = kept.signatures_of(request.brand.pk, request.actor.id) if request.actor.id else {}
    kept_texts = found.get(mailbox, {}) if problem is None else {}
    name = request.actor.label
    values = {"agent.name": name, "agent.first_name": first_name(name), "brand.name": request.brand.name}
    context: dict[str, Any] = {
        "here": "signature",
        "mailboxes": [each for each in reads.accounts(request.brand.pk) if channel_of(each.kind).has_subject],
        "mailbox": mailbox,
        "own": set(found),
        "sent": request.POST if problem else kept_texts,
        "previews": [(language, filled(text, values)) for language, text in kept_texts.items()],
        "variables": ["{{" + each + "}}" for each in kept.VARIABLES],
        "problem": problem,
    }
    return render(request, "inbox/signature.html", context, status=problem.status if problem else 200)


def _mailbox(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise NotFound(_("There is no such account."), where="mailbox") from error
