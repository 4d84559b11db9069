"""From the inbox to customers and into the lake, each message once, whatever dies in between.

What is done to customers comes to the same when it is done again. The events go into effect in the
transaction that marks their messages as handed over; until then they wait.
"""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import DataError

from parcours.accounts.models import Brand
from parcours.accounts.reads import all_brands
from parcours.core.clock import now
from parcours.core.errors import InUse
from parcours.customers.stitching.lake_moves import (
    homecomings,
    merges_not_in_lake,
    note_homecomings,
    note_merges_in_lake,
)
from parcours.events.catalogue import EVENTS
from parcours.events.enums import Dialect, Refusal, SourceKind, WarningKind
from parcours.events.ingest import people
from parcours.events.ingest.messages import HAPPENED, Message
from parcours.events.ingest.noticing import Notices
from parcours.events.ingest.posthog import read_posthog
from parcours.events.ingest.reading import UnreadableError, object_in
from parcours.events.ingest.segment import kept_context, read_segment
from parcours.events.ingest.telling import tell_followers
from parcours.events.ingest.times import happened_at
from parcours.events.ingest.waiting import (
    Handed,
    Waiting,
    count_for_sources,
    newest_waiting,
    next_waiting,
    note_handed,
    set_aside,
)
from parcours.events.lake import Lake
from parcours.events.lake.manifest import sole_writer, take_seq

if TYPE_CHECKING:
    from parcours.events.arrow import Table

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds to wait for an import that holds the lake; then it is whoever asks next, within a minute."""
A_FEW = 500
_UNUSABLE = (DataError, ValueError, TypeError, LookupError, ArithmeticError)


def hand_over_all(brand_id: uuid.UUID) -> int:
    """Hands over what waits in a brand's inbox, in the order of its arrival; returns how many messages.

    What trickles in meanwhile is left to whoever was asked for it: each chunk is a file, and has numbers
    counted.
    """
    brand = all_brands().filter(pk=brand_id).first()
    if brand is None:
        return 0
    handed, newest = 0, newest_waiting(brand_id)
    try:
        while True:
            with sole_writer(brand.pk, patience=PATIENCE):
                waiting = next_waiting(brand.pk)
                if not waiting:
                    return handed
                _hand_over_or_set_aside(brand, waiting)
                handed += len(waiting)
            if len(waiting) < A_FEW and waiting[-1].id >= newest:
                return handed
    except InUse:
        return handed


def _hand_over_or_set_aside(brand: Brand, waiting: Sequence[Waiting]) -> None:
    """A message that can't be stored is found by halving, and stands in nobody's way."""
    try:
        HandOver(brand, waiting).run()
    except _UNUSABLE:
        if len(waiting) == 1:
            log.exception("message %s of %s could not be stored", waiting[0].message_id, waiting[0].source)
            set_aside(brand.pk, waiting[0], Refusal.FAILED)
            return
        middle = len(waiting) // 2
        _hand_over_or_set_aside(brand, waiting[:middle])
        _hand_over_or_set_aside(brand, waiting[middle:])


def read_waiting(row: Waiting) -> Message:
    """The message as it says itself, with its type. Raises UnreadableError."""
    fields = object_in(row.body)
    read = read_posthog if row.dialect == Dialect.POSTHOG else read_segment
    return read(fields, message_id=row.message_id)


@dataclass(slots=True)
class Arrival:
    """A message on its way, with whom it is about as soon as that is known. Its time is by our clock."""

    row: Waiting
    message: Message
    owner: people.Owner | None = None


@dataclass(slots=True)
class HandOver:
    """One chunk of messages; the caller is the sole writer of the lake."""

    brand: Brand
    waiting: Sequence[Waiting]
    notices: Notices = field(default_factory=Notices)
    left_out: list[Waiting] = field(default_factory=list)
    unreadable: list[tuple[Waiting, Refusal]] = field(default_factory=list)

    def run(self) -> None:
        arrivals = self._wanted([arrival for row in self.waiting if (arrival := self._read(row))])
        messages = [arrival.message for arrival in arrivals]
        people.join(self.brand, messages)
        for arrival, owner in zip(arrivals, people.owners(self.brand, messages), strict=True):
            arrival.owner = owner
        known = [(arrival, arrival.owner.customer) for arrival in arrivals if arrival.owner]
        people.note_profiles(self.brand, [(arrival.message, customer) for arrival, customer in known])
        people.note_consents(self.brand, [(each.row, each.message, customer) for each, customer in known])
        self._store(self._allowed(arrivals))

    def _read(self, row: Waiting) -> Arrival | None:
        """The message with the time by our clock; one that can't be read is set aside."""
        try:
            message = read_waiting(row)
        except UnreadableError as error:
            self.unreadable.append((row, error.reason))
            return None
        happened = message.type in HAPPENED
        moment = happened_at(
            message.timestamp, sent_at=row.sent_at or message.sent_at, received_at=row.received_at
        )
        if happened and message.timestamp is None and (said := said_time(row.body)):
            self.notices.note(row.source_id, WarningKind.BAD_TIME, message.event, said)
        if happened and moment.from_the_future:
            self.notices.note(row.source_id, WarningKind.FUTURE_TIME, message.event)
        return Arrival(row, msgspec.structs.replace(message, timestamp=moment.at))

    def _wanted(self, arrivals: list[Arrival]) -> list[Arrival]:
        """Without those whose person doesn't want to be followed, or was erased."""
        willing: list[Arrival] = []
        refusing: list[Arrival] = []
        for arrival in arrivals:
            (refusing if people.refuses_tracking(arrival.message) else willing).append(arrival)
        people.note_refusals(self.brand, [(each.row, each.message) for each in refusing])
        for arrival in refusing:
            self._leave_out(arrival, WarningKind.NO_CONSENT)
        wanted = []
        verdicts = people.admitted(self.brand, [arrival.message for arrival in willing])
        for arrival, may_come_in in zip(willing, verdicts, strict=True):
            if may_come_in:
                wanted.append(arrival)
            else:
                self._leave_out(arrival, WarningKind.SUPPRESSED)
        return wanted

    def _allowed(self, arrivals: list[Arrival]) -> list[Arrival]:
        """Without what tracking clients tell of customers who have refused that their visits are studied.

        What shops tell of carts and orders is no visit.
        """
        followed = {
            arrival.owner.customer: None for arrival in arrivals if arrival.owner and _is_visit(arrival)
        }
        refusing = people.refused_tracking(self.brand, followed)
        if not refusing:
            return arrivals
        allowed = []
        for arrival in arrivals:
            if arrival.owner and arrival.owner.customer in refusing and _is_visit(arrival):
                self._leave_out(arrival, WarningKind.NO_CONSENT)
            else:
                allowed.append(arrival)
        return allowed

    def _leave_out(self, arrival: Arrival, why: WarningKind) -> None:
        self.left_out.append(arrival.row)
        self.notices.note(arrival.row.source_id, why, arrival.message.event or arrival.message.type)

    def _store(self, arrivals: list[Arrival]) -> None:
        """Puts the events in effect and marks every message, all or nothing."""
        lake = Lake(self.brand.pk)
        events = [each for each in arrivals if each.message.type in HAPPENED and each.owner]
        for arrival in events:
            self.notices.look_at(arrival.row.source_id, arrival.message)
        moves = merges_not_in_lake(self.brand)
        going_home = homecomings(self.brand)

        def beside(_stored: int, _already_there: int) -> None:
            note_merges_in_lake(self.brand, moves)
            note_homecomings(going_home)
            self._note_handed(arrivals, events)

        with lake.staging() as staging:
            seq = take_seq(self.brand.pk)
            if events:
                staging.rows.add(staged(events, seq))
            lake.take_in(
                staging,
                next_seq=seq + len(events),
                moves=moves,
                homecomings=going_home.of,
                beside=beside,
            )

    def _note_handed(self, arrivals: list[Arrival], events: list[Arrival]) -> None:
        moment = now()
        handed = [Handed(each.row.id, each.owner.customer if each.owner else None) for each in arrivals]
        note_handed([*handed, *(Handed(row.id, None) for row in self.left_out)], moment)
        for row, reason in self.unreadable:
            set_aside(self.brand.pk, row, reason)
        count_for_sources(self.waiting)
        self.notices.write(self.brand.pk, moment)
        tell_followers(
            self.brand.pk,
            [(each.row, each.message, each.owner.customer) for each in events if each.owner],
            handed=len(self.waiting),
        )


def _is_visit(arrival: Arrival) -> bool:
    return arrival.row.source_kind == SourceKind.CLIENT and arrival.message.type in HAPPENED


def staged(events: Sequence[Arrival], seq: int) -> "Table":
    """The events as rows on their way into the lake, in the order of their arrival."""
    from parcours.events.arrow import pa
    from parcours.events.imports.properties import object_of
    from parcours.events.lake.layout import staged_schema

    rows: dict[str, list[Any]] = {name: [] for name in staged_schema().names}
    for place, event in enumerate(events):
        message, owner = event.message, event.owner
        context = kept_context(message.context)
        properties = {**message.properties, "context": context} if context else message.properties
        values = {
            "customer": owner.customer if owner else 0,
            "time": message.timestamp,
            "seq": seq + place,
            "content": content_of(event.row.source, message.message_id),
            "explicit": True,
            "name": message.event,
            "channel": message.channel or usual_channel(message.event),
            "source": event.row.source,
            "received": event.row.received_at,
            "properties": object_of(properties),
            "home": owner.home if owner else None,
        }
        for name, column in rows.items():
            column.append(values[name])
    return pa.Table.from_pydict(rows, schema=staged_schema())


def content_of(source: str, message_id: str) -> bytes:
    """What tells this event from every other: as an import of the same messages has it, too."""
    return hashlib.md5(f"id\x1f{source}\x1f{message_id}".encode(), usedforsecurity=False).digest()


def usual_channel(event: str) -> str | None:
    """Where such an event happens when nobody says so."""
    known = EVENTS.get(event)
    return known.channel or None if known else None


def said_time(body: bytes) -> str:
    """The time that a message gave and that nobody can read; empty when it gave none."""
    fields = object_in(body)
    said = fields.get("originalTimestamp") or fields.get("timestamp")
    return str(said)[:60] if said else ""
