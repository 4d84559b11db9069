"""Hours as people write them, in two languages and two clocks."""

import pytest

from parcours.core.errors import BadInput
from parcours.inbox.hours.spans import read_spans, spans_and_name, written

READ = {
    "9-12, 14:00-18:30": "09:00-12:00, 14:00-18:30",
    "9 h 30 - 12 h et 13 h 30 à 18 h": "09:30-12:00, 13:30-18:00",
    "de 9h à 18h": "09:00-18:00",
    "22-6": "22:00-06:00",
    "0-24": "00:00-24:00",
    "9am-5pm": "09:00-17:00",
    "9:30 a.m. to 12 p.m. and 1-5:30 PM": "09:30-12:00, 13:00-17:30",
    "9-5pm": "09:00-17:00",
    "12am-12pm": "00:00-12:00",
    "10pm-6am": "22:00-06:00",
    "Fermé": "",
}


@pytest.mark.parametrize(("text", "spans"), READ.items())
def test_what_people_write_is_read(text: str, spans: str) -> None:
    assert written(read_spans(text, "day0")) == spans
    assert written(read_spans(spans, "day0")) == spans


@pytest.mark.parametrize(
    "text", ["morning", "9am-5", "13pm-14pm", "0am-3am", "9-25", "24-6", "9-12-14", "9 12"]
)
def test_what_could_mean_two_things_or_none_is_not_guessed(text: str) -> None:
    with pytest.raises(BadInput):
        read_spans(text, "day0")


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("9-12 Halloween", ("9-12", "Halloween")),
        ("9 h - 12 h Heures d’été", ("9 h - 12 h", "Heures d’été")),
        ("9-12, 14-18 et demi", ("9-12, 14-18", "et demi")),
        ("9-12 Amélie’s day", ("9-12", "Amélie’s day")),
        ("closed Stocktaking", ("closed", "Stocktaking")),
        ("fermé", ("fermé", "")),
        ("closedown", ("", "closedown")),
        ("Christmas", ("", "Christmas")),
    ],
)
def test_a_special_day_has_its_hours_and_its_name(text: str, apart: tuple[str, str]) -> None:
    assert spans_and_name(text) == apart
