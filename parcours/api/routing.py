"""Queues, agents, skills and rules: who answers what."""

import uuid
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Header, Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.routing_schemas import (
    AgentList,
    AgentOut,
    MoveIn,
    OrderIn,
    PresenceIn,
    PresenceOut,
    ProfileIn,
    QueueIn,
    QueueList,
    QueueOut,
    RoutingIn,
    RoutingOut,
    RuleIn,
    RuleList,
    RuleOut,
    SkillIn,
    SkillList,
    SkillOut,
    TrialOut,
    TryIn,
)
from parcours.api.schemas import Problem
from parcours.canvas.revisions import read_revision
from parcours.core.language import language_of
from parcours.inbox.reads import account
from parcours.inbox.routing import reads
from parcours.inbox.routing.agents import ProfileForm, delete_skill, save_profile, save_skill
from parcours.inbox.routing.conditions import Facts
from parcours.inbox.routing.presence import set_state
from parcours.inbox.routing.queues import QueueForm, archive_queue, save_queue
from parcours.inbox.routing.rules import RuleForm, delete_rule, order_rules, save_rule
from parcours.inbox.routing.shapes import QueueNow, RuleView
from parcours.inbox.routing.writes import move, save_settings

router = Router(tags=["routing"])

_READ: dict[Any, Any] = {401: Problem, 403: Problem}
_WRITE: dict[Any, Any] = {**_READ, 404: Problem, 422: Problem}
_CHANGE: dict[Any, Any] = {**_WRITE, 409: Problem, 428: Problem}
_QUEUE = "/queues/{uuid:queue_id}"
_AGENT = "/agents/{uuid:person_id}"
_RULE = "/routing/rules/{uuid:rule_id}"

IfMatch = Annotated[str, Header(alias="If-Match", description='Its revision in quotes: "3"')]


@router.get("/routing", response={200: RoutingOut, **_READ})
@needs("inbox.view")
def get_routing(request: ApiRequest, response: HttpResponse) -> Any:
    """Whether conversations are handed out by themselves."""
    found = reads.settings_of(request.brand.pk)
    response.headers["ETag"] = f'"{found.revision}"'
    return found


@router.put("/routing", response={200: RoutingOut, **_CHANGE})
@needs("inbox.manage")
def set_routing(request: ApiRequest, response: HttpResponse, given: RoutingIn, if_match: IfMatch = "") -> Any:
    save_settings(
        assigns=given.assigns,
        sticky=given.sticky,
        revision=read_revision(if_match),
        acting_user=request.actor,
    )
    return get_routing(request, response)


@router.get("/queues", response={200: QueueList, **_READ})
@needs("inbox.view")
def list_queues(request: ApiRequest) -> dict[str, Any]:
    """As they are now; the one in which everything lands of which no rule speaks is first."""
    return {"items": [_queue(each) for each in reads.queue_now(request.brand.pk)]}


@router.post("/queues", response={201: QueueOut, **_WRITE})
@needs("inbox.manage")
def add_queue(request: ApiRequest, response: HttpResponse, given: QueueIn) -> Status[dict[str, Any]]:
    saved = save_queue(request.brand, _queue_form(given), acting_user=request.actor)
    return Status(201, _queue_of(request, response, saved.pk))


@router.put(_QUEUE, response={200: QueueOut, **_CHANGE})
@needs("inbox.manage")
def change_queue(
    request: ApiRequest, response: HttpResponse, queue_id: uuid.UUID, given: QueueIn, if_match: IfMatch = ""
) -> dict[str, Any]:
    """All of it, as given."""
    reads.queue(request.brand.pk, queue_id)
    save_queue(
        request.brand,
        _queue_form(given),
        queue_id=queue_id,
        revision=read_revision(if_match),
        acting_user=request.actor,
    )
    return _queue_of(request, response, queue_id)


@router.delete(_QUEUE, response={204: None, **_WRITE})
@needs("inbox.manage")
def put_queue_away(request: ApiRequest, queue_id: uuid.UUID) -> Status[None]:
    """What waits in it waits in the default queue from then on."""
    archive_queue(queue_id, acting_user=request.actor)
    return Status(204, None)


@router.post("/conversations/{uuid:conversation_id}/queue", response={204: None, **_CHANGE})
@needs("inbox.reply")
def move_conversation(
    request: ApiRequest, conversation_id: uuid.UUID, given: MoveIn, if_match: IfMatch = ""
) -> Status[None]:
    """Into another queue, where it waits for somebody from there."""
    revision = read_revision(if_match) if if_match else None
    move(conversation_id, given.queue, revision=revision, acting_user=request.actor)
    return Status(204, None)


@router.get("/agents", response={200: AgentList, **_READ})
@needs("inbox.view")
def list_agents(request: ApiRequest) -> dict[str, Any]:
    """Everybody who may answer, with what they can take and how they are now."""
    return {"items": _agents(request)}


@router.put(f"{_AGENT}/profile", response={200: AgentOut, **_CHANGE})
@needs("inbox.manage")
def set_profile(
    request: ApiRequest, person_id: uuid.UUID, given: ProfileIn, if_match: IfMatch = ""
) -> dict[str, Any]:
    """What somebody can take: all of it, as given."""
    reads.profile(request.brand.pk, person_id)
    save_profile(
        request.brand,
        person_id,
        ProfileForm(given.languages, given.skills, given.kinds, given.capacity, given.most),
        revision=read_revision(if_match),
        acting_user=request.actor,
    )
    return next(each for each in _agents(request) if each["person"] == person_id)


@router.put(f"{_AGENT}/presence", response={200: PresenceOut, **_WRITE})
@needs("inbox.manage")
def set_presence(request: ApiRequest, person_id: uuid.UUID, given: PresenceIn) -> dict[str, Any]:
    """Whether somebody takes conversations now: for telephone systems and plans of shifts."""
    found = set_state(person_id, given.state, given.reason, acting_user=request.actor)
    return {
        "person": found.person_id,
        "state": found.state,
        "reason": found.reason,
        "since": found.since,
    }


@router.get("/skills", response={200: SkillList, **_READ})
@needs("inbox.view")
def list_skills(request: ApiRequest) -> dict[str, Any]:
    return {"items": reads.skills(request.brand.pk)}


@router.post("/skills", response={201: SkillOut, **_WRITE})
@needs("inbox.manage")
def add_skill(request: ApiRequest, given: SkillIn) -> Status[dict[str, Any]]:
    saved = save_skill(request.brand, given.name, acting_user=request.actor)
    return Status(201, {"id": saved.pk, "name": saved.name})


@router.delete("/skills/{uuid:skill_id}", response={204: None, **_WRITE})
@needs("inbox.manage")
def remove_skill(request: ApiRequest, skill_id: uuid.UUID) -> Status[None]:
    """Nobody has it, and no rule asks for it any more."""
    delete_skill(skill_id, acting_user=request.actor)
    return Status(204, None)


@router.get("/routing/rules", response={200: RuleList, **_READ})
@needs("inbox.view")
def list_rules(request: ApiRequest) -> dict[str, Any]:
    return {"items": [_rule(each) for each in reads.rules(request.brand.pk)]}


@router.post("/routing/rules", response={201: RuleOut, **_WRITE})
@needs("inbox.manage")
def add_rule(request: ApiRequest, response: HttpResponse, given: RuleIn) -> Status[dict[str, Any]]:
    """Behind those that are there."""
    saved = save_rule(request.brand, _rule_form(given), acting_user=request.actor)
    return Status(201, _rule_of(request, response, saved.pk))


@router.put(_RULE, response={200: RuleOut, **_CHANGE})
@needs("inbox.manage")
def change_rule(
    request: ApiRequest, response: HttpResponse, rule_id: uuid.UUID, given: RuleIn, if_match: IfMatch = ""
) -> dict[str, Any]:
    """All of it, as given."""
    reads.rule(request.brand.pk, rule_id)
    save_rule(
        request.brand,
        _rule_form(given),
        rule_id=rule_id,
        revision=read_revision(if_match),
        acting_user=request.actor,
    )
    return _rule_of(request, response, rule_id)


@router.delete(_RULE, response={204: None, **_WRITE})
@needs("inbox.manage")
def remove_rule(request: ApiRequest, rule_id: uuid.UUID) -> Status[None]:
    delete_rule(rule_id, acting_user=request.actor)
    return Status(204, None)


@router.put("/routing/order", response={200: RuleList, **_WRITE})
@needs("inbox.manage")
def put_rules_in_order(request: ApiRequest, given: OrderIn) -> dict[str, Any]:
    """The first rule that fits decides; those that aren't named come behind."""
    order_rules(given.rules, acting_user=request.actor)
    return list_rules(request)


@router.post("/routing/try", response={200: TrialOut, **_WRITE})
@needs("inbox.view")
def try_routing(request: ApiRequest, given: TryIn) -> dict[str, Any]:
    """Which queue such a conversation would get, why, and who would get it now. Nothing is changed."""
    written_to = account(request.brand.pk, given.account)
    segments = frozenset(given.segments)
    facts = Facts(
        kind=written_to.kind,
        account_id=written_to.id,
        language=given.language or language_of(given.text) or written_to.language,
        text=given.text,
        page=given.page,
        is_known=lambda: given.customer == "known",
        segments=lambda: segments,
    )
    found = reads.try_rules(request.brand, facts)
    return {
        "queue": found.decision.queue.pk,
        "rule": found.decision.rule.pk if found.decision.rule else None,
        "tried": [
            {
                "rule": each.rule_id,
                "name": each.name,
                "holds": each.judged.holds,
                "failed": each.judged.failed,
            }
            for each in found.decision.tried
        ],
        "agent": found.agent,
        "why": found.why,
        "able": found.able,
    }


def _queue_form(given: QueueIn) -> QueueForm:
    return QueueForm(
        name=given.name,
        members=given.members,
        answered_by=given.answered_by,
        strategy=given.strategy,
        hours_id=given.hours,
        answer_within=given.answer_within,
        overflow_id=given.overflow,
        after_minutes=given.after_minutes,
    )


def _queue_of(request: ApiRequest, response: HttpResponse, queue_id: uuid.UUID) -> dict[str, Any]:
    found = next(each for each in reads.queue_now(request.brand.pk) if each.queue.id == queue_id)
    response.headers["ETag"] = f'"{found.queue.revision}"'
    return _queue(found)


def _queue(found: QueueNow) -> dict[str, Any]:
    queue = found.queue
    return {
        "id": queue.id,
        "name": queue.name,
        "members": list(queue.members),
        "answered_by": queue.answered_by,
        "deserted": queue.deserted,
        "strategy": queue.strategy,
        "hours": queue.hours_id,
        "answer_within": queue.answer_within,
        "overflow": queue.overflow_id,
        "after_minutes": queue.after_minutes,
        "is_default": queue.is_default,
        "revision": queue.revision,
        "waiting": found.waiting,
        "longest_wait": found.longest_wait,
        "oldest_due": found.oldest_due,
        "assigned": found.assigned,
        "agents_online": found.agents_online,
    }


def _agents(request: ApiRequest) -> list[dict[str, Any]]:
    known = {each.person_id: each for each in reads.profiles(request.brand.pk)}
    return [
        {
            "person": each.person_id,
            "name": each.label,
            "state": each.state,
            "reason": each.reason,
            "since": each.since,
            "languages": list(each.languages),
            "skills": list(known[each.person_id].skills),
            "kinds": list(known[each.person_id].kinds),
            "capacity": each.capacity,
            "most": dict(known[each.person_id].most),
            "load": dict(each.load),
            "room": each.room,
            "queues": list(each.queues),
            "revision": known[each.person_id].revision,
        }
        for each in reads.agents(request.brand.pk)
    ]


def _rule_form(given: RuleIn) -> RuleForm:
    return RuleForm(
        name=given.name,
        conditions=given.conditions.dict(),
        queue_id=given.queue,
        skills=given.skills,
        priority=given.priority,
        language=given.language,
        enabled=given.enabled,
    )


def _rule_of(request: ApiRequest, response: HttpResponse, rule_id: uuid.UUID) -> dict[str, Any]:
    found = reads.rule(request.brand.pk, rule_id)
    response.headers["ETag"] = f'"{found.revision}"'
    return _rule(found)


def _rule(found: RuleView) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "enabled": found.enabled,
        "conditions": dict(found.conditions),
        "queue": found.queue_id,
        "skills": list(found.skills),
        "priority": found.priority,
        "language": found.language,
        "revision": found.revision,
    }
