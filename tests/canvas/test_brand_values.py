"""Brand values: written by a brand, wanted and felt at touchpoints, told apart by their gaps."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.reads import actor_of_person
from parcours.accounts.rights import Actor
from parcours.accounts.writes import add_person
from parcours.canvas.brand_values import reads, writes
from parcours.canvas.brand_values.erasing import RECORDS
from parcours.canvas.brand_values.shapes import Fit, ValueView
from parcours.canvas.shapes import Board, JourneyView, TouchpointView
from parcours.canvas.writes import add_card, add_lane, add_touchpoint, remove_touchpoint
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.web.canvas.marks import marks_of

RULE = {"all": [{"field": "name", "op": "is", "value": ["Checkout Started"]}]}


@pytest.fixture
def payment(journey: JourneyView, see: Callable[[], Board], alice_acts: Actor) -> TouchpointView:
    stage = next(stage for stage in see().stages if stage.name == "Decision")
    return add_touchpoint(journey.id, stage_id=stage.id, name="Payment", rule=RULE, acting_user=alice_acts)


@pytest.fixture
def honest(alice_acts: Actor) -> ValueView:
    return writes.add_value("Honest prices", sentence="All of it, at once.", acting_user=alice_acts)


@pytest.fixture
def amina(brand: Brand, alice_acts: Actor) -> Actor:
    add_person("amina@example.org", brand=brand, role="agent", name="Amina", acting_user=alice_acts)
    return acts(Person.objects.get(email="amina@example.org"))


@pytest.fixture
def fit(journey: JourneyView, payment: TouchpointView, honest: ValueView) -> Callable[[], Fit]:
    return lambda: reads.one_fit(journey.brand_id, journey.id, payment.id, honest.id)


Place = tuple[uuid.UUID, uuid.UUID, uuid.UUID]


@pytest.fixture
def place(journey: JourneyView, payment: TouchpointView, honest: ValueView) -> Place:
    return journey.id, payment.id, honest.id


def acts(person: Person) -> Actor:
    found = actor_of_person(person)
    assert found is not None
    return found[0]


def names(brand: Brand) -> list[str]:
    return list(reads.value_names(brand.pk))


def test_values_keep_the_order_that_is_given_to_them(brand: Brand, alice_acts: Actor) -> None:
    first, second, third = (writes.add_value(name, acting_user=alice_acts) for name in "ABC")
    writes.move_value(third.id, 0, acting_user=alice_acts)
    assert names(brand) == ["C", "A", "B"]
    writes.edit_value(first.id, name="Aa", looks_like="so", acting_user=alice_acts)
    assert reads.brand_values(brand.pk)[1].looks_like == "so"
    assert names(brand) == ["C", "Aa", "B"]
    writes.remove_value(second.id, acting_user=alice_acts)
    assert (names(brand), [each.name for each in reads.removed_values(brand.pk)]) == (["C", "Aa"], ["B"])
    writes.restore_value(second.id, acting_user=alice_acts)
    assert names(brand) == ["C", "Aa", "B"]


def test_two_values_of_one_name_would_be_one_to_cards(honest: ValueView, alice_acts: Actor) -> None:
    with pytest.raises(Conflict):
        writes.add_value("honest PRICES", acting_user=alice_acts)
    writes.remove_value(honest.id, acting_user=alice_acts)
    writes.add_value("Honest prices", acting_user=alice_acts)
    with pytest.raises(Conflict):
        writes.restore_value(honest.id, acting_user=alice_acts)


def test_values_are_written_by_editors_and_short(brand: Brand, amina: Actor, alice_acts: Actor) -> None:
    with pytest.raises(Forbidden):
        writes.add_value("Speed", acting_user=amina)
    for n in range(writes.MOST_VALUES):
        writes.add_value(f"Value {n}", acting_user=alice_acts)
    with pytest.raises(BadInput):
        writes.add_value("One more", acting_user=alice_acts)


def test_several_people_say_how_it_is_felt_and_their_mean_makes_the_gap(
    place: Place, fit: Callable[[], Fit], alice_acts: Actor, amina: Actor
) -> None:
    assert (fit().verdict, fit().gap) == ("not rated", None)
    writes.want(*place, 4, acting_user=alice_acts)
    writes.rate(*place, 3, acting_user=alice_acts)
    writes.rate(*place, 0, acting_user=amina)
    seen = fit()
    assert (seen.wanted, seen.felt, seen.raters, seen.gap, seen.verdict) == (4, 1.5, 2, 2.5, "large gap")
    assert (seen.lowest, seen.highest, seen.is_disputed) == (0, 3, True)
    assert {rating.by for rating in seen.ratings} == {"Alice", "Amina"}
    writes.rate(*place, 2, acting_user=amina)
    assert (fit().felt, fit().raters, fit().tone) == (2.5, 2, "some")
    writes.rate(*place, None, acting_user=amina)
    assert (fit().felt, fit().raters) == (3.0, 1)


def test_an_agent_says_what_is_felt_and_not_what_is_wanted(
    journey: JourneyView, payment: TouchpointView, honest: ValueView, amina: Actor, bob: Person
) -> None:
    place = (journey.id, payment.id, honest.id)
    with pytest.raises(Forbidden):
        writes.want(*place, 4, acting_user=amina)
    with pytest.raises(Forbidden):
        writes.rate(*place, 4, acting_user=acts(bob))
    with pytest.raises(BadInput):
        writes.rate(*place, 5, acting_user=amina)


def test_the_largest_gap_comes_first(
    journey: JourneyView,
    see: Callable[[], Board],
    payment: TouchpointView,
    honest: ValueView,
    alice_acts: Actor,
) -> None:
    stage = see().stages[0]
    chat = add_touchpoint(journey.id, stage_id=stage.id, name="Chat", rule=RULE, acting_user=alice_acts)
    for touchpoint, felt in ((chat, 3), (payment, 0)):
        writes.want(journey.id, touchpoint.id, honest.id, 4, acting_user=alice_acts)
        writes.rate(journey.id, touchpoint.id, honest.id, felt, acting_user=alice_acts)
    found = reads.brand_fit(journey.brand_id, journey.id)
    assert [(each.touchpoint.name, each.gap) for each in found.gaps] == [("Payment", 4.0), ("Chat", 1.0)]
    remove_touchpoint(journey.id, payment.id, acting_user=alice_acts)
    assert len(reads.brand_fit(journey.brand_id, journey.id).gaps) == 1
    with pytest.raises(NotFound):
        writes.rate(journey.id, payment.id, honest.id, 1, acting_user=alice_acts)


def test_quotes_are_removed_and_put_back_and_go_with_their_customer(
    journey: JourneyView,
    payment: TouchpointView,
    honest: ValueView,
    fit: Callable[[], Fit],
    amina: Actor,
) -> None:
    place = (journey.id, payment.id, honest.id)
    typed = writes.add_quote(*place, "A lure.", source="chat", acting_user=amina)
    writes.add_quote(*place, "Why 14.90?", customer_id=7, acting_user=amina)
    writes.remove_quote(journey.id, typed.id, acting_user=amina)
    assert [quote.text for quote in fit().quotes] == ["Why 14.90?"]
    writes.restore_quote(journey.id, typed.id, acting_user=amina)
    assert len(RECORDS.export(journey.brand_id, [7])["words quoted beside brand values"]) == 1
    assert RECORDS.erase(uuid.uuid4(), [7]) == {}
    assert RECORDS.erase(journey.brand_id, [7, 8]) == {"words quoted beside brand values": 1}
    assert [quote.text for quote in fit().quotes] == ["A lure."]


def test_a_brand_fit_card_shows_the_gap_of_its_value_in_its_stage(
    journey: JourneyView, payment: TouchpointView, honest: ValueView, alice_acts: Actor
) -> None:
    lane = add_lane(journey.id, "brand-fit", acting_user=alice_acts)
    card = add_card(
        journey.id,
        stage_id=payment.stage_id,
        lane_id=lane,
        title="The sum grows",
        details={"value": "Honest prices"},
        acting_user=alice_acts,
    )
    writes.want(journey.id, payment.id, honest.id, 4, acting_user=alice_acts)
    writes.rate(journey.id, payment.id, honest.id, 1, acting_user=alice_acts)
    mark = marks_of(alice_acts.brand_id, card).fit
    assert mark is not None
    assert (mark.touchpoint, mark.gap, mark.tone) == ("Payment", 3.0, "large")


def test_the_whole_table_is_read_in_a_constant_number_of_queries(
    journey: JourneyView,
    see: Callable[[], Board],
    honest: ValueView,
    alice_acts: Actor,
    django_assert_max_num_queries: Any,
) -> None:
    for n, stage in enumerate(see().stages):
        made = add_touchpoint(journey.id, stage_id=stage.id, name=f"T{n}", rule=RULE, acting_user=alice_acts)
        writes.rate(journey.id, made.id, honest.id, n % 5, acting_user=alice_acts)
    with django_assert_max_num_queries(8):
        found = reads.brand_fit(journey.brand_id, journey.id)
    assert (found.touchpoints, len(found.fits)) == (5, 5)
