"""What the log says against a map, as things to propose: each with its facts, its change and its evidence."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parcours.accounts.models import Brand
from parcours.canvas.enums import LaneKind
from parcours.canvas.resolver import positions
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import Board
from parcours.core.clock import now
from parcours.insights.finding_groups import groups_in_the_log
from parcours.insights.found import NOTES, Found, counted, paths_of, short
from parcours.insights.proposal_kinds import (
    BACK,
    CONVERSION,
    MISSING,
    NEED,
    ORDER,
    SILENT,
    SKIPPED,
)

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex
    from parcours.insights.drift.marked import Marked

Int64s = npt.NDArray[np.int64]
MOST_NEEDS = 3
"""At once: a map asks for a decision on each, and the next ones follow when these are decided."""
OLDEST_DRAWING = timedelta(days=30)
"""A touchpoint without any event is only asked about once its map has stood for a month."""


def found_in_the_log(brand: Brand, board: Board) -> list[Found]:
    from parcours.insights.drift.marked import marked
    from parcours.measures.drawing import Drawing
    from parcours.measures.scope import open_index

    index = open_index(brand.pk)
    log = marked(index, Drawing(board.stages))
    found = [*_missing(log, board), *_silent(log, board), *_deviating(log, board), *_changed(log, board)]
    return [*found, *groups_in_the_log(index, log, board), *_needs(brand, index, log, board)]


def _missing(log: "Marked", board: Board) -> Iterator[Found]:
    from parcours.insights.drift.traffic import missing

    for each in missing(log):
        stage = board.stages[each.stage]
        conditions = [{"field": "name", "op": "is", "value": list(each.names)}]
        if each.channels and not each.all_channels:
            conditions.append({"field": "channel", "op": "is", "value": list(each.channels)})
        facts = {**asdict(each), "stage": stage.name}
        change = {
            "do": "add_touchpoint",
            "channel": each.channels[0] if len(each.channels) == 1 else "",
            "rule": {"all": conditions},
            "evidence": [counted({"all": conditions})],
        }
        key = "|".join([*sorted(each.names), *sorted(each.channels)])
        yield Found(MISSING, short(key), facts, change, {"stage_id": stage.id})


def _silent(log: "Marked", board: Board) -> Iterator[Found]:
    from parcours.insights.drift.traffic import silent

    young = board.journey.created_at > now() - OLDEST_DRAWING
    for each in silent(log):
        if young and not each.past_customers:
            continue
        touchpoint = board.touchpoints[each.touchpoint]
        facts = {**asdict(each), "touchpoint": touchpoint.name}
        places: dict[str, uuid.UUID | None] = {"touchpoint_id": touchpoint.id}
        yield Found(SILENT, f"{touchpoint.id}:{each.last}", facts, {"do": "remove_touchpoint"}, places)


def _deviating(log: "Marked", board: Board) -> Iterator[Found]:
    from parcours.insights.drift.order import OtherOrder, WentBack, deviations

    for each in deviations(log):
        stage = board.stages[each.stage]
        facts = {"stage": stage.name, "customers": each.customers, "of": each.of}
        note: dict[str, Any] = {"do": "add_card", "kind": NOTES}
        kind, key = SKIPPED, str(stage.id)
        if isinstance(each, WentBack):
            to = board.stages[each.to]
            facts["to"] = to.name
            kind, key = BACK, f"{stage.id}:{to.id}"
            note["evidence"] = [paths_of(board, stage, f"outcome=back&into={to.id}")]
        elif isinstance(each, OtherOrder):
            earlier = board.stages[each.earlier]
            facts["earlier"] = earlier.name
            kind, key, note = (
                ORDER,
                f"{stage.id}:{earlier.id}",
                {"do": "move_stage", "position": each.earlier},
            )
        else:
            note["evidence"] = [paths_of(board, board.stages[each.stage - 1], "outcome=ahead")]
        yield Found(kind, key, facts, note, {"stage_id": stage.id})


def _changed(log: "Marked", board: Board) -> Iterator[Found]:
    from parcours.insights.drift.conversion import TIME_TO_GO_ON, changed

    for each in changed(log):
        stage, to = board.stages[each.stage], board.stages[each.to]
        numbers = asdict(each) | {"stage": stage.name, "to": to.name}
        facts = {**numbers, "now": each.share, "before": each.old_share}
        key = f"{stage.id}:{'more' if each.share > each.old_share else 'fewer'}"
        outcome = "next" if each.share > each.old_share else "others"
        proof = paths_of(board, stage, f"outcome={outcome}", days=each.days + TIME_TO_GO_ON)
        change = {"do": "add_card", "kind": NOTES, "evidence": [proof]}
        yield Found(CONVERSION, key, facts, change, {"stage_id": stage.id})


def _needs(brand: Brand, index: "LakeIndex", log: "Marked", board: Board) -> Iterator[Found]:
    from parcours.core.language import language_of
    from parcours.insights.needs import needs

    cards = [
        " ".join(filter(None, (card.title, card.text)))
        for card in board.cards
        if card.kind in {LaneKind.NEED, LaneKind.QUESTION, LaneKind.PAIN}
    ]
    drawn = " ".join([stage.name for stage in board.stages] + [card.title for card in board.cards])
    language, proved = language_of(drawn), _proved(brand, index, board)
    found = needs(index, log, cards, quotable(brand), language=language, proved=proved, most=MOST_NEEDS)
    for each in found:
        stage = board.stages[max(each.stage, 0)]
        facts = asdict(each) | {"stage": stage.name}
        proofs = [counted(query["rule"], words=query["words"]) for query in facts.pop("queries")]
        facts["samples"] = [{"text": text, "customer": customer} for text, customer in each.samples]
        change = {"do": "add_card", "kind": [LaneKind.NEED, LaneKind.QUESTION], "evidence": proofs}
        yield Found(NEED, short(each.words.casefold()), facts, change, {"stage_id": stage.id})


def _proved(brand: Brand, index: "LakeIndex", board: Board) -> Int64s:
    """The events that evidence of the map counts: their words stand on a card, in other words perhaps."""
    from parcours.canvas.evidence.reads import evidence_on

    given, drawn = evidence_on(brand, board.journey.id), {card.id for card in board.cards}
    pieces = [piece for card in drawn & given.keys() for piece in given[card] if piece.rule]
    rows = [positions(index, touchpoint_rule(piece.rule)) for piece in pieces]
    return np.unique(np.concatenate(rows)) if rows else np.empty(0, np.int64)


def quotable(brand: Brand) -> Callable[[Sequence[int]], set[int]]:
    """Who never refused that the brand studies what they do."""
    from parcours.customers.consent.ledger import states
    from parcours.customers.privacy_enums import ConsentState

    def allowed(customers: Sequence[int]) -> set[int]:
        answers: Mapping[int, Any] = states(brand, customers, "analytics")
        return {customer for customer, state in answers.items() if state != ConsentState.DENIED}

    return allowed
