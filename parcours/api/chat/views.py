"""The addresses of the chat; the stream has a door of its own (`app.py`). All but `config`, `sessions` and
`file` need a session's token.
"""

import uuid
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parcours.accounts.reads import digest_of
from parcours.api.chat.doors import ChatRequest, chat_door, check_origin, id_in, json_of
from parcours.api.chat.limits import OFTEN, Limit
from parcours.api.chat.objects import config_object, message_object, opens_file, state_object
from parcours.api.doors import open_to_everybody
from parcours.core.errors import BadInput, NotFound, ParcoursError
from parcours.events.reads import brand_of_key
from parcours.inbox.chat import marks, posting, reads, sessions
from parcours.inbox.chat.identity import proven
from parcours.inbox.chat.models import ChatSession
from parcours.inbox.chat.shapes import VisitorPage
from parcours.inbox.files import path_of
from parcours.inbox.models import ChannelAccount
from parcours.live.reads import newest_id

A_MINUTE = 60
"""How busy everybody is may have changed then."""
SELDOM = Limit(burst=10, per_minute=10)
WRITING = Limit(burst=15, per_minute=30)


@chat_door(["GET"], OFTEN, session=False)
def config(request: HttpRequest) -> HttpResponseBase:
    """How the chat looks on this page; 204 where there is none."""
    account = _account_for(request)
    if account is None:
        return HttpResponse(status=204)
    language = "fr" if request.GET.get("language", "").lower().startswith("fr") else "en"
    response = JsonResponse(config_object(account, language))
    response.headers["Cache-Control"] = f"private, max-age={A_MINUTE}"
    return response


@chat_door(["POST"], SELDOM, session=False)
def begin(request: HttpRequest) -> HttpResponseBase:
    """A session: its token is told here and never again."""
    given = json_of(request)
    account = reads.chat(id_in(given.get("account"), "account"))
    if account is None:
        raise NotFound(_("There is no such chat."))
    check_origin(request, reads.origins_of(account))
    session, token = sessions.start(
        account,
        language=str(given.get("language", ""))[:2].lower(),
        details=_object(given, "details"),
        context=_object(given, "context"),
    )
    return JsonResponse({"token": token, **_whole(request, session)}, status=201)


@chat_door(["GET", "POST"], OFTEN)
def me(request: ChatRequest) -> HttpResponseBase:
    """State and newest messages; a POST first tells what the visitor typed and where they are now."""
    if request.method == "POST":
        given = json_of(request)
        sessions.learn(request.visitor, _object(given, "details"), _object(given, "context"))
    return JsonResponse(_whole(request, request.visitor))


@chat_door(["GET"], OFTEN)
def messages(request: ChatRequest) -> HttpResponseBase:
    """Older messages than `before`."""
    page = reads.history(request.visitor, before=id_in(request.GET.get("before"), "before"))
    return JsonResponse(_page(request, request.visitor, page))


@chat_door(["POST"], WRITING)
def post(request: ChatRequest) -> HttpResponseBase:
    """Stores a message once by the id that the page chose; 202 when it is kept and not shown yet."""
    given = json_of(request)
    files = given.get("files") or []
    if not isinstance(files, list) or not isinstance(given.get("text", ""), str):
        raise BadInput(_("The text is a string, the files are a list of ids."), where="files")
    wanted = [id_in(each, "files") for each in files]
    shown = posting.post(request.visitor, str(given.get("id", "")), given.get("text", ""), wanted)
    if shown is None:
        return JsonResponse({"kept": True}, status=202)
    return JsonResponse(message_object(request, request.visitor.account_id, shown))


@chat_door(["POST"], WRITING)
def upload(request: ChatRequest) -> HttpResponseBase:
    """The body is the file; `name` is what the visitor calls it."""
    said = request.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) > posting.LARGEST_FILE:
        raise BadInput(
            _("A file may have {n} MB.").format(n=posting.LARGEST_FILE // 1024 // 1024), where="file"
        )
    kept = posting.upload(request.visitor, request.GET.get("name", ""), request.body)
    return JsonResponse(
        {"id": str(kept.pk), "name": kept.name, "type": kept.media_type, "size": kept.size}, status=201
    )


@chat_door(["POST"], OFTEN)
def typing(request: ChatRequest) -> HttpResponseBase:
    marks.visitor_types(request.visitor)
    return HttpResponse(status=204)


@chat_door(["POST"], OFTEN)
def mark(request: ChatRequest) -> HttpResponseBase:
    """The team's messages up to `message` were `delivered` or `read`."""
    given = json_of(request)
    marks.mark(request.visitor, id_in(given.get("message"), "message"), str(given.get("step", "")))
    return HttpResponse(status=204)


@chat_door(["POST"], SELDOM)
def identify(request: ChatRequest) -> HttpResponseBase:
    """The session is this user's, by proof of the shop's server."""
    given = json_of(request)
    who = proven(
        request.visitor.account,
        user_id=str(given.get("user") or ""),
        signature=str(given.get("signature") or ""),
        token=str(given.get("token") or ""),
    )
    sessions.identify(request.visitor, who)
    session = ChatSession.objects.select_related("account__brand", "account__source").get(
        pk=request.visitor.pk
    )
    return JsonResponse(_whole(request, session))


@chat_door(["POST"], SELDOM)
def rating(request: ChatRequest) -> HttpResponseBase:
    given = json_of(request)
    score = given.get("score")
    if not isinstance(score, int):
        raise BadInput(_("A rating is a number from 1 to 5."), where="score")
    marks.rate(request.visitor, score, str(given.get("words") or ""))
    return JsonResponse(state_object(reads.state(request.visitor)))


@open_to_everybody  # the signed address is the key
@require_safe
def file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponseBase:
    """Never as a page of ours: pictures and PDF files only, in a box without rights."""
    account_id = opens_file(request.GET.get("key", ""), file_id)
    found = reads.file_at(account_id, file_id) if account_id else None
    if found is None or not path_of(found.digest).exists():
        return HttpResponse(status=404)
    response = FileResponse(path_of(found.digest).open("rb"), content_type=found.media_type)
    shown = found.media_type in posting.TAKEN
    if not shown:
        response.headers["Content-Type"] = "application/octet-stream"
    way = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(found.name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"  # whoever has the address may have the file
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _account_for(request: HttpRequest) -> ChannelAccount | None:
    """By its own id (`chat`), or the first of the key's brand that may be on this page."""
    named, key = request.GET.get("chat", ""), request.GET.get("key", "")
    if named:
        account = reads.chat(id_in(named, "chat"))
        if account is not None:
            check_origin(request, reads.origins_of(account))
        return account
    brand_id = brand_of_key(digest_of(key)) if key else None
    for account in reads.chats_of(brand_id) if brand_id else ():
        try:
            check_origin(request, reads.origins_of(account))
        except ParcoursError:
            continue
        return account
    return None


def _whole(request: HttpRequest, session: ChatSession) -> dict[str, Any]:
    last = newest_id(session.account.brand_id)  # before the rest is read: streams go on from here
    return {
        "last": last,
        "state": state_object(reads.state(session)),
        "details": {name: session.details.get(name, "") for name in ("name", "email", "topic")},
        "identified": session.visitor.startswith("user:"),
        **_page(request, session, reads.history(session)),
    }


def _page(request: HttpRequest, session: ChatSession, page: VisitorPage) -> dict[str, Any]:
    return {
        "messages": [message_object(request, session.account_id, each) for each in page.messages],
        "more": page.has_more,
    }


def _object(given: dict[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name) or {}
    if not isinstance(value, dict):
        raise BadInput(_("“{name}” is a JSON object.").format(name=name), where=name)
    return value
