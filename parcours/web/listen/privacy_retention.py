"""How long things are kept: each rule with what it would remove now."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.core.errors import BadInput, ParcoursError
from parcours.customers.retention import rules as retention
from parcours.customers.tasks import run_retention
from parcours.web.doors import Request, door


@door("brand.manage")
@require_GET
def listing(request: Request) -> HttpResponse:
    return _page(request)


@door("brand.manage")
@require_POST
def change(request: Request, rule: str) -> HttpResponse:
    try:
        chosen = retention.do_set_rule(
            request.brand,
            rule,
            days=_days(request.POST.get("days", "")),
            enabled="enabled" in request.POST,
            acting_user=request.actor,
        )
    except BadInput as fault:
        return _page(request, problem=fault)
    messages.success(request, _("Saved. It runs every night.") if chosen.enabled else _("Saved. It is off."))
    return redirect("retention_rules")


@door("brand.manage")
@require_GET
def preview(request: Request, rule: str) -> HttpResponse:
    """What the rule would remove if it ran now."""
    known = retention.rule(request.brand, rule)
    try:
        count = retention.would_remove(request.brand, known.key, _days(request.GET.get("days", "")))
    except BadInput as fault:
        return render(request, "listen/privacy_preview.html", {"problem": fault})
    return render(request, "listen/privacy_preview.html", {"count": count})


@door("brand.manage")
@require_POST
def run(request: Request) -> HttpResponse:
    """Runs the rules now instead of tonight."""
    lock = f"retention.{request.brand.pk}"
    run_retention.configure(lock=lock).defer(brand_id=str(request.brand.pk))
    messages.success(request, _("The rules that are on are running; this page tells what they removed."))
    return redirect("retention_rules")


def _page(request: Request, *, problem: ParcoursError | None = None) -> HttpResponse:
    context = {"tab": "privacy", "rules": retention.rules(request.brand), "problem": problem}
    return render(request, "listen/privacy_retention.html", context, status=422 if problem else 200)


def _days(text: str) -> int:
    """Raises BadInput."""
    if not text.strip().isdecimal() or len(text) > 6:
        raise BadInput(_("Write a number of days."), where="days")
    return int(text)
