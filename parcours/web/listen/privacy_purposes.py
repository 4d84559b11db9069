"""What customers are asked to allow, and with which words."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parcours.core.errors import BadInput, Conflict
from parcours.customers.consent.purposes import (
    CHANNELS,
    LANGUAGES,
    do_add_purpose,
    do_change_purpose,
    purpose,
    wordings,
)
from parcours.web.doors import Request, door


@door("brand.manage")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    if request.method != "POST":
        return _form(request, {"channels": CHANNELS})
    sent = _sent(request)
    try:
        do_add_purpose(
            request.brand,
            request.POST.get("key", "").strip(),
            channel=request.POST.get("channel", ""),
            names=sent["names"],
            texts=sent["texts"],
            acting_user=request.actor,
        )
    except (BadInput, Conflict) as fault:
        kept = {"key": request.POST.get("key", ""), "channel": request.POST.get("channel", ""), **sent}
        return _form(request, {"channels": CHANNELS, "problem": fault, **kept}, status=422)
    messages.success(request, _("Customers are asked this from now on."))
    return redirect("privacy")


@door("brand.manage")
@require_http_methods(["GET", "POST"])
def change(request: Request, purpose_id: uuid.UUID) -> HttpResponse:
    current = purpose(request.brand, purpose_id)
    context = {"purpose": current, "versions": wordings(request.brand, purpose_id)}
    shown = {"names": current.names, "texts": current.texts, "on_page": current.on_page}
    if request.method != "POST":
        return _form(request, {**context, **shown})
    sent = _sent(request)
    try:
        changed = do_change_purpose(
            request.brand,
            purpose_id,
            names=sent["names"],
            texts=sent["texts"],
            on_page=sent["on_page"],
            acting_user=request.actor,
        )
    except BadInput as fault:
        return _form(request, {**context, **sent, "problem": fault}, status=422)
    if changed.version > current.version:
        messages.success(request, _("Saved. Customers see the new words from now on; the old ones are kept."))
    else:
        messages.success(request, _("Saved."))
    return redirect("privacy")


def _sent(request: Request) -> dict[str, Any]:
    return {
        "names": {each: request.POST.get(f"name_{each}", "") for each in LANGUAGES},
        "texts": {each: request.POST.get(f"text_{each}", "") for each in LANGUAGES},
        "on_page": "on_page" in request.POST,
    }


def _form(request: Request, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    spoken = {"fr": _("in French"), "en": _("in English")}
    languages = [
        {
            "code": each,
            "label": spoken[each],
            "name": context.get("names", {}).get(each, ""),
            "text": context.get("texts", {}).get(each, ""),
        }
        for each in LANGUAGES
    ]
    context = {"tab": "privacy", "languages": languages, **context}
    return render(request, "listen/privacy_purpose.html", context, status=status)
