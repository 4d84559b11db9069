"""When it was the team's turn, by what stands in a conversation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from parcours.inbox.enums import AuthorKind, Direction
from parcours.inbox.models import Conversation, Message


@dataclass(frozen=True, slots=True)
class Deed:
    """A message or line, as far as turns go: who it is from, and of a line what happened."""

    direction: str
    author_kind: str
    at: datetime
    what: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A time in which the clock of a target runs; without an end it still does."""

    begin: datetime
    end: datetime | None = None


def runs_of(conversation: Conversation, *, pauses: bool) -> list[Run]:
    """The times in which a resolution was the team's to bring; without `pauses` all in which it was open."""
    rows = Message.objects.filter(conversation=conversation).exclude(direction=Direction.NOTE)
    told = rows.order_by("at", "id").values_list(
        "direction", "author_kind", "at", "payload__what", "payload__automatic"
    )
    deeds = (Deed(way, who, at, what or "", bool(automatic)) for way, who, at, what, automatic in told)
    return runs_in(deeds, conversation.created_at, pauses=pauses)


def runs_in(deeds: Iterable[Deed], since: datetime, *, pauses: bool) -> list[Run]:
    """The clock runs from the customer's word to the team's; bots and what is automatic change nothing.

    Closed, it stands still in any case. Reopened by a colleague, it runs: there is something to do.
    """
    runs: list[Run] = []
    begun: datetime | None = None
    for deed in deeds:
        at = max(deed.at, since)
        if _begins(deed) and begun is None:
            begun = at
        elif begun is not None and _ends(deed, pauses=pauses):
            runs.append(Run(begun, max(at, begun)))
            begun = None
    return [*runs, Run(begun)] if begun is not None else runs


def _begins(deed: Deed) -> bool:
    if deed.direction == Direction.LINE:
        return deed.what == "reopened"
    return deed.direction == Direction.IN and deed.author_kind == AuthorKind.CUSTOMER and not deed.automatic


def _ends(deed: Deed, *, pauses: bool) -> bool:
    if deed.direction == Direction.LINE:
        return deed.what == "closed"
    answered = deed.direction == Direction.OUT and deed.author_kind != AuthorKind.BOT and not deed.automatic
    return pauses and answered
