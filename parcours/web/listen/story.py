"""A customer's timeline as a page shows it: days, their sessions, what happened in them, newest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parcours.accounts.models import Brand
from parcours.core.text import quoted
from parcours.customers.consent.ledger import ConsentView, consents_of
from parcours.customers.consent.purposes import purposes
from parcours.customers.enums import Hint
from parcours.customers.segments.history import MergeView, merges_of
from parcours.events.catalogue import label_of
from parcours.events.channels import channel_label
from parcours.events.reads import EventView
from parcours.events.timeline import TimelinePage, timeline_page

EVENTS_A_PAGE = 50
SESSION_ENDS_AFTER = timedelta(minutes=30)
MOST_FACTS = 8
ABOUT = ("query", "topic", "menu", "article", "reason")
"""Properties that say what an event was about."""
ICONS = {
    "web": "screen",
    "app": "app",
    "email": "mail",
    "phone": "phone",
    "sms": "phone",
    "store": "shop",
    "chat": "chat",
    "whatsapp": "chat",
    "instagram": "chat",
    "messenger": "chat",
    "telegram": "chat",
    "social": "chat",
    "post": "file",
    "help": "info",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `kind` is event, merge or consent; `facts` are pairs of texts.

    `name` is an event's own, `about` the property, with its value, that says what it was about.
    """

    at: datetime
    kind: str
    icon: str
    label: str
    channel: str = ""
    source: str = ""
    facts: tuple[tuple[str, object], ...] = ()
    more: int = 0
    name: str = ""
    about: tuple[str, object] = ("", "")


@dataclass(frozen=True, slots=True)
class Session:
    """What happened without a longer pause, the newest first."""

    entries: tuple[Entry, ...]

    @property
    def seconds(self) -> float:
        return (self.entries[0].at - self.entries[-1].at).total_seconds()


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    events: int


@dataclass(frozen=True, slots=True)
class Story:
    days: tuple[Day, ...]
    total: int
    names: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    older: str = ""
    entries: int = field(default=0)


@dataclass(frozen=True, slots=True)
class Said:
    """A customer's whole ledger of consent, the newest first, and the purposes' `names`."""

    consents: tuple[ConsentView, ...]
    names: Mapping[tuple[str, str], str]

    def name_of(self, consent: ConsentView) -> str:
        return self.names.get((consent.purpose, consent.channel), consent.purpose)

    @property
    def newest(self) -> tuple[ConsentView, ...]:
        """The last word to each purpose and channel."""
        found: dict[tuple[str, str], ConsentView] = {}
        for each in self.consents:
            found.setdefault((each.purpose, each.channel), each)
        return tuple(found.values())


def story_of(
    brand: Brand,
    customer_id: int,
    *,
    name: str = "",
    channel: str = "",
    before: str = "",
    page: TimelinePage | None = None,
    said: "Said | None" = None,
) -> Story:
    """A page of the timeline; it and what the customer `said` to purposes are read here unless given. Merges
    and consents stand among the events unless these are filtered.
    """
    page = page or timeline_page(
        brand, customer_id, name=name, channel=channel, before=before, size=EVENTS_A_PAGE
    )
    entries = [_event(event) for event in page.events]
    if not name and not channel:
        said = said or said_by(brand, customer_id)
        entries += [each for each in _beside(brand, customer_id, said) if _on_page(each, page, before)]
        entries.sort(key=lambda each: each.at, reverse=True)
    return Story(
        days=tuple(_days(entries, ZoneInfo(brand.time_zone))),
        total=page.total,
        names=tuple(Choice(value, label_of(value), events) for value, events in page.names),
        channels=tuple(Choice(value, channel_label(value), events) for value, events in page.channels),
        older=page.older,
        entries=len(entries),
    )


def _on_page(entry: Entry, page: TimelinePage, before: str) -> bool:
    """Whether what isn't an event belongs among the events of a page."""
    newest = page.events[0].time if page.events else None
    below_the_top = not before or (newest is not None and entry.at <= newest)
    return below_the_top and (page.since is None or entry.at > page.since)


def said_by(brand: Brand, customer_id: int) -> Said:
    names = {(each.key, each.channel): each.name for each in purposes(brand)}
    return Said(tuple(consents_of(brand, customer_id)), names)


def _beside(brand: Brand, customer_id: int, said: Said) -> Iterator[Entry]:
    for merge in merges_of(brand, customer_id):
        yield from _merge(merge)
    for each in said.consents:
        words = {"purpose": quoted(said.name_of(each)), "state": each.state_label.lower()}
        label = _("Said to {purpose}: {state}").format(**words)
        yield Entry(each.at, "consent", "lock", label, each.channel, each.method_label)


def _event(event: EventView) -> Entry:
    facts = list(event.properties.items())
    return Entry(
        event.time,
        "event",
        ICONS.get(event.channel, "touchpoint"),
        label_of(event.name),
        event.channel,
        event.source,
        tuple(facts[:MOST_FACTS]),
        max(0, len(facts) - MOST_FACTS),
        event.name,
        next(((key, event.properties[key]) for key in ABOUT if event.properties.get(key)), ("", "")),
    )


def _merge(merge: MergeView) -> Iterator[Entry]:
    by = ((pgettext("who did it", "By"), merge.by),) if merge.by else ()
    because = ((_("Because"), reason_words(merge.reason)),) if merge.reason else ()
    label = _("{name} turned out to be the same customer").format(name=quoted(merge.loser_label))
    yield Entry(merge.at, "merge", "people", label, facts=(*because, *by))
    if merge.undone_at:
        label = _("{name} was taken apart again").format(name=quoted(merge.loser_label))
        yield Entry(
            merge.undone_at, "merge", "undo", label, facts=((pgettext("who did it", "By"), merge.undone_by),)
        )


def reason_words(reason: str) -> str:
    """Why identities belong together in the reader's words; what a person wrote as it was written."""
    known = {hint.value: str(hint.label) for hint in Hint} | {
        "profile": _("told by the profile"),
        "alias": _("told by an alias"),
        "seen together in a message": _("seen together in a message"),
        "seen together in an import": _("seen together in an import"),
    }
    return ", ".join(known.get(part, part) for part in reason.split("; "))


def _days(entries: Iterable[Entry], zone: ZoneInfo) -> Iterator[Day]:
    for day, of_day in groupby(entries, key=lambda entry: entry.at.astimezone(zone).date()):
        yield Day(day, tuple(_sessions(list(of_day))))


def _sessions(entries: list[Entry]) -> Iterator[Session]:
    start = 0
    for place in range(1, len(entries) + 1):
        if place == len(entries) or entries[place - 1].at - entries[place].at > SESSION_ENDS_AFTER:
            yield Session(tuple(entries[start:place]))
            start = place
