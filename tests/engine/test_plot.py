"""Every answer knows its picture."""

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcours.engine import EventLog, Picture, QuestionError, plot, words
from parcours.engine.attribution import Model

SVG = "{http://www.w3.org/2000/svg}"
STEPS = ["View", "Cart", "Order"]


@pytest.fixture(scope="module")
def log() -> EventLog:
    rows = []
    for customer in range(120):
        for place, activity in enumerate(STEPS[: 1 + customer % 3]):
            day = f"2026-0{1 + customer % 2}-{1 + place:02}T10:00:00Z"
            rows.append((customer, day, activity, ("web", "chat")[customer % 2], ("FR", "BE")[customer % 2]))
    columns = list(zip(*rows, strict=True))
    names = ("customer", "time", "activity", "channel", "country")
    return EventLog.read(pa.table({name: list(column) for name, column in zip(names, columns, strict=True)}))


def texts(picture: Picture) -> list[str]:
    return [each.text or "" for each in ET.fromstring(picture.svg).iter(f"{SVG}text")]


ANSWERS: dict[str, Callable[[EventLog], object]] = {
    "transitions": lambda log: log.transitions(),
    "transitions with durations": lambda log: log.transitions(durations=True),
    "reach": lambda log: log.reach(),
    "funnel": lambda log: log.funnel(STEPS),
    "funnel by": lambda log: log.funnel(STEPS, by="country"),
    "variants": lambda log: log.variants(),
    "sessions": lambda log: log.sessions(),
    "conformance": lambda log: log.conformance(STEPS),
    "fitness": lambda log: log.conformance(STEPS).customers,
    "extra": lambda log: log.conformance(STEPS[:2], strict=True).extra,
    "progression": lambda log: log.progression(STEPS),
    "outcomes": lambda log: log.progression(STEPS).outcomes_by_group,
    "attribution": lambda log: log.attribution("Order"),
    "retention": lambda log: log.retention(),
    "survival": lambda log: log.survival("Order"),
    "survival by": lambda log: log.survival(lapse="1d", by="country"),
    "dropoff": lambda log: log.dropoff("Cart", "Order", level=None),
    "instead": lambda log: log.instead("Cart", "Order"),
    "comparison": lambda log: log.where("country = 'FR'").compare(log.where("country = 'BE'"), level=None),
}


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS.keys())
def test_every_answer_has_a_picture_and_so_has_an_empty_one(
    log: EventLog, ask: Callable[[EventLog], object]
) -> None:
    drawn = plot(ask(log))
    assert drawn.title == texts(drawn)[0]
    assert len(texts(drawn)) > 1

    answer = ask(log)
    if isinstance(answer, pa.Table):
        assert "There is nothing to show." in texts(plot(answer.slice(0, 0)))


def test_a_funnel_shows_shares_customers_and_intervals(log: EventLog) -> None:
    picture = plot(log.funnel(STEPS))
    assert "67\N{NO-BREAK SPACE}% · 80" in texts(picture)
    assert picture.svg.count('class="interval"') == 2


def test_a_sequence_is_drawn_with_repetitions_counted() -> None:
    rows = pa.table({"customer": [1] * 3, "time": [f"2026-01-0{n}T10:00Z" for n in (1, 2, 3)],
                     "activity": ["View", "View", "Cart"]})  # fmt: skip
    assert {"View ×2", "Cart"} <= set(texts(plot(EventLog.read(rows).variants())))


def test_a_difference_below_zero_is_drawn_to_the_left(log: EventLog) -> None:
    french, belgian = (log.where(f"country = '{each}'") for each in ("FR", "BE"))
    table = french.where("activity <> 'Order'").compare(belgian, level=None)
    assert any(text.startswith("−") for text in texts(plot(table)))
    zero = next(ET.fromstring(plot(table).svg).iter(f"{SVG}line"))
    starts = [float(each.get("x", "0")) for each in ET.fromstring(plot(table).svg).iter(f"{SVG}rect")]
    assert min(starts[1:]) < float(zero.get("x1", "0"))


def test_models_of_attribution_stand_side_by_side(log: EventLog) -> None:
    models: tuple[Model, ...] = ("first", "last", "markov")
    shown = texts(plot(*(log.attribution("Order", model) for model in models)))
    assert all(any(text.startswith(f"{model} · ") for text in shown) for model in models)


def test_what_is_no_channel_is_said_in_words(log: EventLog) -> None:
    assert "no touch" in texts(plot(log.where("activity = 'Order'").attribution("Order")))


def test_survivals_share_a_picture_under_their_labels(log: EventLog) -> None:
    shown = texts(plot(log.survival("Order"), log.survival("Cart"), labels=["to order", "to cart"]))
    assert {"to order", "to cart"} <= set(shown)


def test_activities_can_be_called_otherwise(log: EventLog) -> None:
    assert "Panier" in texts(plot(log.funnel(STEPS), names={"Cart": "Panier"}))
    assert "CART" in texts(plot(log.funnel(STEPS), names=str.upper))


def test_a_slice_and_a_file_are_still_the_answer_they_were(log: EventLog, tmp_path: Path) -> None:
    assert plot(log.variants().slice(0, 1)).title == "Paths"
    pq.write_table(log.reach(), tmp_path / "reach.parquet")
    assert plot(pq.read_table(tmp_path / "reach.parquet")).title == "Reach"


def test_what_is_no_answer_is_said_not_drawn(log: EventLog) -> None:
    with pytest.raises(QuestionError, match="no answer of an EventLog"):
        plot(pa.table({"activity": ["View"]}))
    with pytest.raises(QuestionError, match=r"before .to_pandas"):
        plot(log.reach().to_pandas())
    with pytest.raises(QuestionError, match="nothing to draw"):
        plot()
    with pytest.raises(QuestionError, match="drawn together"):
        plot(log.reach(), log.transitions())
    with pytest.raises(QuestionError, match="1 labels do not fit 2 answers"):
        plot(log.survival("Order"), log.survival("Cart"), labels=["one"])


def test_a_picture_is_shown_by_notebooks_and_saved_as_svg(log: EventLog, tmp_path: Path) -> None:
    picture = plot(log.funnel(STEPS))
    assert picture._repr_svg_() == picture.svg
    assert repr(picture).startswith("Picture(“Funnel”")
    assert picture.save(tmp_path / "funnel.svg").read_text(encoding="utf-8") == picture.svg
    with pytest.raises(QuestionError, match=r"end with .svg"):
        picture.save(tmp_path / "funnel.png")


def test_styles_hold_inside_of_the_drawing_only(log: EventLog) -> None:
    style = next(ET.fromstring(plot(log.reach()).svg).iter(f"{SVG}style")).text or ""
    rules = [line for line in style.splitlines() if "{" in line and not line.startswith("@")]
    assert rules
    assert all(line.startswith(".chart-alone ") for line in rules)


def test_words_from_the_log_are_escaped() -> None:
    rows = pa.table({"customer": [1], "time": ["2026-01-01T10:00Z"], "activity": ["<script>&"]})
    log = EventLog.read(rows)
    assert "<script>" not in plot(log.variants()).svg + log._repr_html_()


@pytest.fixture
def french() -> Iterator[None]:
    before = words._spoken
    known = {"Funnel": "Entonnoir"}
    words.speak(
        words.Language(lambda each: known.get(each, each), lambda n, d: f"{n:.{d}f}".replace(".", ","))
    )
    yield
    words.speak(before)


@pytest.mark.usefixtures("french")
def test_a_picture_speaks_the_language_of_its_program(log: EventLog) -> None:
    picture = plot(log.funnel(STEPS))
    assert picture.title == "Entonnoir"
    assert words.percent(0.0525) == "5,2\N{NO-BREAK SPACE}%"


def test_answers_that_are_no_tables_say_what_they_are_in_a_line(log: EventLog) -> None:
    assert repr(log.conformance(STEPS)) == "Conformance(120 customers, fitness 76.7%, as drawn 33.3%)"
    assert repr(log.progression(STEPS)) == "Progression(View → Cart → Order; 120 customers)"
    assert repr(log.where("country = 'XX'").conformance(STEPS)) == "Conformance(0 customers)"


def test_a_log_says_what_it_holds(log: EventLog) -> None:
    shown = log._repr_html_()
    for part in ("customers", "120", "activities", "3: Cart, Order, View", "2026-01-01 10:00 UTC"):
        assert part in shown
    assert log.nbytes is not None
    assert log.nbytes >= 8 * len(log)
