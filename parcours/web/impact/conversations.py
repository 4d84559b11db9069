"""What customers write to the team at each stage of a journey, and what has no place there yet."""

import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from parcours.canvas import reads
from parcours.canvas.shapes import Board, StageView, TouchpointView
from parcours.core.errors import BadInput
from parcours.inbox.enums import PlacedBy
from parcours.inbox.reads.places import count_displaced, homeless_about
from parcours.inbox.writes import place
from parcours.insights.conversations.placing import home_board, look_again
from parcours.insights.conversations.talk import (
    Homeless,
    Talk,
    TalkOnTheMap,
    talk_on_the_map,
    without_home,
)
from parcours.insights.conversations.topics import topic_label
from parcours.web.doors import Request, door
from parcours.web.insights.filters import read_filters

MOST_AT_ONCE = 1_000
"""What is left over is on the list still."""


@dataclass(frozen=True, slots=True)
class StageTalk:
    """A stage and those of its touchpoints with conversations, the most first."""

    stage: StageView
    talk: Talk | None
    touchpoints: tuple[tuple[TouchpointView, Talk], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conversations without a home about one topic; `draw` is the address of a new touchpoint for them."""

    topic: str
    label: str
    homeless: Homeless
    draw: str


@door("inbox.view")
@require_GET
def on_the_map(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """Each stage's conversations with how they went, and below it those that belong nowhere."""
    board = reads.board(request.brand.pk, journey_id)
    filters = read_filters(request, usual_segment=board.journey.segment_key)
    talk = talk_on_the_map(request.brand, journey_id, filters.period, filters.segment, with_words=True)
    home = home_board(request.brand)
    return render(
        request,
        "impact/conversations.html",
        {
            "journey": board.journey,
            "board": board,
            "stages": _stages(board, talk),
            "talk": talk,
            "home": home.journey if home is not None and home.journey.id != journey_id else None,
            "displaced": count_displaced(request.brand.pk, reads.standing_stages(request.brand.pk)),
            "groups": [_group(board, each) for each in without_home(request.brand)],
            "period": filters.period,
            "period_choice": filters.period_choice,
            "periods": filters.periods,
            "segment": filters.segment,
            "usual_segment": filters.usual_segment,
            "segments": filters.segments,
        },
    )


@door("inbox.reply")
@require_POST
def place_them(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """All conversations without a home that are about `topic` get the touchpoint of the form."""
    board = reads.board(request.brand.pk, journey_id)
    wanted = request.POST.get("touchpoint", "")
    chosen = next((each for each in board.touchpoints if str(each.id) == wanted), None)
    if chosen is None:
        raise BadInput(_("Choose a touchpoint."), where="touchpoint")
    topic = request.POST.get("topic", "")
    stages = reads.standing_stages(request.brand.pk)
    placed = homeless_about(request.brand.pk, topic[:80].replace("\0", ""), MOST_AT_ONCE, stages)
    for conversation_id in placed:
        place(
            conversation_id,
            acting_user=request.actor,
            placed_by=PlacedBy.PERSON,
            journey_id=journey_id,
            stage_id=chosen.stage_id,
            touchpoint_id=chosen.id,
        )
    said = ngettext(
        "{n} conversation now belongs to “{touchpoint}”.",
        "{n} conversations now belong to “{touchpoint}”.",
        len(placed),
    )
    messages.success(request, said.format(n=len(placed), touchpoint=chosen.name))
    return redirect("map_conversations", journey_id)


@door("inbox.reply")
@require_POST
def place_again(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """What stood at stages that were removed is looked at again, as if it had just come in."""
    reads.board(request.brand.pk, journey_id)
    number = look_again(request.brand, acting_user=request.actor)
    said = ngettext(
        "{n} conversation is looked at again; in a moment it stands where it fits.",
        "{n} conversations are looked at again; in a moment they stand where they fit.",
        number,
    )
    messages.success(request, said.format(n=number))
    return redirect("map_conversations", journey_id)


def _stages(board: Board, talk: TalkOnTheMap) -> list[StageTalk]:
    found = []
    for stage in board.stages:
        rows = [(each, talk.of(each.id)) for each in stage.touchpoints]
        there = [(each, theirs) for each, theirs in rows if theirs is not None]
        there.sort(key=lambda row: -row[1].counts.conversations)
        found.append(StageTalk(stage, talk.of(stage.id), tuple(there)))
    return found


def _group(board: Board, homeless: Homeless) -> Group:
    label = topic_label(homeless.topic) if homeless.topic else _("Topic not known")
    words: dict[str, str] = {"name": label if homeless.topic else ""}
    if board.stages:
        words["stage"] = str(board.stages[-1].id)
    if homeless.topic:
        words |= {"field": "properties.topic", "op": "is", "value": homeless.topic}
    address = reverse("map_touchpoint_new", args=[board.journey.id])
    return Group(homeless.topic, label, homeless, f"{address}?{urlencode(words)}")
