"""What waits for somebody of those who have room, in its order: asked so that of ten thousand conversations
which nobody can take now, none leaves the database. Who gets what, `fitting` decides.
"""

import uuid
from collections.abc import Collection, Iterator

from django.db.models import Q

from parcours.core.clock import now
from parcours.core.language import main_language
from parcours.inbox.routing.fitting import Able, Line, Waiting
from parcours.inbox.routing.floor import Floor
from parcours.inbox.routing.load import waiting

_FIELDS = (
    "id",
    "account__kind",
    "queue_id",
    "language",
    "wanted_skills",
    "queued_at",
    "waiting_since",
    "passed_by",
)


def candidates(
    brand_id: uuid.UUID, floor: Floor, agents: Collection[Able], *, any_at_all: bool = False
) -> Iterator[tuple[Waiting, Line]]:
    """Every one that fits somebody is among them; `any_at_all`: whatever waits in their queues."""
    wanted = Q(pk__in=[])
    for line in floor.lines.values():
        here = [each for each in agents if each.room and line.id in each.queues]
        if here:
            may_fit = Q() if any_at_all else _may_fit(line, here)
            wanted |= _in_line(floor, line) & may_fit
    rows = waiting(brand_id).filter(wanted).values_list(*_FIELDS)
    for pk, kind, queue_id, language, skills, queued_at, since, passed in rows.iterator(chunk_size=200):
        line_of_it = floor.line_of(queue_id)
        if line_of_it is None:
            continue
        found = Waiting(
            id=pk,
            kind=kind,
            queue_id=line_of_it.id,
            language=main_language(language),
            skills=frozenset(skills),
            queued_at=queued_at or since or now(),
            passed_by=frozenset(passed),
        )
        yield found, line_of_it


def _in_line(floor: Floor, line: Line) -> Q:
    """In the default one also those of a queue that went away, and those that came before there were any."""
    here = Q(queue_id=line.id)
    if line.id == floor.default:
        here |= Q(queue_id=None) | ~Q(queue_id__in=list(floor.lines))
    return here


def _may_fit(line: Line, agents: Collection[Able]) -> Q:
    """Some of them may have room for its channel, speak its language and have its skills."""
    kinds = {kind for each in agents for kind in (*each.most, *each.load, *each.kinds)}
    full = [kind for kind in kinds if not any(each.has_room_for(kind) for each in agents)]
    fit = ~Q(account__kind__in=full)
    if line.languages is not None and all(each.languages for each in agents):
        spoken = {language for each in agents for language in each.languages}
        unheard = line.languages - spoken
        fit &= ~Q(language__in=unheard) | _waited_since(max(line.languages_until.values()))
    missing = line.skills - {skill for each in agents for skill in each.skills}
    if missing:
        fit &= ~Q(wanted_skills__overlap=list(missing)) | _waited_since(max(line.skills_until.values()))
    return fit


def _waited_since(moment: object) -> Q:
    return Q(queued_at=None) | Q(queued_at__lte=moment)
