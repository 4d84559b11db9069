"""Every question there is, as put to any log with the activities A, B, C and the property “country”."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from parcours.engine import EventLog
from parcours.engine.conformance import Conformance

Ask = Callable[[EventLog], Any]

QUESTIONS: dict[str, list[Ask]] = {
    "transitions": [lambda log: log.transitions(), lambda log: log.transitions(durations=True)],
    "reach": [lambda log: log.reach()],
    "funnel": [
        lambda log: log.funnel(["A", "B"], within="2s"),
        lambda log: log.funnel(["A", "B", "A", "C"]),
        lambda log: log.funnel(["B", "A"], within=3, by="country"),
        lambda log: log.funnel(["A"], by="activity"),
    ],
    "variants": [lambda log: log.variants(3), lambda log: log.variants(None)],
    "sessions": [lambda log: log.sessions("1s")],
    "progression": [
        lambda log: log.progression(["A", "C", "B"]).groups,
        lambda log: log.progression(["C", "A"]).outcomes_by_group,
        lambda log: log.progression(["A", "B"]).members("A").tolist(),
    ],
    "attribution": [
        lambda log: credited(log.attribution("B", "last", lookback="2s")),
        lambda log: credited(log.attribution("B", "time_decay", half_life="1s")),
        lambda log: credited(log.attribution("C", "markov", order=2)),
        lambda log: credited(log.attribution("C", "shapley", worth="rate")),
        lambda log: credited(log.attribution("C", "linear", by="country")),
        lambda log: credited(log.attribution("B", "markov", by="country")),
    ],
    "dropoff": [
        lambda log: log.dropoff("A", "B", within="1s", level=None),
        lambda log: log.dropoff("A", "C", timezone="Europe/Paris"),
    ],
    "dropped": [
        lambda log: log.dropped("A", "B").tolist(),
        lambda log: log.dropped("B", "C", within="2s").tolist(),
    ],
    "instead": [lambda log: log.instead("A", "B"), lambda log: log.instead("C", "A", within="1s")],
    "retention": [
        lambda log: log.retention("day", timezone="Europe/Paris"),
        lambda log: log.retention("day", start="B", activity="A"),
    ],
    "survival": [
        lambda log: log.survival("C", start="A"),
        lambda log: log.survival(lapse="1s", by="country"),
    ],
    "conformance": [
        lambda log: tables_of(log.conformance(["A", ["B", "C"]])),
        lambda log: tables_of(log.conformance(["C", "A"], strict=True, whole=False)),
    ],
    "compare": [lambda log: log.compare(log.where(time=(None, 3_000_000)), level=None)],
    "customers": [lambda log: log.customers],
    "n_customers": [lambda log: log.n_customers],
    "span": [lambda log: log.span],
    "activities": [lambda log: log.activities],
    "channels": [lambda log: log.channels],
    "code_of": [lambda log: log.code_of("B")],
    "where": [
        lambda log: log.where(time=(2_000_000, 4_000_000)).sessions("1s"),
        lambda log: len(log.where(time=("1971-01-01", None))),
        lambda log: log.where(customers=log.dropped("A", "B")).sessions("1s"),
        lambda log: log.where(time=(2_000_000, None)).where(customers=[0]).variants(),
        lambda log: log.where(time=(1_000_000, None), customers=every_second(log)).customers,
    ],
    "__repr__": [lambda log: repr(log).replace("SparkLog", "EventLog")],
}

CONDITIONS: list[Ask] = [
    lambda log: len(log.where("country = 'fr'")),
    lambda log: log.where("activity <> 'B'", time=("1970-01-01", None)).sessions("1s"),
    lambda log: log.where("country is null").where(time=(2_000_000, None)).variants(),
    lambda log: log.where("country = 'nowhere'").funnel(["A", "B"]),
]

NEEDS_EVENTS: dict[str, Ask] = {
    "column": lambda log: log.column("country"),
    "labels_at": lambda log: log.labels_at([0]),  # type: ignore[arg-type]
    "relabel": lambda log: log.relabel([0], ["A"]),
    "save": lambda log: log.save("log"),
    "time": lambda log: log.time,
    "offsets": lambda log: log.offsets,
}


def every_second(log: EventLog) -> list[bool]:
    return [place % 2 == 0 for place in range(log.n_customers)]


def credited(table: pa.Table) -> list[tuple[str, float, float]]:
    """By channel, rounded: sums of fractions differ in the last digit with the order of the parts."""
    rows = zip(*(table[name].to_pylist() for name in ("channel", "conversions", "share")), strict=True)
    return sorted((channel, round(conversions, 9), round(share, 9)) for channel, conversions, share in rows)


def tables_of(found: Conformance) -> list[Any]:
    return [found.customers, found.steps, found.extra, found.fitness]


def answers(log: EventLog) -> list[Any]:
    """To all questions but the slow conditions."""
    return [ask(log) for asks in QUESTIONS.values() for ask in asks]
