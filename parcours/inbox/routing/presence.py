"""Who is there: people say so themselves, their desk keeps saying it, and who goes quiet is offline."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.accounts.models import Membership
from parcours.accounts.rights import Actor, system_actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.nudging import ask_to_assign
from parcours.inbox.rights import MANAGE, REPLY
from parcours.inbox.routing.enums import LIVE_KINDS, SILENT, State
from parcours.inbox.routing.floor import AGENT_ROLES, open_of
from parcours.inbox.routing.models import Presence
from parcours.inbox.routing.returning import give_back, tell_presence
from parcours.inbox.routing.shapes import PresenceView
from parcours.inbox.routing.turns import turn_of
from parcours.inbox.writes.common import changed
from parcours.journal.writes import record

QUIET_FOR = timedelta(minutes=3)
"""Desks tell every half minute that they are open; browsers slow hidden pages down to once a minute."""
BACK_WITHIN = timedelta(minutes=30)
"""Who comes back so soon after their desk went quiet is online again by itself."""


@transaction.atomic
def set_state(person_id: uuid.UUID, state: str, reason: str = "", *, acting_user: Actor) -> PresenceView:
    """Says whether somebody takes conversations; of a colleague, whoever manages the inbox may say it. Chats
    of somebody who goes offline wait for somebody else at once; everything else stays theirs.

    Raises BadInput, NotFound for somebody who doesn't answer customers here.
    """
    acting_user.require(REPLY if acting_user.id == person_id else MANAGE)
    if state not in State.values:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=state), where="state")
    brand_id = acting_user.brand_id
    if not Membership.objects.filter(brand_id=brand_id, person_id=person_id, role__in=AGENT_ROLES).exists():
        raise NotFound(_("There is no such colleague."), where="person")
    tidy = "" if state == State.ONLINE else one_line(storable(reason))[:80]
    row = _set(brand_id, person_id, state, tidy, acting_user)
    if acting_user.id != person_id:
        record(acting_user, "presence set", "person", person_id, {"state": state})
    return _view(row)


@transaction.atomic
def seen(person_id: uuid.UUID, brand_id: uuid.UUID) -> PresenceView:
    """Their desk is open. Returns how they are there."""
    rows = Presence.objects.filter(brand_id=brand_id, person_id=person_id)
    row = rows.first()
    if row is not None and _comes_back(row):
        turn_of(brand_id)  # before the row is touched, as everybody does it
        row = rows.first()
        if row is not None and _comes_back(row):  # nobody has said otherwise meanwhile
            return _view(_set(brand_id, person_id, State.ONLINE, "", system_actor(brand_id)))
    rows.update(seen_at=now())
    return _view(row) if row is not None else PresenceView(person_id)


def hear_of_signing_out(user: Any, **_told: object) -> None:
    """Receiver of Django's signal; `user` is None for whoever wasn't signed in."""
    if user is not None:
        signed_out(user.pk)


def signed_out(person_id: uuid.UUID) -> None:
    """Whoever signs out is offline at once; a desk that is open elsewhere brings them back by itself."""
    rows = Presence.objects.filter(person_id=person_id, state=State.ONLINE)
    for brand_id in list(rows.values_list("brand_id", flat=True)):
        with transaction.atomic():
            turn_of(brand_id)
            if rows.filter(brand_id=brand_id).exists():
                _set(brand_id, person_id, State.OFFLINE, SILENT, system_actor(brand_id))


def put_silent_offline() -> int:
    """Those whose desk hasn't been heard of; returns how many."""
    before = now() - QUIET_FOR
    quiet = Q(seen_at__lt=before) | Q(seen_at=None, since__lt=before)
    rows = Presence.objects.exclude(state=State.OFFLINE).filter(quiet)
    found = 0
    for pk, brand_id in list(rows.values_list("pk", "brand_id")):
        with transaction.atomic():
            turn_of(brand_id)
            row = rows.filter(pk=pk).first()
            if row is None:  # they were heard of meanwhile
                continue
            reason = SILENT if row.state == State.ONLINE else ""
            _set(brand_id, row.person_id, State.OFFLINE, reason, system_actor(brand_id))
            found += 1
    return found


def _set(brand_id: uuid.UUID, person_id: uuid.UUID, state: str, reason: str, acting_user: Actor) -> Presence:
    turn_of(brand_id)
    row, _made = Presence.objects.get_or_create(
        brand_id=brand_id, person_id=person_id, defaults={"since": now()}
    )
    if row.state != state:
        row.since = now()
    row.state, row.reason = state, reason
    row.seen_at = row.seen_at if reason == SILENT else now()
    row.save(update_fields=["state", "reason", "since", "seen_at"])
    back = []
    if state == State.OFFLINE:
        mine = [each for each in open_of(person_id, brand_id) if each.account.kind in LIVE_KINDS]
        back = [each for each in mine if each.waiting_since is not None]
    for conversation in back:
        give_back(conversation, "left", acting_user)
    for conversation in back:
        changed(conversation, "assigned")
    tell_presence(brand_id, person_id)
    if state == State.ONLINE or back:
        transaction.on_commit(lambda: ask_to_assign(brand_id))
    return row


def _comes_back(row: Presence) -> bool:
    return row.state == State.OFFLINE and row.reason == SILENT and now() - row.since <= BACK_WITHIN


def _view(row: Presence) -> PresenceView:
    return PresenceView(row.person_id, row.state, row.reason, row.since)
