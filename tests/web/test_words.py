"""How numbers, spans of time and names look to the reader."""

from datetime import date

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format

from parcours.core.formats import count, share, span
from parcours.web.templatetags.look import control, has_quotes, initials, width

THIN = "\N{NARROW NO-BREAK SPACE}"


def test_counts_follow_the_readers_format() -> None:
    assert count(41_210) == "41,210"
    assert count(None) == ""
    with translation.override("fr"):
        assert count(41_210).replace("\xa0", " ").replace(THIN, " ") == "41 210"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.3812, "38"), (0.497, "50"), (0.0999, "10"), (0.0571, "5.7"), (0, "0"), (1, "100"), (0.9979, "99.8")],
)
def test_shares_are_rounded_and_small_ones_keep_a_decimal(value: float, shown: str) -> None:
    assert share(value) == f"{shown}{THIN}%"


def test_a_share_and_the_rest_add_up_to_a_hundred() -> None:
    assert share(0.4971) == share(1 - 0.5029)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(41, "41 s"), (90, "2 min"), (5400, "1.5 h"), (172_800, "2 d"), (5_443_200, "63 d"), (0, "0 s")],
)
def test_spans_use_their_largest_fitting_unit(seconds: float, shown: str) -> None:
    assert span(seconds) == shown.replace(" ", THIN)


def test_a_width_never_leaves_its_drawing() -> None:
    assert [width(value) for value in (None, -1, 0.3812, 2)] == ["0.0%", "0.0%", "38.1%", "100.0%"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Claire Martin", "CM"),
        ("claire@example.org", "C"),
        ("Jean-Luc de la Tour", "JT"),
        ("", ""),
        (None, ""),
    ],
)
def test_initials_come_from_the_first_and_last_name(name: str | None, shown: str) -> None:
    assert initials(name) == shown


def test_words_in_quotation_marks_are_recognised() -> None:
    assert has_quotes("« Où est mon colis ? »")
    assert has_quotes("“Where is it?”")
    assert not has_quotes("Where is it?")
    assert not has_quotes("")


def test_a_field_announces_its_hint_and_its_error() -> None:
    class Form(forms.Form):
        title = forms.CharField(help_text="In the customer's words")

    drawn = control(Form({"title": ""})["title"])
    assert 'aria-describedby="id_title-hint id_title-error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_a_day_reads_alike_on_both_sides_of_the_atlantic() -> None:
    assert date_format(date(2026, 1, 3), "SHORT_DATE_FORMAT") == "3 Jan 2026"
    with translation.override("fr"):
        assert "2026" in date_format(date(2026, 1, 3), "SHORT_DATE_FORMAT")
        assert count(41_210) != "41,210"
    assert count(41_210) == "41,210"
