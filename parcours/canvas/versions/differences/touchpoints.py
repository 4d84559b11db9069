"""Touchpoints and the rules by which events find them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.versions.differences.both import Both, Said, listed, out_of_order
from parcours.canvas.versions.shapes import Change
from parcours.canvas.versions.snapshots import Snapshot, Touchpoint
from parcours.core.conditions import OPERATORS, Condition, field_label
from parcours.core.text import quoted

ANY_OF = frozenset({"is", "contains", "starts_with"})


def said(both: Both) -> Iterator[Said]:
    yield from _presence(both)
    for each in both.new.touchpoints.values():
        was = both.old.touchpoints.get(each.id)
        if was is not None:
            for aspect, words in _changes(both, was, each):
                yield Said(each.stage, Change(words, ((each.id, aspect),)))
    yield from _order(both)


def _presence(both: Both) -> Iterator[Said]:
    for stage, found in _only_in(both.new, both.old).items():
        words = _n("The touchpoint {names} was added.", "The touchpoints {names} were added.", len(found))
        yield Said(stage, _counted(words, found))
    for stage, found in _only_in(both.old, both.new).items():
        words = _n("The touchpoint {names} was removed.", "The touchpoints {names} were removed.", len(found))
        yield Said(stage, _counted(words, found))


def _counted(words: str, found: list[Touchpoint]) -> Change:
    names = listed([quoted(each.name) for each in found])
    return Change(words.format(names=names), tuple((each.id, "presence") for each in found))


def _only_in(here: Snapshot, there: Snapshot) -> Mapping[str, list[Touchpoint]]:
    """Those of stages that are on both canvases; the others are told with their stage."""
    found: dict[str, list[Touchpoint]] = defaultdict(list)
    for each in here.touchpoints.values():
        if each.id not in there.touchpoints and each.stage in there.stages:
            found[each.stage].append(each)
    return found


def _changes(both: Both, old: Touchpoint, new: Touchpoint) -> Iterator[tuple[str, str]]:
    name = quoted(new.name)
    if old.name != new.name:
        words = _("The touchpoint {old} is now called {new}.")
        yield "name", words.format(old=quoted(old.name), new=name)
    if old.stage != new.stage:
        words = _("The touchpoint {name} moved from {source} to {target}.")
        source, target = both.stage_name(old.stage), both.stage_name(new.stage)
        yield "place", words.format(name=name, source=source, target=target)
    if old.channel != new.channel:
        yield "channel", _channel(name, old.channel, new.channel)
    rule = rule_sentences(name, old.rule, new.rule)
    if rule:
        yield "rule", " ".join(rule)


def _channel(name: str, old: str, new: str) -> str:
    if not new:
        return _("The touchpoint {name} is no longer tied to the channel {old}.").format(
            name=name, old=quoted(old)
        )
    return _("The channel of the touchpoint {name} is now {new}.").format(name=name, new=quoted(new))


def _order(both: Both) -> Iterator[Said]:
    """Once a stage: the first touchpoint whose rule fits gets an event, so the order means something."""
    old, new = _by_stage(both.old), _by_stage(both.new)
    for stage, after in new.items():
        moved = out_of_order(old.get(stage, []), after)
        if moved:
            names = listed([quoted(both.new.touchpoints[each].name) for each in after])
            words = _("The touchpoints are now tried in this order: {names}.").format(names=names)
            yield Said(stage, Change(words, tuple((each, "order") for each in moved)))


def _by_stage(snapshot: Snapshot) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in snapshot.touchpoints.values():
        found[each.stage].append(each.id)
    return found


def rule_sentences(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """What a rule takes now and didn't, and the other way round; nothing when it means the same.

    A further condition narrows a rule; a further value of a condition widens it.
    """
    before, after = list(touchpoint_rule(old).conditions), list(touchpoint_rule(new).conditions)
    for condition in list(before):
        same = next((each for each in after if _means_the_same(condition, each)), None)
        if same is not None:
            before.remove(condition)
            after.remove(same)
    words: list[str] = []
    for condition in list(before):
        partner = next(
            (each for each in after if (each.field, each.op) == (condition.field, condition.op)), None
        )
        if partner is not None:
            before.remove(condition)
            after.remove(partner)
            words += _values(name, condition, partner)
    gone = [
        _("The rule of the touchpoint {name} no longer asks that {condition}.").format(
            name=name, condition=condition.sentence()
        )
        for condition in before
    ]
    came = [
        _("The rule of the touchpoint {name} now also asks that {condition}.").format(
            name=name, condition=condition.sentence()
        )
        for condition in after
    ]
    return words + came + gone


def _means_the_same(one: Condition, other: Condition) -> bool:
    """The order of the values means nothing."""
    return (one.field, one.op) == (other.field, other.op) and set(one.values) == set(other.values)


def _values(name: str, old: Condition, new: Condition) -> list[str]:
    added = [value for value in new.values if value not in old.values]
    gone = [value for value in old.values if value not in new.values]
    if old.op in ANY_OF:
        more = _("The rule of the touchpoint {name} now also takes {what}.")
        less = _("The rule of the touchpoint {name} no longer takes {what}.")
    elif old.op == "is_not":
        more = _("The rule of the touchpoint {name} now leaves out {what}.")
        less = _("The rule of the touchpoint {name} no longer leaves out {what}.")
    else:
        words = _("The rule of the touchpoint {name} now asks that {new}, instead of {old}.")
        shown = listed([quoted(value) for value in old.values])
        return [words.format(name=name, new=new.sentence(), old=shown)]
    sentences = []
    if added:
        sentences.append(more.format(name=name, what=_taken(new, added)))
    if gone:
        sentences.append(less.format(name=name, what=_taken(old, gone)))
    return sentences


def _taken(condition: Condition, values: Sequence[str]) -> str:
    """“name “Cart Viewed” and “Checkout Started””; with other operators than `is` these too."""
    field = field_label(condition.field)
    shown = listed([quoted(value) for value in values])
    if condition.op in {"is", "is_not"}:
        return f"{field} {shown}"
    return f"{field} {OPERATORS[condition.op]} {shown}"
