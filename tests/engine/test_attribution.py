"""Attribution, against its definitions in plain Python with exact fractions."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours.engine import Column, EventLog, QuestionError, UnknownActivityError, UnknownColumnError
from parcours.engine.attribution import MODELS, NO_TOUCH, finish

CHANNELS = "xyz"
BUY, LOOK = "buy", "look"

Touch = tuple[int, str]
Visit = tuple[int, str, str | None]
"""second, activity, channel"""


@dataclass
class Path:
    touches: list[Touch]
    converted: bool

    @property
    def channels(self) -> list[str]:
        return [channel for _, channel in self.touches]


def log_of(journeys: list[list[Visit]]) -> EventLog:
    events = [event for journey in journeys for event in journey]
    return EventLog.from_codes(
        customers=np.arange(len(journeys)),
        offsets=np.cumsum([0, *map(len, journeys)]).astype(np.int64),
        time=np.array([second * 1_000_000 for second, _, _ in events], dtype=np.int64),
        activity=np.array([[BUY, LOOK].index(activity) for _, activity, _ in events], dtype=np.uint8),
        activities=[BUY, LOOK],
        channel=np.array(
            [-1 if each is None else CHANNELS.index(each) for *_, each in events], dtype=np.int64
        ),
        channels=list(CHANNELS),
    )


def visits(*words: str) -> list[list[Visit]]:
    """A letter is a touch of that channel, “!” a conversion, “.” a look without a channel; a second each."""
    return [
        [
            (second, BUY if letter == "!" else LOOK, letter if letter in CHANNELS else None)
            for second, letter in enumerate(word)
        ]
        for word in words
    ]


@st.composite
def journeys(draw: st.DrawFn) -> list[list[Visit]]:
    found = []
    for _ in range(draw(st.integers(0, 5))):
        second, journey = 0, list[Visit]()
        for _ in range(draw(st.integers(0, 8))):
            second += draw(st.integers(0, 3))
            activity = draw(st.sampled_from([BUY, LOOK, LOOK]))
            journey.append((second, activity, draw(st.sampled_from([None, *CHANNELS]))))
        found.append(journey)
    return found


def paths_of(journey: list[Visit], lookback: int | None) -> list[Path]:
    found, touches = [], list[Touch]()

    def recent(until: int) -> list[Touch]:
        return [touch for touch in touches if lookback is None or until - touch[0] <= lookback]

    for second, activity, channel in journey:
        if activity == BUY:
            found.append(Path(recent(second), converted=True))
            touches = []
        elif channel is not None:
            touches.append((second, channel))
    if touches:
        found.append(Path(recent(touches[-1][0]), converted=False))
    return found


def parts_of(path: Path, model: str, half_life: int) -> list[float]:
    """What each touch of a path gets."""
    size = len(path.touches)
    if model == "time_decay":
        weights = [2.0 ** (-(path.touches[-1][0] - second) / half_life) for second, _ in path.touches]
        return [weight / sum(weights) for weight in weights]
    if model == "first":
        return [1.0] + [0.0] * (size - 1)
    if model == "last":
        return [0.0] * (size - 1) + [1.0]
    if model == "linear" or size <= 2:
        return [1 / size] * size
    return [0.4, *[0.2 / (size - 2)] * (size - 2), 0.4]


def solve(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """Gauss-Jordan elimination in exact fractions."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        pivot = next(other for other in range(place, len(rows)) if rows[other][place])
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for other, row in enumerate(rows):
            if other != place and row[place]:
                rows[other] = [a - row[place] * b for a, b in zip(row, rows[place], strict=True)]
    return [row[-1] for row in rows]


def chance(paths: list[Path], order: int, without: str | None) -> Fraction:
    """The probability to convert from the start, when every step to the channel `without` leads nowhere."""
    steps: dict[tuple[str, ...], Counter[Any]] = {}
    for path in paths:
        state: tuple[str, ...] = ()
        for channel in path.channels:
            following = (*state, channel)[-order:]
            steps.setdefault(state, Counter())[following] += 1
            state = following
        steps.setdefault(state, Counter())["converted" if path.converted else "lost"] += 1
    states = list(steps)
    matrix, right = [], []
    for state in states:
        whole = sum(steps[state].values())
        row = [Fraction(int(state == other)) for other in states]
        for following, count in steps[state].items():
            if following in steps and following[-1] != without:
                row[states.index(following)] -= Fraction(count, whole)
        matrix.append(row)
        right.append(Fraction(steps[state]["converted"], whole))
    return solve(matrix, right)[states.index(())] if states else Fraction(0)


def shares_of_markov(paths: list[Path], order: int) -> dict[str, Fraction]:
    paths = [path for path in paths if path.touches]
    whole = chance(paths, order, None)
    if not whole:
        return dict.fromkeys(CHANNELS, Fraction(0))
    effects = {channel: 1 - chance(paths, order, channel) / whole for channel in CHANNELS}
    return {channel: effect / sum(effects.values()) for channel, effect in effects.items()}


def shapley(worth: Callable[[frozenset[str]], Fraction]) -> dict[str, Fraction]:
    """Mean gain of adding a channel, over all orders in which the channels can be added."""
    values = dict.fromkeys(CHANNELS, Fraction(0))
    orders = list(permutations(CHANNELS))
    for order in orders:
        for place, channel in enumerate(order):
            values[channel] += worth(frozenset(order[: place + 1])) - worth(frozenset(order[:place]))
    return {channel: value / len(orders) for channel, value in values.items()}


def answer(log: EventLog, **asked: Any) -> dict[str, float]:
    rows = log.attribution(BUY, **asked).to_pylist()
    total = sum(row["conversions"] for row in rows)
    for row in rows:
        assert row["share"] == pytest.approx(row["conversions"] / total if total else 0)
    return {row["channel"]: row["conversions"] for row in rows}


def with_no_touch(found: dict[str, Any], paths: list[Path]) -> Any:
    bare = sum(path.converted and not path.touches for path in paths)
    values = {channel: float(value) for channel, value in found.items()}
    return pytest.approx(values | ({NO_TOUCH: bare} if bare else {}), abs=1e-9)


LOOKBACKS = st.one_of(st.none(), st.integers(0, 6))


@given(journeys(), LOOKBACKS, st.integers(1, 5))
def test_rules_share_each_conversion_among_its_touches(
    made: list[list[Visit]], lookback: int | None, half_life: int
) -> None:
    paths = [path for journey in made for path in paths_of(journey, lookback)]
    for model in ("first", "last", "linear", "position", "time_decay"):
        expected = dict.fromkeys(CHANNELS, 0.0)
        for path in paths:
            if path.converted and path.touches:
                for channel, part in zip(path.channels, parts_of(path, model, half_life), strict=True):
                    expected[channel] += part

        found = answer(log_of(made), model=model, lookback=lookback, half_life=half_life)

        assert found == with_no_touch(expected, paths)


@settings(max_examples=60)
@given(journeys(), LOOKBACKS, st.integers(1, 3))
def test_markov_is_the_removal_effect_of_an_exact_solution(
    made: list[list[Visit]], lookback: int | None, order: int
) -> None:
    paths = [path for journey in made for path in paths_of(journey, lookback)]
    conversions = sum(path.converted and bool(path.touches) for path in paths)
    expected = {channel: share * conversions for channel, share in shares_of_markov(paths, order).items()}

    assert answer(log_of(made), model="markov", lookback=lookback, order=order) == with_no_touch(
        expected, paths
    )


@given(journeys(), LOOKBACKS)
def test_shapley_is_the_mean_gain_over_all_orders(made: list[list[Visit]], lookback: int | None) -> None:
    paths = [path for journey in made for path in paths_of(journey, lookback)]
    touched = [path for path in paths if path.touches]
    conversions = sum(path.converted for path in touched)

    def won(within: frozenset[str]) -> Fraction:
        return Fraction(sum(path.converted and set(path.channels) <= within for path in touched))

    def rate(within: frozenset[str]) -> Fraction:
        reached = sum(set(path.channels) <= within for path in touched)
        return won(within) / reached if reached else Fraction(0)

    by_rate = shapley(rate)
    whole = sum(by_rate.values())
    scaled = {channel: value * conversions / whole if whole > 0 else 0 for channel, value in by_rate.items()}
    log = log_of(made)

    assert answer(log, model="shapley", lookback=lookback) == with_no_touch(shapley(won), paths)
    assert answer(log, model="shapley", lookback=lookback, worth="rate") == with_no_touch(scaled, paths)


def test_a_chain_worked_out_by_hand_gives_the_same() -> None:
    """From the start 2/3 go to x and 1/3 to y; x to y; of y 2/3 to z; half of z convert: 1/3 in all.

    Without x a ninth convert, so its removal costs 2/3; without y or z nobody does.
    """
    found = answer(log_of(visits("xyz!", "xy", "yz")), model="markov")

    assert found == pytest.approx({"x": 2 / 8, "y": 3 / 8, "z": 3 / 8})


def test_every_model_shares_out_all_conversions_and_no_more() -> None:
    log = log_of(visits("xy!z!", ".!", "xx!y", "zyx!"))

    for model in MODELS:
        rows = log.attribution(BUY, model=model).to_pylist()  # type: ignore[arg-type]
        assert sum(row["conversions"] for row in rows) == pytest.approx(5)
        assert sum(row["share"] for row in rows) == pytest.approx(1)


def test_the_largest_part_comes_first() -> None:
    rows = log_of(visits("z!", "z!", "x!", ".!")).attribution(BUY, "last").to_pylist()

    assert [(row["channel"], row["conversions"]) for row in rows] == [
        ("z", 2),
        ("x", 1),
        (NO_TOUCH, 1),
        ("y", 0),
    ]


def test_equal_parts_come_by_name_however_their_sums_are_rounded() -> None:
    """0.1 + 0.2 is a little more than 0.3: the order of adding decides, which is that of the threads."""
    found = finish(np.array([0.3, 0.1 + 0.2, 0.3, 0.4, 0.3]), ("c", "b", "a", "d"))

    assert found["channel"].to_pylist() == ["d", "a", "b", "c", NO_TOUCH]


def test_another_property_can_take_the_place_of_the_channel() -> None:
    log = log_of(visits("xy!"))
    log.columns["campaign"] = Column.of_values(["spring", None, "sale"])
    log.columns["country"] = Column.of_values(["FR"], per="customer")

    assert answer(log, model="last", by="campaign") == {"spring": 1, "sale": 0}
    with pytest.raises(QuestionError, match="property of customers"):
        log.attribution(BUY, by="country")


def many_channels(count: int) -> EventLog:
    log = log_of(visits("x" * count + "!"))
    names = [f"channel {place:03}" for place in range(count)]
    log.columns["source"] = Column.of_values([*names, None])
    return log


def test_more_channels_than_can_be_solved_are_refused_where_they_are_and_only_there() -> None:
    many = many_channels(16)

    assert len(answer(many, model="shapley", by="source")) == 16
    assert answer(many_channels(15), model="shapley", by="source", worth="rate") == pytest.approx(
        {f"channel {place:03}": 1 / 15 for place in range(15)}
    )
    with pytest.raises(QuestionError, match="at most 15"):
        many.attribution(BUY, "shapley", worth="rate", by="source")
    with pytest.raises(QuestionError, match="too many states"):
        many_channels(100).attribution(BUY, "markov", order=3, by="source")


def test_questions_that_cannot_be_answered_are_refused() -> None:
    log = log_of(visits("x!"))
    asked: list[dict[str, Any]] = [
        {"model": "markow"},
        {"model": "markov", "order": 4},
        {"model": "markov", "order": 0},
        {"worth": "gold"},
        {"half_life": 0},
        {"lookback": "soon"},
    ]
    for wrong in asked:
        with pytest.raises(QuestionError):
            log.attribution(BUY, **wrong)
    with pytest.raises(UnknownActivityError):
        log.attribution("bought")
    with pytest.raises(UnknownColumnError):
        log.attribution(BUY, by="campaign")
    log.channel = None
    with pytest.raises(UnknownColumnError):
        log.attribution(BUY)


def test_nothing_converted_means_nothing_to_share() -> None:
    for model in MODELS:
        rows = log_of(visits("xy", "z")).attribution(BUY, model).to_pylist()  # type: ignore[arg-type]
        assert [(row["conversions"], row["share"]) for row in rows] == [(0, 0)] * 3


def test_shapley_by_rate_worked_out_by_hand_gives_the_same() -> None:
    """x alone converts 1 of 2, y alone 0 of 1, both together 1 of 1, so within {x, y} 2 of 4 convert."""
    log = log_of(visits("x!", "x", "xy!", "y"))

    assert answer(log, model="shapley", worth="rate") == pytest.approx({"x": 2, "y": 0, "z": 0})
