"""The supervisor's wall: queues, people and what presses most, as they are now."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.core.clock import now
from parcours.inbox import channels as kinds
from parcours.inbox.desk import wall
from parcours.inbox.routing import reads as routing
from parcours.inbox.routing.enums import State
from parcours.inbox.routing.shapes import AgentNow, QueueNow
from parcours.live.reads import newest_id
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door
from parcours.web.inbox.there import state_words


@dataclass(frozen=True, slots=True)
class QueueLine:
    now: QueueNow
    late: int
    soon: int


@dataclass(frozen=True, slots=True)
class AgentLine:
    """`load` is what they have, by channel: icon, name, how many."""

    now: AgentNow
    words: str
    load: tuple[tuple[str, str, int], ...]
    answered: int

    @property
    def share(self) -> int:
        """How full they are, in percent."""
        return min(round(100 * self.now.busy / self.now.capacity), 100) if self.now.capacity else 100


@door("inbox.manage")
@require_GET
def supervisor(request: Request) -> HttpResponse:
    """The whole page for a browser; for its script only the parts that change."""
    live_id = newest_id(request.brand.pk)
    page = "inbox/wall.html" if wants_fragment(request) else "inbox/supervisor.html"
    return render(request, page, {**_wall(request), "live_id": live_id, "here": "supervisor"})


def _wall(request: Request) -> dict[str, Any]:
    brand = request.brand
    agents = routing.agents(brand.pk)
    queues = _queues(brand.pk)
    answered = wall.answered_by(brand.pk, _midnight(brand.time_zone))
    return {
        "queues": queues,
        "queue_names": {each.now.queue.id: each.now.queue.name for each in queues},
        "agents": [_agent(each, answered.get(each.person_id, 0)) for each in agents],
        "online": sum(each.state == State.ONLINE for each in agents),
        "away": sum(each.state == State.AWAY for each in agents),
        "waiting": sum(each.now.waiting for each in queues),
        "late": sum(each.late for each in queues),
        "longest": min((each.now.longest_wait for each in queues if each.now.longest_wait), default=None),
        "today": wall.today(brand.pk, _midnight(brand.time_zone)),
        "pressing": wall.pressing(brand.pk),
        "states": State.choices,
        "assigns": routing.settings_of(brand.pk).assigns,
    }


def _queues(brand_id: uuid.UUID) -> list[QueueLine]:
    late = wall.late_by_queue(brand_id)
    found = routing.queue_now(brand_id)
    known = {each.queue.id for each in found}
    lost = [numbers for key, numbers in late.items() if key not in known]
    lines = []
    for each in found:
        rows = [late.get(each.queue.id, (0, 0)), *(lost if each.queue.is_default else [])]
        lines.append(QueueLine(each, sum(row[0] for row in rows), sum(row[1] for row in rows)))
    return lines


def _agent(agent: AgentNow, answered: int) -> AgentLine:
    known = kinds.channels()
    load = tuple(
        (known[kind].icon, str(known[kind].label), number)
        for kind, number in sorted(agent.load.items())
        if kind in known
    )
    return AgentLine(agent, state_words(agent.state, agent.reason), load, answered)


def _midnight(zone: str) -> datetime:
    local = now().astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), time(), ZoneInfo(zone))
