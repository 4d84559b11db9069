"""Handing out: the next conversation that waits goes to somebody who has room for it.

Nobody gets what another one has, or more than they can take, however many processes hand out: they take
turns (`turns.turn_of`), and a conversation that a person is changing just then is left for the next look.
What a process that dies has not committed waits as before.
"""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor, system_actor
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.inbox.models import Conversation
from parcours.inbox.nudging import ask_to_return
from parcours.inbox.rights import REPLY
from parcours.inbox.routing.candidates import candidates
from parcours.inbox.routing.enums import LIVE_KINDS
from parcours.inbox.routing.fitting import Able, Line, Waiting, choose, fits
from parcours.inbox.routing.floor import Floor, floor_of, online
from parcours.inbox.routing.models import Presence
from parcours.inbox.routing.turns import turn_of
from parcours.inbox.writes.common import add_line, changed

AT_ONCE = 20
"""Handed out in a transaction, so that open pages hear of them soon and others get their turn."""
KNOWN_FOR = timedelta(days=90)
"""Whoever answered a customer within this knows them."""
NO_LIMIT = 30_000
_STILL_WAITS: dict[str, Any] = {"assignee": None, "status": "open", "waiting_since__isnull": False}


def assign_waiting(brand_id: uuid.UUID) -> int:
    """Gives what waits to those who have room, where the brand wants that; returns how many."""
    brand = brand_by_id(brand_id)
    given = 0
    while True:
        with transaction.atomic():
            settings = turn_of(brand_id)
            people = online(brand_id) if settings.assigns else ()
            if not people:
                return given
            floor = floor_of(brand, people)
            handed = _hand_out(brand, floor, sticky=settings.sticky)
            for conversation in handed:
                changed(conversation, "assigned")
        given += len(handed)
        if len(handed) < AT_ONCE:
            return given


@transaction.atomic
def take_next(*, acting_user: Actor) -> Conversation | None:
    """The next one that waits goes to whoever asks, however much they have: what fits them best first, else
    anything of their queues. None when nothing waits there. Raises BadInput for a token, which isn't anybody.
    """
    acting_user.require(REPLY)
    if acting_user.kind != "person" or acting_user.id is None:
        raise BadInput(_("Only a person can take conversations."))
    brand = brand_by_id(acting_user.brand_id)
    turn_of(brand.pk)
    floor = floor_of(brand, [acting_user.id])
    for able in floor.agents:
        found = _next_for(brand.pk, floor, replace(able, capacity=NO_LIMIT, most={}, load={}))
        if found is None:
            continue
        _note_on(found, able)
        found.offered_at = None  # taken, not given: it stays theirs
        found.save(update_fields=["offered_at"])
        add_line(found, "assigned", acting_user, {"assignee": str(able.person_id)})
        changed(found, "assigned")
        return found
    return None


def _next_for(brand_id: uuid.UUID, floor: Floor, able: Able) -> Conversation | None:
    for must_fit in (True, False):
        for found, line in candidates(brand_id, floor, [able], any_at_all=not must_fit):
            if must_fit and not fits(able, found, line):
                continue
            conversation = _free(found.id)
            if conversation is not None:
                return conversation
    return None


def _hand_out(brand: Brand, floor: Floor, *, sticky: bool) -> list[Conversation]:
    agents = list(floor.agents)
    handed: list[Conversation] = []
    for found, line in candidates(brand.pk, floor, agents):
        if len(handed) == AT_ONCE or not any(each.room for each in agents):
            break
        chosen, why = choose(found, line, agents, sticky=False)
        if chosen is None:
            continue
        if sticky:
            chosen, why = choose(_known(brand.pk, found, agents), line, agents)
        conversation = _free(found.id)
        if conversation is None or chosen is None:
            continue
        _note_on(conversation, chosen)
        facts = {"assignee": str(chosen.person_id), "name": chosen.label, "why": why}
        queue = floor.queues[line.id].name
        add_line(conversation, "given", system_actor(brand.pk), {**facts, "queue": queue})
        _look_later(floor, line, conversation)
        handed.append(conversation)
    return handed


def _free(conversation_id: uuid.UUID) -> Conversation | None:
    """Kept for this transaction, if it still waits, its contact isn't blocked and nobody is changing it."""
    rows = Conversation.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    return (
        rows.select_related("account__brand", "account__source", "contact__account")
        .filter(pk=conversation_id, contact__blocked_at=None, **_STILL_WAITS)
        .first()
    )


def _note_on(conversation: Conversation, able: Able) -> None:
    moment = now()
    conversation.assignee_id = able.person_id
    conversation.offered_at = moment
    conversation.revision += 1
    conversation.save(update_fields=["assignee", "offered_at", "revision"])
    Presence.objects.filter(brand_id=conversation.brand_id, person_id=able.person_id).update(given_at=moment)
    able.takes(conversation.account.kind, moment)


def _known(brand_id: uuid.UUID, found: Waiting, agents: list[Able]) -> Waiting:
    """With whoever answered this customer last, of those who are here."""
    row = Conversation.objects.filter(pk=found.id).values_list("contact_id", "customer_id").first()
    if row is None:
        return found
    contact_id, customer_id = row
    theirs = Q(contact_id=contact_id)
    if customer_id is not None:
        theirs |= Q(brand_id=brand_id, customer_id=customer_id)
    before = Conversation.objects.filter(
        theirs, assignee__in=[each.person_id for each in agents], last_message_at__gte=now() - KNOWN_FOR
    ).exclude(pk=found.id)
    knows = before.order_by("-last_message_at").values_list("assignee_id", flat=True).first()
    return replace(found, knows=knows)


def _look_later(floor: Floor, line: Line, conversation: Conversation) -> None:
    """A chat that isn't answered in time goes back then, not at the next full minute."""
    seconds = floor.queues[line.id].answer_within
    if seconds and conversation.account.kind in LIVE_KINDS:
        brand_id = conversation.brand_id
        transaction.on_commit(lambda: ask_to_return(brand_id, seconds + 1))
