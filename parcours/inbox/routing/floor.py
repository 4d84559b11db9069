"""Who stands on the floor: the queues of a brand with their members, and what everybody can take."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from parcours.accounts.models import Brand, Membership
from parcours.accounts.rights import RIGHTS
from parcours.core.clock import now
from parcours.core.language import main_language
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import STANDING, Conversation
from parcours.inbox.rights import REPLY
from parcours.inbox.routing.enums import State
from parcours.inbox.routing.fitting import CAPACITY, MOST, Able, Line, spoken
from parcours.inbox.routing.load import loads
from parcours.inbox.routing.models import AgentProfile, Presence, Queue, QueueMember
from parcours.inbox.routing.patience import patient_until

AGENT_ROLES = tuple(role for role, rights in RIGHTS.items() if REPLY in rights)


@dataclass(frozen=True, slots=True)
class Floor:
    """`lines` by queue, `agents` those who are asked for; conversations without a queue are in `default`."""

    lines: Mapping[uuid.UUID, Line]
    agents: tuple[Able, ...]
    default: uuid.UUID | None
    queues: Mapping[uuid.UUID, Queue]

    def line_of(self, queue_id: uuid.UUID | None) -> Line | None:
        """Of a queue that is there no more, the default one."""
        known = queue_id if queue_id in self.lines else self.default
        return self.lines.get(known) if known is not None else None


def online(brand_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Who takes conversations now."""
    rows = Presence.objects.filter(brand_id=brand_id, state=State.ONLINE)
    return tuple(rows.values_list("person_id", flat=True))


def floor_of(brand: Brand, people: Collection[uuid.UUID]) -> Floor:
    """The queues as they are now, and these people; in six queries, and those for each queue's hours."""
    queues = {row.pk: row for row in Queue.objects.filter(brand=brand, archived_at=None)}
    profiles = {row.person_id: row for row in AgentProfile.objects.filter(brand=brand)}
    given = dict(Presence.objects.filter(brand=brand).values_list("person_id", "given_at"))
    everybody = _everybody(brand, queues, profiles)
    # An owner who never answers customers is nobody to wait for.
    team = [able for person, able in everybody.items() if person in profiles or person in given]
    wanted = {person: able for person, able in everybody.items() if person in set(people)}
    having = loads(brand.pk, wanted)
    for person, able in wanted.items():
        able.load = having.get(person, {})
        able.given_at = given.get(person)
    lines = {
        pk: _line(brand, row, [able for able in team if pk in able.queues]) for pk, row in queues.items()
    }
    default = next((pk for pk, row in queues.items() if row.is_default), None)
    return Floor(lines, tuple(wanted.values()), default, queues)


def members_of_queues(brand_id: uuid.UUID) -> dict[uuid.UUID, set[uuid.UUID]]:
    """By queue; those that are everybody's are missing, and those that are nobody's have none."""
    theirs = Queue.objects.filter(brand_id=brand_id, for_everybody=False)
    found: dict[uuid.UUID, set[uuid.UUID]] = {pk: set() for pk in theirs.values_list("pk", flat=True)}
    rows = QueueMember.objects.filter(queue__brand_id=brand_id).values_list("queue_id", "person_id")
    for queue, person in rows:
        if queue in found:
            found[queue].add(person)
    return found


def standing_of(person_id: uuid.UUID, brand_id: uuid.UUID) -> list[Conversation]:
    """Theirs that aren't closed, kept for this transaction, in the order in which everybody locks them."""
    rows = Conversation.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "account__brand", "account__source", "contact__account", "assignee"
    )
    theirs = rows.filter(STANDING, brand_id=brand_id, assignee_id=person_id)
    return list(theirs.order_by("pk"))


def open_of(person_id: uuid.UUID, brand_id: uuid.UUID) -> list[Conversation]:
    """Those of them that are open."""
    return [each for each in standing_of(person_id, brand_id) if each.status == ConversationStatus.OPEN]


def _everybody(
    brand: Brand, queues: Collection[uuid.UUID], profiles: Mapping[uuid.UUID, AgentProfile]
) -> dict[uuid.UUID, Able]:
    """Everybody who may answer, with their queues."""
    members = members_of_queues(brand.pk)
    rows = Membership.objects.filter(brand=brand, role__in=AGENT_ROLES, person__is_active=True)
    return {
        row.person_id: able_of(
            row.person_id,
            row.person.label,
            profiles.get(row.person_id),
            frozenset(pk for pk in queues if pk not in members or row.person_id in members[pk]),
        )
        for row in rows.select_related("person")
    }


def able_of(
    person_id: uuid.UUID, label: str, profile: AgentProfile | None, queues: frozenset[uuid.UUID]
) -> Able:
    return Able(
        person_id=person_id,
        label=label,
        queues=queues,
        languages=frozenset(map(main_language, profile.languages if profile else ())),
        skills=frozenset(profile.skills if profile else ()),
        kinds=frozenset(profile.kinds if profile else ()),
        capacity=profile.capacity if profile else CAPACITY,
        most={**MOST, **(profile.most if profile else {})},
    )


def _line(brand: Brand, row: Queue, members: Collection[Able]) -> Line:
    skills_until, languages_until = patient_until(brand.pk, row, now())
    return Line(
        id=row.pk,
        strategy=row.strategy,
        languages=spoken(members),
        skills=frozenset(skill for each in members for skill in each.skills),
        skills_until=skills_until,
        languages_until=languages_until,
    )
