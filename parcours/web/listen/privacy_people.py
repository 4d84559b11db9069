"""One customer's consents and rights, and the certificates of those who were erased."""

import uuid
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.core.errors import NotFound
from parcours.customers import reads
from parcours.customers.consent import ledger as consent
from parcours.customers.consent.links import preferences_link
from parcours.customers.consent.purposes import purpose, purposes
from parcours.customers.copies.one_person import do_export_customer, file_name
from parcours.customers.erasure import carrying_out as erasure
from parcours.customers.erasure import requests as asked
from parcours.customers.privacy_enums import ConsentMethod, ConsentState, ErasureState
from parcours.web.doors import Request, door

PLACES = {
    "events": gettext_lazy("Events"),
    "profiles": gettext_lazy("Profiles"),
    "identities": gettext_lazy("Identities"),
    "consents": gettext_lazy("Consents"),
    "merges": gettext_lazy("Merges"),
    "likenesses": gettext_lazy("Suggested merges"),
    "claims": gettext_lazy("Claims to identities"),
    "group memberships": gettext_lazy("Memberships of groups"),
    "empty groups": gettext_lazy("Groups without other members"),
    "requests": gettext_lazy("Requests"),
    "rejected rows": gettext_lazy("Rejected rows of imports"),
    "waiting files": gettext_lazy("Files that waited to be taken in"),
    "live updates": gettext_lazy("Live messages"),
    "journal words": gettext_lazy("Entries of the journal, blacked out"),
    "shop deliveries": gettext_lazy("What shops sent"),
    "carts": gettext_lazy("Carts"),
    "messages": gettext_lazy("Messages as they were received"),
    "refused messages": gettext_lazy("Messages that were refused"),
}


@door("consent.edit")
@require_GET
def person(request: Request, customer_id: int) -> HttpResponse:
    customer = reads.customer(request.brand, customer_id)
    ledger = consent.consents_of(request.brand, customer.id)
    newest: dict[tuple[str, str], consent.ConsentView] = {}
    for row in ledger:
        newest.setdefault((row.purpose, row.channel), row)
    named = purposes(request.brand)
    names = {(each.key, each.channel): each.name for each in named}
    context = {
        "tab": "customers",
        "customer": customer,
        "purposes": [{"purpose": each, "said": newest.get((each.key, each.channel))} for each in named],
        "ledger": [{"row": row, "name": names.get((row.purpose, row.channel), _code(row))} for row in ledger],
        "link": request.build_absolute_uri(preferences_link(request.brand, customer.id)),
        "waiting": asked.asked_already(request.brand, customer.id),
    }
    return render(request, "listen/privacy_person.html", context)


@door("consent.edit")
@require_POST
def say(request: Request, customer_id: int) -> HttpResponse:
    """What the customer told an agent."""
    customer = reads.customer(request.brand, customer_id)
    chosen = purpose(request.brand, _uuid(request.POST.get("purpose", "")))
    state = request.POST.get("state", "")
    said = consent.Said(
        customer.id,
        chosen.key,
        state,
        chosen.channel,
        wording_id=chosen.wording_id if state == ConsentState.GRANTED else None,
        language=(get_language() or "en")[:2],
    )
    consent.record_consents(request.brand, [said], method=ConsentMethod.AGENT, acting_user=request.actor)
    messages.success(request, _("Noted with the time and your name."))
    return redirect("customer_privacy", customer.id)


@door("consent.edit")
@require_POST
def export(request: Request, customer_id: int) -> HttpResponse:
    file = BytesIO()
    do_export_customer(request.brand, customer_id, file, acting_user=request.actor)
    answer = HttpResponse(file.getvalue(), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(customer_id)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@door("customers.erase")
@require_http_methods(["GET", "POST"])
def erase(request: Request, customer_id: int) -> HttpResponse:
    """Asks once, for there is no way back; then a job does it."""
    customer = reads.customer(request.brand, customer_id)
    context: dict[str, Any] = {"tab": "customers", "customer": customer}
    if request.method == "POST":
        if request.POST.get("number", "").strip() == str(customer.id):
            reason = request.POST.get("reason", "").strip()
            begun = erasure.do_erase_later(
                request.brand, [customer.id], acting_user=request.actor, reason=reason
            )
            return redirect("certificate", begun.pk)
        context["problem"] = _("This is not the number of this customer; nothing was erased.")
    return render(request, "listen/privacy_erase.html", context, status=422 if "problem" in context else 200)


@door("customers.erase")
@require_GET
def certificates(request: Request) -> HttpResponse:
    context = {"tab": "privacy", "erasures": erasure.erasures(request.brand)}
    return render(request, "listen/privacy_certificates.html", context)


@door("customers.erase")
@require_GET
def certificate(request: Request, erasure_id: uuid.UUID) -> HttpResponse:
    row = erasure.erasure_of(request.brand, erasure_id)
    context = {
        "tab": "privacy",
        "erasure": row,
        "places": [(PLACES.get(place, place), rows) for place, rows in row.counts.items()],
        "running": row.state == ErasureState.RUNNING,
        "unchanged": row.state == ErasureState.DONE and erasure.is_unchanged(row),
    }
    return render(request, "listen/privacy_certificate.html", context)


@door("customers.erase")
@require_GET
def certificate_json(request: Request, erasure_id: uuid.UUID) -> HttpResponse:
    row = erasure.erasure_of(request.brand, erasure_id)
    answer = JsonResponse(erasure.certificate(row), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = f'attachment; filename="erasure-{row.pk}.json"'
    return answer


def _code(row: consent.ConsentView) -> str:
    return f"{row.purpose}.{row.channel}" if row.channel else row.purpose


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound(_("There is no such purpose.")) from error
