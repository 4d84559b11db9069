"""Waiting in business time: of many at once what the inbox counts of each."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours.accounts.rights import system_actor
from parcours.core.clock import now
from parcours.inbox.hours.arithmetic import Hours, business_time
from parcours.inbox.hours.writes import HoursForm, save_hours
from parcours.measures.business_time import business_seconds
from parcours.measures.scope import Question
from tests.measures.test_channels import of
from tests.measures.test_channels import talk as talk  # noqa: PLC0414 - its fixture, used here too

pytest_plugins = ["tests.insights.shop"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHOP = Hours(
    "Europe/Paris",
    (((9 * 60, 12 * 60), (14 * 60, 18 * 60)),) * 4 + (((22 * 60, 30 * 60),), (), ()),
    {date(2026, 5, 1): ()},
)
moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)).map(
    lambda each: each.replace(tzinfo=UTC)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(moments, st.integers(0, 10 * 86_400)), min_size=1, max_size=8))
def test_many_at_once_are_what_each_is_by_itself(spans: list[tuple[datetime, int]]) -> None:
    begin = np.array([(moment - EPOCH) // timedelta(microseconds=1) for moment, _seconds in spans])
    found = business_seconds(SHOP, begin, np.array([float(seconds) for _moment, seconds in spans]))
    each = [
        business_time(SHOP, moment, moment + timedelta(seconds=seconds)).total_seconds()
        for moment, seconds in spans
    ]
    assert found == pytest.approx(each, abs=0.01)


def test_of_what_was_never_answered_nothing_is_known() -> None:
    assert np.isnan(business_seconds(SHOP, np.array([0, 1]), np.array([np.nan, np.nan]))).all()


@pytest.mark.usefixtures("talk")
def test_a_channel_shows_business_time_beside_clock_time_once_there_are_hours(ever: Question) -> None:
    assert of(ever, "chat").business_median_seconds is None
    began = (now() - timedelta(days=40)).weekday()
    free = {(began - 1) % 7, began, (began + 1) % 7}
    week = [[] if day in free else [("00:00", "24:00")] for day in range(7)]
    actor = system_actor(ever.brand.pk)
    save_hours(ever.brand, HoursForm("Free then", "UTC", week, is_default=True), acting_user=actor)
    chat = of(ever, "chat")
    assert chat.business_median_seconds == 0
    assert chat.median_seconds == pytest.approx(30 * 60, abs=1)
    week[began] = week[(began + 1) % 7] = [("00:00", "24:00")]
    save_hours(ever.brand, HoursForm("Busy then", "UTC", week, is_default=True), acting_user=actor)
    assert of(ever, "chat").business_median_seconds == pytest.approx(30 * 60, abs=1)
