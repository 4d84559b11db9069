"""What must flow upward: a higher floor registers a handler, a lower one calls it.

Areas register in `AppConfig.ready()`; a lower floor never imports a higher one.
"""

from collections.abc import Callable
from typing import Any


class Registry:
    """Handlers by name for one purpose, in the order in which they were registered."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self._handlers: dict[str, Callable[..., Any]] = {}

    def register(self, name: str, handler: Callable[..., Any]) -> None:
        """Registers once per name; the same handler again is harmless (apps may be made ready twice)."""
        known = self._handlers.get(name)
        if known is not None and known is not handler:
            raise RuntimeError(f"{self.purpose}: {name!r} is registered twice")
        self._handlers[name] = handler

    def get(self, name: str) -> Callable[..., Any] | None:
        return self._handlers.get(name)

    def all(self) -> dict[str, Callable[..., Any]]:
        return dict(self._handlers)


live_topics = Registry("live topics")
"""Topic kind (`journey` in `journey:<uuid>`) → `check(actor, identifier) -> bool`: may they follow it?"""

stored_events = Registry("handlers of stored events")
"""Name → `handler(brand_id, generation)`: called after new events are in the lake."""

journal_keepers = Registry("keepers of the journal")
"""Floors below the journal tell it through here what was done."""


def tell(*deed: Any) -> None:
    """Hands a deed (the arguments of `journal.writes.record`) to all keepers, in the caller's transaction."""
    for keeper in journal_keepers.all().values():
        keeper(*deed)
