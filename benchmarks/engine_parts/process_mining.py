"""Tools of process mining. They know neither funnels nor attribution, and take minutes to load a whole log:
they get every twentieth customer, and their times are multiplied.
"""

from typing import Any

from benchmarks.engine_parts.rivals import TOP, Rival

SCALE = 20


class Pm4py(Rival):
    """Over pandas."""

    name, package = "pm4py", "pm4py"
    scale = SCALE

    def load(self) -> None:
        import pandas as pd
        import pm4py

        frame = pd.read_parquet(self.path, columns=["customer", "time", "activity"])
        frame = frame[frame["customer"] % self.scale == 0].astype({"customer": str, "activity": str})
        self.events = pm4py.format_dataframe(
            frame, case_id="customer", activity_key="activity", timestamp_key="time"
        )

    from_file = load

    def transitions(self) -> Any:
        import pm4py

        return pm4py.discover_dfg(self.events)[0]

    def funnel(self) -> Any:
        return None

    def variants(self) -> Any:
        import pm4py

        return pm4py.get_variants(self.events)

    def plain(self, question: str, answer: Any) -> Any:
        if question == "transitions":
            return dict(answer)
        return sorted(answer.items(), key=lambda pair: -int(pair[1]))[:TOP]


class R4pm(Rival):
    """In Rust. Its answers come as JSON, which is part of the time it takes."""

    name, package = "r4pm", "r4pm"
    scale = SCALE

    def load(self) -> None:
        import polars as pl
        import r4pm

        events = pl.read_parquet(self.path, columns=["customer", "time", "activity"])
        named = events.filter(pl.col("customer") % self.scale == 0).select(
            pl.col("customer").cast(pl.String).alias("case:concept:name"),
            pl.col("activity").cast(pl.String).alias("concept:name"),
            pl.col("time").alias("time:timestamp"),
        )
        self.events = r4pm.import_item_from_df("EventLog", named)

    from_file = load

    def transitions(self) -> Any:
        from r4pm import bindings

        return bindings.discover_dfg(self.events)

    def funnel(self) -> Any:
        return None

    def variants(self) -> Any:
        import r4pm

        # What it calls a projection has the journeys counted already.
        counted = r4pm.convert_item(self.events, "EventLogActivityProjection")
        answer = r4pm.bindings.get_top_n_variants(counted, TOP)
        r4pm.remove_item(counted)
        return answer

    def plain(self, question: str, answer: Any) -> Any:
        if question == "transitions":
            return {tuple(pair): count for pair, count in answer["directly_follows_relations"]}
        return [(tuple(each["activities"]), each["count"]) for each in answer]
