"""Who has something open right now, and where in it they are.

A row an open tab, which the tab renews while it is awake; nothing of it outlives the database's next crash.
What changes for others (somebody comes, goes, moves on, rests) is sent by NOTIFY alone: it isn't kept.
"""

import json
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.live.models import Presence

CHANNEL = "parcours_presence"
HERE_FOR = timedelta(seconds=20)
"""Tabs say every 8 seconds that they are there; one that was closed or sleeps is forgotten after this."""


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who is there, in however many tabs. `place` is where they were last, as the page names it."""

    person_id: uuid.UUID
    label: str
    place: str
    idle: bool

    @property
    def payload(self) -> dict[str, object]:
        return {"person": str(self.person_id), "label": self.label, "place": self.place, "idle": self.idle}


def who_is_here(brand_id: uuid.UUID, topic: str) -> tuple[Here, ...]:
    """Whoever was first stands first."""
    tabs: dict[uuid.UUID, list[Presence]] = defaultdict(list)
    rows = Presence.objects.filter(brand_id=brand_id, topic=topic, until__gt=now())
    for row in rows.order_by("since", "id"):
        tabs[row.person_id].append(row)
    return tuple(_of_tabs(person_id, rows) for person_id, rows in tabs.items())


@transaction.atomic
def be_here(
    acting_user: Actor, topic: str, tab: uuid.UUID, *, place: str = "", idle: bool = False
) -> tuple[Here, ...]:
    """A tab of the actor is open on a topic that they may follow; returns who is there, the actor too."""
    if acting_user.kind != "person" or acting_user.id is None:
        return who_is_here(acting_user.brand_id, topic)
    before = _known(acting_user.brand_id, topic)
    Presence.objects.update_or_create(
        tab=tab,
        topic=topic,
        defaults={
            "brand_id": acting_user.brand_id,
            "person_id": acting_user.id,
            "label": acting_user.label,
            "place": place,
            "idle": idle,
            "seen": now(),
            "until": now() + HERE_FOR,
        },
    )
    return _tell(acting_user.brand_id, topic, before)


@transaction.atomic
def leave(acting_user: Actor, topic: str, tab: uuid.UUID) -> None:
    """A tab was closed, or sleeps."""
    before = _known(acting_user.brand_id, topic)
    Presence.objects.filter(tab=tab, topic=topic, person_id=acting_user.id or uuid.UUID(int=0)).delete()
    _tell(acting_user.brand_id, topic, before)


def forget_presence(brand_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Called when somebody leaves a brand."""
    Presence.objects.filter(brand_id=brand_id, person_id=person_id).delete()


def _known(brand_id: uuid.UUID, topic: str) -> dict[uuid.UUID, Here]:
    """Who others believe to be there: also those whose time has run out since anybody looked."""
    tabs: dict[uuid.UUID, list[Presence]] = defaultdict(list)
    for row in Presence.objects.filter(brand_id=brand_id, topic=topic).order_by("since", "id"):
        tabs[row.person_id].append(row)
    return {person_id: _of_tabs(person_id, rows) for person_id, rows in tabs.items()}


def _tell(brand_id: uuid.UUID, topic: str, before: dict[uuid.UUID, Here]) -> tuple[Here, ...]:
    """Forgets tabs whose time has run out, and sends what has become different for others."""
    Presence.objects.filter(brand_id=brand_id, topic=topic, until__lte=now()).delete()
    present = who_is_here(brand_id, topic)
    after = {here.person_id: here for here in present}
    changed = [{**here.payload, "here": True} for here in present if before.get(here.person_id) != here]
    gone = [{**here.payload, "here": False} for pk, here in before.items() if pk not in after]
    for payload in (*changed, *gone):
        message = {"brand": str(brand_id), "topic": topic, "name": "presence", "data": payload}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(message)])
    return present


def _of_tabs(person_id: uuid.UUID, rows: list[Presence]) -> Here:
    """Where the person did something last; at rest when they are in every tab."""
    busy = max(rows, key=lambda row: (not row.idle, bool(row.place), row.seen))
    return Here(person_id, busy.label, busy.place, all(row.idle for row in rows))
