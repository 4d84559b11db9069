"""What must flow upward: a higher floor registers a handler, a lower one calls it.

Areas register in `AppConfig.ready()`; a lower floor never imports a higher one.
"""

import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

Handler = TypeVar("Handler")


class Registry(Generic[Handler]):
    """Handlers by name for one purpose, in the order in which they were registered."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self._handlers: dict[str, Handler] = {}

    def register(self, name: str, handler: Handler) -> None:
        """Registers once per name; the same handler again is harmless (apps may be made ready twice)."""
        known = self._handlers.get(name)
        if known is not None and known is not handler:
            raise RuntimeError(f"{self.purpose}: {name!r} is registered twice")
        self._handlers[name] = handler

    def get(self, name: str) -> Handler | None:
        return self._handlers.get(name)

    def all(self) -> dict[str, Handler]:
        return dict(self._handlers)


live_topics: Registry[Callable[..., Any]] = Registry("live topics")
"""Topic kind (`journey` in `journey:<uuid>`) → `check(actor, identifier) -> bool`: may they follow it?"""

stored_events: Registry[Callable[..., Any]] = Registry("handlers of stored events")
"""Name → `handler(brand_id, generation)`: called after new events are in the lake."""

customers_who: Registry[Callable[..., Any]] = Registry("who did what")
"""Name → `handler(brand, condition) -> sorted ids`: the customers of whom a `core.happened.Happened`, or a
condition over `first_seen` or `last_seen`, is true. Asked only what is false of those without events."""

changed_evidence: Registry[Callable[[uuid.UUID], object]] = Registry("handlers of changed evidence")
"""Name → `handler(brand_id)`: called, in the transaction, when evidence on a canvas must be counted."""

asked_customers: Registry[Callable[..., Any]] = Registry("customers behind a number")
"""Kind of page → `handler(brand, asked)`: the ids of the customers behind a number that an address of
Parcours names, and when (in microseconds since 1970) each was last seen. Raises ParcoursError where the
address names nothing any more."""

joined_customers: Registry[Callable[[uuid.UUID], object]] = Registry("handlers of joined customers")
"""Name → `handler(brand_id)`: called after a person made customers one, or took them apart."""

received_messages: Registry[Callable[..., object]] = Registry("handlers of received messages")
"""Name → `handler(conversation, message, is_new)`: called in the transaction in which a customer's message is
stored; what takes long is deferred to a job."""

suggested_answers: Registry[Callable[..., Any]] = Registry("answers to suggest")
"""Name → `handler(brand, core.suggesting.Asked) -> Sequence[core.suggesting.Suggested]`: what may answer what
a customer wrote last."""

planned_ahead: Registry[Callable[[timedelta], object]] = Registry("what is planned ahead")
"""Name → `handler(back)`: called, in one transaction, when the clock was set back by so much. What is to be
tried at a moment ahead is moved back by it."""

journal_keepers: Registry[Callable[..., Any]] = Registry("keepers of the journal")
"""Floors below the journal tell it through here what was done."""


notice_kinds: Registry[Any] = Registry("kinds of notices")
"""Kind → its `notices.kinds.NoticeKind`: how it is called, and what its sentence says of the facts."""

webhook_kinds: Registry[Any] = Registry("kinds of events that webhooks tell")
"""Kind (`conversation.closed`) → its `inbox.webhooks.kinds.WebhookKind`: how it is called on the page."""

people_who_leave: Registry[Callable[[uuid.UUID, uuid.UUID], object]] = Registry("those who let go of people")
"""Name → `handler(brand_id, person_id)`: called when somebody is taken out of a brand, in that write."""

changed_roles: Registry[Callable[[uuid.UUID, uuid.UUID, str], object]] = Registry("handlers of changed roles")
"""Name → `handler(brand_id, person_id, role)`: called when somebody in a brand has another role, in that
write."""


class PersonalDataKeeper(Protocol):
    """An area that keeps something about customers and can hand it over or let go of it.

    `customer_ids` name one person, or several: the customers themselves and all that were merged into them.
    Both methods are called while the customers' own rows are still there, so that whoever holds what was
    received, raw, can ask by which identities they were known (`customers.reads.identities_of`).
    """

    name: str

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        """What is kept, as JSON can hold it: rows by the name of the place (`events`, `identities`, …)."""
        ...

    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        """Lets go of it for good and returns how many rows are gone by place. Called again after a crash:
        then what is gone already counts no more.
        """
        ...


personal_data: Registry[PersonalDataKeeper] = Registry("keepers of personal data")
"""Name of an area → its keeper; asked by export and erasure."""


class RetentionKeeper(Protocol):
    """Something that need not be kept for ever: raw copies, events, profiles. A brand says how long.

    `label` and `explanation` are for the page; `suggested_days` is what the page proposes.
    """

    label: Any
    explanation: Any
    suggested_days: int

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        """How much would go that is older than `before`."""
        ...

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        """Lets go of it and returns how much that was."""
        ...


retention: Registry[RetentionKeeper] = Registry("what is kept for a time")
"""Key of a retention rule (`events`, `hook_payloads`, …) → whoever can count and remove."""


class ProposalKind(Protocol):
    """What a kind of proposal says, from its facts, in the language of the moment, and what accepting does.

    `words(facts)`, `undo(journey_id, outcome, acting_user)` and `icon` may be there too: parts of the change
    that are words, taking back what `apply` answered with, and the sign beside it.
    """

    @property
    def label(self) -> Any: ...

    def title(self, facts: Any) -> str: ...
    def reason(self, facts: Any) -> str: ...
    def apply(
        self, journey_id: uuid.UUID, proposal: Any, edits: dict[str, Any] | None, acting_user: Any
    ) -> Any:
        """Changes the canvas, in the caller's transaction; what it made, as JSON can hold it."""
        ...


proposal_kinds: Registry[ProposalKind] = Registry("kinds of proposals")
"""Kind of a proposal (`missing-touchpoint`, `picture-changed`, …) → its `ProposalKind`."""


review_reasons: Registry[Callable[..., Any]] = Registry("reasons of reviews")
"""Key of a reason → `sentence(facts) -> str`: why a card or journey wants another look, in the reader's
language."""


def tell(*deed: Any) -> None:
    """Hands a deed (the arguments of `journal.writes.record`) to all keepers, in the caller's transaction."""
    for keeper in journal_keepers.all().values():
        keeper(*deed)
