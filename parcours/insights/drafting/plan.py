"""A first canvas, put together from a log."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.canvas.enums import JourneyKind, LaneKind
from parcours.canvas.exports.drawn import Drawing, DrawnCard, DrawnLane, DrawnStage, DrawnTouchpoint
from parcours.canvas.templates.field import STAGES
from parcours.core.formats import count, share
from parcours.events.catalogue import label_of
from parcours.events.channels import channel_label
from parcours.insights.drafting.meanings import DOES, NOT_MET, STAGE_OF, TELLING
from parcours.insights.drafting.order import names_of, ordered_stages, tidy_name
from parcours.insights.drift.marked import Marked
from parcours.insights.needs import Need

if TYPE_CHECKING:
    from parcours.engine import EventLog

KNOWN = 0.6
"""From this share of events with known names on, the stages are those of the field."""
FEWEST_KNOWN = 3
SHARE = 0.005
MOST_TOUCHPOINTS = 12
MOST_MOMENTS = 3
MOST_VALUES = 3
MOST_ACTIONS = 3
HEIGHT = 60
"""How far from the middle the line of emotion goes at most."""

LANES = (LaneKind.NEED, LaneKind.MOMENT, LaneKind.ACTION, LaneKind.EMOTION)
_NEED, _MOMENT, _ACTION, _EMOTION = range(len(LANES))

Values = Callable[[str], tuple[npt.NDArray[Any], Sequence[str]] | None]
"""The codes and labels of a property of the events (-1: none of this event); None where no event has it."""
Say = Callable[[int], None]
STEPS = 4


@dataclass(frozen=True, slots=True)
class Wishes:
    title: str = ""
    language: str = "en"
    stages: int | None = None


@dataclass(frozen=True)
class _Part:
    """A stage of the draft: the codes of its names, in order."""

    name: str
    description: str
    key: str
    codes: tuple[int, ...]


def no_values(_name: str) -> None:
    """Of a log that has no properties."""


def unmarked(log: "EventLog") -> Marked:
    """A log on which nothing is drawn yet."""
    codes = np.asarray(log.activity.codes).astype(np.int64)
    labels = log.activity.labels
    name = np.where((codes < 0) | (codes >= len(labels)), -1, codes).astype(np.int32)
    channel = np.full(len(name), -1, dtype=np.int32)
    channels: Sequence[str] = ()
    if log.channel is not None:
        found = np.asarray(log.channel.codes).astype(np.int64)
        channels = tuple(log.channel.labels)
        channel = np.where((found < 0) | (found >= len(channels)), -1, found).astype(np.int32)
    return Marked(
        offsets=np.asarray(log.offsets),
        time=np.asarray(log.time),
        name=name,
        names=tuple(labels),
        channel=channel,
        channels=channels,
        touchpoint=np.full(len(name), -1, dtype=np.int32),
        n_touchpoints=0,
        stage=np.full(len(name), -1, dtype=np.int32),
        n_stages=0,
        stage_of_touchpoint=np.empty(0, dtype=np.int64),
    )


def drafted(
    log: Marked,
    wishes: Wishes,
    *,
    values: Values = no_values,
    needs: Callable[[Marked], list[Need]] = lambda _log: [],
    say: Say = lambda _step: None,
) -> Drawing:
    """A canvas of this log, in the language that is wished for. `say` hears how many of `STEPS` are done."""
    with translation.override(wishes.language):
        parts = _parts(log, wishes.stages)
        say(1)
        staged = _staged(log, parts)
        stages = tuple(_stage(staged, part) for part in parts)
        say(2)
        cards = [*_moments(staged, parts, values), *_actions(staged, parts), *_emotion(staged, parts)]
        say(3)
        said = [
            DrawnCard(max(each.stage, 0), _NEED, each.words, _said_by(each), "", "") for each in needs(staged)
        ]
        say(4)
        return Drawing(
            title=wishes.title or _("Journey drawn from the log"),
            summary=_summary(log),
            kind=JourneyKind.AS_IS,
            persona=None,
            stages=stages,
            lanes=tuple(DrawnLane(kind, str(kind.label)) for kind in LANES),
            cards=(*said, *cards),
            pictures={},
        )


def _summary(log: Marked) -> str:
    said = _("Drawn by Parcours from {events} events of {customers} customers: a first draft to correct.")
    return said.format(events=count(len(log)), customers=count(len(log.offsets) - 1))


# Stages


def _parts(log: Marked, wanted: int | None) -> list[_Part]:
    counts = np.bincount(log.name[log.name >= 0], minlength=len(log.names))
    met = [code for code, name in enumerate(log.names) if counts[code] and name not in NOT_MET]
    known = [code for code in met if log.names[code] in STAGE_OF]
    enough = sum(counts[code] for code in known) >= KNOWN * max(1, sum(counts[code] for code in met))
    if enough and len(known) >= min(FEWEST_KNOWN, len(met)) and known and wanted in {None, len(STAGES)}:
        return _by_meaning(log, known, met)
    stages = ordered_stages(_without(log, met), wanted)
    customers = _customers_by_name(log)
    return [
        _Part(_label(log.names[name])[:80], _between(log, codes), "", tuple(codes))
        for codes, name in zip(stages, names_of(stages, customers), strict=True)
    ]


def _without(log: Marked, met: Sequence[int]) -> Marked:
    return replace(log, name=np.where(np.isin(log.name, met), log.name, -1).astype(np.int32))


def _by_meaning(log: Marked, known: Sequence[int], met: Sequence[int]) -> list[_Part]:
    """The five stages of the field; what could happen in any of them goes where it happens most."""
    keys = [stage.key for stage in STAGES]
    codes: dict[int, list[int]] = defaultdict(list)
    stage_of_name = np.full(len(log.names) + 1, -1, dtype=np.int32)
    for code in known:
        place = keys.index(STAGE_OF[log.names[code]])
        stage_of_name[code] = place
        codes[place].append(code)
    placed = replace(log, stage=stage_of_name[log.name], n_stages=len(keys))
    for code in met:
        if stage_of_name[code] < 0:
            codes[_where(placed, code)].append(code)
    return [
        _Part(str(stage.name), str(stage.description), stage.key, tuple(codes[place]))
        for place, stage in enumerate(STAGES)
    ]


def _where(log: Marked, code: int) -> int:
    """The stage of the events that most often stand before those with this name; else the first."""
    on_map = np.flatnonzero(log.stage >= 0)
    rows = np.flatnonzero(log.name == code)
    place = np.searchsorted(on_map, rows) - 1
    near = on_map[np.maximum(place, 0)]
    known = (place >= 0) & (log.owner[near] == log.owner[rows])
    return int(np.bincount(log.stage[near[known]], minlength=1).argmax()) if known.any() else 0


def _staged(log: Marked, parts: Sequence[_Part]) -> Marked:
    stage_of_name = np.full(len(log.names) + 1, -1, dtype=np.int32)
    for place, part in enumerate(parts):
        stage_of_name[list(part.codes)] = place
    stage = stage_of_name[log.name]
    return replace(log, stage=stage, n_stages=len(parts), touchpoint=stage)


def _customers_by_name(log: Marked) -> npt.NDArray[np.int64]:
    named = log.name >= 0
    pairs = np.unique(log.owner[named] * len(log.names) + log.name[named])
    found: npt.NDArray[np.int64] = np.bincount(pairs % len(log.names), minlength=len(log.names))
    return found


def _label(name: str) -> str:
    known = label_of(name)
    return known if known != name else tidy_name(name)


def _between(log: Marked, codes: Sequence[int]) -> str:
    if len(codes) < 2:
        return ""
    first, last = _label(log.names[codes[0]]), _label(log.names[codes[-1]])
    return _("From “{first}” to “{last}”.").format(first=first, last=last)[:300]


# Touchpoints


def _stage(log: Marked, part: _Part) -> DrawnStage:
    return DrawnStage(part.name, part.description, part.key, tuple(_touchpoints(log, part)))


def _touchpoints(log: Marked, part: _Part) -> Iterator[DrawnTouchpoint]:
    """Each name that enough customers have, by channel where it has several, the most frequent kept."""
    fewest = max(1, SHARE * (len(log.offsets) - 1))
    customers = _customers_by_name(log)
    frequent = [code for code in part.codes if customers[code] >= fewest]
    kept = set(sorted(frequent, key=lambda code: -customers[code])[:MOST_TOUCHPOINTS])
    for code in part.codes:
        if code not in kept:
            continue
        name = log.names[code]
        channels = _channels(log, code)
        rule = {"field": "name", "op": "is", "value": [name]}
        if len(channels) < 2:
            yield DrawnTouchpoint(_label(name)[:120], channels[0] if channels else "", {"all": [rule]})
            continue
        for channel in channels:
            by = {"field": "channel", "op": "is", "value": [channel]}
            label = f"{_label(name)} ({channel_label(channel)})"[:120]
            yield DrawnTouchpoint(label, channel, {"all": [rule, by]})


def _channels(log: Marked, code: int) -> list[str]:
    """The channels by which at least a twentieth of these events came, the most frequent first."""
    found = log.channel[(log.name == code) & (log.channel >= 0)]
    counts = np.bincount(found, minlength=len(log.channels))
    order = np.argsort(-counts, kind="stable")
    return [log.channels[each] for each in order if counts[each] and counts[each] >= len(found) / 20]


# Cards


def _moments(log: Marked, parts: Sequence[_Part], values: Values) -> Iterator[DrawnCard]:
    customers = _customers_by_name(log)
    everybody = max(1, len(log.offsets) - 1)
    for place, part in enumerate(parts):
        frequent = sorted(part.codes, key=lambda code: -customers[code])[:MOST_MOMENTS]
        for code in frequent:
            lines = [
                _("{customers} customers, {share} of all.").format(
                    customers=count(int(customers[code])), share=share(customers[code] / everybody)
                )
            ]
            most = _most_frequent(log, code, values)
            if most:
                lines.append(_("Most often: {values}.").format(values=", ".join(most)))
            yield DrawnCard(place, _MOMENT, _label(log.names[code])[:200], " ".join(lines), "", "")


def _most_frequent(log: Marked, code: int, values: Values) -> list[str]:
    rows = np.flatnonzero(log.name == code)
    for name in TELLING:
        found = values(name)
        if found is None:
            continue
        codes, labels = found
        own = np.asarray(codes)[rows]
        own = own[own >= 0]
        if len(own) >= len(rows) / 2:
            counts = np.bincount(own)
            most = [
                each for each in np.argsort(-counts, kind="stable")[:MOST_VALUES].tolist() if counts[each]
            ]
            return [str(labels[each])[:80] for each in most] if len(np.flatnonzero(counts)) > 1 else []
    return []


def _actions(log: Marked, parts: Sequence[_Part]) -> Iterator[DrawnCard]:
    """What the team does already, one card a stage for each kind of action, the most frequent first."""
    customers = _customers_by_name(log)
    for place, part in enumerate(parts):
        kinds: dict[str, list[int]] = defaultdict(list)
        for code in sorted(part.codes, key=lambda each: -customers[each]):
            if log.names[code] in DOES:
                kinds[DOES[log.names[code]]].append(code)
        for does, codes in list(kinds.items())[:MOST_ACTIONS]:
            reached = len(np.unique(log.owner[np.isin(log.name, codes)]))
            channels = dict.fromkeys(each for code in codes for each in _channels(log, code))
            named = ", ".join(channel_label(each) for each in channels)
            title = f"{_deed(does)}: {named}" if len(channels) > 1 else _deed(does)
            text = _("{customers} customers so far.").format(customers=count(reached))
            details = {"does": does, "state": "running"}
            yield DrawnCard(place, _ACTION, title[:200], text, "", "", details=details)


def _deed(does: str) -> str:
    return {
        "chat": _("Answer questions"),
        "call": _("Answer calls"),
        "bot": _("Let the bot answer first"),
        "article": _("Offer articles of the help centre"),
        "playbook": _("Send messages"),
        "review": _("Ask what they thought"),
        "referral": _("Offer a code to pass on"),
    }[does]


def _emotion(log: Marked, parts: Sequence[_Part]) -> Iterator[DrawnCard]:
    """A line from how many go on: the middle where as many do as in the middle stage, up where more do."""
    shares = _going_on(log, len(parts))
    known = [each for each in shares if each is not None]
    if len(known) < 2:
        return
    middle = float(np.median(known))
    farthest = max(abs(each - middle) for each in known) or 1.0
    for place, each in enumerate(shares):
        if each is None:
            continue
        level = round(HEIGHT * (each - middle) / farthest)
        title = _("{share} go on from here").format(share=share(each))
        text = _("Drawn from how many go on, not from what they feel: put in its place what customers say.")
        yield DrawnCard(place, _EMOTION, title, text, "", "", details={"level": level})


def _going_on(log: Marked, n: int) -> list[float | None]:
    """Of the customers of each stage the share with a later event in a later stage; None for the last."""
    last = np.full(len(log.offsets) - 1, -1, dtype=np.int64)
    shares: list[float | None] = []
    rows = np.flatnonzero(log.stage >= 0)
    for place in range(n - 1):
        here = rows[log.stage[rows] == place]
        further = rows[log.stage[rows] > place]
        if not len(here):
            shares.append(None)
            continue
        owners, first = np.unique(log.owner[here], return_index=True)
        last[:] = -1
        last[log.owner[further]] = further
        shares.append(float((last[owners] > here[first]).mean()))
    return [*shares, None]


def _said_by(need: Need) -> str:
    return _("Said by {customers} customers in {days} days.").format(
        customers=count(need.customers), days=count(need.days)
    )
