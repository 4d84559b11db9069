import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.canvas.resolver import compile_touchpoints, match
from parcours.canvas.rules import touchpoint_rule
from parcours.core.errors import BadInput

Row = dict[str, str | None]


@dataclass(frozen=True)
class Events:
    """Events as a lake's index shows them, from plain rows; two customers share them."""

    rows: Sequence[Row]
    dtype: Any = np.uint8
    read: list[str] = field(default_factory=list)

    def column(self, key: str) -> tuple[npt.NDArray[Any], list[str]]:
        self.read.append(key)
        labels = sorted({value for row in self.rows if (value := row.get(key)) is not None})
        none = -1 if np.issubdtype(self.dtype, np.signedinteger) else np.iinfo(self.dtype).max
        values = [row.get(key) for row in self.rows]
        return np.array([none if v is None else labels.index(v) for v in values], self.dtype), labels

    @property
    def names(self) -> list[str]:
        return self.column("name")[1]

    @property
    def name_codes(self) -> npt.NDArray[Any]:
        return self.column("name")[0]

    @property
    def channels(self) -> list[str]:
        return self.column("channel")[1]

    @property
    def channel_codes(self) -> npt.NDArray[Any]:
        return self.column("channel")[0]

    @property
    def offsets(self) -> npt.NDArray[np.int64]:
        return np.array([0, len(self.rows) // 2, len(self.rows)])


@dataclass(frozen=True)
class Touchpoint:
    rule: dict[str, Any]
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    stage_id: uuid.UUID = field(default_factory=uuid.uuid4)


def touchpoint(*conditions: tuple[str, str, list[str]]) -> Touchpoint:
    return Touchpoint({"all": [{"field": f, "op": op, "value": value} for f, op, value in conditions]})


FIELDS = ["name", "channel", "source", "properties.country", "properties.total"]
WORDS = ["a", "b", "ab", "10", "9.5"]
rows = st.lists(
    st.fixed_dictionaries({name: st.none() | st.sampled_from(WORDS) for name in FIELDS}), max_size=12
)
conditions = st.builds(
    lambda name, op, words, number: (name, op, [number] if op in {"gte", "gt", "lte", "lt"} else words),
    st.sampled_from(FIELDS),
    st.sampled_from(["is", "is_not", "contains", "starts_with", "gte", "gt", "lte", "lt", "exists"]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
    st.sampled_from(["9.5", "10"]),
)
touchpoints = st.lists(
    st.lists(conditions, min_size=1, max_size=3).map(lambda found: touchpoint(*found)), max_size=6
)
dtypes = st.sampled_from([np.uint8, np.uint16, np.int32, np.uint32])


@given(rows, touchpoints, dtypes)
def test_every_event_goes_to_the_first_touchpoint_whose_rule_holds(
    rows: list[Row], touchpoints: list[Touchpoint], dtype: Any
) -> None:
    resolver = compile_touchpoints(touchpoints)
    rules = [touchpoint_rule(each.rule) for each in touchpoints]
    one_by_one = [
        next((code for code, rule in enumerate(rules) if rule.holds(row.get)), resolver.none) for row in rows
    ]
    assert resolver.apply(Events(rows, dtype)).tolist() == one_by_one


@given(rows, st.lists(conditions, min_size=1, max_size=3))
def test_the_editor_counts_what_a_rule_alone_means(
    rows: list[Row], found: list[tuple[str, str, list[str]]]
) -> None:
    rule = touchpoint_rule(touchpoint(*found).rule)
    events = Events(rows)
    hits = [n for n, row in enumerate(rows) if rule.holds(row.get)]
    customers = {n >= events.offsets[1] for n in hits}
    names = Counter(row["name"] for n in hits if (row := rows[n])["name"] is not None)
    matched = match(events, rule)
    assert (matched.events, matched.customers) == (len(hits), len(customers))
    assert dict(matched.names) == names


def test_properties_are_not_read_when_no_event_has_the_name() -> None:
    events = Events([{"name": "Page Viewed", "properties.country": "FR"}])
    resolver = compile_touchpoints(
        [touchpoint(("name", "is", ["Order Completed"]), ("properties.country", "is", ["FR"]))]
    )
    assert resolver.apply(events).tolist() == [resolver.none]
    assert "properties.country" not in events.read


def test_a_code_leads_to_its_stage_and_the_code_for_none_to_none() -> None:
    first, second = touchpoint(("name", "is", ["a"])), touchpoint(("name", "is", ["b"]))
    resolver = compile_touchpoints([first, second])
    assert resolver.stage_of(1) == second.stage_id
    assert resolver.stage_of(resolver.none) is None


def test_more_than_254_touchpoints_need_wider_codes() -> None:
    many = [touchpoint(("name", "is", [f"n{n}"])) for n in range(300)]
    resolver = compile_touchpoints(many)
    codes = resolver.apply(Events([{"name": "n299"}, {"name": "n0"}, {"name": "other"}], np.uint16))
    assert codes.tolist() == [299, 0, 65535]


def test_a_field_that_events_do_not_have_is_refused_with_those_they_have() -> None:
    with pytest.raises(BadInput, match=r"properties\.…"):
        compile_touchpoints([touchpoint(("colour", "is", ["red"]))])
