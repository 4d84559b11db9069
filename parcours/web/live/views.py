import re
import uuid

from django.http import JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.core.errors import BadInput, NotFound
from parcours.core.registry import live_topics
from parcours.live.presence import be_here, leave
from parcours.live.stream import at_once, stream
from parcours.web.doors import Request, door

MOST_TOPICS = 20
_PLACE = re.compile(r"[a-z]{1,12}(:[0-9a-f-]{36}){1,2}")


@door("account.own")
@require_GET
async def live(request: Request) -> StreamingHttpResponse:
    """Server-sent events of the topics (`?topic=journey:<id>`, repeatable), resumed after `Last-Event-ID`."""
    topics = request.GET.getlist("topic")[:MOST_TOPICS]
    await at_once(_check, request, topics)  # with the connection that the door has: who waits holds none
    response = StreamingHttpResponse(
        stream(request.brand.pk, topics, _last_id(request)), content_type="text/event-stream"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


@door("account.own")
@require_POST
def here(request: Request) -> JsonResponse:
    """“I have this open”: `topic`, `tab` (an id made by the page), `place` (as in `card:<id>`), `idle`; with
    `gone` no longer. Answers with everybody who is there.
    """
    topic = request.POST.get("topic", "")
    _check(request, [topic] if topic else [])
    tab = _tab(request)
    if request.POST.get("gone"):
        leave(request.actor, topic, tab)
        return JsonResponse({"people": []})
    place = request.POST.get("place", "")
    people = be_here(
        request.actor,
        topic,
        tab,
        place=place if _PLACE.fullmatch(place) else "",
        idle=bool(request.POST.get("idle")),
    )
    return JsonResponse({"people": [each.payload for each in people]})


def _tab(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("tab", ""))
    except ValueError as error:
        raise BadInput(_("Name the tab by an id of its own."), where="tab") from error


def _check(request: Request, topics: list[str]) -> None:
    """Raises NotFound for a topic that isn't there or isn't this actor's, BadInput without any."""
    if not topics:
        raise BadInput(_("Name at least one topic to follow."), where="topic")
    for topic in topics:
        kind, _colon, identifier = topic.partition(":")
        check = live_topics.get(kind)
        if check is None or not check(request.actor, identifier):
            raise NotFound(_("There is nothing to follow here."), where=topic)


def _last_id(request: Request) -> int | None:
    text = request.headers.get("Last-Event-ID") or request.GET.get("last_event_id") or ""
    return int(text) if text.isdecimal() and len(text) <= 18 else None
