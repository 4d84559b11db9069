"""What the log of the demo proposes to its map is what was planted in it, and nothing else."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pytest

from parcours.demo.simulation import Simulation, simulate
from parcours.demo.touchpoints import TOUCHPOINTS
from parcours.insights.drift.again import again
from parcours.insights.drift.compared import Column
from parcours.insights.drift.endings import endings
from parcours.insights.drift.episodes import episodes
from parcours.insights.drift.groups import Apart, apart
from parcours.insights.drift.marked import DAY, Marked, marked
from parcours.insights.drift.order import deviations
from parcours.insights.drift.traffic import missing, silent

STAGES = ("awareness", "consideration", "decision", "retention", "advocacy")
FIELDS = ("channel", *(f"properties.{key}" for key in (
    "region", "country", "device", "browser", "language", "shipping_shown_at", "topic", "group", "article",
    "menu", "outcome", "solved", "survey", "score", "reason", "rating", "product", "step", "order_rank",
)))  # fmt: skip
PLANTED = {
    ("consideration", "channel", "instagram"),
    ("decision", "properties.region", "La Réunion"),
    ("decision", "properties.group", "holdout"),
}
"""Slow Instagram, the late shipping cost, and what the cart mail brings."""
AT_TIMES = {("retention", "properties.group", "holdout")}
"""Whoever isn't offered the referral code can't share it: plain in some years, too little in others."""


@dataclass(frozen=True)
class Drawn:
    """Mark's stages with their touchpoints, as `measures.drawing.Drawing` has them."""

    touchpoints = TOUCHPOINTS
    stages = STAGES
    stage_of_touchpoint = np.array([STAGES.index(each.stage) for each in TOUCHPOINTS])


@dataclass(frozen=True)
class Told:
    """The simulation as the lake keeps it: by customer, then by time."""

    simulation: Simulation

    @cached_property
    def order(self) -> np.ndarray:
        return np.argsort(self.simulation.log.customer, kind="stable")

    @cached_property
    def offsets(self) -> np.ndarray:
        _ids, counts = np.unique(self.simulation.log.customer, return_counts=True)
        return np.concatenate([[0], np.cumsum(counts)])

    @cached_property
    def time(self) -> np.ndarray:
        moments: np.ndarray = self.simulation.log.time[self.order] * 1_000_000
        return moments

    def column(self, field: str) -> Column:
        log = self.simulation.log
        values = {"name": log.name, "channel": log.channel}.get(field)
        values = log.column(field.removeprefix("properties.")) if values is None else values
        text = np.array(["" if each is None else str(each) for each in values[self.order]])
        labels, codes = np.unique(text, return_inverse=True)
        shown = [str(label) for label in labels]
        if shown and not shown[0]:
            return codes.astype(np.int32) - 1, shown[1:]
        return codes.astype(np.int32), shown

    names = property(lambda self: self.column("name")[1])
    channels = property(lambda self: self.column("channel")[1])
    name_codes = property(lambda self: self.column("name")[0])
    channel_codes = property(lambda self: self.column("channel")[0])


@pytest.fixture(scope="module", params=[date(2026, 11, 22), date(2026, 7, 14)], ids=str)
def told(request: pytest.FixtureRequest) -> Told:
    return Told(simulate(request.param))


@pytest.fixture(scope="module")
def log(told: Told) -> Marked:
    return marked(told, Drawn())  # type: ignore[arg-type]


def planted(found: list[Apart]) -> set[tuple[str, str, str]]:
    return {(STAGES[each.stage], each.field, each.value) for each in found}


def test_the_planted_causes_are_proposed_and_no_others(told: Told, log: Marked) -> None:
    found = apart(log, FIELDS, told.column)
    assert planted(found) - AT_TIMES == PLANTED
    assert all(each.share < each.other_share / 1.5 for each in found)


def test_the_late_shipping_cost_is_named_beside_the_region(told: Told, log: Marked) -> None:
    region = next(each for each in apart(log, FIELDS, told.column) if each.field == "properties.region")
    assert ("properties.shipping_shown_at", "payment") in region.also


def test_the_code_that_one_browser_refused_for_two_weeks_is_proposed(told: Told, log: Marked) -> None:
    (found,) = episodes(log, FIELDS, told.column)
    assert (STAGES[found.stage], found.name, found.value) == ("decision", "Coupon Entered", "Safari")
    assert 54 <= (log.end - found.begin) / DAY <= 62


def test_the_phone_menu_that_leads_nowhere_is_proposed(told: Told, log: Marked) -> None:
    (found,) = again(log, FIELDS, told.column)
    assert (STAGES[found.stage], found.name) == ("retention", "Call Ended")
    assert ("properties.menu", "3 Return or exchange") in found.also


def test_the_size_guide_that_saves_returns_is_proposed(told: Told, log: Marked) -> None:
    (found,) = endings(log, FIELDS, told.column)
    assert (STAGES[found.stage], found.value, found.why) == ("consideration", "Choosing your size", "size")
    assert found.difference < 0


def test_values_dealt_out_anew_propose_nothing(told: Told, log: Marked) -> None:
    def dealt(field: str) -> Column:
        codes, labels = told.column(field)
        return np.random.default_rng(len(field)).permutation(codes), labels

    assert apart(log, ("channel", "properties.region", "properties.group"), dealt) == []
    fields = ("properties.browser", "properties.menu", "properties.outcome", "properties.article")
    assert episodes(log, fields, dealt) == []
    assert again(log, fields, dealt) == []
    assert endings(log, fields, dealt) == []


def test_the_map_of_the_demo_misses_nothing_and_is_walked_as_it_is_drawn(log: Marked) -> None:
    assert missing(log) == []
    assert silent(log) == []
    assert deviations(log) == []
