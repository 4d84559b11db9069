import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.engine import EngineError, EventLog, TimesError, UnknownColumnError, UnreadableSourceError
from parcours.engine.moments import as_datetime

engine_coding = import_module("parcours.engine.reading.coding")
engine_source = import_module("parcours.engine.reading.source")

COLUMNS = ("customer", "time", "activity", "channel", "price")
ROWS: list[dict[str, Any]] = [
    dict(zip(COLUMNS, row, strict=True))
    for row in [
        ("b", "2026-03-01T08:00:00Z", "Cart Viewed", "web", 3),
        ("a", "2026-03-01T10:30:00+01:00", "Order Completed", None, 2),
        ("b", "2026-03-01 07:00Z", "Cart Viewed", "e-mail", None),
        ("a", "2026-03-01T09:00:00.5Z", "Cart Viewed", "web", 9),
    ]
]
TABLE = pa.Table.from_pylist(ROWS)


def jsonl(path: Path, packed: bool = False) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    path.write_bytes(gzip.compress(text, mtime=0) if packed else text)
    return path


def csv(path: Path, packed: bool = False, delimiter: str = ",") -> Path:
    pyarrow.csv.write_csv(TABLE, path, pyarrow.csv.WriteOptions(delimiter=delimiter))
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    return path


def parquet(path: Path) -> Path:
    pq.write_table(TABLE, path)
    return path


SOURCES: dict[str, Callable[[Path], Any]] = {
    "parquet": lambda folder: parquet(folder / "log.parquet"),
    "parquet without ending": lambda folder: parquet(folder / "log"),
    "csv": lambda folder: csv(folder / "log.csv"),
    "csv.gz": lambda folder: csv(folder / "log.csv.gz", packed=True),
    "packed csv without ending": lambda folder: csv(folder / "log", packed=True),
    "csv with semicolons": lambda folder: csv(folder / "log.csv", delimiter=";"),
    "jsonl": lambda folder: jsonl(folder / "log.jsonl"),
    "jsonl.gz": lambda folder: jsonl(folder / "log.jsonl.gz", packed=True),
    "path as text": lambda folder: str(jsonl(folder / "log.ndjson")),
    "arrow": lambda _: TABLE,
    "arrow with dictionaries": lambda _: TABLE.set_column(
        2, "activity", TABLE["activity"].dictionary_encode()
    ).set_column(0, "customer", TABLE["customer"].dictionary_encode()),
    "arrow in chunks": lambda _: pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)]),
    "pandas": lambda _: pd.DataFrame(ROWS, index=[9, 8, 7, 6]),
    "pandas with categories": lambda _: pd.DataFrame(ROWS).astype(
        {"activity": "category", "customer": "category"}
    ),
    "polars": lambda _: pl.DataFrame(ROWS),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_log_is_the_same_from_every_kind_of_source(kind: str, tmp_path: Path) -> None:
    log = EventLog.read(SOURCES[kind](tmp_path))

    assert log.customers.to_pylist() == ["b", "a"]
    assert log.offsets.tolist() == [0, 2, 4]
    assert log.labels_at(np.arange(4)).to_pylist() == [
        "Cart Viewed",
        "Cart Viewed",
        "Cart Viewed",
        "Order Completed",
    ]
    assert log.column("channel").arrow.to_pylist() == ["e-mail", "web", "web", None]
    assert log.column("price").arrow.to_pylist() == [None, 3, 9, 2]
    assert [as_datetime(moment).isoformat() for moment in log.time.tolist()] == [
        "2026-03-01T07:00:00+00:00",
        "2026-03-01T08:00:00+00:00",
        "2026-03-01T09:00:00.500000+00:00",
        "2026-03-01T09:30:00+00:00",
    ]
    assert list(log.columns) == ["price"]


@pytest.mark.parametrize("piece", [1, 2, 1 << 20])
@given(
    st.lists(st.tuples(st.sampled_from([3, 1, 2, 70_000_000_000]), st.integers(0, 5), st.sampled_from("AB")))
)
def test_rows_in_any_order_become_customers_with_their_events_by_time_and_arrival(
    piece: int, rows: list[tuple[int, int, str]]
) -> None:
    table = pa.table(
        {
            "customer": pa.array([row[0] for row in rows], pa.int64()),
            "time": pa.array([row[1] for row in rows], pa.timestamp("s")),
            "activity": pa.array([row[2] for row in rows], pa.string()),
            "row": pa.array(range(len(rows)), pa.int64()),
        }
    )
    customers = list(dict.fromkeys(row[0] for row in rows))
    expected = [
        place
        for customer in customers
        for place in sorted(
            (place for place, row in enumerate(rows) if row[0] == customer), key=lambda at: rows[at][1]
        )
    ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_coding, "PIECE", piece)
        log = EventLog.read(table)

    assert log.customers.to_pylist() == customers
    assert log.column("row").arrow.to_pylist() == expected
    assert log.time.tolist() == [rows[place][1] * 1_000_000 for place in expected]


@pytest.mark.parametrize("kind", [pa.int32(), pa.string()])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3, 4, None]),
            st.integers(0, 3),
            st.sampled_from("AB"),
            st.sampled_from(["web", None]),
        ),
        max_size=12,
    ),
    st.booleans(),
    st.integers(1, 5),
)
def test_a_file_read_in_pieces_is_the_log_of_its_table(
    tmp_path_factory: pytest.TempPathFactory, kind: pa.DataType, rows: list[Any], in_order: bool, size: int
) -> None:
    if in_order:
        rows = sorted((row for row in rows if row[0] is not None), key=lambda row: row[:2])
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    table = pa.table(
        {
            "customer": pa.array(columns[0], pa.int32()).cast(kind),
            "time": pa.array(columns[1], pa.timestamp("ms")),
            "activity": pa.array(columns[2], pa.string()),
            "channel": pa.array(columns[3], pa.string()),
            "row": pa.array(range(len(rows)), pa.int64()),
        }
    )
    path = tmp_path_factory.getbasetemp() / "pieces.parquet"
    pq.write_table(table, path, row_group_size=size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_source, "PIECE", 2)
        found = [EventLog.read(path), EventLog.read([path])]

    whole = EventLog.read(table)
    for log in found:
        assert log.customers.to_pylist() == whole.customers.to_pylist()
        assert log.offsets.tolist() == whole.offsets.tolist()
        assert log.time.tolist() == whole.time.tolist()
        assert log.skipped == whole.skipped
        for name in ("activity", "channel", "row"):
            assert log.column(name).arrow.to_pylist() == whole.column(name).arrow.to_pylist()


def test_a_long_journey_in_reverse_is_put_in_order() -> None:
    size = 5_000
    table = pa.table(
        {
            "customer": ["x"] * size,
            "time": pa.array(range(size, 0, -1), pa.timestamp("s")),
            "activity": ["A"] * size,
        }
    )

    assert EventLog.read(table).time.tolist() == [second * 1_000_000 for second in range(1, size + 1)]


def test_columns_can_have_other_names() -> None:
    renamed = TABLE.rename_columns(["who", "when", "what", "where", "price"])

    log = EventLog.read(renamed, customer="who", time="when", activity="what", channel="where")

    assert log.channels == ("e-mail", "web")
    with pytest.raises(UnknownColumnError, match=r"There is no column “Who”\. Did you mean “who”\?"):
        EventLog.read(renamed, customer="Who", time="when", activity="what")


def test_rows_without_customer_time_or_activity_are_left_out_and_counted() -> None:
    rows = [*ROWS, {**ROWS[0], "customer": None}, {**ROWS[0], "time": None}, {**ROWS[0], "activity": None}]
    rows[1:1] = [{**ROWS[0], "customer": None, "time": None, "activity": "Never Used"}]

    log = EventLog.read(pa.Table.from_pylist(rows))

    assert len(log) == 4
    assert log.skipped == {"without customer": 2, "without time": 1, "without activity": 1}
    assert log.activities == ("Cart Viewed", "Order Completed")
    assert log.column("price").arrow.to_pylist() == [None, 3, 9, 2]
    assert "left out: 2 without customer" in repr(log)


def with_times(times: Any) -> pa.Table:
    return TABLE.slice(0, len(times)).set_column(1, "time", times)


@pytest.mark.parametrize(
    ("times", "timezone", "expected"),
    [
        (pa.array([datetime(2026, 7, 1, 12)]), None, "2026-07-01T12:00:00+00:00"),
        (pa.array([datetime(2026, 7, 1, 12)]), "Europe/Paris", "2026-07-01T10:00:00+00:00"),
        (pa.array([datetime(2026, 7, 1, 12, tzinfo=UTC)]), "Europe/Paris", "2026-07-01T12:00:00+00:00"),
        (pa.array([date(2026, 7, 1)]), None, "2026-07-01T00:00:00+00:00"),
        (pa.array([date(2026, 7, 1)]), "Europe/Paris", "2026-06-30T22:00:00+00:00"),
        (pa.array(["2026-07-01"]), "Europe/Paris", "2026-06-30T22:00:00+00:00"),
        (pa.array(["2026-07-01T12:00:00"]), "Europe/Paris", "2026-07-01T10:00:00+00:00"),
        (pa.array(["2026-10-25T02:30:00"]), "Europe/Paris", "2026-10-25T00:30:00+00:00"),
        (pa.array(["2026-03-29T02:30:00"]), "Europe/Paris", "2026-03-29T01:00:00+00:00"),
        (pa.array([" 2026-07-01T12:00:00-0330 "]), "Europe/Paris", "2026-07-01T15:30:00+00:00"),
        (pa.array(["2026-07-01T12:00:00.123456Z"]), None, "2026-07-01T12:00:00.123456+00:00"),
        (pa.array([1_000_000_123], pa.timestamp("ns")), None, "1970-01-01T00:00:01+00:00"),
    ],
)
def test_times_are_understood_with_their_zone(times: Any, timezone: str | None, expected: str) -> None:
    log = EventLog.read(with_times(times), timezone=timezone)

    assert log.span is not None
    assert log.span[0].isoformat() == expected


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (pa.array([1_700_000_000]), "seconds, milliseconds"),
        (pa.array([1.7e9]), "seconds, milliseconds"),
        (pa.array(["2026-07-01", "31/12/2026"]), "row 2 of 2: “31/12/2026”"),
        (pa.array(["2026-07-01T12:00Z", "2026-13-01T12:00Z"]), "row 2 of 2: “2026-13-01T12:00Z”"),
        (pa.array([True]), "which is not a time"),
    ],
)
def test_times_that_would_have_to_be_guessed_are_refused(times: Any, message: str) -> None:
    with pytest.raises(TimesError, match=message):
        EventLog.read(with_times(times))


def test_times_of_which_only_some_have_a_zone_are_refused_unless_somebody_says_where_they_lie() -> None:
    mixed = with_times(pa.array(["2026-07-01T10:00:00+02:00", "2026-07-01 10:00"]))
    with pytest.raises(TimesError, match=r"row 2 of 2: “2026-07-01 10:00” has no time zone"):
        EventLog.read(mixed)
    log = EventLog.read(mixed, timezone="Europe/Paris")
    assert log.time[0] == log.time[1]


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(TimesError, match="Europe/Paris"):
        EventLog.read(with_times(pa.array(["2026-07-01"])), timezone="Europe/Pariss")


def test_text_that_looks_like_a_number_stays_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("customer,time,activity,price\n007,2026-01-01,1,3\n7,2026-01-01,1,4\n")

    log = EventLog.read(path)

    assert log.customers.to_pylist() == ["007", "7"]
    assert log.activities == ("1",)
    assert log.column("price").arrow.to_pylist() == [3, 4]


def test_fields_inside_of_json_become_properties(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    properties = {"price": 3, "to": {"city": "Lyon"}}
    row = {"userId": "u", "timestamp": "2026-01-01T00:00:00Z", "event": "A", "properties": properties}
    path.write_text(json.dumps(row) + "\n")

    log = EventLog.read(path, customer="userId", time="timestamp", activity="event")

    assert {name: log.column(name).arrow.to_pylist() for name in log.columns} == {
        "properties.price": [3],
        "properties.to.city": ["Lyon"],
    }


def test_parquet_columns_are_read_when_they_are_used(tmp_path: Path) -> None:
    path = parquet(tmp_path / "log.parquet")
    log = EventLog.read(path)

    pq.write_table(TABLE.slice(0, 2), path)

    with pytest.raises(UnreadableSourceError, match="has changed"):
        _ = log.column("price").arrow


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing.csv", b""),
        ("rubbish.csv", bytes(range(256)) * 50),
        ("rubbish.jsonl", bytes(range(256)) * 50),
        ("rubbish.xes", bytes(range(256)) * 50),
        ("rubbish.parquet", bytes(range(256)) * 50),
        ("rubbish", bytes(range(256)) * 50),
        ("torn.csv.gz", gzip.compress(b"customer,time,activity\n" * 9_999, mtime=0)[:80]),
        ("torn.parquet", b"PAR1 and no more"),
        ("latin.csv", "customer,time,activity\na,2026-01-01,payé\n".encode("latin-1")),
        ("uneven.csv", b"customer,time,activity\na,2026-01-01\n"),
        ("broken.jsonl", b'{"customer": "a"\n'),
        ("list.json", b"[1, 2]"),
    ],
)
def test_a_file_that_cannot_be_read_gives_an_error_that_names_it(
    name: str, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(EngineError, match=name):
        EventLog.read(tmp_path / name)


def test_what_is_no_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="There is no file"):
        EventLog.read(tmp_path / "missing.csv")
    with pytest.raises(UnreadableSourceError):
        EventLog.read(tmp_path)
    with pytest.raises(UnreadableSourceError, match="list"):
        EventLog.read(ROWS)


def test_a_table_without_rows_is_a_log_without_events() -> None:
    log = EventLog.read(TABLE.slice(0, 0))

    assert (len(log), log.n_customers, log.span) == (0, 0, None)
    assert log.variants().num_rows == 0
