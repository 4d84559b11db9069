"""The pages of Measure ask the engine what their address says."""

import csv
import json
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from django.test import Client

from parcours.accounts.models import Brand
from parcours.canvas.shapes import Board
from parcours.cli.journeys import journeys
from parcours.core.periods import Period
from parcours.measures.logs import rich_log
from parcours.measures.scope import Question
from tests.insights.happened import Happened, Store
from tests.web.test_insights import words

pytest_plugins = ["tests.insights.shop"]


def shown(client: Client, address: str, **query: object) -> str:
    answer = client.get(f"{address}?{urlencode(query, doseq=True)}")
    assert answer.status_code == 200
    return words(answer.content.decode())


@pytest.fixture
def shop(store: Store) -> None:
    store(
        [
            Happened("ann", "View", 10),
            Happened("ann", "Cart", 9),
            Happened("ann", "Order", 5),
            *[Happened(f"visitor {number}", "View", 8, "app") for number in range(5)],
            Happened("visitor 0", "Cart", 7),
        ]
    )


@pytest.mark.usefixtures("shop")
def test_a_funnel_of_events_counts_each_step(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/funnel/", step=["View", "Cart", "Order"])
    assert "View 6 100 % 4" in page
    assert "Cart 2 33 % 33 % 1 d 1" in page
    assert "Order 1 17 % 50 % 4 d" in page


@pytest.mark.usefixtures("shop")
def test_a_funnel_keeps_to_its_window(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/funnel/", step=["View", "Cart", "Order"], within="2d")
    assert "Order 0 0 %" in page


@pytest.mark.usefixtures("shop")
def test_a_funnel_tells_groups_apart_and_the_largest_comes_first(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/funnel/", step=["View", "Cart"], by="channel")
    assert page.index("app 5 customers at the first step") < page.index("web 1 customer at the first step")
    assert "too few" in page[page.index("web 1 customer") :]


@pytest.mark.usefixtures("shop")
def test_a_journeys_stages_are_its_funnel_unless_steps_are_chosen(as_bob: Client, drawn: Board) -> None:
    page = shown(as_bob, "/measure/funnel/", of=drawn.journey.id)
    table = page[page.index("All these customers") :]
    assert "Awareness 6 100 % 4 4 nothing more Why? Awareness Consideration 2" in table


@pytest.mark.usefixtures("shop")
def test_whole_paths_are_listed_with_their_share(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/paths/", of="events")
    assert "6 customers" in page
    assert "View 4 67 %" in page
    assert "View Cart Order 1 17 %" in page


@pytest.mark.usefixtures("shop")
def test_events_in_a_row_in_one_stage_are_one_stay(as_bob: Client, drawn: Board, store: Store) -> None:
    store([Happened("ann", "View", 9.5), Happened("ann", "Help", 9.4), Happened("ann", "View", 9.3)])
    assert "Awareness Consideration Decision 1" in shown(as_bob, "/measure/paths/", of=drawn.journey.id)
    page = shown(as_bob, "/measure/transitions/", of=drawn.journey.id)
    assert "Awareness Consideration 2 100 %" in page


@pytest.mark.usefixtures("shop")
def test_what_follows_what_is_counted(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/transitions/", of="events")
    assert "View Cart 2 100 % 1 d 1 d Cart Order 1 100 % 4 d 4 d" in page


@pytest.mark.parametrize("address", ["/measure/", "/measure/paths/", "/measure/transitions/"])
def test_without_events_the_page_says_what_to_do(as_bob: Client, address: str) -> None:
    assert "No events yet" in shown(as_bob, address)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("step=Vieww", 422),
        ("step=View&within=soon", 422),
        ("step=View&by=shoe", 422),
        ("of=nothing", 404),
        ("period=x", 422),
    ],
)
@pytest.mark.usefixtures("shop")
def test_what_cannot_be_answered_is_said_plainly(as_bob: Client, query: str, status: int) -> None:
    assert as_bob.get(f"/measure/funnel/?{query}").status_code == status


@pytest.mark.usefixtures("shop")
def test_the_journeys_of_others_are_not_found(as_charlie: Client, drawn: Board) -> None:
    assert as_charlie.get(f"/measure/funnel/?of={drawn.journey.id}").status_code == 404


@pytest.fixture
def leaving(store: Store) -> None:
    """Of those in the app nearly nobody buys, of the others nearly everybody."""
    people = [Happened("late", "View", 0.5)]
    for number in range(120):
        channel, country = ("app", "BE") if number % 3 == 0 else ("web", "FR")
        days = 40 - number % 20
        people.append(Happened(f"p{number}", "Cart", days, channel, country))
        bought = number % 30 == 0 if country == "BE" else number % 30 != 1
        if bought:
            people.append(Happened(f"p{number}", "Order", days - 0.1, "web", country))
        else:
            people.append(Happened(f"p{number}", "Help", days - 0.1, "web", country))
    store(people)


CART_TO_ORDER = {"at": "Cart", "goal": "Order", "within": "7d"}


@pytest.mark.usefixtures("leaving")
def test_the_reasons_of_losses_are_said_in_words_with_their_interval(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/reasons/", **CART_TO_ORDER)
    assert "40 customers of 120 who came to “Cart” never came to “Order”" in page
    assert "36 lost of 40" in page
    assert "90 %" in page
    assert "less than once in 1,000" in page
    assert "Help 40 100 %" in page[page.index("What the lost did first instead") :]


@pytest.mark.usefixtures("leaving")
def test_every_number_of_a_loss_opens_its_customers(as_bob: Client) -> None:
    lost = shown(as_bob, "/measure/customers/", who="lost", **CART_TO_ORDER)
    assert "Who was lost between “Cart” and “Order”" in lost
    assert "40 customers" in lost
    reason = {"kind": "channel", "name": "channel", "value": "app"}
    assert "36 customers" in shown(as_bob, "/measure/customers/", who="lost", **CART_TO_ORDER, **reason)
    assert "40 customers" in shown(
        as_bob, "/measure/customers/", who="instead", activity="Help", **CART_TO_ORDER
    )


@pytest.mark.usefixtures("leaving")
def test_the_page_the_terminal_and_the_engine_give_the_same_reasons(as_bob: Client, brand: Brand) -> None:
    answer = as_bob.get("/measure/reasons/", {**CART_TO_ORDER, "period": "all", "as": "csv"})
    page = list(csv.DictReader(answer.content.decode().splitlines()))
    asked = ["dropoff", "--at", "Cart", "--goal", "Order", "--within", "7d", "--json"]
    terminal = json.loads(CliRunner().invoke(journeys, asked, catch_exceptions=False).stdout)
    log = rich_log(Question(brand, Period("all", None, None, "")))
    engine = log.dropoff("Cart", "Order", "7d", timezone=brand.time_zone).to_pylist()
    assert [(row["name"], row["value"], int(row["lost"])) for row in page] == [
        (row["name"], row["value"], row["lost"]) for row in terminal
    ]
    assert [row["p_value"] for row in terminal] == [row["p_value"] for row in engine]
    assert engine


@pytest.mark.usefixtures("leaving")
def test_the_models_share_the_same_conversions_out(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/channels/", conversion="Order")
    assert "80 conversions" in page
    answer = as_bob.get("/measure/channels/", {"conversion": "Order", "as": "csv"})
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    assert {row["channel"] for row in rows} >= {"app", "web"}
    for model in ("first", "last", "linear", "position", "time_decay", "markov", "shapley"):
        assert sum(float(row[model]) for row in rows) == pytest.approx(80)
    assert "4 customers" in shown(
        as_bob, "/measure/customers/", who="credited", conversion="Order", touch="app"
    )


@pytest.mark.usefixtures("shop")
def test_cohorts_open_their_customers_and_small_ones_show_no_share(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/retention/", start="Cart", activity="Order", cohort="year", period="all")
    assert "too few" in page
    assert "How long until it happens" in page


@pytest.mark.usefixtures("shop")
def test_steps_after_an_event_are_counted_column_by_column(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/flow/", at="View")
    assert "6 customers with “View”" in page
    assert "1 View nothing more 4" in page
    assert "1 View Cart 2" in page
    back = shown(as_bob, "/measure/flow/", at="Order", way="before")
    assert "1 Order Cart 1" in back
    words = {"at": "View", "depth": 4, "column": 0, "activity": "View", "target": "Cart"}
    assert "2 customers" in shown(as_bob, "/measure/customers/", who="flow", **words)


@pytest.mark.usefixtures("shop")
def test_a_funnels_numbers_open_their_customers(as_bob: Client) -> None:
    words = {"who": "funnel", "step": ["View", "Cart", "Order"], "n": 2}
    assert "2 customers" in shown(as_bob, "/measure/customers/", **words)
    assert "1 customer," in shown(as_bob, "/measure/customers/", **words, stopped="yes")
    assert "4 customers" in shown(as_bob, "/measure/customers/", who="path", step=["View"])


@pytest.mark.usefixtures("shop")
def test_a_channel_filters_events(as_bob: Client) -> None:
    assert "View 5 100 %" in shown(as_bob, "/measure/funnel/", step=["View"], channel="app")


@pytest.mark.usefixtures("leaving")
def test_what_changed_compares_with_the_time_before(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/compare/", period="30d")
    assert "compared with" in page
    assert "Choose a period that has a beginning" in shown(as_bob, "/measure/compare/", period="all")


@pytest.mark.usefixtures("leaving")
@pytest.mark.parametrize(
    "page", ["funnel/", "reasons/", "channels/", "retention/", "flow/", "paths/", "transitions/"]
)
def test_every_answer_is_a_picture_too(as_bob: Client, page: str) -> None:
    words = {"of": "events", "step": "Cart", "conversion": "Order", "as": "svg"}
    answer = as_bob.get(f"/measure/{page}", {**words, "at": "Cart", "goal": "Order"})
    assert answer["Content-Type"].startswith("image/svg+xml")
    ET.fromstring(answer.content.decode())


@pytest.mark.usefixtures("shop")
def test_customers_of_another_brand_are_nobody(as_charlie: Client) -> None:
    answer = as_charlie.get("/measure/customers/", {"who": "doing", "activity": "View"})
    assert answer.status_code == 404


@pytest.mark.usefixtures("leaving")
def test_channels_and_cohorts_are_of_events_whatever_journey_was_chosen(as_bob: Client, drawn: Board) -> None:
    assert "80 conversions" in shown(as_bob, "/measure/channels/", of=drawn.journey.id, conversion="Order")
    assert "Who comes back" in shown(as_bob, "/measure/retention/", of=drawn.journey.id, activity="Order")
