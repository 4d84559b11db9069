"""What a link shows to whoever has it: a map to look at, behind a password where one is set."""

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.canvas import reads
from parcours.canvas.shapes import Board
from parcours.canvas.shares.reads import ShareOver, may_see_picture, open_share, shared_board
from parcours.canvas.shares.shapes import OpenShare
from parcours.canvas.shares.writes import TooManyTries, count_opening, try_password
from parcours.core.errors import NotFound, ParcoursError
from parcours.core.periods import read_period
from parcours.customers.reads import segment
from parcours.insights.reads import canvas_numbers
from parcours.web.doors import open_door
from parcours.web.shares.embedding import HEIGHT, WIDTH, let_embed, snippet
from parcours.web.versions.still import still_context

COOKIE = "parcours_share"
_SALT = "parcours.share"
_HOURS = 12
_PICTURE_SECONDS = 600


@open_door
@csrf_exempt  # a form of another site could at most spend a try: no cookie is set before the password
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str, journey_id: uuid.UUID | None = None) -> HttpResponse:
    """The map; the form for the password; or, politely, that the link is over."""
    _speak(request)
    try:
        opened = open_share(token)
        if not _let_in(request, opened):
            return _at_the_door(request, opened, token)
        if request.method == "POST":
            return redirect("shared", token)
        return _map(request, opened, token, journey_id or opened.share.journey_id)
    except (ShareOver, NotFound) as fault:
        return _private(render(request, "shares/over.html", {"fault": fault}, status=fault.status))


@open_door
@require_GET
def picture(request: HttpRequest, token: str, picture_id: uuid.UUID) -> HttpResponseBase:
    """A picture that stands on the shared map, and no other."""
    try:
        opened = open_share(token)
    except ParcoursError as fault:
        return HttpResponse(status=fault.status)
    if not _let_in(request, opened) or not may_see_picture(opened, picture_id):
        return HttpResponse(status=404)
    path, digest = reads.picture_file(opened.brand_id, picture_id)
    headers = {
        "ETag": f'"{digest}"',
        "Cache-Control": f"private, max-age={_PICTURE_SECONDS}",
        "Content-Security-Policy": "default-src 'none'",
        "X-Robots-Tag": "noindex",
    }
    if request.headers.get("If-None-Match") == f'"{digest}"':
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(path.read_bytes(), content_type="image/webp", headers=headers)


@open_door
@require_GET
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 for the links that may be shown inside other pages."""
    address = request.GET.get("url", "")
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    parts = urlsplit(address).path.strip("/").split("/")
    try:
        opened = open_share(parts[1] if len(parts) > 1 and parts[0] == "s" else "")
    except ParcoursError:
        return HttpResponse(status=404)
    if not opened.share.origins:
        return HttpResponse(status=401)
    title = reads.journey(opened.brand_id, opened.share.journey_id).title
    width = min(_whole(request, "maxwidth", WIDTH), WIDTH)
    height = min(_whole(request, "maxheight", HEIGHT), HEIGHT)
    here = _absolute(request, reverse("shared", args=[parts[1]]))
    return JsonResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": "Parcours",
            "html": snippet(here, title, width=str(width), height=height),
            "width": width,
            "height": height,
        }
    )


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Where things of the share are; the chosen language goes along."""

    token: str
    language: str

    def journey(self, journey_id: uuid.UUID, opened: OpenShare) -> str:
        if journey_id == opened.share.journey_id:
            return self._with(reverse("shared", args=[self.token]))
        return self._with(reverse("shared_journey", args=[self.token, journey_id]))

    def picture(self, picture_id: uuid.UUID) -> str:
        return reverse("shared_picture", args=[self.token, picture_id])

    def _with(self, path: str) -> str:
        return f"{path}?{urlencode({'lang': self.language})}" if self.language else path


def _map(request: HttpRequest, opened: OpenShare, token: str, journey_id: uuid.UUID) -> HttpResponse:
    brand = brand_by_id(opened.brand_id)
    board = shared_board(opened, journey_id)
    if request.method == "GET":
        count_opening(opened)
    numbers, of = _numbers(brand, board, opened)
    at = _Addresses(token, request.GET.get("lang", ""))
    context = {
        "journey": board.journey,
        "shown_by": brand.name,
        "share": opened.share,
        "numbers_of": of,
        "main": at.journey(opened.share.journey_id, opened) if journey_id != opened.share.journey_id else "",
        "languages": _languages(request),
        "oembed": _oembed_address(request, token) if opened.share.origins else "",
        **still_context(
            board,
            numbers,
            picture=at.picture,
            leads_to={each: at.journey(each, opened) for each in opened.share.opens},
            own_hosts=_own_hosts(request),
        ),
    }
    response = render(request, "shares/shared.html", context)
    return let_embed(_private(response), opened.share)


def _numbers(brand: Brand, board: Board, opened: OpenShare) -> tuple[Any, str]:
    """The numbers with what they are of; none for a share without, or whose segment is gone."""
    if not opened.share.with_numbers:
        return None, ""
    period = read_period({"period": opened.share.period}, brand.time_zone)
    try:
        numbers = canvas_numbers(brand, board, period, opened.share.segment)
        who = segment(brand, opened.share.segment).name if opened.share.segment else _("Everybody")
    except NotFound:
        return None, ""
    return numbers, f"{who} · {period.label}"


def _let_in(request: HttpRequest, opened: OpenShare) -> bool:
    """Without a password everybody; with one, whoever typed it in the last hours."""
    if not opened.share.has_password:
        return True
    value = request.COOKIES.get(COOKIE, "")
    try:
        kept = signing.loads(value, salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        return False
    return bool(kept == [str(opened.share.id), opened.stamp])


def _at_the_door(request: HttpRequest, opened: OpenShare, token: str) -> HttpResponse:
    """Asks for the password; the right one leaves a cookie for this link alone."""
    problem, status = "", 200
    if request.method == "POST":
        try:
            if try_password(opened, request.POST.get("password", "")):
                return _welcome(request, opened, token)
            problem, status = _("This is not the password."), 403
        except TooManyTries as fault:
            problem, status = f"{fault.what} {fault.remedy}", fault.status
    context = {"problem": problem, "languages": _languages(request)}
    return _private(render(request, "shares/password.html", context, status=status))


def _welcome(request: HttpRequest, opened: OpenShare, token: str) -> HttpResponse:
    response = redirect(request.get_full_path())
    response.set_cookie(
        COOKIE,
        signing.dumps([str(opened.share.id), opened.stamp], salt=_SALT),
        max_age=_HOURS * 3600,
        path=reverse("shared", args=[token]),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _speak(request: HttpRequest) -> None:
    """In the language that the address names, else in the one the browser asks for."""
    wanted = request.GET.get("lang", "")
    known = dict(settings.LANGUAGES)
    translation.activate(wanted if wanted in known else translation.get_language_from_request(request))


def _languages(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The other languages: code, own name, and the address of this page in it."""
    here = translation.get_language()
    return [
        (code, translation.get_language_info(code)["name_local"].capitalize(), f"{request.path}?lang={code}")
        for code, _name in settings.LANGUAGES
        if code != here
    ]


def _own_hosts(request: HttpRequest) -> frozenset[str]:
    hosts = {request.get_host().partition(":")[0], urlsplit(settings.PUBLIC_URL).hostname or ""}
    return frozenset(host.casefold() for host in hosts if host)


def _oembed_address(request: HttpRequest, token: str) -> str:
    here = _absolute(request, reverse("shared", args=[token]))
    return f"{_absolute(request, reverse('shared_oembed'))}?{urlencode({'url': here})}"


def _absolute(request: HttpRequest, path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def _private(response: HttpResponse) -> HttpResponse:
    """Neither kept by caches nor found by search engines."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _whole(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and 0 < len(text) < 6 and int(text) > 0 else default
