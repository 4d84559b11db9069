"""Every planted cause is plain in the log, and a control elsewhere shows nothing."""

from datetime import date

import pytest

from parcours.demo.evidence import EVIDENCE, TwoByTwo
from parcours.demo.simulation import Simulation, simulate
from parcours.demo.stories import STORIES

HELPS = {"cart-mail": True, "size-guide": False, "late-shipping-cost": False, "coupon-on-safari": False,
         "phone-dead-end": False, "slow-instagram": False}  # fmt: skip
"""Does the outcome become more frequent with the cause?"""


@pytest.fixture(scope="module", params=[date(2026, 11, 22), date(2026, 7, 14)], ids=str)
def told(request: pytest.FixtureRequest) -> Simulation:
    return simulate(request.param)


@pytest.mark.parametrize(("key", "more"), HELPS.items())
def test_the_cause_shows(told: Simulation, key: str, more: bool) -> None:
    shown = EVIDENCE[key](told).shown
    with_cause, without = shown.shares
    assert shown.p < 0.001
    assert (with_cause > without) is more
    assert min(shown.of_cause, shown.of_others) >= 30


@pytest.mark.parametrize("key", HELPS)
def test_the_control_shows_nothing(told: Simulation, key: str) -> None:
    assert EVIDENCE[key](told).control.p > 0.01


def test_the_referral_code_changes_nothing_though_it_looks_as_if_it_did(told: Simulation) -> None:
    evidence = EVIDENCE["referral-code"](told)
    offered, held_out = evidence.shown.shares
    assert evidence.shown.p > 0.05
    assert abs(offered - held_out) < 0.02
    sharers, others = evidence.control.shares
    assert evidence.control.p < 0.01
    assert sharers > 1.5 * others


def test_every_story_is_told_in_both_languages_and_has_its_evidence() -> None:
    assert {story.key for story in STORIES} == set(EVIDENCE)
    for story in STORIES:
        for said in (story.title, story.cause, story.touchpoint, story.who, story.effect, story.how_to_find):
            assert said.en
            assert said.fr
            assert said.en != said.fr or said is story.touchpoint
        assert 365 >= story.from_day > story.to_day >= 0


def test_chi_squared_is_the_textbooks() -> None:
    assert TwoByTwo(20, 30, 10, 30).p == pytest.approx(0.02014, abs=1e-4)
    assert TwoByTwo(5, 10, 5, 10).p == 1.0
    assert TwoByTwo(0, 0, 5, 10).p == 1.0
