"""Several people at the very same moment: real transactions in threads of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import create_brand
from parcours.canvas import reads, writes
from parcours.canvas.errors import CardConflict
from parcours.canvas.shapes import JourneyView
from tests.canvas.conftest import titles

pytestmark = pytest.mark.django_db(transaction=True)

Result = TypeVar("Result")
PEOPLE = 4


@pytest.fixture
def actor() -> Actor:
    return system_actor(create_brand("Foulée").pk)


@pytest.fixture
def journey(actor: Actor) -> JourneyView:
    return writes.create_journey("Mark", acting_user=actor, language="en")


def at_once(do: Callable[[int], Result]) -> list[Result]:
    """What each of them got; all begin together."""
    together = Barrier(PEOPLE)

    def one(number: int) -> Result:
        try:
            together.wait()
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as people:
        return list(people.map(one, range(PEOPLE)))


def test_cards_added_to_one_cell_all_find_a_place(actor: Actor, journey: JourneyView) -> None:
    board = reads.board(actor.brand_id, journey.id)
    stage, lane = board.stages[0], board.lanes[0]
    at_once(
        lambda n: writes.add_card(
            journey.id, stage_id=stage.id, lane_id=lane.id, title=f"Card {n}", acting_user=actor
        )
    )
    shown = titles(reads.board(actor.brand_id, journey.id))
    assert sorted(shown) == [f"Card {n}" for n in range(PEOPLE)]


def test_of_edits_from_the_same_revision_one_holds(actor: Actor, journey: JourneyView) -> None:
    board = reads.board(actor.brand_id, journey.id)
    card = writes.add_card(
        journey.id,
        stage_id=board.stages[0].id,
        lane_id=board.lanes[0].id,
        title="Card",
        acting_user=actor,
    )

    def edit(n: int) -> str | None:
        try:
            writes.edit_card(journey.id, card.id, expected_revision=1, title=f"Of {n}", acting_user=actor)
        except CardConflict:
            return None
        return f"Of {n}"

    stored = [title for title in at_once(edit) if title]
    assert titles(reads.board(actor.brand_id, journey.id)) == stored
