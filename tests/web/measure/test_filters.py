"""Days of one's own and properties stand in the address of every page of Measure, and go with its links."""

import re
from html import unescape

import pytest
from django.test import Client

from parcours.canvas.shapes import Board
from tests.insights.happened import Happened, Store
from tests.web.test_measure import shown

pytest_plugins = ["tests.insights.shop"]
PAGES = (
    "",
    "funnel/",
    "reasons/",
    "conformance/",
    "flow/",
    "paths/",
    "transitions/",
    "channels/",
    "retention/",
    "sessions/",
    "compare/",
)


@pytest.fixture(autouse=True)
def shop(store: Store) -> None:
    store(
        [
            *[Happened(f"fr {number}", "View", 5) for number in range(6)],
            *[Happened(f"be {number}", "View", 5, "app", "BE") for number in range(5)],
        ]
    )


def test_a_property_narrows_the_numbers_and_goes_along_to_the_customers(as_bob: Client) -> None:
    answer = as_bob.get("/measure/funnel/", {"step": "View", "where": "country:BE"}).content.decode()
    link = re.search(r'href="(/measure/customers/[^"]*)">5<', answer)
    assert link
    page = as_bob.get(unescape(link[1])).content.decode()
    assert "5 customers, those seen last first" in page
    assert "country is “BE”" in page


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_the_condition_and_how_to_be_without_it(as_bob: Client, page: str) -> None:
    answer = as_bob.get(f"/measure/{page}", {"where": ["country:BE", "country:FR"], "period": "30d"})
    html = answer.content.decode()
    chip = re.search(r'country is “BE”<a href="\?([^"]*)" aria-label="Without “country is “BE””"', html)
    assert chip
    assert unescape(chip[1]) == "period=30d&where=country%3AFR"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_offers_days_of_ones_own(as_bob: Client, page: str) -> None:
    html = as_bob.get(f"/measure/{page}", {"from": "2020-01-01", "to": "2020-01-31"}).content.decode()
    assert 'popovertarget="own-days"' in html
    assert 'name="from" value="2020-01-01"' in html


def test_the_form_of_a_property_adds_its_condition(as_bob: Client) -> None:
    asking = {"step": "View", "property": "country", "value": " FR ", "where": "country:BE"}
    assert "View 11 100 %" in shown(as_bob, "/measure/funnel/", **asking)
    assert "View 6 100 %" in shown(as_bob, "/measure/funnel/", **{**asking, "where": ""})


def test_its_values_are_offered(as_bob: Client) -> None:
    html = as_bob.get("/measure/values/?property=country").content.decode()
    assert re.findall(r'value="(\w+)"', html) == ["FR", "BE"]


@pytest.mark.parametrize("where", ["country", ":FR", "country:"])
def test_a_condition_that_is_none_is_said(as_bob: Client, where: str) -> None:
    assert as_bob.get("/measure/funnel/", {"where": where}).status_code == 422


@pytest.mark.parametrize(
    "page", ["funnel/", "flow/", "paths/", "transitions/", "reasons/", "compare/", "conformance/"]
)
def test_touchpoints_can_be_asked_about_one_by_one(as_bob: Client, drawn: Board, page: str) -> None:
    html = shown(as_bob, f"/measure/{page}", of=f"{drawn.journey.id}:touchpoints")
    assert "Touchpoints of Shoes" in html
    assert as_bob.get(f"/measure/{page}", {"of": f"{drawn.journey.id}:x"}).status_code == 404


def test_a_funnel_over_touchpoints_counts_them(as_bob: Client, drawn: Board) -> None:
    page = shown(as_bob, "/measure/funnel/", of=f"{drawn.journey.id}:touchpoints")
    assert "Page 11 100 %" in page
