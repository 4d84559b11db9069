"""A first canvas from a log: by what names mean, or by the order in which customers come to things."""

import json
from pathlib import Path

import numpy as np
import pytest

from parcours.canvas.exports.reading import read_drawing
from parcours.engine import EventLog
from parcours.insights.drafting.order import ordered_stages, tidy_name
from parcours.insights.drafting.plan import Wishes, drafted, unmarked
from parcours.insights.drafting.portable import as_json
from tests.conftest import real_log

HOUR = 3_600_000_000


def log_of(walks: list[str], channel: str = "") -> EventLog:
    """One walk a customer: names an hour apart."""
    names = sorted({name for walk in walks for name in walk.split("/")})
    codes = [names.index(name) for walk in walks for name in walk.split("/")]
    lengths = [len(walk.split("/")) for walk in walks]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return EventLog.from_codes(
        customers=np.arange(len(walks)),
        offsets=offsets,
        time=np.concatenate([np.arange(length) for length in lengths]) * HOUR,
        activity=np.array(codes, dtype=np.uint8),
        activities=names,
        channel=np.zeros(len(codes), dtype=np.uint8) if channel else None,
        channels=[channel] if channel else None,
    )


SHOP = ["Page Viewed/Product Viewed/Product Added/Order Completed/Order Delivered/Review Posted"] * 20 + [
    "Page Viewed/Product Viewed/Message Sent"
] * 40


def test_known_names_make_the_stages_of_the_field() -> None:
    drawing = drafted(unmarked(log_of(SHOP, "web")), Wishes())
    assert [stage.key for stage in drawing.stages] == [
        "awareness",
        "consideration",
        "decision",
        "retention",
        "advocacy",
    ]
    found = {each.name: stage.key for stage in drawing.stages for each in stage.touchpoints}
    assert found["Order completed"] == "decision"
    assert found["Message sent"] == "consideration"  # where it happens
    actions = [card for card in drawing.cards if card.details.get("does") == "chat"]
    assert [card.stage for card in actions] == [1]


def test_unknown_names_are_put_in_the_order_in_which_customers_come_to_them() -> None:
    walks = ["ask/check/offer/sign/pay"] * 30 + ["ask/check"] * 20 + ["ask/offer/check/sign/pay"] * 10
    drawing = drafted(unmarked(log_of(walks)), Wishes(stages=3))
    order = [each.name for stage in drawing.stages for each in stage.touchpoints]
    assert order == ["Ask", "Check", "Offer", "Sign", "Pay"]
    assert len(drawing.stages) == 3


@pytest.mark.parametrize("wanted", [3, 5, 7])
def test_there_are_as_many_stages_as_asked_for(wanted: int) -> None:
    walk = "/".join(f"step {number}" for number in range(12))
    assert len(ordered_stages(unmarked(log_of([walk] * 10)), wanted)) == wanted


def test_the_line_of_emotion_falls_where_most_are_lost() -> None:
    walks = ["a/b/c/d"] * 10 + ["a/b/c"] * 5 + ["a/b"] * 70
    drawing = drafted(unmarked(log_of(walks)), Wishes(stages=4))
    levels = [card.details["level"] for card in drawing.cards if "level" in card.details]
    assert levels[1] == min(levels) == -60


def test_the_draft_is_written_in_the_language_asked_for() -> None:
    assert drafted(unmarked(log_of(SHOP)), Wishes(language="fr")).lanes[0].name != "Customer needs"


def test_a_draft_reads_back_as_the_journey_it_is() -> None:
    drawing = drafted(unmarked(log_of(SHOP, "web")), Wishes(title="How they buy"))
    again = read_drawing(json.loads(json.dumps(as_json(drawing))))
    assert (again.title, len(again.cards)) == ("How they buy", len(drawing.cards))
    assert [stage.touchpoints for stage in again.stages] == [stage.touchpoints for stage in drawing.stages]
    assert [card.details for card in again.cards] == [dict(card.details) for card in drawing.cards]


def test_an_empty_log_gives_a_canvas_without_touchpoints() -> None:
    drawing = drafted(unmarked(log_of(["x"]).where(np.zeros(1, np.bool_))), Wishes())
    assert all(not stage.touchpoints for stage in drawing.stages)


def test_names_are_written_as_people_write() -> None:
    assert tidy_name("A_PARTLYSUBMITTED") == "A partlysubmitted"
    assert tidy_name("check out") == "Check out"


def test_a_real_log_of_loans_goes_from_the_application_to_its_end(tmp_path: Path) -> None:
    log = EventLog.read(real_log("bpic2012/bpic2012.xes.gz"))
    drawing = drafted(unmarked(log), Wishes())
    place = {each.name: number for number, stage in enumerate(drawing.stages) for each in stage.touchpoints}
    assert 3 <= len(drawing.stages) <= 7
    assert place["A submitted"] == 0
    assert place["A submitted"] < place["O sent"] < place["A activated"]
