"""The lake keeps every event once, in order, under the customer it belongs to."""

from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from parcours.accounts.models import Brand
from parcours.customers.writes import resolve_identities
from parcours.events.lake import Lake
from parcours.events.lake.layout import staged_schema

START = datetime(2026, 1, 1, tzinfo=UTC)


def rows(*events: tuple[int, int, str], channel: str | None = "web", properties: str = "{}") -> pa.Table:
    """A table of (customer, minute, name) on its way into the lake."""
    listed: list[dict[str, Any]] = [
        {
            "customer": customer,
            "time": START + timedelta(minutes=minute),
            "seq": 0,
            "content": md5(f"{customer}/{minute}/{name}".encode()).digest(),
            "explicit": False,
            "name": name,
            "channel": channel,
            "source": "shop",
            "received": START,
            "properties": properties,
        }
        for customer, minute, name in events
    ]
    return pa.Table.from_pylist(listed, schema=staged_schema())


def stories(lake: Lake) -> dict[int, list[str]]:
    """What each customer did, in order."""
    index = lake.index()
    names = np.array([*index.names, "?"])[np.minimum(index.name_codes, len(index.names))]
    return {
        int(customer): [str(name) for name in names[index.offsets[place] : index.offsets[place + 1]]]
        for place, customer in enumerate(index.customers)
    }


@pytest.fixture
def lake(brand: Brand) -> Lake:
    return Lake(brand.pk)


def test_an_empty_lake_answers(lake: Lake) -> None:
    assert lake.generation == 0
    assert len(lake.index()) == 0
    assert stories(lake) == {}
    assert lake.index().log().n_customers == 0


def test_events_stand_in_order_of_time_and_then_of_arrival(lake: Lake) -> None:
    lake.append(rows((1, 5, "Cart Viewed"), (2, 1, "Page Viewed"), (1, 2, "Page Viewed"), (1, 5, "Again")))

    assert stories(lake) == {1: ["Page Viewed", "Cart Viewed", "Again"], 2: ["Page Viewed"]}


def test_what_is_there_already_is_not_stored_again(lake: Lake) -> None:
    first = lake.append(rows((1, 1, "a"), (1, 1, "a"), (33, 2, "b")))
    again = lake.append(rows((1, 1, "a"), (1, 1, "a"), (1, 1, "a"), (33, 2, "b")))

    assert (first.stored, first.already_there) == (3, 0)
    assert (again.stored, again.already_there) == (1, 3)
    assert stories(lake) == {1: ["a", "a", "a"], 33: ["b"]}


def test_a_small_addition_becomes_a_file_beside_and_compacting_joins_them(lake: Lake) -> None:
    lake.append(rows(*[(1, minute, "many") for minute in range(100)]))
    lake.append(rows((1, 50, "one")))
    assert len(lake.manifest().paths(1)) == 2
    before = stories(lake)

    lake.compact()

    assert len(lake.manifest().paths(1)) == 1
    assert stories(lake) == before
    assert before[1].index("one") == 51


def test_files_that_are_not_in_effect_mean_nothing_and_are_swept(lake: Lake) -> None:
    lake.append(rows((1, 1, "a")))
    orphan = lake.folder / "events" / "01-orphan.parquet"
    orphan.write_bytes(b"half a file")
    (lake.folder / "staging" / "left").mkdir(parents=True)

    assert stories(lake) == {1: ["a"]}
    lake.append(rows((1, 2, "b")))

    assert not orphan.exists()
    assert not list((lake.folder / "staging").iterdir())
    assert stories(lake) == {1: ["a", "b"]}


def test_a_merged_customers_events_go_to_the_winner(lake: Lake) -> None:
    lake.append(rows((1, 1, "visit"), (2, 3, "order"), (33, 2, "other")))

    lake.compact({1: 2})

    assert stories(lake) == {2: ["visit", "order"], 33: ["other"]}


def test_a_property_is_a_column_of_codes(lake: Lake) -> None:
    lake.append(rows((1, 1, "a"), properties='{"country": "FR", "n": 2.0, "a": {"b": true}}'))
    lake.append(rows((2, 1, "a"), channel=None, properties="{}"))
    index = lake.index()

    by_field = {
        field: [labels[code] if code >= 0 else None for code in codes]
        for field in ("properties.country", "properties.n", "properties.a.b", "channel", "source")
        for codes, labels in [index.column(field)]
    }

    assert by_field == {
        "properties.country": ["FR", None],
        "properties.n": ["2", None],
        "properties.a.b": ["true", None],
        "channel": ["web", None],
        "source": ["shop", "shop"],
    }


def test_the_engine_asks_its_questions_of_the_lake(lake: Lake) -> None:
    lake.append(rows((1, 1, "a"), (1, 2, "b"), (2, 1, "a")))

    assert lake.index().log().transitions().to_pylist() == [{"source": "a", "target": "b", "count": 1}]


def test_names_are_counted(lake: Lake) -> None:
    lake.append(rows((1, 1, "a"), (2, 60 * 24, "a"), (1, 2, "b")))

    counts = lake.index().name_counts()

    assert [(count.name, count.events, sum(count.days), count.days[-1]) for count in counts] == [
        ("a", 2, 2, 1),
        ("b", 1, 1, 0),
    ]


def test_the_same_index_serves_a_generation_and_no_other(lake: Lake) -> None:
    lake.append(rows((1, 1, "a")))
    first = lake.index()
    assert lake.index() is first

    lake.append(rows((1, 2, "b")))

    assert lake.index() is not first
    assert len(first) == 1
    assert len(lake.index()) == 2


def test_identities_are_made_once(brand: Brand) -> None:
    first = resolve_identities(brand, "user_id", ["a", "b", "a"])
    second = resolve_identities(brand, "user_id", ["c", "b"])

    assert first[0] == first[2] != first[1]
    assert second[1] == first[1]
    assert len({*first, *second}) == 3
