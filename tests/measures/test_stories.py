"""What was planted in the demo shop is what the Losses page finds there, and nothing in a shuffled log."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from parcours.accounts.models import Brand
from parcours.core.clock import clock_at
from parcours.core.periods import read_period
from parcours.demo.build import build_demo
from parcours.measures import kept, reasons
from parcours.measures.reasons import Loss, loss
from parcours.measures.scope import Question

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance]

STORIES = {
    "late-shipping-cost": (("Checkout Started", "Order Completed", "7d"), ("shipping_shown_at", "payment")),
    "coupon-on-safari": (("Coupon Entered", "Order Completed", "1d"), ("browser", "Safari")),
    "phone-dead-end": (("Call Menu Chosen", "Order Completed", ""), ("menu", "3 Return or exchange")),
    "slow-instagram": (("Conversation Started", "Order Completed", "14d"), ("channel", "instagram")),
}
"""Where to look for each story, and what shows it; the other stories of the demo aren't losses."""
CERTAIN = 0.001
THAT_DAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
"""Each day tells another year; in some of them few call or have a code, and a cause may pass for chance."""


def asked(question: Question) -> Iterator[tuple[str, tuple[str, str], Loss]]:
    for story, ((at, to, within), shown) in STORIES.items():
        yield story, shown, loss(question, at, to, within=within)


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with clock_at(THAT_DAY):
        yield


def test_planted_losses_are_found_and_none_in_a_shuffled_log(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_demo(brand)
    question = Question(brand, read_period({"period": "365d"}, brand.time_zone))
    kept.forget()
    for story, shown, found in asked(question):
        strongest = found.reasons[0]
        assert (strongest.name, strongest.value) == shown, story
        assert strongest.p_value < 0.01, story
        assert 0 < strongest.low < strongest.difference < strongest.high, story
    _weeks_of_the_coupon(question)

    monkeypatch.setattr(reasons, "rich_log", shuffled)
    kept.forget()
    for story, _shown, found in asked(question):
        assert [each for each in found.reasons if each.p_value < CERTAIN] == [], story


def _weeks_of_the_coupon(question: Question) -> None:
    """It failed for two weeks; the reason names them, in whole weeks."""
    (at, to, within), _shown = STORIES["coupon-on-safari"]
    reason = loss(question, at, to, within=within).reasons[0]
    assert reason.since
    assert reason.until
    assert 14 <= (reason.until - reason.since).days + 1 <= 28


def shuffled(*asking: Any) -> Any:
    """The log with every event's name dealt out anew among all events."""
    from parcours.measures.logs import rich_log

    log = rich_log(*asking)
    dealt = np.random.default_rng(7).permutation(log.activity.codes)
    return log.relabel(dealt, log.activities)
