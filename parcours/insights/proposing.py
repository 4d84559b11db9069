"""Looking at the log for what a journey should change, and proposing it."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads
from parcours.canvas.enums import JourneyKind, JourneyStatus, LaneKind
from parcours.canvas.proposals.looks import look_at, note_asked, note_looked, note_told
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.proposals.writes import let_lapse, propose
from parcours.canvas.shapes import Board
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.events.lake import Lake
from parcours.insights.proposal_kinds import (
    BACK,
    CONVERSION,
    KINDS,
    MISSING,
    NEED,
    NEW_PROPOSALS,
    ORDER,
    SILENT,
    SKIPPED,
    STALE,
)

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex
    from parcours.insights.drift.marked import Marked

EVERY = timedelta(days=1)
OLDEST_DRAWING = timedelta(days=30)
"""A touchpoint without any event is only asked about once its map has stood for a month."""
NOTES = [LaneKind.PAIN, LaneKind.FREE, LaneKind.NEED]


@dataclass(frozen=True)
class Found:
    """One thing to propose, as `propose` takes it."""

    kind: str
    key: str
    facts: Mapping[str, Any]
    change: dict[str, Any] | None
    places: dict[str, uuid.UUID | None] = field(default_factory=dict)


def ask_to_look(brand_id: uuid.UUID, journey_id: uuid.UUID) -> None:
    """Has the log looked at for one journey by whichever worker is free; once, however often it is asked."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.insights.tasks import look_for_proposals

    note_asked(journey_id)
    lock = f"insights.look.{journey_id}"
    try:
        with transaction.atomic():
            look_for_proposals.configure(queueing_lock=lock, lock=lock).defer(
                brand=str(brand_id), journey=str(journey_id)
            )
    except AlreadyEnqueued:
        return  # the one that waits will see the same


def ask_to_look_where_due(brand: Brand) -> int:
    """Has the log looked at for every journey as it is whose last look is a day old and that has new events;
    returns how many.
    """
    generation, asked = Lake(brand.pk).generation, 0
    for summary in reads.journeys(brand.pk) if generation else ():
        journey = summary.journey
        if journey.kind != JourneyKind.AS_IS or journey.status == JourneyStatus.ARCHIVED:
            continue
        look = look_at(journey.id)
        same = (look.generation, look.rules_revision) == (generation, journey.rules_revision)
        old = look.looked_at is None or look.looked_at <= now() - EVERY
        if summary.touchpoints and old and not same and not look.under_way:
            ask_to_look(brand.pk, journey.id)
            asked += 1
    return asked


def propose_from_the_log(brand: Brand, journey_id: uuid.UUID) -> int:
    """Looks now; returns how many proposals of the log wait on the journey afterwards. Raises NotFound."""
    actor = system_actor(brand.pk)
    board = reads.board(brand.pk, journey_id)
    generation = Lake(brand.pk).generation
    before = {each.id for each in open_proposals(brand.pk, journey_id)}
    kinds: Sequence[str] = (STALE,)
    found = list(_stale(brand, board))
    if generation and board.touchpoints:
        kinds = (*KINDS, STALE)
        found += _in_the_log(brand, board)
    true = {each.key for each in found}
    let_lapse(journey_id, kinds=kinds, still_true=true, acting_user=actor)
    for each in found:
        try:
            propose(
                journey_id,
                kind=each.kind,
                key=each.key,
                facts=dict(each.facts),
                change=each.change,
                acting_user=actor,
                **each.places,
            )
        except BadInput:
            break  # as many wait as a person can look at
    waiting = [each for each in open_proposals(brand.pk, journey_id) if each.by_the_log]
    note_looked(
        journey_id, generation=generation, rules_revision=board.journey.rules_revision, found=len(waiting)
    )
    _tell_owner(board, len([each for each in waiting if each.id not in before]), actor)
    return len(waiting)


def _tell_owner(board: Board, new: int, acting_user: Actor) -> None:
    """At most once a day."""
    from django.urls import reverse

    from parcours.notices.writes import notify

    journey = board.journey
    told = look_at(journey.id).told_at
    if not new or journey.owner_id is None or (told is not None and told > now() - EVERY):
        return
    notify(
        journey.brand_id,
        [journey.owner_id],
        kind=NEW_PROPOSALS,
        facts={"journey": journey.title, "n": new},
        url=reverse("map_proposals", args=[journey.id]),
        acting_user=acting_user,
    )
    note_told(journey.id)


def _stale(brand: Brand, board: Board) -> Iterator[Found]:
    from parcours.insights.stale_cards import stale_cards

    for card, facts, key in stale_cards(brand, board):
        yield Found(STALE, key, facts, {"do": "edit_card"}, {"card_id": card.id})


def _in_the_log(brand: Brand, board: Board) -> list[Found]:
    from parcours.insights.drift.marked import marked
    from parcours.measures.drawing import Drawing
    from parcours.measures.scope import open_index

    index = open_index(brand.pk)
    log = marked(index, Drawing(board.stages))
    found = [*_missing(log, board), *_silent(log, board), *_deviating(log, board), *_changed(log, board)]
    return [*found, *_needs(brand, index, log, board)]


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
        }
        key = "|".join([*sorted(each.names), *sorted(each.channels)])
        yield Found(MISSING, _short(key), facts, change, {"stage_id": stage.id})


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
        elif isinstance(each, OtherOrder):
            earlier = board.stages[each.earlier]
            facts["earlier"] = earlier.name
            kind, key, note = (
                ORDER,
                f"{stage.id}:{earlier.id}",
                {"do": "move_stage", "position": each.earlier},
            )
        yield Found(kind, key, facts, note, {"stage_id": stage.id})


def _changed(log: "Marked", board: Board) -> Iterator[Found]:
    from parcours.insights.drift.conversion import changed

    for each in changed(log):
        stage, to = board.stages[each.stage], board.stages[each.to]
        numbers = asdict(each) | {"stage": stage.name, "to": to.name}
        facts = {**numbers, "now": each.share, "before": each.old_share}
        key = f"{stage.id}:{'more' if each.share > each.old_share else 'fewer'}"
        yield Found(CONVERSION, key, facts, {"do": "add_card", "kind": NOTES}, {"stage_id": stage.id})


def _needs(brand: Brand, index: "LakeIndex", log: "Marked", board: Board) -> Iterator[Found]:
    from parcours.core.language import language_of
    from parcours.insights.needs import needs

    cards = [
        " ".join(filter(None, (card.title, card.text)))
        for card in board.cards
        if card.kind in {LaneKind.NEED, LaneKind.QUESTION, LaneKind.PAIN}
    ]
    drawn = " ".join([stage.name for stage in board.stages] + [card.title for card in board.cards])
    for each in needs(index, log, cards, quotable(brand), language=language_of(drawn)):
        stage = board.stages[max(each.stage, 0)]
        facts = asdict(each) | {"stage": stage.name}
        facts["samples"] = [{"text": text, "customer": customer} for text, customer in each.samples]
        change = {"do": "add_card", "kind": [LaneKind.NEED, LaneKind.QUESTION]}
        yield Found(NEED, _short(each.words.casefold()), facts, change, {"stage_id": stage.id})


def quotable(brand: Brand) -> Callable[[Sequence[int]], set[int]]:
    """Who never refused that the brand studies what they do."""
    from parcours.customers.consent.ledger import states
    from parcours.customers.privacy_enums import ConsentState

    def allowed(customers: Sequence[int]) -> set[int]:
        answers: Mapping[int, Any] = states(brand, customers, "analytics")
        return {customer for customer, state in answers.items() if state != ConsentState.DENIED}

    return allowed


def _short(key: str) -> str:
    """A key that fits its column and stays the same."""
    from hashlib import blake2b

    return key if len(key) <= 200 else key[:160] + blake2b(key.encode(), digest_size=16).hexdigest()
