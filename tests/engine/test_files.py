import json
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcours.engine import EventLog, UnknownColumnError, UnreadableSourceError

ROWS = [
    ("Anna", 5, "B", "fr"),
    ("Mark", 1, "A", "fr"),
    ("Anna", 2, "A", "de"),
    ("Mark", 1, "C", "de"),
    ("Anna", 5, "C", "fr"),
    ("Zoe", 9, "A", None),
]


def table_of(rows: list[tuple[str, int, str, str | None]]) -> pa.Table:
    customer, time, activity, country = zip(*rows, strict=True)
    return pa.table(
        {
            "customer": pa.array(customer),
            "time": pa.array(time, pa.timestamp("s", "UTC")),
            "activity": pa.array(activity),
            "country": pa.array(country, pa.string()),
        }
    )


def write(folder: Path, cuts: list[int]) -> Path:
    """The rows in files cut before these rows."""
    for number, (first, last) in enumerate(zip([0, *cuts], [*cuts, len(ROWS)], strict=True)):
        path = folder / f"month={number}" / "part.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(table_of(ROWS[first:last]), path)
    return folder


def same(one: EventLog, other: EventLog) -> bool:
    return bool(
        one.sessions("1s").equals(other.sessions("1s"))
        and one.funnel(["A", "C"], by="country").equals(other.funnel(["A", "C"], by="country"))
        and one.column("country").arrow.to_pylist() == other.column("country").arrow.to_pylist()
    )


def test_a_folder_of_files_reads_like_one_file(tmp_path: Path) -> None:
    whole = EventLog.read(table_of(ROWS))
    folder = write(tmp_path / "events", [1, 4])

    assert same(EventLog.read(folder), whole)
    assert same(EventLog.read(folder.as_uri()), whole)
    assert same(EventLog.read(sorted(folder.rglob("*.parquet"))), whole)


def test_hidden_files_do_not_count(tmp_path: Path) -> None:
    folder = write(tmp_path / "events", [3])
    for name in ("_half.parquet", ".new.parquet", "notes.txt"):
        (folder / name).write_text("not a log")

    assert len(EventLog.read(folder)) == len(ROWS)


def test_only_the_files_of_a_manifest_count(tmp_path: Path) -> None:
    folder = write(tmp_path / "events", [2, 5])
    (folder / "_manifest.json").write_text(json.dumps({"files": ["month=0/part.parquet"]}))

    assert len(EventLog.read(folder)) == 2


def test_a_column_that_some_files_lack_is_null_there(tmp_path: Path) -> None:
    pq.write_table(table_of(ROWS[:3]), tmp_path / "1.parquet")
    pq.write_table(table_of(ROWS[3:]).drop_columns(["country"]), tmp_path / "2.parquet")

    found = EventLog.read(tmp_path)

    assert found.column("country").arrow.null_count == 3
    with pytest.raises(UnknownColumnError):
        found.funnel(["A"], by="land")


def test_a_lake_is_read_bucket_by_bucket_in_the_order_of_arrival(tmp_path: Path) -> None:
    def bucket(number: int, rows: list[tuple[int, int, int, str]]) -> None:
        customer, time, seq, name = zip(*rows, strict=True)
        columns = {
            "customer": pa.array(customer, pa.int64()),
            "time": pa.array(time, pa.timestamp("us", "UTC")),
            "seq": pa.array(seq, pa.int64()),
            "event_id": pa.array([bytes(16)] * len(rows), pa.binary(16)),
            "name": pa.array(name).dictionary_encode(),
        }
        pq.write_table(pa.table(columns), tmp_path / f"{number:02d}-{uuid.uuid4().hex}.parquet")

    bucket(1, [(1, 5, 4, "B"), (33, 1, 0, "A")])
    bucket(1, [(1, 5, 3, "A"), (65, 0, 5, "A")])
    bucket(0, [(32, 7, 9, "A")])

    found = EventLog.read(tmp_path)

    assert found.customers.to_pylist() == [32, 1, 33, 65]
    assert found.where(customers=[1]).variants().to_pylist() == [{"variant": ["A", "B"], "customers": 1}]


@pytest.mark.parametrize("content", ["nothing", "rubbish", "others", "no list"])
def test_a_folder_that_cannot_be_read_says_why(tmp_path: Path, content: str) -> None:
    if content == "rubbish":
        (tmp_path / "events.parquet").write_bytes(b"PAR1 and then something else")
    if content == "others":
        pq.write_table(table_of(ROWS), tmp_path / "1.parquet")
        pq.write_table(pa.table({"time": [[1], [2]]}), tmp_path / "2.parquet")
    if content == "no list":
        (tmp_path / "_manifest.json").write_text("[]")

    with pytest.raises(UnreadableSourceError, match=str(tmp_path)):
        EventLog.read(tmp_path)


def test_a_list_without_files_and_an_unknown_address_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError):
        EventLog.read([])
    with pytest.raises(UnreadableSourceError):
        EventLog.read("nonsense://lake/events")
    with pytest.raises(UnreadableSourceError):
        EventLog.read([tmp_path / "missing.parquet"])
