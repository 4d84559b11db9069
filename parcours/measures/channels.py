"""What each channel does for customers: how much comes in, how fast and well it is answered, what follows.

A contact is a conversation or a call, from its beginning until the same customer's next one on that channel.
All channels are counted from the log, so that a telephone system's calls stand beside the inbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parcours.inbox.hours.arithmetic import Hours
from parcours.measures.business_time import business_seconds, usual_hours
from parcours.measures.kept import kept
from parcours.measures.scope import Question, open_index

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex

Int64s = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]

WRITTEN, CALLED = "Conversation Started", "Call Started"
SENT, BOT, CALL_ENDED = "Message Sent", "Bot Answered", "Call Ended"
RESOLVED, RATED, OFFERED = "Conversation Resolved", "Survey Answered", "Help Offered"
OF_CONTACTS = (WRITTEN, CALLED, SENT, BOT, CALL_ENDED, RESOLVED, "Conversation Placed")
_SECOND = 1_000_000
AGAIN_WITHIN = 7 * 86_400 * _SECOND
CONVERTS_WITHIN = 14 * 86_400 * _SECOND
OFFER_WITHIN = 3_600 * _SECOND
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with Wilson's 95 % interval; nothing is said of fewer than 5."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n >= FEWEST else None

    @property
    def interval(self) -> tuple[float, float] | None:
        if not self.n:
            return None
        share, z2 = self.hits / self.n, 1.959964**2
        middle = (share + z2 / (2 * self.n)) / (1 + z2 / self.n)
        half = sqrt(z2) / (1 + z2 / self.n) * sqrt(share * (1 - share) / self.n + z2 / (4 * self.n**2))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class ChannelNumbers:
    """One channel in a period. Times are clock seconds from the first word to a person's answer, or to the
    bot's that solved it; on the telephone the time in the queue. `answered` contacts have one. `business_`
    ones are the same in business time, by the brand's usual hours; None without any.

    `first_contact` is of contacts whose seven days are over: closed, and none of the same customer about the
    same topic on any channel within them. `repeat` counts any topic. `converted` bought within fourteen days
    that are over. `proactive` began within an hour of help that was offered.
    """

    channel: str
    contacts: int
    share: float
    answered: int
    median_seconds: float | None
    p90_seconds: float | None
    resolved: Share
    first_contact: Share
    repeat: Share
    satisfied: Share
    proactive: Share
    converted: Share
    business_median_seconds: float | None = None
    business_p90_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ChannelImpact:
    """The channels by volume, and the row of all of them."""

    channels: tuple[ChannelNumbers, ...]
    total: ChannelNumbers | None
    conversion: str = ""
    days: Mapping[str, Int64s] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Contacts:
    """One row a contact, all of the brand's whatever the period, in the order of customer and time."""

    customer: Int64s
    time: Int64s
    channel: Int64s
    topic: Int64s
    waited: npt.NDArray[np.float64]
    resolved: Truth
    worked: npt.NDArray[np.float64] | None = None  # what of the waiting was business time


def channel_impact(question: Question, conversion: str) -> ChannelImpact:
    """`conversion` is the name of an event. Raises NotFound for a segment that isn't there."""
    hours = usual_hours(question.brand.pk)
    words = ("channel impact", conversion, repr(hours))
    return kept(question, None, words, lambda: _impact(question, conversion, hours))


def _impact(question: Question, conversion: str, hours: Hours | None) -> ChannelImpact:
    index = open_index(question.brand.pk)
    contacts = _contacts(index)
    if hours is not None:
        contacts = replace(contacts, worked=business_seconds(hours, contacts.time, contacts.waited))
    asked = _asked(index, question, contacts)
    if not asked.any():
        return ChannelImpact((), None, conversion)
    end = int(index.time.max())
    facts = {
        "again": _followed(contacts, contacts.customer, AGAIN_WITHIN),
        "same": _followed(contacts, contacts.customer * 100_003 + contacts.topic + 1, AGAIN_WITHIN),
        "bought": _within(index, contacts, conversion, CONVERTS_WITHIN),
        "offered": _within(index, contacts, OFFERED, -OFFER_WITHIN),
        "week_over": contacts.time <= end - AGAIN_WITHIN,
        "two_weeks_over": contacts.time <= end - CONVERTS_WITHIN,
    }
    ratings = _ratings(index, question)
    total = int(asked.sum())
    rows = [
        _row(name, contacts, asked & (contacts.channel == code), facts, ratings.get(code, Share(0, 0)), total)
        for code, name in enumerate(index.channels)
    ]
    found = sorted((row for row in rows if row.contacts), key=lambda row: -row.contacts)
    everything = Share(sum(each.hits for each in ratings.values()), sum(each.n for each in ratings.values()))
    return ChannelImpact(tuple(found), _row("", contacts, asked, facts, everything, total), conversion)


def _row(  # noqa: PLR0917
    name: str, contacts: _Contacts, mine: Truth, facts: Mapping[str, Truth], satisfied: Share, total: int
) -> ChannelNumbers:
    known = mine & ~np.isnan(contacts.waited)
    waited = contacts.waited[known]
    worked = contacts.worked[known] if contacts.worked is not None else None
    count = int(mine.sum())
    week = mine & facts["week_over"]
    two_weeks = mine & facts["two_weeks_over"]
    enough = len(waited) >= FEWEST
    return ChannelNumbers(
        channel=name,
        contacts=count,
        share=count / total,
        answered=len(waited),
        median_seconds=float(np.median(waited)) if enough else None,
        p90_seconds=float(np.percentile(waited, 90)) if enough else None,
        resolved=_of(contacts.resolved, mine),
        first_contact=_of(contacts.resolved & ~facts["same"], week),
        repeat=_of(facts["again"], week),
        satisfied=satisfied,
        proactive=_of(facts["offered"], mine),
        converted=_of(facts["bought"], two_weeks),
        business_median_seconds=float(np.median(worked)) if enough and worked is not None else None,
        business_p90_seconds=float(np.percentile(worked, 90)) if enough and worked is not None else None,
    )


def _of(hits: Truth, among: Truth) -> Share:
    return Share(int((hits & among).sum()), int(among.sum()))


def _positions(index: "LakeIndex", names: tuple[str, ...]) -> Int64s:
    codes = [code for code, name in enumerate(index.names) if name in names]
    return np.flatnonzero(np.isin(np.asarray(index.name_codes), codes)).astype(np.int64)


def _owners(index: "LakeIndex", rows: Int64s) -> Int64s:
    """Positions of the customers of events."""
    return np.searchsorted(np.asarray(index.offsets), rows, side="right").astype(np.int64) - 1


def _contacts(index: "LakeIndex") -> _Contacts:
    rows = _positions(index, OF_CONTACTS)
    customer, time = _owners(index, rows), np.asarray(index.time)[rows]
    channel = np.asarray(index.channel_codes)[rows].astype(np.int64)
    order = np.lexsort((np.arange(len(rows)), channel, customer))
    rows, customer, time, channel = rows[order], customer[order], time[order], channel[order]
    name = np.array([*index.names, ""], dtype=object)[
        np.minimum(np.asarray(index.name_codes)[rows].astype(np.int64), len(index.names))
    ].astype(str)
    begins = (name == WRITTEN) | (name == CALLED)
    contact = np.cumsum(begins) - 1  # the last beginning before each event
    first = np.flatnonzero(begins)
    safe = np.maximum(contact, 0)
    belongs = (
        (contact >= 0)
        & (customer == customer[first][safe] if len(first) else False)
        & (channel == channel[first][safe] if len(first) else False)
    )
    waited, resolved = np.full(len(first), np.nan), np.zeros(len(first), dtype=bool)
    solved = _having(index, rows, "properties.solved", "true")
    reached = _having(index, rows, "properties.outcome", "answered")
    answers = belongs & ((name == SENT) | ((name == BOT) & solved))
    spans = (time - time[first][safe] if len(first) else time) / _SECOND
    np.fmin.at(waited, contact[answers], spans[answers])
    calls = belongs & (name == CALL_ENDED) & reached
    np.fmin.at(waited, contact[calls], _numbers(index, rows, "properties.waiting_seconds")[calls])
    done = belongs & ((name == RESOLVED) | ((name == BOT) & solved) | ((name == CALL_ENDED) & reached))
    resolved[contact[done]] = True
    codes = index.column("properties.topic").codes[rows].astype(np.int64)
    known = belongs & (codes >= 0)
    topic = np.full(len(first), -1, dtype=np.int64)
    topic[contact[known]] = codes[known]
    by_time = np.lexsort((time[first], customer[first]))
    order = first[by_time]
    return _Contacts(
        customer[order], time[order], channel[order], topic[by_time], waited[by_time], resolved[by_time]
    )


def _having(index: "LakeIndex", rows: Int64s, column: str, wanted: str) -> Truth:
    codes, labels = index.column(column)
    good = [code for code, label in enumerate(labels) if label.casefold() == wanted]
    found: Truth = np.isin(codes[rows], good)
    return found


def _numbers(index: "LakeIndex", rows: Int64s, column: str) -> npt.NDArray[np.float64]:
    """NaN where there is no number."""
    codes, labels = index.column(column)
    values = np.array([*(_number(label) for label in labels), np.nan])
    found: npt.NDArray[np.float64] = values[codes[rows]]
    return found


def _number(label: str) -> float:
    try:
        return float(label)
    except ValueError:
        return float("nan")


def _asked(index: "LakeIndex", question: Question, contacts: _Contacts) -> Truth:
    """Which contacts the question is about, by when they began, who it was, and the channel."""
    mask: Truth = np.ones(len(contacts.time), dtype=bool)
    for moment, after in ((question.period.start, True), (question.period.end, False)):
        if moment is not None:
            micros = int(moment.timestamp() * _SECOND)
            mask &= contacts.time >= micros if after else contacts.time < micros
    if question.segment:
        mask &= _members(index, question)[contacts.customer]
    if question.channel:
        wanted = [code for code, name in enumerate(index.channels) if name == question.channel]
        mask &= np.isin(contacts.channel, wanted)
    return mask


def _members(index: "LakeIndex", question: Question) -> Truth:
    from parcours.customers.reads import segment_members

    found: Truth = np.isin(index.customers, segment_members(question.brand, question.segment))
    return found


def _followed(contacts: _Contacts, key: Int64s, within: int) -> Truth:
    """Whether the next contact with the same key came within so many microseconds."""
    order = np.lexsort((contacts.time, key))
    same = key[order][1:] == key[order][:-1]
    soon = np.diff(contacts.time[order]) <= within
    found: Truth = np.zeros(len(key), dtype=bool)
    found[order[:-1][same & soon]] = True
    return found


def _within(index: "LakeIndex", contacts: _Contacts, name: str, within: int) -> Truth:
    """Whether the customer did it so many microseconds after the contact at most; before it when negative."""
    rows = _positions(index, (name,)) if name else np.empty(0, np.int64)
    width = int(np.asarray(index.time).max()) + abs(within) + 1 if len(index) else 1
    low = int(np.asarray(index.time).min()) if len(index) else 0
    width -= low - abs(within)
    base = low - abs(within)
    keys = np.sort(_owners(index, rows) * width + (np.asarray(index.time)[rows] - base))
    start = contacts.customer * width + (contacts.time - base)
    first, last = (start, start + within) if within > 0 else (start + within, start)
    found: Truth = np.searchsorted(keys, last, side="right") > np.searchsorted(keys, first, side="left")
    return found


def _ratings(index: "LakeIndex", question: Question) -> dict[int, Share]:
    """4 and 5 of 5, by channel; other surveys ask something else."""
    rows = _positions(index, (RATED,))
    rows = rows[_having(index, rows, "properties.survey", "csat")]
    if not len(rows):
        return {}
    score = _numbers(index, rows, "properties.score")
    channel = np.asarray(index.channel_codes)[rows].astype(np.int64)
    said: Any = _Contacts(_owners(index, rows), np.asarray(index.time)[rows], channel, rows, score, rows > 0)
    mask = _asked(index, question, said) & ~np.isnan(score)
    happy = mask & (score >= 4)
    return {
        int(code): Share(int((happy & (channel == code)).sum()), int((mask & (channel == code)).sum()))
        for code in np.unique(channel[mask])
    }
