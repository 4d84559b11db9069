"""The journey itself, its stages and its rows."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from parcours.canvas.enums import JourneyKind, JourneyStatus
from parcours.canvas.versions.differences.both import Both, Said, card_title, listed, out_of_order
from parcours.canvas.versions.differences.words import changed_words
from parcours.canvas.versions.shapes import Change, Line
from parcours.canvas.versions.snapshots import Snapshot
from parcours.core.text import quoted


def said(both: Both) -> Iterator[Said]:
    for change in _head(both):
        yield Said("", change)
    yield from _stages(both)
    for change in [*_stage_order(both), *_lanes(both)]:
        yield Said("", change)


def _head(both: Both) -> Iterator[Change]:
    old, new = both.old.head, both.new.head
    if old.title != new.title:
        words = _("The journey is now called {new}; it was {old}.")
        yield _about_head("title", words.format(new=quoted(new.title), old=quoted(old.title)))
    if old.summary != new.summary:
        pieces = changed_words(old.summary, new.summary)
        yield _about_head("summary", _("The sentence under the title changed."), Line("", pieces))
    if old.kind != new.kind:
        label = str(JourneyKind(new.kind).label)
        yield _about_head("kind", _("The journey is now drawn {kind}.").format(kind=quoted(label)))
    if old.status != new.status:
        label = str(JourneyStatus(new.status).label)
        yield _about_head("status", _("The journey is now marked {status}.").format(status=quoted(label)))
    if old.persona != new.persona:
        yield _about_head("persona", _persona(new.persona_name))
    if old.segment != new.segment:
        yield _about_head("segment", _("The journey is now drawn for another group of customers."))
    if old.owner != new.owner:
        yield _about_head("owner", _owner(new.owner_name))


def _persona(name: str) -> str:
    if not name:
        return _("The journey is no longer drawn for a persona.")
    return _("The journey is now drawn for {name}.").format(name=name)


def _owner(name: str) -> str:
    if not name:
        return _("The journey has no owner any more.")
    return _("{name} now owns the journey.").format(name=name)


def _about_head(aspect: str, sentence: str, *lines: Line) -> Change:
    return Change(sentence, (("journey", aspect),), lines=lines)


def _stages(both: Both) -> Iterator[Said]:
    for stage in both.new.stages.values():
        was = both.old.stages.get(stage.id)
        if was is None:
            yield Said(stage.id, _stage_came(both, stage.id))
            continue
        if was.name != stage.name:
            words = _("The stage {old} is now called {new}.")
            words = words.format(old=quoted(was.name), new=quoted(stage.name))
            yield Said(stage.id, Change(words, ((stage.id, "name"),)))
        if was.description != stage.description:
            line = Line("", changed_words(was.description, stage.description))
            words = _("What the stage {name} is about changed.").format(name=quoted(stage.name))
            yield Said(stage.id, Change(words, ((stage.id, "description"),), lines=(line,)))
    for stage in both.old.stages.values():
        if stage.id not in both.new.stages:
            yield Said(stage.id, _stage_went(both, stage.id))


def _stage_came(both: Both, stage: str) -> Change:
    things = _standing_in(both.new, both.old, stage)
    name = quoted(both.stage_name(stage))
    if not things:
        return Change(_("The stage {name} was added.").format(name=name), ((stage, "presence"),))
    words = _n(
        "The stage {name} was added, with {n} card or touchpoint.",
        "The stage {name} was added, with {n} cards and touchpoints.",
        len(things),
    )
    return _with_things(words.format(name=name, n=len(things)), stage, things)


def _stage_went(both: Both, stage: str) -> Change:
    things = _standing_in(both.old, both.new, stage)
    name = quoted(both.stage_name(stage))
    if not things:
        return Change(_("The stage {name} was removed.").format(name=name), ((stage, "presence"),))
    words = _n(
        "The stage {name} was removed, with {n} card or touchpoint.",
        "The stage {name} was removed, with {n} cards and touchpoints.",
        len(things),
    )
    return _with_things(words.format(name=name, n=len(things)), stage, things)


def _standing_in(here: Snapshot, there: Snapshot, stage: str) -> list[tuple[str, str]]:
    """Id and name of what stands in a stage of one canvas and nowhere on the other."""
    cards = [
        (card.id, card_title(card))
        for card in here.cards.values()
        if card.stage == stage and card.id not in there.cards
    ]
    return cards + [
        (each.id, quoted(each.name))
        for each in here.touchpoints.values()
        if each.stage == stage and each.id not in there.touchpoints
    ]


def _with_things(sentence: str, axis: str, things: list[tuple[str, str]]) -> Change:
    about = ((axis, "presence"), *((thing, "presence") for thing, _name in things))
    return Change(sentence, about, names=tuple(name for _thing, name in things))


def _stage_order(both: Both) -> Iterator[Change]:
    moved = out_of_order(list(both.old.stages), list(both.new.stages))
    if not moved:
        return
    names = [quoted(stage.name) for stage in both.new.stages.values()]
    yield Change(_order_sentence(both, moved, names), tuple((stage, "order") for stage in moved))


def _order_sentence(both: Both, moved: list[str], names: list[str]) -> str:
    if len(moved) > 1:
        return _("The stages now come in this order: {names}.").format(names=listed(names))
    order = list(both.new.stages)
    place, name = order.index(moved[0]), quoted(both.stage_name(moved[0]))
    if place == 0:
        return _("The stage {name} now comes first.").format(name=name)
    behind = quoted(both.stage_name(order[place - 1]))
    return _("The stage {name} now comes after {other}.").format(name=name, other=behind)


def _lanes(both: Both) -> Iterator[Change]:
    for lane in both.new.lanes.values():
        was = both.old.lanes.get(lane.id)
        if was is None:
            yield _lane_came(both, lane.id)
        elif was.name != lane.name:
            words = _("The row {old} is now called {new}.")
            words = words.format(old=quoted(was.name), new=quoted(lane.name))
            yield Change(words, ((lane.id, "name"),))
    for lane in both.old.lanes.values():
        if lane.id not in both.new.lanes:
            yield _lane_went(both, lane.id)
    moved = out_of_order(list(both.old.lanes), list(both.new.lanes))
    if moved:
        names = listed([quoted(lane.name) for lane in both.new.lanes.values()])
        words = _("The rows now come in this order: {names}.").format(names=names)
        yield Change(words, tuple((lane, "order") for lane in moved))


def _lane_came(both: Both, lane: str) -> Change:
    things = _cards_in_lane(both.new, both.old, lane)
    name = quoted(both.lane_name(lane))
    if not things:
        return Change(_("The row {name} was added.").format(name=name), ((lane, "presence"),))
    words = _n(
        "The row {name} was added, with {n} card.", "The row {name} was added, with {n} cards.", len(things)
    )
    return _with_things(words.format(name=name, n=len(things)), lane, things)


def _lane_went(both: Both, lane: str) -> Change:
    things = _cards_in_lane(both.old, both.new, lane)
    name = quoted(both.lane_name(lane))
    if not things:
        return Change(_("The row {name} was removed.").format(name=name), ((lane, "presence"),))
    words = _n(
        "The row {name} was removed, with {n} card.",
        "The row {name} was removed, with {n} cards.",
        len(things),
    )
    return _with_things(words.format(name=name, n=len(things)), lane, things)


def _cards_in_lane(here: Snapshot, there: Snapshot, lane: str) -> list[tuple[str, str]]:
    """As `_standing_in`; cards of a stage that came or went are told with the stage."""
    return [
        (card.id, card_title(card))
        for card in here.cards.values()
        if card.lane == lane and card.id not in there.cards and card.stage in there.stages
    ]
