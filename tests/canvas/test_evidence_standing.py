"""How a card stands on its evidence, at the boundaries and with a clock that stands still."""

from datetime import UTC, date, datetime, timedelta

import pytest

from parcours.canvas.evidence.enums import EvidenceKind, Side, Standing
from parcours.canvas.evidence.shapes import Days
from parcours.canvas.evidence.standing import Weighed, proof_of

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=700)
SECOND = timedelta(seconds=1)


def counted(customers: int, last: datetime | None, side: str = Side.FOR, **more: object) -> Weighed:
    return Weighed(side, EvidenceKind.QUERY, LONG_AGO, True, customers, last, **more)  # type: ignore[arg-type]


def note(dated: date | None = None, side: str = Side.FOR, **more: object) -> Weighed:
    return Weighed(side, EvidenceKind.NOTE, LONG_AGO, dated=dated, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age", "standing"),
    [
        (timedelta(0), Standing.FRESH),
        (timedelta(days=30) - SECOND, Standing.FRESH),
        (timedelta(days=30), Standing.AGEING),
        (timedelta(days=90) - SECOND, Standing.AGEING),
        (timedelta(days=90), Standing.OLD),
    ],
)
def test_evidence_ages_with_its_last_event(age: timedelta, standing: str) -> None:
    assert proof_of([counted(40, NOON - age)], NOON, Days()).standing == standing


def test_a_brand_may_have_other_days() -> None:
    piece = counted(40, NOON - timedelta(days=8))
    assert proof_of([piece], NOON, Days(7, 14)).standing == Standing.AGEING
    assert proof_of([piece], NOON, Days(3, 8)).standing == Standing.OLD


def test_a_person_who_looked_makes_old_evidence_fresh_again() -> None:
    looked = NOON - timedelta(days=2)
    proof = proof_of([counted(40, NOON - timedelta(days=300), confirmed_at=looked)], NOON, Days())
    assert (proof.standing, proof.days) == (Standing.FRESH, 2)


def test_the_piece_confirmed_last_says_how_fresh_a_card_is() -> None:
    pieces = [counted(900, NOON - timedelta(days=200)), note(date(2026, 6, 10))]
    assert proof_of(pieces, NOON, Days()).standing == Standing.FRESH


def test_a_card_is_contested_when_more_customers_speak_against_it() -> None:
    against = counted(41, NOON, Side.AGAINST)
    assert proof_of([counted(40, NOON), against], NOON, Days()).standing == Standing.CONTESTED
    assert proof_of([counted(41, NOON), against], NOON, Days()).standing == Standing.FRESH


def test_the_same_customers_in_two_pieces_weigh_once() -> None:
    pieces = [counted(30, NOON), counted(30, NOON), counted(40, NOON, Side.AGAINST)]
    assert proof_of(pieces, NOON, Days()).standing == Standing.CONTESTED


def test_notes_weigh_only_where_nothing_is_counted() -> None:
    notes = [note(side=Side.AGAINST), note(side=Side.AGAINST)]
    assert proof_of([counted(1, NOON), *notes], NOON, Days()).standing == Standing.FRESH
    assert proof_of([note(NOON.date()), *notes], NOON, Days()).standing == Standing.CONTESTED


def test_a_card_with_nothing_for_it_but_something_against_it_is_contested() -> None:
    proof = proof_of([counted(3, NOON, Side.AGAINST)], NOON, Days())
    assert (proof.standing, proof.supporting, proof.against) == (Standing.CONTESTED, 0, 1)


def test_evidence_that_never_happened_is_old() -> None:
    assert proof_of([counted(0, None)], NOON, Days()).standing == Standing.OLD


def test_evidence_that_is_not_counted_yet_is_not_called_old() -> None:
    waiting = Weighed(Side.FOR, EvidenceKind.QUERY, NOON - timedelta(minutes=1))
    assert proof_of([waiting], NOON, Days()).standing == Standing.FRESH


def test_a_card_without_evidence_says_so() -> None:
    assert proof_of([], NOON, Days()).standing == Standing.NONE
