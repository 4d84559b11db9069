"""Properties of events are named in words."""

import pytest
from django.utils import translation

from parcours.core.conditions import Condition
from parcours.core.property_names import NAMES, property_label


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("properties.order_rank", "which order of the customer"),
        ("properties.shippingMethod", "way of shipping"),
        ("traits.city", "city"),
        ("properties.shelf_row", "shelf row"),
        ("properties.shelfRow.left", "shelf Row left"),
        ("prix affiché", "prix affiché"),
    ],
)
def test_a_property_reads_as_words(field: str, words: str) -> None:
    with translation.override("en"):
        assert property_label(field) == words


def test_a_rule_says_its_properties_in_words() -> None:
    with translation.override("en"):
        assert Condition("properties.payment_method", "is", ("card",)).sentence() == "way of paying is “card”"
        assert Condition("birth_year", "exists").sentence() == "year of birth is known"


def test_names_are_keys_as_shops_write_them() -> None:
    assert all(key == key.lower().strip() and " " not in key for key in NAMES)
