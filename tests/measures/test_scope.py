"""Which events a question is about."""

from dataclasses import replace

import pytest

from parcours.measures.funnel import funnel
from parcours.measures.questions import property_values
from parcours.measures.scope import Question
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]


@pytest.fixture(autouse=True)
def shop(store: Store) -> None:
    store(
        [
            *[Happened(f"fr {number}", "View", 5) for number in range(3)],
            *[Happened(f"be {number}", "View", 5, "app", "BE") for number in range(2)],
            Happened("ch", "View", 5, "app", "CH"),
        ]
    )


def viewers(question: Question) -> int:
    return funnel(question, ["View"]).groups[0].customers


@pytest.mark.parametrize(
    ("where", "channel", "expected"),
    [
        ((), "", 6),
        ((("country", ("FR",)),), "", 3),
        ((("country", ("FR", "CH")),), "", 4),
        ((("country", ("BE", "FR")),), "app", 2),
        ((("country", ("XX",)),), "", 0),
        ((("shoe", ("42",)),), "", 0),
    ],
)
def test_properties_with_any_of_their_values_and_the_channel_must_all_hold(
    ever: Question, where: tuple[tuple[str, tuple[str, ...]], ...], channel: str, expected: int
) -> None:
    assert viewers(replace(ever, where=where, channel=channel)) == expected


def test_a_propertys_values_come_the_most_frequent_first(ever: Question) -> None:
    assert property_values(ever.brand, "country") == ("FR", "BE", "CH")
    assert property_values(ever.brand, "shoe") == ()
