"""The demo goes through the doors of a real shop, and can be cut short and repeated."""

from collections import Counter
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from parcours.accounts.models import Brand
from parcours.accounts.reads import people_of
from parcours.canvas import reads
from parcours.canvas.shapes import Board
from parcours.core.clock import clock_at, now
from parcours.core.periods import read_period
from parcours.customers.stitching.likenesses import likenesses
from parcours.demo import build
from parcours.demo.cards import CARDS, TITLE
from parcours.demo.drawing import PICTURES
from parcours.events.arrivals import schema_warnings
from parcours.events.enums import WarningKind
from parcours.events.hooks.reads import deliveries, shops
from parcours.events.imports import import_events
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.reads import sources
from parcours.insights.reads import canvas_numbers

pytestmark = pytest.mark.django_db(transaction=True)
FEW = 1_500
ENGLISH, FRENCH = TITLE
EVER = read_period({"period": "all"}, "Europe/Paris")


def mark_in(brand: Brand, title: str) -> Board:
    return reads.board(brand.pk, reads.journey_named(brand.pk, title).id)


@pytest.mark.acceptance
def test_the_shop_is_filled_and_every_event_has_its_place_on_the_canvas(brand: Brand) -> None:
    built = build.build_demo(brand, customers=FEW)
    assert built.events > 10_000
    assert built.customers > 800
    assert {membership.role for membership in people_of(brand)} == {"editor", "agent"}
    board = mark_in(brand, ENGLISH)
    assert board.persona is not None
    core = {"need", "moment", "action"}
    assert all(cell.cards for lane in board.lanes if lane.kind in core for cell in lane.cells)
    assert all(any(cell.cards for cell in lane.cells) for lane in board.lanes)
    assert all(card.picture is not None for card in board.cards if card.kind == "moment")
    numbers = canvas_numbers(brand, board, EVER)
    assert numbers is not None
    assert numbers.events == built.events
    assert numbers.coverage is not None
    assert numbers.coverage > 0.98
    assert all(touchpoint.customers for touchpoint in numbers.touchpoints)
    reached = [stage.customers for stage in numbers.stages]
    assert reached == sorted(reached, reverse=True)


@pytest.mark.acceptance
def test_a_build_that_was_cut_short_is_taken_up_again_and_a_second_one_adds_nothing(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(brand: Brand, path: Path, **options: Any) -> Any:
        if path.suffix == ".jsonl":
            raise KeyboardInterrupt
        return import_events(brand, path, **options)

    monkeypatch.setattr(build, "import_events", stops)
    with pytest.raises(KeyboardInterrupt):
        build.build_demo(brand, customers=FEW)
    assert not reads.journeys(brand.pk)
    monkeypatch.undo()

    rest = build.build_demo(brand, customers=FEW)
    titles = sorted(summary.journey.title for summary in reads.journeys(brand.pk))
    assert {ENGLISH, FRENCH} < set(titles)
    cards = len(mark_in(brand, FRENCH).cards)
    assert cards > len(CARDS)
    numbers = canvas_numbers(brand, mark_in(brand, FRENCH), EVER)
    assert numbers is not None
    assert 0 < rest.events < numbers.events

    hand_over_all(brand.pk)  # what conversations told the log: there is no worker here
    with clock_at(now() + timedelta(days=1)):
        again = build.build_demo(brand, customers=FEW)
    assert (again.events, again.journeys) == (0, 0)
    assert sorted(summary.journey.title for summary in reads.journeys(brand.pk)) == titles
    assert len(mark_in(brand, FRENCH).cards) == cards


def test_every_screen_is_a_small_picture_in_both_languages() -> None:
    for card in CARDS:
        for language in build.LANGUAGES if card.picture else ():
            content = (PICTURES / f"{card.picture}.{language}.webp").read_bytes()
            assert len(content) < 40_000
            with Image.open(BytesIO(content)) as image:
                assert image.size == (800, 500)
            assert card.alt.in_language(language)


@pytest.mark.acceptance
def test_what_came_through_the_doors_today_is_there_to_be_looked_at(brand: Brand) -> None:
    build.build_demo(brand, customers=FEW)
    shop, website = [source for source in sources(brand) if source.kind in {"shopify", "client"}]
    assert (shop.kind, website.kind) == ("shopify", "client")
    assert website.event_count == sum(range(1, 7)) + 2 * 6
    kinds = {row.kind for row in schema_warnings(website)}
    assert kinds == {WarningKind.UNKNOWN_NAME, WarningKind.MISSING_PROPERTY}
    (connected,) = shops(brand)
    states = Counter(row.status for row in deliveries(connected.account))
    assert states == {"mapped": 5, "failed": 1, "refused": 1}
    assert len(likenesses(brand)[0]) >= 5
