"""The same questions to the engine and to those it is compared with.

Each rival reads the benchmark's Parquet file into its own resident form (`load`), or answers from the file.
All give the same plain answers, which are compared before anything is timed:

    transitions   {(source, target): count}
    funnel        customers of each step
    variants      the 20 most frequent, as (activities, customers)
    markov        {channel: conversions} of the last step, order 1, 30 days; others than Parcours count the
                  steps and leave the solving to the same few lines of numpy
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.engine_parts.naming import CHANNELS

WINDOW_DAYS = 7
LOOKBACK_DAYS = 30
TOP = 20

Transitions = dict[tuple[str, str], int]
Variants = list[tuple[tuple[str, ...], int]]


def solved(steps: dict[tuple[str, str], int]) -> dict[str, float]:
    """Conversions by channel from counted steps, each removal by a linear system of its own."""
    import numpy as np

    states = ["(start)", *CHANNELS]
    place = {state: number for number, state in enumerate(states)}
    counts = np.zeros((len(states), len(states)))
    converted, whole = np.zeros(len(states)), np.zeros(len(states))
    for (source, target), count in steps.items():
        whole[place[source]] += count
        if target in place:
            counts[place[source], place[target]] += count
        elif target == "(converted)":
            converted[place[source]] += count
    moves, wins = counts / np.maximum(whole, 1)[:, None], converted / np.maximum(whole, 1)

    def chance(without: int | None) -> float:
        left = moves.copy()
        if without is not None:
            left[:, without] = 0
        return float(np.linalg.solve(np.eye(len(states)) - left, wins)[0])

    effects = {channel: 1 - chance(place[channel]) / chance(None) for channel in CHANNELS}
    return {channel: effect / sum(effects.values()) * converted.sum() for channel, effect in effects.items()}


class Rival(ABC):
    """One engine. `steps` are the activities of the funnel."""

    name: str
    package: str
    scale = 1
    """Only every so many customers are loaded, where the whole log would take too long."""
    most_events: dict[str, int] = {}
    """Questions that would take minutes, or more memory than there is, of more events,"""
    longest: dict[str, int] = {}
    """or of journeys that are longer on average."""

    def __init__(self, path: Path, steps: Sequence[str], folder: Path) -> None:
        self.path, self.steps, self.folder = path, list(steps), folder

    @abstractmethod
    def load(self) -> None:
        """Make the log resident."""

    @abstractmethod
    def from_file(self) -> None:
        """Make the next question be asked of the file."""

    @abstractmethod
    def transitions(self) -> Any: ...

    @abstractmethod
    def funnel(self) -> Any: ...

    @abstractmethod
    def variants(self) -> Any: ...

    def markov(self) -> Any:
        """None where it would take a program rather than a query."""
        return None

    @abstractmethod
    def plain(self, question: str, answer: Any) -> Any:
        """An answer in the plain form."""


class Parcours(Rival):
    name, package = "Parcours", "parcours"

    def load(self) -> None:
        from parcours.engine import EventLog

        self.log = EventLog.read(self.path)

    from_file = load

    def keep_every(self, scale: int) -> None:
        """Keep the customers that rivals of this scale load."""
        self.log = self.log.where(customers=self.log.customers.to_numpy() % scale == 0)

    def transitions(self) -> Any:
        return self.log.transitions()

    def funnel(self) -> Any:
        return self.log.funnel(self.steps, within=f"{WINDOW_DAYS}d")

    def variants(self) -> Any:
        return self.log.variants(TOP)

    def markov(self) -> Any:
        return self.log.attribution(self.steps[-1], "markov", f"{LOOKBACK_DAYS}d")

    def plain(self, question: str, answer: Any) -> Any:
        rows = answer.to_pylist()
        if question == "markov":
            return {
                row["channel"]: round(row["conversions"], 3) for row in rows if row["channel"] in CHANNELS
            }
        if question == "transitions":
            return {(row["source"], row["target"]): row["count"] for row in rows}
        if question == "funnel":
            return [row["customers"] for row in rows]
        return [(tuple(row["variant"]), row["customers"]) for row in rows]


class ParcoursIndex(Parcours):
    """The same from the index that the lake keeps beside its Parquet files."""

    name = "Parcours, index"

    def load(self) -> None:
        from parcours.engine import EventLog

        self.log = EventLog.open(self.folder / "index")

    from_file = load


class DuckDB(Rival):
    name, package = "DuckDB", "duckdb"
    most_events = {"markov": 20_000_000}
    longest = {"markov": 100}

    def load(self) -> None:
        self._connect()
        self.database.execute(f"create table events as select * from '{self.path}'")
        self.database.execute(
            "create type activity_name as enum (select distinct activity from events order by all)"
        )
        self.database.execute("alter table events alter activity type activity_name")

    def from_file(self) -> None:
        self._connect()
        self.database.execute(f"create view events as select * from '{self.path}'")

    def _connect(self) -> None:
        import duckdb

        self.database = duckdb.connect(":memory:")

    def transitions(self) -> Any:
        return self._rows(
            """
            select activity, next, count(*) from (
                select activity, lead(activity) over (partition by customer order by time, seq) as next
                from events
            ) where next is not null group by all
            """
        )

    def funnel(self) -> Any:
        # The latest chain that ends at a step is the one to carry on: an asof join for each step.
        parts = [
            f"step0 as (select customer, seq, time as started from events where activity = '{self.steps[0]}')"
        ]
        for place, step in enumerate(self.steps[1:], start=1):
            parts.append(
                f"""
                step{place} as (
                    select later.customer, later.seq, started
                    from (select * from events where activity = '{step}') later
                    asof join step{place - 1} earlier
                      on earlier.customer = later.customer and later.seq > earlier.seq
                    where later.time - started <= interval {WINDOW_DAYS} day
                )
                """
            )
        counts = ", ".join(
            f"(select count(distinct customer) from step{place})" for place in range(len(self.steps))
        )
        return self._rows(f"with {', '.join(parts)} select {counts}")[0]

    def variants(self) -> Any:
        return self._rows(
            f"""
            select variant, count(*) as customers from (
                select list(activity order by time, seq) as variant from events group by customer
            ) group by variant order by customers desc limit {TOP}
            """
        )

    def markov(self) -> Any:
        """Paths are numbered by conversions, then steps counted with lead()."""
        conversion, lookback = self.steps[-1], f"interval {LOOKBACK_DAYS} day"
        steps = self._rows(
            f"""
            with numbered as (
                select customer, seq, time, channel, activity = '{conversion}' as converts,
                    count(*) filter (activity = '{conversion}') over before as path
                from events
                window before as (
                    partition by customer order by time, seq rows between unbounded preceding and 1 preceding
                )
            ), ended as (
                select *, bool_or(converts) over whole as converted,
                    max(time) filter (converts or channel is not null) over whole as ending
                from numbered window whole as (partition by customer, path)
            ), touched as (
                select customer, path, converted, seq, time, channel from ended
                where not converts and channel is not null and ending - time <= {lookback}
            )
            select source, target, count(*) from (
                select coalesce(lag(channel::varchar) over path_order, '(start)') as source,
                    channel::varchar as target
                from touched window path_order as (partition by customer, path order by time, seq)
                union all
                select arg_max(channel::varchar, seq), if(any_value(converted), '(converted)', '(lost)')
                from touched group by customer, path
            ) group by all
            """
        )
        return solved({(source, target): count for source, target, count in steps})

    def _rows(self, query: str) -> Any:
        return self.database.execute(query).fetchall()

    def plain(self, question: str, answer: Any) -> Any:
        if question == "markov":
            return {channel: round(conversions, 3) for channel, conversions in answer.items()}
        if question == "transitions":
            return {(source, target): count for source, target, count in answer}
        if question == "funnel":
            return list(answer)
        return [(tuple(variant), customers) for variant, customers in answer]


class Polars(Rival):
    name, package = "Polars", "polars"

    def load(self) -> None:
        import polars as pl

        frame = pl.read_parquet(self.path)
        names = frame["activity"].cast(pl.String).unique().sort()
        self.events = frame.with_columns(pl.col("activity").cast(pl.Enum(names))).lazy()

    def from_file(self) -> None:
        import polars as pl

        self.events = pl.scan_parquet(self.path)

    def transitions(self) -> Any:
        import polars as pl

        pairs = self.events.select(
            source="activity",
            target=pl.col("activity").shift(-1),
            same=pl.col("customer") == pl.col("customer").shift(-1),
        )
        return pairs.filter("same").group_by("source", "target").len().collect()

    def funnel(self) -> Any:
        import polars as pl

        def of_step(step: str) -> pl.LazyFrame:
            return self.events.filter(pl.col("activity") == step).select("customer", "seq", "time")

        chains = of_step(self.steps[0]).with_columns(started="time").select("customer", "seq", "started")
        reached = [chains]
        for step in self.steps[1:]:
            chains = (
                of_step(step)
                .join_asof(chains, on="seq", by="customer", allow_exact_matches=False, check_sortedness=False)
                .filter(pl.col("time") - pl.col("started") <= pl.duration(days=WINDOW_DAYS))
                .select("customer", "seq", "started")
            )
            reached.append(chains)
        counts = pl.collect_all([each.select(pl.col("customer").n_unique()) for each in reached])
        return [each.item() for each in counts]

    def variants(self) -> Any:
        import polars as pl

        journeys = self.events.group_by("customer", maintain_order=False).agg(variant="activity")
        counted = journeys.group_by("variant").len(name="customers")
        return counted.sort("customers", descending=True).head(TOP).with_columns(pl.col("variant")).collect()

    def plain(self, question: str, answer: Any) -> Any:
        if question == "transitions":
            return {(source, target): count for source, target, count in answer.rows()}
        if question == "funnel":
            return answer
        return [(tuple(variant), customers) for variant, customers in answer.rows()]


class ChDB(Rival):
    """ClickHouse in the process, over a MergeTree table in the order of customers."""

    name, package = "chDB", "chdb"

    def load(self) -> None:
        self._connect(self.folder / "chdb")
        if self._rows("exists table shop.events")[0][0] == 0:
            self._run("create database shop")
            self._run(
                "create table shop.events (customer Int64, time DateTime('UTC'), seq Int64, "
                "activity LowCardinality(String), channel LowCardinality(Nullable(String))) "
                "engine = MergeTree order by (customer, time, seq)"
            )
            self._run(f"insert into shop.events select * from file('{self.path}')")
            self._run("optimize table shop.events final")
        self.source = "shop.events"

    def from_file(self) -> None:
        self._connect(None)
        self.source = f"file('{self.path}')"

    def _connect(self, folder: Path | None) -> None:
        sessions: Any = import_module("chdb.session")  # typed differently where it isn't installed
        self.session = sessions.Session(str(folder) if folder else None)

    def transitions(self) -> Any:
        return self._rows(
            f"""
            select pair.1, pair.2, count() from (
                select arrayJoin(arrayZip(arrayPopBack(list), arrayPopFront(list))) as pair
                from ({self._journeys()})
            ) group by pair
            """
        )

    def funnel(self) -> Any:
        conditions = ", ".join(f"activity = '{step}'" for step in self.steps)
        time = "time" if self.source == "shop.events" else "toDateTime(time)"
        levels = dict(
            self._rows(
                f"""
                select level, count() from (
                    select windowFunnel({WINDOW_DAYS * 86_400})({time}, {conditions}) as level
                    from {self.source} group by customer
                ) group by level
                """
            )
        )
        places = range(1, len(self.steps) + 1)
        return [sum(count for level, count in levels.items() if level >= place) for place in places]

    def variants(self) -> Any:
        return self._rows(
            f"""
            select list, count() as customers from ({self._journeys()})
            group by list order by customers desc limit {TOP}
            """
        )

    def _journeys(self) -> str:
        """Each customer's activities. Parts of a group come together in any order, so they are sorted."""
        ordered = "arrayMap(each -> each.2, arraySort(groupArray((seq, activity))))"
        return f"select customer, {ordered} as list from {self.source} group by customer"

    def _run(self, query: str) -> Any:
        return self.session.query(query, "JSONCompactEachRow")

    def _rows(self, query: str) -> list[Any]:
        import json

        text = self._run(query).data()
        rows = [json.loads(line) for line in text.splitlines()]
        return [[int(cell) if str(cell).isdigit() else cell for cell in row] for row in rows]

    def plain(self, question: str, answer: Any) -> Any:
        if question == "transitions":
            return {(source, target): count for source, target, count in answer}
        if question == "funnel":
            return answer
        return [(tuple(variant), customers) for variant, customers in answer]


RIVALS: list[type[Rival]] = [Parcours, ParcoursIndex, DuckDB, Polars, ChDB]
