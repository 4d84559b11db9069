"""Personas: whom journeys are drawn for."""

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import JourneyView, PersonaView
from parcours.core.errors import BadInput, NotFound


@pytest.fixture
def mark(alice_acts: Actor) -> PersonaView:
    return writes.add_persona(
        "Mark",
        birth_year=1985,
        habits="Reads reviews in the evening.",
        quote="I want to run again.\nNobody told me about the shipping.",
        channels=["instagram", "chat", "instagram", ""],
        acting_user=alice_acts,
    )


def test_a_persona_belongs_to_a_generation_by_year_of_birth(mark: PersonaView) -> None:
    assert mark.generation is not None
    assert mark.generation.key == "millennials"
    assert mark.segment_key == "millennials"
    assert mark.quotes == ("I want to run again.", "Nobody told me about the shipping.")
    assert mark.channels == ("instagram", "chat")


def test_a_segment_of_its_own_goes_before_the_generation(mark: PersonaView, alice_acts: Actor) -> None:
    changed = writes.edit_persona(mark.id, segment_key="boomers", acting_user=alice_acts)
    assert changed.segment_key == "boomers"
    assert writes.edit_persona(mark.id, segment_key="", acting_user=alice_acts).segment_key == "millennials"


def test_what_isnt_given_stays(mark: PersonaView, alice_acts: Actor, brand: Brand) -> None:
    writes.edit_persona(mark.id, goals="Five kilometres", channels=["phone"], acting_user=alice_acts)
    found = reads.persona(brand.pk, mark.id)
    assert (found.goals, found.channels, found.habits) == ("Five kilometres", ("phone",), mark.habits)


def test_years_that_cant_be_are_refused(mark: PersonaView, alice_acts: Actor) -> None:
    for year in (1850, 2999):
        with pytest.raises(BadInput):
            writes.edit_persona(mark.id, birth_year=year, acting_user=alice_acts)


def test_a_removed_persona_leaves_its_journeys_and_comes_back_to_them(
    mark: PersonaView, journey: JourneyView, alice_acts: Actor, brand: Brand
) -> None:
    writes.edit_journey(journey.id, persona_id=mark.id, acting_user=alice_acts)
    writes.remove_persona(mark.id, acting_user=alice_acts)
    assert reads.journey(brand.pk, journey.id).persona is None
    assert reads.personas(brand.pk) == ()
    writes.restore_persona(mark.id, acting_user=alice_acts)
    found = reads.journey(brand.pk, journey.id).persona
    assert found is not None
    assert found.name == "Mark"


def test_a_copy_has_everything_but_the_name(mark: PersonaView, alice_acts: Actor) -> None:
    copy = writes.duplicate_persona(mark.id, acting_user=alice_acts)
    assert copy.id != mark.id
    assert (copy.name, copy.quote, copy.channels) == ("Mark, copy", mark.quote, mark.channels)


def test_others_find_no_persona_of_this_brand(mark: PersonaView, other_brand: Brand) -> None:
    outsider = Actor(kind="person", brand_id=other_brand.pk, role="owner", id=None, label="Charlie")
    for write in (writes.edit_persona, writes.remove_persona, writes.duplicate_persona):
        with pytest.raises(NotFound):
            write(mark.id, acting_user=outsider)
