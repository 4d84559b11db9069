"""Looking at the log for what a journey should change, and proposing it."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads
from parcours.canvas.enums import JourneyKind, JourneyStatus
from parcours.canvas.proposals.looks import look_at, note_asked, note_looked, note_told
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.proposals.writes import let_lapse, propose
from parcours.canvas.shapes import Board
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.events.lake import Lake
from parcours.insights.finding import found_in_the_log
from parcours.insights.found import Found
from parcours.insights.proposal_kinds import KINDS, NEW_PROPOSALS, STALE

EVERY = timedelta(days=1)


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
        found += found_in_the_log(brand, board)
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
