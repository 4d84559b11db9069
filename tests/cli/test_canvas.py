"""Journeys from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import JourneyView
from parcours.cli.main import parcours
from parcours.core.errors import BadInput, NotFound

pytestmark = pytest.mark.django_db


def call(*arguments: str) -> Result:
    return CliRunner().invoke(parcours, arguments)


@pytest.fixture
def journey(system: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=system, language="en")


def test_the_list_names_every_journey(journey: JourneyView) -> None:
    (row,) = json.loads(call("canvas", "list", "--json").stdout)
    assert (row["id"], row["title"], row["stages"]) == (str(journey.id), journey.title, 5)
    assert journey.title in call("canvas", "list").stdout


def test_a_journey_is_shown_by_the_beginning_of_its_id_or_its_title(journey: JourneyView) -> None:
    for name in (str(journey.id)[:23], journey.title):
        shown = json.loads(call("canvas", "show", name, "--json").stdout)
        assert shown["id"] == str(journey.id)
        assert shown["stages"][0]["name"] == "Awareness"
        assert shown["stages"][0] | {"id": "", "description": "", "name": ""} == {
            "id": "",
            "name": "",
            "description": "",
            "customers": 0,
            "events": 0,
            "went_on": 0,
            "returned": 0,
            "share": None,
            "median_seconds": None,
            "others": [],
            "touchpoints": [],
        }


def test_a_journey_is_shown_as_text(journey: JourneyView) -> None:
    assert "Consideration" in call("canvas", "show", journey.title).stdout


def test_a_journey_that_is_not_there_is_said_to_be_missing(brand: Brand) -> None:
    answer = call("canvas", "show", "nothing")
    assert isinstance(answer.exception, NotFound)


def test_an_exported_journey_can_be_imported(journey: JourneyView, brand: Brand, tmp_path: Path) -> None:
    file = tmp_path / "journey.json"
    assert call("canvas", "export", journey.title, "--to", "json", "-o", str(file)).exit_code == 0
    made = json.loads(call("canvas", "import", str(file), "--title", "Copy", "--json").stdout)
    assert made["stages"] == 5
    assert {each.journey.title for each in reads.journeys(brand.pk)} == {journey.title, "Copy"}


def test_an_export_without_a_file_goes_to_standard_output(journey: JourneyView) -> None:
    assert json.loads(call("canvas", "export", journey.title).stdout)["format"] == "parcours-journey"


def test_a_format_that_is_none_is_refused_with_those_there_are(journey: JourneyView) -> None:
    answer = call("canvas", "export", journey.title, "--to", "papyrus")
    assert isinstance(answer.exception, BadInput)
    assert "json" in str(answer.exception)


@pytest.mark.parametrize(
    ("content", "place"),
    [("{", "journey.json"), ('{"stages": 5}', "journey.json: stages"), ("{}", ": title")],
)
def test_a_file_that_can_not_be_read_is_refused_with_the_place_in_it(
    brand: Brand, tmp_path: Path, content: str, place: str
) -> None:
    file = tmp_path / "journey.json"
    file.write_text(content)
    answer = call("canvas", "import", str(file))
    assert isinstance(answer.exception, BadInput)
    assert answer.exception.where.endswith(place)
    assert reads.journeys(brand.pk) == ()
