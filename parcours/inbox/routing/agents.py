"""What each agent can take: languages, skills, channels, and how many conversations at a time."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand, Membership
from parcours.accounts.rights import Actor, system_actor
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox import channels
from parcours.inbox.nudging import ask_to_assign
from parcours.inbox.rights import MANAGE
from parcours.inbox.routing.deserting import look_for_deserted
from parcours.inbox.routing.fitting import CAPACITY
from parcours.inbox.routing.floor import AGENT_ROLES, standing_of
from parcours.inbox.routing.models import (
    AgentProfile,
    Presence,
    QueueMember,
    RoutingRule,
    Skill,
)
from parcours.inbox.routing.returning import give_back
from parcours.inbox.routing.telling import routing_changed
from parcours.inbox.routing.turns import turn_of
from parcours.inbox.writes.common import changed
from parcours.journal.writes import record
from parcours.live.writes import publish

MOST_AT_ONCE = 200
MOST_SKILLS = 100


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """`languages` and `kinds` without any: all of them."""

    languages: Collection[str] = ()
    skills: Collection[uuid.UUID] = ()
    kinds: Collection[str] = ()
    capacity: int = CAPACITY
    most: Mapping[str, int] = field(default_factory=dict, hash=False)


@transaction.atomic
def save_profile(
    brand: Brand,
    person_id: uuid.UUID,
    form: ProfileForm,
    *,
    acting_user: Actor,
    revision: int | None = None,
) -> AgentProfile:
    """Raises BadInput, NotFound, and Conflict when somebody changed it after `revision` (0: new)."""
    acting_user.require(MANAGE)
    member = Membership.objects.filter(brand=brand, person_id=person_id, role__in=AGENT_ROLES)
    if not member.exists():
        raise NotFound(_("There is no such colleague."), where="person")
    row = AgentProfile.objects.select_for_update().filter(brand=brand, person_id=person_id).first()
    if revision is not None and revision != (row.revision if row else 0):
        raise Conflict(_("Somebody changed this a moment ago."), remedy=_("Look at it, then try again."))
    row = row or AgentProfile(brand=brand, person_id=person_id, revision=0)
    row.languages = _languages(form.languages)
    row.skills = skills_known(brand, form.skills)
    row.kinds = [_kind(each) for each in dict.fromkeys(form.kinds)]
    row.capacity = _number(form.capacity, "capacity")
    row.most = {_kind(kind): _number(number, f"most-{kind}") for kind, number in form.most.items()}
    row.revision += 1
    row.save()
    routing_changed(acting_user, "agent profile saved", "person", person_id, {"capacity": row.capacity})
    return row


@transaction.atomic
def save_skill(brand: Brand, name: str, *, acting_user: Actor, skill_id: uuid.UUID | None = None) -> Skill:
    """Raises BadInput, NotFound."""
    acting_user.require(MANAGE)
    tidy = one_line(storable(name))[:60]
    if not tidy:
        raise BadInput(_("This can't be empty."), where="skill")
    every = Skill.objects.select_for_update().filter(brand=brand)
    row = every.filter(pk=skill_id).first() if skill_id else Skill(brand=brand)
    if row is None:
        raise NotFound(_("There is no such skill."))
    if every.filter(name__iexact=tidy).exclude(pk=row.pk).exists():
        raise BadInput(_("There is a skill called “{name}” already.").format(name=tidy), where="skill")
    if not skill_id and every.count() >= MOST_SKILLS:
        raise BadInput(_("A brand has at most {n} skills.").format(n=MOST_SKILLS), where="skill")
    row.name = tidy
    row.save()
    routing_changed(acting_user, "skill saved", "skill", row.pk, {"name": tidy})
    return row


@transaction.atomic
def delete_skill(skill_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Nobody has it and no rule asks for it any more. Conversations that asked for it don't wait for it."""
    acting_user.require(MANAGE)
    row = Skill.objects.filter(brand_id=acting_user.brand_id, pk=skill_id).first()
    if row is None:
        raise NotFound(_("There is no such skill."))
    for holder in (AgentProfile, RoutingRule):
        for each in holder.objects.select_for_update().filter(
            brand_id=row.brand_id, skills__contains=[row.pk]
        ):
            each.skills = [skill for skill in each.skills if skill != row.pk]
            each.revision += 1
            each.save(update_fields=["skills", "revision"])
    row.delete()
    routing_changed(acting_user, "skill deleted", "skill", skill_id, {"name": row.name})


@transaction.atomic
def release(person_id: uuid.UUID, *, acting_user: Actor) -> int:
    """Everything that isn't closed of a colleague waits for others: they fell ill, or have too much. Returns
    how much. Raises NotFound.
    """
    acting_user.require(MANAGE)
    brand_id = acting_user.brand_id
    if not Membership.objects.filter(brand_id=brand_id, person_id=person_id).exists():
        raise NotFound(_("There is no such colleague."), where="person")
    turn_of(brand_id)
    theirs = standing_of(person_id, brand_id)
    for conversation in theirs:
        give_back(conversation, "released", acting_user)
    record(acting_user, "conversations given back", "person", person_id, {"count": len(theirs)})
    for conversation in theirs:
        changed(conversation, "assigned")
    transaction.on_commit(lambda: ask_to_assign(brand_id))
    return len(theirs)


def forget_agent(brand_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Somebody leaves the brand: what isn't closed of theirs waits for somebody else."""
    _let_go(brand_id, person_id)
    AgentProfile.objects.filter(brand_id=brand_id, person_id=person_id).delete()


def agent_or_not(brand_id: uuid.UUID, person_id: uuid.UUID, role: str) -> None:
    """Somebody has another role by now. Whoever doesn't answer customers any more has none to answer; what
    they can take is kept, should they answer again.
    """
    if role not in AGENT_ROLES:
        _let_go(brand_id, person_id)


def _let_go(brand_id: uuid.UUID, person_id: uuid.UUID) -> None:
    turn_of(brand_id)
    theirs = standing_of(person_id, brand_id)
    for conversation in theirs:
        give_back(conversation, "gone", system_actor(brand_id))
    QueueMember.objects.filter(queue__brand_id=brand_id, person_id=person_id).delete()
    Presence.objects.filter(brand_id=brand_id, person_id=person_id).delete()
    look_for_deserted(system_actor(brand_id))
    for conversation in theirs:
        changed(conversation, "assigned")
    publish(brand_id, f"inbox:{brand_id}", "routing.changed", {"what": "agent gone"})
    transaction.on_commit(lambda: ask_to_assign(brand_id))


def skills_known(brand: Brand, skills: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Raises NotFound for one that the brand doesn't have."""
    known = set(Skill.objects.filter(brand=brand, pk__in=list(skills)).values_list("pk", flat=True))
    if set(skills) - known:
        raise NotFound(_("There is no such skill."), where="skills")
    return list(dict.fromkeys(skills))


def _languages(given: Collection[str]) -> list[str]:
    tidy = list(dict.fromkeys(each.strip().lower() for each in given if each.strip()))
    for each in tidy:
        if not (2 <= len(each) <= 8 and each.replace("-", "").isascii() and each.replace("-", "").isalpha()):
            raise BadInput(_("“{text}” is not a language, as “fr” is.").format(text=each), where="languages")
    return tidy


def _kind(kind: str) -> str:
    if kind not in channels.channels():
        raise BadInput(_("“{text}” is not one of the choices.").format(text=kind), where="kinds")
    return kind


def _number(number: int, where: str) -> int:
    if not 0 <= number <= MOST_AT_ONCE:
        raise BadInput(
            _("This is a number from {least} to {most}.").format(least=0, most=MOST_AT_ONCE), where=where
        )
    return number
