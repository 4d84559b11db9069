"""Small canvases and random edits of them, and which things and aspects differ between two."""

import random
import uuid
from dataclasses import replace

from parcours.canvas.enums import LaneKind
from parcours.canvas.versions.snapshots import Card, Head, Lane, Snapshot, Stage, Touchpoint

WORDS = ("delivery", "price", "return", "size", "Why 6.90 €?", "{braces}", "colour")
KINDS = (LaneKind.NEED, LaneKind.PAIN, LaneKind.ACTION)


def _id(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def small_snapshot(chance: random.Random) -> Snapshot:
    stages = [Stage(_id(chance), f"Stage {n}", "", "", f"a{n}") for n in range(3)]
    lanes = [Lane(_id(chance), kind, f"Row {n}", f"a{n}") for n, kind in enumerate(KINDS)]
    cards = [_card(chance, chance.choice(stages).id, chance.choice(lanes).id) for _ in range(9)]
    touchpoints = [_touchpoint(chance, chance.choice(stages).id) for _ in range(4)]
    return _of(Head("A journey", kind="as-is", status="active"), stages, lanes, touchpoints, cards)


def _of(
    head: Head, stages: list[Stage], lanes: list[Lane], touchpoints: list[Touchpoint], cards: list[Card]
) -> Snapshot:
    return Snapshot(
        head,
        {each.id: each for each in stages},
        {each.id: each for each in lanes},
        {each.id: each for each in touchpoints},
        {each.id: each for each in cards},
    )


def _card(chance: random.Random, stage: str, lane: str) -> Card:
    details = {"severity": chance.randint(1, 5)} if chance.random() < 0.5 else {}
    return Card(_id(chance), stage, lane, "a0", _words(chance), _words(chance), details=details)


def _touchpoint(chance: random.Random, stage: str) -> Touchpoint:
    return Touchpoint(_id(chance), stage, _words(chance), "", _rule(chance), "a0")


def _words(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 5)))


def _rule(chance: random.Random) -> dict[str, object]:
    names = chance.sample(["Cart Viewed", "Order Completed", "Product Viewed"], chance.randint(1, 3))
    return {"all": [{"field": "name", "op": "is", "value": names}]}


def edited(snapshot: Snapshot, chance: random.Random, steps: int) -> Snapshot:
    for _step in range(steps):
        snapshot = chance.choice(EDITS)(snapshot, chance)
    return snapshot


def _title(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    return replace(snapshot, head=replace(snapshot.head, title=_words(chance)))


def _rename_stage(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    stage = chance.choice(list(snapshot.stages.values()))
    return replace(snapshot, stages={**snapshot.stages, stage.id: replace(stage, name=_words(chance))})


def _shuffle_stages(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    stages = list(snapshot.stages.items())
    chance.shuffle(stages)
    return replace(snapshot, stages=dict(stages))


def _remove_stage(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    if len(snapshot.stages) == 1:
        return snapshot
    gone = chance.choice(list(snapshot.stages))
    return replace(
        snapshot,
        stages={pk: each for pk, each in snapshot.stages.items() if pk != gone},
        cards={pk: each for pk, each in snapshot.cards.items() if each.stage != gone},
        touchpoints={pk: each for pk, each in snapshot.touchpoints.items() if each.stage != gone},
    )


def _remove_lane(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    if len(snapshot.lanes) == 1:
        return snapshot
    gone = chance.choice(list(snapshot.lanes))
    return replace(
        snapshot,
        lanes={pk: each for pk, each in snapshot.lanes.items() if pk != gone},
        cards={pk: each for pk, each in snapshot.cards.items() if each.lane != gone},
    )


def _add_stage(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    stage = Stage(_id(chance), _words(chance), "", "", "b0")
    return replace(snapshot, stages={stage.id: stage, **snapshot.stages})


def _add_lane(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    lane = Lane(_id(chance), LaneKind.QUESTION, _words(chance), "b0")
    return replace(snapshot, lanes={**snapshot.lanes, lane.id: lane})


def _add_card(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    card = _card(chance, chance.choice(list(snapshot.stages)), chance.choice(list(snapshot.lanes)))
    return replace(snapshot, cards={**snapshot.cards, card.id: card})


def _remove_card(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    gone = chance.choice([*snapshot.cards, None])
    return replace(snapshot, cards={pk: each for pk, each in snapshot.cards.items() if pk != gone})


def _move_card(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    if not snapshot.cards:
        return snapshot
    card = chance.choice(list(snapshot.cards.values()))
    stage, lane = chance.choice(list(snapshot.stages)), chance.choice(list(snapshot.lanes))
    moved = replace(card, stage=stage, lane=lane)
    return replace(snapshot, cards={moved.id: moved, **snapshot.cards, moved.id: moved})


def _rewrite_card(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    if not snapshot.cards:
        return snapshot
    card = chance.choice(list(snapshot.cards.values()))
    written = replace(card, title=_words(chance), text=chance.choice([card.text, _words(chance), ""]))
    return replace(snapshot, cards={**snapshot.cards, card.id: written})


def _shuffle_cards(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    cards = list(snapshot.cards.items())
    chance.shuffle(cards)
    return replace(snapshot, cards=dict(cards))


def _edit_touchpoint(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    if not snapshot.touchpoints:
        return snapshot
    each = chance.choice(list(snapshot.touchpoints.values()))
    changed = replace(each, rule=_rule(chance), stage=chance.choice(list(snapshot.stages)))
    return replace(snapshot, touchpoints={**snapshot.touchpoints, each.id: changed})


def _add_touchpoint(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    each = _touchpoint(chance, chance.choice(list(snapshot.stages)))
    return replace(snapshot, touchpoints={**snapshot.touchpoints, each.id: each})


EDITS = (
    _title,
    _rename_stage,
    _shuffle_stages,
    _remove_stage,
    _remove_lane,
    _add_stage,
    _add_lane,
    _add_card,
    _remove_card,
    _move_card,
    _rewrite_card,
    _shuffle_cards,
    _edit_touchpoint,
    _add_touchpoint,
)


def changed_things(old: Snapshot, new: Snapshot) -> set[tuple[str, str]]:
    """Each thing that differs with the aspect in which it does; orders are left out."""
    found = {("journey", "title")} if old.head.title != new.head.title else set()
    for before, after in (
        (old.stages, new.stages),
        (old.lanes, new.lanes),
        (old.cards, new.cards),
        (old.touchpoints, new.touchpoints),
    ):
        found |= {(pk, "presence") for pk in set(before) ^ set(after)}
    for axis, others in ((old.stages, new.stages), (old.lanes, new.lanes)):
        found |= {(pk, "name") for pk in set(axis) & set(others) if axis[pk].name != others[pk].name}
    for pk in set(old.cards) & set(new.cards):
        one, other = old.cards[pk], new.cards[pk]
        if (one.stage, one.lane) != (other.stage, other.lane):
            found.add((pk, "place"))
        if (one.title, one.text) != (other.title, other.text):
            found.add((pk, "content"))
    for pk in set(old.touchpoints) & set(new.touchpoints):
        here, there = old.touchpoints[pk], new.touchpoints[pk]
        if here.stage != there.stage:
            found.add((pk, "place"))
        if _taken(here) != _taken(there):
            found.add((pk, "rule"))
    return found


def _taken(each: Touchpoint) -> set[str]:
    return set(each.rule["all"][0]["value"])
