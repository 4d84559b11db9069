"""Queues, agents and rules as pages and the API show them, and how things stand now."""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand, Membership
from parcours.accounts.reads import brand_by_id
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.core.language import main_language
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import STANDING, Conversation
from parcours.inbox.routing.conditions import Facts
from parcours.inbox.routing.deciding import Decision, decide
from parcours.inbox.routing.enums import State
from parcours.inbox.routing.fitting import CAPACITY, MOST, Waiting, choose, fits
from parcours.inbox.routing.floor import AGENT_ROLES, floor_of, members_of_queues, online
from parcours.inbox.routing.load import loads
from parcours.inbox.routing.models import (
    AgentProfile,
    Presence,
    Queue,
    RoutingRule,
    RoutingSettings,
    Skill,
)
from parcours.inbox.routing.queues import default_queue
from parcours.inbox.routing.shapes import (
    AgentNow,
    PresenceView,
    ProfileView,
    QueueNow,
    QueueView,
    RuleView,
    SettingsView,
    SkillView,
)
from parcours.inbox.waiting import NOT_SPAM, WAITING


@dataclass(frozen=True, slots=True)
class Trial:
    """`agent` would get it, of `able` who could; empty when it would wait."""

    decision: Decision
    agent: str
    why: str
    able: int


def settings_of(brand_id: uuid.UUID) -> SettingsView:
    row = RoutingSettings.objects.filter(brand_id=brand_id).first()
    return SettingsView(row.assigns, row.sticky, row.revision) if row else SettingsView()


def queues(brand_id: uuid.UUID, *, archived: bool = False) -> tuple[QueueView, ...]:
    """In their order, the default one first; `archived` ones too, at the end."""
    default_queue(brand_by_id(brand_id))
    rows = Queue.objects.filter(brand_id=brand_id)
    if not archived:
        rows = rows.filter(archived_at=None)
    members = members_of_queues(brand_id)
    able = {person for person, _label in _people(brand_id)}
    found = [_queue(row, members.get(row.pk, set()), able) for row in rows.order_by("order", "name")]
    return tuple(sorted(found, key=lambda each: (each.archived, not each.is_default)))


def queue(brand_id: uuid.UUID, queue_id: uuid.UUID) -> QueueView:
    """Raises NotFound."""
    found = next((each for each in queues(brand_id, archived=True) if each.id == queue_id), None)
    if found is None:
        raise NotFound(_("There is no such queue."))
    return found


def skills(brand_id: uuid.UUID) -> tuple[SkillView, ...]:
    return tuple(
        SkillView(*row)
        for row in Skill.objects.filter(brand_id=brand_id).order_by("name").values_list("id", "name")
    )


def profiles(brand_id: uuid.UUID) -> tuple[ProfileView, ...]:
    """Everybody who may answer, by name."""
    known = {row.person_id: row for row in AgentProfile.objects.filter(brand_id=brand_id)}
    members = members_of_queues(brand_id)
    standing = set(Queue.objects.filter(brand_id=brand_id, archived_at=None).values_list("pk", flat=True))
    found = []
    for person_id, label in _people(brand_id):
        row = known.get(person_id)
        found.append(
            ProfileView(
                person_id=person_id,
                label=label,
                languages=tuple(row.languages) if row else (),
                skills=tuple(row.skills) if row else (),
                kinds=tuple(row.kinds) if row else (),
                capacity=row.capacity if row else CAPACITY,
                most={**MOST, **(row.most if row else {})},
                queues=tuple(pk for pk in standing if person_id in members.get(pk, ())),
                revision=row.revision if row else 0,
            )
        )
    return tuple(found)


def profile(brand_id: uuid.UUID, person_id: uuid.UUID) -> ProfileView:
    """Raises NotFound."""
    found = next((each for each in profiles(brand_id) if each.person_id == person_id), None)
    if found is None:
        raise NotFound(_("There is no such colleague."))
    return found


def presence(brand_id: uuid.UUID, person_id: uuid.UUID) -> PresenceView:
    """Offline, of whom nothing was ever said."""
    row = Presence.objects.filter(brand_id=brand_id, person_id=person_id).first()
    return PresenceView(person_id, row.state, row.reason, row.since) if row else PresenceView(person_id)


def rules(brand_id: uuid.UUID) -> tuple[RuleView, ...]:
    """In the order in which they are tried."""
    rows = RoutingRule.objects.filter(brand_id=brand_id).order_by("order", "created_at")
    return tuple(_rule(row) for row in rows)


def rule(brand_id: uuid.UUID, rule_id: uuid.UUID) -> RuleView:
    """Raises NotFound."""
    row = RoutingRule.objects.filter(brand_id=brand_id, pk=rule_id).first()
    if row is None:
        raise NotFound(_("There is no such rule."))
    return _rule(row)


def agents(brand_id: uuid.UUID) -> tuple[AgentNow, ...]:
    """Everybody who may answer: those online first, then by name."""
    people = dict(_people(brand_id))
    known = {row.person_id: row for row in AgentProfile.objects.filter(brand_id=brand_id)}
    there = {row.person_id: row for row in Presence.objects.filter(brand_id=brand_id)}
    names = {each.id: each.name for each in skills(brand_id)}
    members = members_of_queues(brand_id)
    standing = list(Queue.objects.filter(brand_id=brand_id, archived_at=None).values_list("pk", flat=True))
    having = loads(brand_id, people)
    found = []
    for person_id, label in people.items():
        row, here = known.get(person_id), there.get(person_id)
        load = having.get(person_id, {})
        capacity = row.capacity if row else CAPACITY
        found.append(
            AgentNow(
                person_id=person_id,
                label=label,
                state=here.state if here else State.OFFLINE,
                reason=here.reason if here else "",
                since=here.since if here else None,
                languages=tuple(row.languages) if row else (),
                skills=tuple(names[pk] for pk in (row.skills if row else ()) if pk in names),
                load=load,
                capacity=capacity,
                room=max(capacity - sum(load.values()), 0),
                queues=tuple(pk for pk in standing if pk not in members or person_id in members[pk]),
            )
        )
    order = list(State.values)
    return tuple(sorted(found, key=lambda each: (order.index(each.state), _as_filed(each.label))))


def load_of(brand_id: uuid.UUID, person_id: uuid.UUID) -> tuple[int, int]:
    """How many conversations keep somebody busy, and how many they can take."""
    row = AgentProfile.objects.filter(brand_id=brand_id, person_id=person_id).first()
    busy = sum(loads(brand_id, [person_id]).get(person_id, {}).values())
    return busy, row.capacity if row else CAPACITY


def queue_now(brand_id: uuid.UUID) -> tuple[QueueNow, ...]:
    """Each queue with what waits in it and who is there; in a fixed number of queries."""
    known = queues(brand_id)
    default = next(each.id for each in known if each.is_default)
    counted = _counted(brand_id)
    here = [each for each in agents(brand_id) if each.state == State.ONLINE]
    ids = {each.id for each in known}
    lost = [row for key, row in counted.items() if key not in ids]
    found = []
    for each in known:
        rows = [counted[each.id]] if each.id in counted else []
        rows += lost if each.id == default else []
        found.append(
            QueueNow(
                queue=each,
                waiting=sum(row[0] for row in rows),
                longest_wait=min((row[1] for row in rows if row[1]), default=None),
                oldest_due=min((row[2] for row in rows if row[2]), default=None),
                assigned=sum(row[3] for row in rows),
                agents_online=sum(each.id in agent.queues for agent in here),
            )
        )
    return tuple(found)


def try_rules(brand: Brand, facts: Facts) -> Trial:
    """Which queue such a conversation would get and why, and who would get it if it began now."""
    decision = decide(brand, facts, default_queue(brand))
    floor = floor_of(brand, online(brand.pk))
    rule, line = decision.rule, floor.line_of(decision.queue.pk)
    begun = Waiting(
        id=uuid.uuid4(),
        kind=facts.kind,
        queue_id=decision.queue.pk,
        language=main_language((rule.language if rule else "") or facts.language),
        skills=frozenset(rule.skills if rule else ()),
        queued_at=now(),
    )
    chosen, why = choose(begun, line, floor.agents) if line else (None, "")
    able = sum(fits(each, begun, line) for each in floor.agents) if line else 0
    return Trial(decision, chosen.label if chosen else "", why, able)


def _counted(
    brand_id: uuid.UUID,
) -> dict[uuid.UUID | None, tuple[int, datetime | None, datetime | None, int]]:
    nobody = WAITING & Q(assignee=None)
    taken = Q(status=ConversationStatus.OPEN, assignee__isnull=False)
    rows = (
        Conversation.objects.filter(STANDING, NOT_SPAM, brand_id=brand_id, merged_into=None)
        .order_by()
        .values("queue_id")
        .annotate(
            waiting=Count("pk", filter=nobody),
            longest=Min("waiting_since", filter=nobody),
            due=Min("due_at"),
            assigned=Count("pk", filter=taken),
        )
    )
    return {row["queue_id"]: (row["waiting"], row["longest"], row["due"], row["assigned"]) for row in rows}


def _people(brand_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    rows = Membership.objects.filter(
        brand_id=brand_id, role__in=AGENT_ROLES, person__is_active=True
    ).select_related("person")
    return sorted(((row.person_id, row.person.label) for row in rows), key=lambda each: _as_filed(each[1]))


def _as_filed(name: str) -> str:
    """Élise among those with E."""
    return unicodedata.normalize("NFD", name.casefold()).encode("ascii", "ignore").decode() or name


def _queue(row: Queue, members: set[uuid.UUID], able: set[uuid.UUID]) -> QueueView:
    return QueueView(
        id=row.pk,
        name=row.name,
        order=row.order,
        hours_id=row.hours_id,
        is_default=row.is_default,
        strategy=row.strategy,
        answer_within=row.answer_within,
        overflow_id=row.overflow_queue_id,
        after_minutes=row.after_minutes,
        archived=row.archived,
        members=tuple(sorted(members)),
        revision=row.revision,
        for_everybody=row.for_everybody,
        deserted=not row.for_everybody and not row.archived and not members & able,
    )


def _rule(row: RoutingRule) -> RuleView:
    return RuleView(
        id=row.pk,
        name=row.name,
        order=row.order,
        enabled=row.enabled,
        conditions=row.conditions,
        queue_id=row.queue_id,
        skills=tuple(row.skills),
        priority=row.priority,
        language=row.language,
        revision=row.revision,
    )
