"""Pages for customers: what they allow, and what they ask. The signed link is the key; there is no sign-in.

A GET never changes anything, for scanners follow links; a POST needs no cookie (RFC 8058).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parcours.accounts.models import Brand
from parcours.accounts.reads import all_brands
from parcours.accounts.rights import Actor, system_actor
from parcours.core.errors import NotFound, ParcoursError
from parcours.customers import reads
from parcours.customers.consent import ledger as consent
from parcours.customers.consent.links import Link, LinkRanOut, read_link
from parcours.customers.consent.purposes import PurposeView, purposes
from parcours.customers.erasure.requests import asked_already, do_ask
from parcours.customers.privacy_enums import ConsentMethod, ConsentState
from parcours.web.doors import open_door

View = Callable[[HttpRequest, str], HttpResponseBase]
DONE = ("saved", "asked")


def public(view: View) -> View:
    """Open to whoever has the link; answers faults as plain pages, and is kept by no cache and no search."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponseBase:
        try:
            answer = view(request, token)
        except ParcoursError as fault:
            context = {"fault": fault, "may_withdraw": isinstance(fault, LinkRanOut)}
            answer = render(request, "preferences/fault.html", context, status=fault.status)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    return open_door(csrf_exempt(opened))


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came, with which brand's link, and in which language they read."""

    brand: Brand
    customer: reads.CustomerView
    language: str

    @property
    def actor(self) -> Actor:
        return system_actor(self.brand.pk, _("the customer"))


@public
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponseBase:
    """Everything the customer may allow, and their rights."""
    withdraws_all = request.method == "POST" and request.POST.get("all") == ConsentState.DENIED
    visit = _visit(request, read_link(token, ever=withdraws_all))
    if request.method != "POST":
        return _page(request, visit)
    if withdraws_all:
        _say(visit, purposes(visit.brand), ConsentState.DENIED, ConsentMethod.PAGE)
        return _said(request, visit, _("You have withdrawn everything. Nothing more is needed."))
    done = _do(request, visit)
    return redirect(f"{request.path}?language={visit.language}&done={done}")


@public
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """One click in a mail program, or a button here. It never runs out."""
    link = read_link(token, ever=True)
    visit = _visit(request, link)
    every = purposes(visit.brand)
    wanted = [each for each in every if (each.key, each.channel) == (link.purpose, link.channel)] or every
    if request.method == "POST":
        _say(visit, wanted, ConsentState.DENIED, ConsentMethod.ONE_CLICK)
        return _said(request, visit, _("Done: you get no more of these."))
    context = {"brand_name": visit.brand.name, "purposes": wanted, "languages": settings.LANGUAGES}
    return render(request, "preferences/unsubscribe.html", context)


def _visit(request: HttpRequest, link: Link) -> Visit:
    """Raises NotFound for people and brands that are gone."""
    brand = all_brands().filter(pk=link.brand_id).first()
    if brand is None:
        raise NotFound(_("Nothing is kept about you here."))
    try:
        customer = reads.customer(brand, link.customer_id)
    except NotFound as gone:
        raise NotFound(_("{brand} keeps nothing about you any more.").format(brand=brand.name)) from gone
    return Visit(brand, customer, _speak(request, customer))


def _speak(request: HttpRequest, customer: reads.CustomerView) -> str:
    """The language asked for, else the customer's, else the browser's; in force from here on."""
    known = dict(settings.LANGUAGES)
    wished = (
        request.GET.get("language", ""),
        customer.language[:2].lower(),
        translation.get_language() or "",
    )
    language = next((each for each in wished if each in known), settings.LANGUAGE_CODE)
    translation.activate(language)
    return language


def _do(request: HttpRequest, visit: Visit) -> str:
    """What one of the page's buttons says; returns what the page then tells. Raises NotFound."""
    kind = request.POST.get("ask", "")
    if kind:
        do_ask(visit.brand, visit.customer.id, kind, acting_user=visit.actor, language=visit.language)
        return "asked"
    chosen = [each for each in purposes(visit.brand) if str(each.id) == request.POST.get("purpose")]
    state = request.POST.get("state", "")
    if not chosen or state not in {ConsentState.GRANTED, ConsentState.DENIED}:
        raise NotFound(_("There is no such purpose."))
    _say(visit, chosen, state, ConsentMethod.PAGE)
    return "saved"


def _say(visit: Visit, chosen: Iterable[PurposeView], state: str, method: str) -> None:
    rows = [
        consent.Said(
            visit.customer.id,
            each.key,
            state,
            each.channel,
            wording_id=each.wording_id,
            language=visit.language,
        )
        for each in chosen
    ]
    consent.record_consents(visit.brand, rows, method=method, acting_user=visit.actor)


def _page(request: HttpRequest, visit: Visit) -> HttpResponse:
    said = consent.current_consents(visit.brand, visit.customer.id)
    done = request.GET.get("done", "")
    context = {
        "brand_name": visit.brand.name,
        "time_zone": visit.brand.time_zone,
        "masked": masked(visit.customer.email),
        "purposes": [
            {"purpose": each, "said": said.get((each.key, each.channel))}
            for each in purposes(visit.brand)
            if each.on_page
        ],
        "asked": asked_already(visit.brand, visit.customer.id),
        "done": done if done in DONE else "",
        "language": visit.language,
        "languages": settings.LANGUAGES,
    }
    return render(request, "preferences/preferences.html", context)


def _said(request: HttpRequest, visit: Visit, sentence: str) -> HttpResponse:
    context = {"brand_name": visit.brand.name, "sentence": sentence}
    return render(request, "preferences/said.html", context)


def masked(email: str) -> str:
    """Enough of an address to know one's own: `m…@example.net`."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}" if at else ""
