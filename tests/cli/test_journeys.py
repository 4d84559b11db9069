"""Questions from the terminal: of a file, and of what an installation has stored."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from parcours.canvas.shapes import Board
from parcours.cli.journeys import journeys
from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]

ROWS = """customer,time,activity,channel,country
1,2026-01-01T10:00:00Z,Cart,web,FR
1,2026-01-01T11:00:00Z,"Pay, at last",web,FR
2,2026-01-02T10:00:00Z,Cart,app,BE
2,2026-01-12T10:00:00Z,"Pay, at last",app,BE
3,2026-02-03T10:00:00Z,Cart,web,FR
,2026-02-03T10:00:00Z,Cart,web,FR
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "events.csv"
    path.write_text(ROWS)
    return str(path)


def asked(*arguments: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(journeys, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


def refused(*arguments: str) -> str:
    with pytest.raises(ParcoursError) as error:
        CliRunner().invoke(journeys, [*arguments], catch_exceptions=False)
    return str(error.value)


def test_transitions_of_a_file(file: str) -> None:
    assert asked("transitions", file) == [{"source": "Cart", "target": "Pay, at last", "count": 2}]


def test_a_funnel_of_a_file_within_a_window(file: str) -> None:
    steps = 'Cart,"Pay, at last"'
    assert [row["customers"] for row in asked("funnel", file, "--steps", steps)] == [3, 2]
    _first, second = asked("funnel", file, "--steps", steps, "--within", "7d")
    assert second == {
        "step": 2,
        "activity": "Pay, at last",
        "customers": 1,
        "conversion": pytest.approx(1 / 3),
        "median_seconds": 3600.0,
    }


def test_a_funnel_by_a_column(file: str) -> None:
    rows = asked("funnel", file, "--steps", "Cart", "--by", "country")
    assert {row["segment"]: row["customers"] for row in rows} == {"BE": 1, "FR": 2}


def test_the_most_frequent_variants(file: str) -> None:
    assert asked("variants", file, "--top", "1") == [{"variant": ["Cart", "Pay, at last"], "customers": 2}]


def test_attribution_shares_conversions_out(file: str) -> None:
    rows = asked("attribution", file, "--conversion", "Pay, at last", "--model", "last")
    assert {row["channel"]: row["conversions"] for row in rows} == {"web": 1.0, "app": 1.0}


def test_retention_by_month(file: str) -> None:
    january, *_later = asked("retention", file, "--cohort", "month")
    assert (january["cohort"], january["customers"], january["period"]) == ("2026-01-01", 2, 0)


def test_other_columns_can_be_named(file: str) -> None:
    assert asked("variants", file, "--activity", "country", "--customer", "channel")[0]["customers"] == 1


def test_a_period_of_a_file_takes_both_days_in(file: str) -> None:
    assert asked("variants", file, "--from", "2026-01-01", "--to", "2026-01-02") == [
        {"variant": ["Cart"], "customers": 1},
        {"variant": ["Cart", "Pay, at last"], "customers": 1},
    ]


def test_rows_that_are_left_out_are_told(file: str) -> None:
    result = CliRunner().invoke(journeys, ["transitions", file])
    assert "Left out: 1" in result.stderr
    assert "Pay, at last" in result.stdout


def test_what_cannot_be_answered_is_said_plainly(file: str, tmp_path: Path) -> None:
    assert "Did you mean “Cart”" in refused("funnel", file, "--steps", "Carte")
    assert "There is no file" in refused("transitions", str(tmp_path / "none.csv"))
    assert "no segments" in refused("transitions", file, "--segment", "x")
    assert "is not a day" in refused("transitions", file, "--from", "soon")
    assert "is not a period" in refused("transitions", file, "--period", "soon")
    assert "for a file" in refused("transitions", "--customer", "id")


def test_an_error_names_the_file_or_the_option_and_what_helps(file: str, tmp_path: Path) -> None:
    assert "(--steps)" in refused("funnel", file, "--steps", "Cart,Carte")
    assert "(--within)" in refused("funnel", file, "--steps", "Cart", "--within", "soon")
    assert "(--by)" in refused("funnel", file, "--steps", "Cart", "--by", "nothing")
    assert "(--customer)" in refused("transitions", file, "--customer", "nobody")
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("who,when,what\n1,2026-01-01T10:00:00Z,Cart\n")
    assert str(nameless) in refused("transitions", str(nameless))
    assert "with --customer, --time and --activity" in refused("transitions", str(nameless))
    columns = ("--customer", "who", "--time", "when", "--activity", "what")
    assert "with --channel, or" in refused("attribution", str(nameless), "--conversion", "Cart", *columns)


def test_times_with_and_without_a_zone_are_refused_as_by_an_import(tmp_path: Path) -> None:
    mixed = tmp_path / "mixed.csv"
    mixed.write_text("customer,time,activity\n1,2026-01-01T10:00:00Z,Cart\n1,2026-01-01T11:30:00,Pay\n")
    said = refused("transitions", str(mixed))
    assert "row 2 of 2: “2026-01-01T11:30:00” has no time zone" in said
    assert str(mixed) in said
    assert "--timezone" in said
    (row,) = asked("transitions", str(mixed), "--durations", "--timezone", "Europe/Paris")
    assert row["median_seconds"] == 1800


@pytest.mark.parametrize("lines", [0, 1], ids=["no event", "one event"])
def test_a_log_with_next_to_nothing_in_it_is_answered(tmp_path: Path, lines: int) -> None:
    small = tmp_path / "small.csv"
    small.write_text("customer,time,activity,channel\n" + "1,2026-01-01T10:00:00Z,Cart,web\n" * lines)
    for name in ("transitions", "variants", "sessions", "retention"):
        picture = tmp_path / f"{name}.svg"
        assert len(asked(name, str(small), "--svg", str(picture))) <= lines
        assert picture.exists()
    result = CliRunner().invoke(journeys, ["transitions", str(small)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing to show" in result.stderr


def test_an_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert f"{empty} is empty" in refused("variants", str(empty))


def test_numbers_are_written_as_the_reader_writes_them(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["funnel", file, "--steps", 'Cart,"Pay, at last"']
    assert "66.7\N{NO-BREAK SPACE}%" in CliRunner().invoke(journeys, arguments).stdout
    monkeypatch.setenv("LANGUAGE", "fr")
    assert "66,7\N{NO-BREAK SPACE}%" in CliRunner().invoke(journeys, arguments).stdout


def test_what_is_shown_is_what_is_drawn(file: str, tmp_path: Path) -> None:
    picture = tmp_path / "answer.svg"
    asked("conformance", file, "--steps", "Cart", "--show", "customers", "--svg", str(picture))
    assert "<title>Fitness</title>" in picture.read_text()
    asked("dropoff", file, "--at", "Cart", "--goal", "Pay, at last", "--instead", "--svg", str(picture))
    assert "<title>What they did instead</title>" in picture.read_text()


@pytest.fixture
def stored(store: Store) -> None:
    store(
        [
            Happened("ann", "View", 10, country="FR"),
            Happened("ann", "Order", 8, country="FR"),
            Happened("ben", "View", 200, channel="app", country="BE"),
        ]
    )


@pytest.mark.usefixtures("stored")
def test_without_a_file_the_lake_answers() -> None:
    assert asked("transitions") == [{"source": "View", "target": "Order", "count": 1}]
    assert [row["customers"] for row in asked("funnel", "--steps", "View,Order")] == [2, 1]
    assert [row["customers"] for row in asked("funnel", "--steps", "View,Order", "--period", "90d")] == [1, 1]


@pytest.mark.usefixtures("stored")
def test_the_lake_tells_customers_apart_by_property_channel_or_generation(
    born: Callable[[dict[str, int]], None],
) -> None:
    born({"ann": 1990, "ben": 1950})

    def by(column: str) -> dict[str, int]:
        rows = asked("funnel", "--steps", "View", "--by", column)
        return {row["segment"]: row["customers"] for row in rows}

    assert by("country") == by("properties.country") == {"BE": 1, "FR": 1}
    assert by("channel") == {"app": 1, "web": 1}
    assert list(by("generation").values()) == [1, 1]
    assert "No event has a property" in refused("funnel", "--steps", "View", "--by", "shoe")


@pytest.mark.usefixtures("stored")
def test_a_segment_by_key_or_name(born: Callable[[dict[str, int]], None]) -> None:
    born({"ann": 1990})
    assert asked("variants", "--segment", "millennials") == [{"variant": ["View", "Order"], "customers": 1}]
    assert asked("variants", "--segment", "Millennials")[0]["customers"] == 1
    assert "Known segments" in refused("variants", "--segment", "nobody")


def test_sessions_conformance_and_survival_of_a_file(file: str) -> None:
    assert [row["events"] for row in asked("sessions", file, "--gap", "2h")] == [2, 1, 1, 1]
    result = CliRunner().invoke(journeys, ["conformance", file, "--steps", 'Cart,"Pay, at last"', "--json"])
    found = json.loads(result.stdout)
    assert (found["customers"], found["as_drawn"]) == (3, pytest.approx(2 / 3))
    assert [row["skipped"] for row in found["steps"]] == [0, 1]
    rows = asked("conformance", file, "--steps", 'Cart,"Pay, at last"', "--show", "customers")
    assert [row["fitness"] for row in rows] == [1.0, 1.0, pytest.approx(2 / 3)]
    assert asked("survival", file, "--goal", "Pay, at last")[-1]["events"] == 1


def test_what_the_lost_did_instead(file: str) -> None:
    rows = asked("dropoff", file, "--at", "Cart", "--goal", "Pay, at last", "--within", "1d", "--instead")
    assert rows == [{"activity": "Pay, at last", "customers": 1, "share": 1.0}]
    assert asked("dropoff", file, "--at", "Cart", "--goal", "Pay, at last") == []


def test_a_comparison_with_another_file_and_with_the_time_before(file: str, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    lines = [f"{number},2026-01-01T10:00:00Z,Pay,web,FR\n" for number in range(40)]
    other.write_text("customer,time,activity,channel,country\n" + "".join(lines))
    assert {row["activity"] for row in asked("compare", file, "--against", str(other))} >= {"Pay"}
    assert asked("compare", file, "--from", "2026-02-01", "--to", "2026-02-28") == []
    assert "nothing before all events" in refused("compare", file)


@pytest.mark.parametrize(
    "arguments",
    [
        ("funnel", "--steps", "Cart"),
        ("transitions",),
        ("variants",),
        ("sessions",),
        ("conformance", "--steps", "Cart"),
        ("attribution", "--conversion", "Pay, at last"),
        ("retention",),
        ("survival", "--goal", "Pay, at last"),
        ("dropoff", "--at", "Cart", "--goal", "Pay, at last"),
        ("compare", "--from", "2026-02-01"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_every_answer_can_be_drawn(file: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    picture = tmp_path / "answer.svg"
    name, *options = arguments
    asked(name, file, *options, "--svg", str(picture))
    assert ET.fromstring(picture.read_text()).find("{http://www.w3.org/2000/svg}title") is not None


@pytest.mark.usefixtures("stored")
def test_the_stages_of_a_drawn_journey_stand_in_place_of_events(drawn: Board) -> None:
    assert asked("transitions", "--journey", drawn.journey.title) == [
        {"source": "Awareness", "target": "Decision", "count": 1}
    ]
    rows = asked("funnel", "--journey", str(drawn.journey.id))
    assert [(row["activity"], row["customers"]) for row in rows] == [("Awareness", 2), ("Decision", 1)]
    assert "No steps are named" in refused("funnel")
    assert "There is no journey" in refused("variants", "--journey", "none")


def test_events_in_a_row_in_one_stage_are_one_stay(store: Store, drawn: Board) -> None:
    store([Happened("ann", "View", days) for days in (5, 4, 3)] + [Happened("ann", "Cart", 2)])
    words = ("--journey", drawn.journey.title)
    assert asked("variants", *words) == [{"variant": ["Awareness", "Consideration"], "customers": 1}]
    steps = [(row["source"], row["target"]) for row in asked("transitions", *words)]
    assert steps == [("Awareness", "Consideration")]


def test_the_time_before_has_as_many_days_when_the_clocks_change(store: Store) -> None:
    """Counted in hours it would begin an hour early, for one of the seven days has 25 of them in Paris."""
    too_early = (now() - datetime(2026, 10, 14, 23, 30, tzinfo=ZoneInfo("Europe/Paris"))) / timedelta(days=1)
    customers = [f"c{number}" for number in range(20)]
    store([Happened(who, "View", too_early) for who in customers])
    store([Happened(who, "Cart", too_early - days) for who in customers for days in (5, 12)])
    assert asked("compare", "--from", "2026-10-22", "--to", "2026-10-28") == []


def test_numbers_of_customers_are_names_not_amounts(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("customer,time,activity\n13085,2026-01-01T10:00:00Z,Cart\n")
    assert "13085" in CliRunner().invoke(journeys, ["sessions", str(path)]).stdout


def test_a_picture_of_what_is_stored_has_the_catalogues_words_and_one_of_a_file_its_own(
    store: Store, tmp_path: Path
) -> None:
    store([Happened("ann", "Product Viewed", 10), Happened("ann", "Order Completed", 8)])
    picture, path = tmp_path / "answer.svg", tmp_path / "events.csv"
    asked("funnel", "--steps", "Product Viewed,Order Completed", "--svg", str(picture))
    assert ">Order completed<" in picture.read_text()
    path.write_text("customer,time,activity\n1,2026-01-01T10:00:00Z,Order Completed\n")
    asked("variants", str(path), "--svg", str(picture))
    assert ">Order Completed<" in picture.read_text()
