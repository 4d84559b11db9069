"""Any log of events comes into the lake, each event once, and what can't is told with its line and reason."""

import csv
import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Forbidden
from parcours.customers.reads import customer, profiles
from parcours.customers.writes import resolve_identities
from parcours.events.imports import import_events
from parcours.events.lake import Lake
from parcours.events.models import Import
from parcours.events.reads import count_events, timeline
from tests.events.conftest import TakeIn

HEADER = "customer_id,time,event,channel,country\n"
ROWS = (
    "7,2026-01-01T10:00:00Z,Cart Viewed,web,FR\n"
    "7,2026-01-01T09:00:00Z,Page Viewed,web,FR\n"
    "8,2026-01-02T09:00:00Z,Page Viewed,app,BE\n"
)


def story(brand: Brand, user_id: str) -> list[str]:
    """The names of a customer's events in order."""
    return [event["name"] for event in told(brand, user_id)]


def told(brand: Brand, user_id: str) -> list[dict[str, Any]]:
    """A customer's events in order."""
    found = resolve_identities(brand, "user_id", [user_id])
    events, _total = timeline(brand, int(found[0]))
    return [
        {"name": each.name, "time": each.time, "channel": each.channel, "properties": each.properties}
        for each in reversed(events)
    ]


def rejected(report: Any) -> list[tuple[str, str]]:
    """Line and reason of each rejected row, from the file that tells of them."""
    with Path(report.rejects_path).open(encoding="utf-8", newline="") as file:
        return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


def adds_up(report: Any) -> bool:
    parts = (report.stored, report.already_there, report.rejected, report.combined, report.profiles)
    return bool(report.read == sum(parts))


def test_a_csv_file_becomes_events_in_the_order_of_time(brand: Brand, take_in: TakeIn) -> None:
    report = take_in(HEADER + ROWS)

    assert (report.read, report.stored, report.rejected) == (3, 3, 0)
    assert story(brand, "7") == ["Page Viewed", "Cart Viewed"]
    assert told(brand, "8")[0]["channel"] == "app"
    assert told(brand, "8")[0]["properties"] == {"country": "BE"}
    assert any("customer_id" in notice for notice in report.notices)


def test_the_same_file_again_stores_nothing_and_a_longer_one_only_what_is_new(
    brand: Brand, take_in: TakeIn
) -> None:
    take_in(HEADER + ROWS)
    generation = Lake(brand.pk).generation

    again = take_in(HEADER + ROWS)
    assert (again.stored, again.already_there) == (0, 3)
    assert Lake(brand.pk).generation == generation

    longer = take_in(HEADER + ROWS + "8,2026-01-03T09:00:00Z,Cart Viewed,app,BE\n")
    assert (longer.stored, longer.already_there) == (1, 3)
    assert story(brand, "8") == ["Page Viewed", "Cart Viewed"]


def test_rows_that_are_alike_are_all_kept(brand: Brand, take_in: TakeIn) -> None:
    twice = "7,2026-01-01T10:00:00Z,Click,web,FR\n" * 2

    assert take_in(HEADER + twice).stored == 2
    assert take_in(HEADER + twice).stored == 0
    assert take_in(HEADER + twice + twice).stored == 2
    assert story(brand, "7") == ["Click"] * 4


def test_a_column_that_identifies_events_decides_what_is_the_same(brand: Brand, take_in: TakeIn) -> None:
    text = (
        "id,customer,time,event\na,7,2026-01-01T10:00Z,X\na,7,2026-01-01T10:05Z,Y\nb,7,2026-01-01T10:00Z,X\n"
    )

    report = take_in(text, id="id")

    assert (report.stored, report.already_there) == (2, 1)
    assert take_in(text.replace("X", "Z"), id="id").stored == 0
    assert take_in(text, id="id", source="another shop").stored == 2


def test_columns_are_taken_as_they_are_named(brand: Brand, take_in: TakeIn) -> None:
    report = take_in(
        "who;when;what;where\n7;31/01/2026 08:30;Order;shop\n",
        customer="who", time="when", activity="what", channel="where", timezone="Europe/Paris",
    )  # fmt: skip

    assert report.stored == 1
    event = told(brand, "7")[0]
    assert (event["name"], event["channel"]) == ("Order", "shop")
    assert event["time"].isoformat() == "2026-01-31T07:30:00+00:00"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-31T08:30:00+02:00", "2026-01-31T06:30:00+00:00"),
        ("2026-01-31 08:30:00.123456Z", "2026-01-31T08:30:00.123456+00:00"),
        ("2026-01-31 08:30", "2026-01-31T08:30:00+00:00"),
        ("2026-01-31", "2026-01-31T00:00:00+00:00"),
        ("2026/01/31 08:30", "2026-01-31T08:30:00+00:00"),
        ("20260131T083000", "2026-01-31T08:30:00+00:00"),
        ("31/01/2026 8:30", "2026-01-31T08:30:00+00:00"),
        ("1/31/2026 8:30", "2026-01-31T08:30:00+00:00"),
        ("1/31/2026 8:30:05 PM", "2026-01-31T20:30:05+00:00"),
        ("31.01.2026 08:30", "2026-01-31T08:30:00+00:00"),
        ("31/01/26 08:30", "2026-01-31T08:30:00+00:00"),
        ("31 Jan 2026 08:30", "2026-01-31T08:30:00+00:00"),
        ("1769848200", "2026-01-31T08:30:00+00:00"),
        ("1769848200000", "2026-01-31T08:30:00+00:00"),
        ("20260131083000", "2026-01-31T08:30:00+00:00"),
    ],
)
def test_times_are_read_as_they_are_usually_written(
    brand: Brand, take_in: TakeIn, written: str, meant: str
) -> None:
    assert take_in(f"customer,time,event\n7,{written},X\n").stored == 1
    assert told(brand, "7")[0]["time"].isoformat() == meant


def test_one_unreadable_number_does_not_make_the_others_unreadable(take_in: TakeIn) -> None:
    report = take_in("customer,time,event\n7,1769848200,X\n7,soon,Y\n7,2026-01-31T08:30Z,Z\n")

    assert (report.stored, report.rejected) == (2, 1)


def test_lines_may_end_as_on_old_machines(brand: Brand, take_in: TakeIn) -> None:
    assert take_in("customer,time,event\r7,2026-01-01,X\r8,2026-01-01,Y\r").stored == 2


def test_a_day_that_could_be_a_month_is_asked_about(brand: Brand, take_in: TakeIn) -> None:
    text = "customer,time,event\n7,02/03/2026 10:00,X\n"

    with pytest.raises(BadInput, match="day/month or month/day"):
        take_in(text)
    assert take_in(text, time_format="%d/%m/%Y %H:%M").stored == 1
    assert told(brand, "7")[0]["time"].isoformat() == "2026-03-02T10:00:00+00:00"


def test_times_without_a_zone_among_others_with_one_are_rejected_unless_somebody_says(
    take_in: TakeIn,
) -> None:
    text = (
        "customer,time,event\n7,2026-01-01T10:00:00,X\n7,2026-01-01T10:00:00+01:00,Y\n8,2026-01-01 11:00,Z\n"
    )

    report = take_in(text)

    assert (report.stored, report.rejected) == (1, 2)
    assert adds_up(report)
    assert [line for line, _reason in rejected(report)] == ["2", "4"]
    assert "name the zone of these" in rejected(report)[0][1]
    assert take_in(text, timezone="Europe/Paris").stored == 2


def test_rows_that_are_no_events_are_rejected_with_line_and_reason(take_in: TakeIn, tmp_path: Path) -> None:
    tomorrow = (now() + timedelta(days=3)).isoformat()
    text = (
        "customer,time,event,note\n"
        '7,2026-01-01T10:00:00Z,Fine,"two\nlines"\n'
        ",2026-01-01T10:00:00Z,X,\n"
        "7,yesterday,X,\n"
        "7,,X,\n"
        f"7,{tomorrow},X,\n"
        "7,1765-01-01T10:00:00Z,X,\n"
        "7,2026-01-01T10:00:00Z,,\n"
        "7,2026-02-30T10:00:00Z,X,\n"
        "7,2026-01-01T10:00:00Z\n"
        '7,2026-01-01T10:00:00Z,X,"opens and never closes\n'
        "7,2026-01-01T10:00:00Z,Bell\x07,\n"
        "8,2026-01-01T10:00:00Z,Fine,\n"
    )

    report = take_in(text, rejects=tmp_path / "rejects.csv")

    assert (report.read, report.stored, report.rejected) == (12, 2, 10)
    assert adds_up(report)
    assert report.rejects_path == tmp_path / "rejects.csv"
    assert sorted(rejected(report), key=lambda entry: int(entry[0])) == [
        ("4", "There is no customer."),
        ("5", "The time can't be read."),
        ("6", "There is no time."),
        ("7", "The time is in the future."),
        ("8", "The time is before 1900."),
        ("9", "There is no activity."),
        ("10", "The time can't be read."),
        ("11", "The line has 2 values where the header has 4 columns."),
        ("12", "A quote opens and never closes."),
        ("13", "The line holds control bytes."),
    ]


def test_lines_are_counted_through_values_that_span_several(take_in: TakeIn) -> None:
    report = take_in('customer,time,event\n"7","2026-01-01","a\nb\nc"\n\n,2026-01-01,X\n')

    assert report.stored == 1
    assert rejected(report) == [("6", "There is no customer.")]


def test_a_file_whose_rows_are_all_rejected_stores_nothing(brand: Brand, take_in: TakeIn) -> None:
    report = take_in("customer,time,event\n,2026-01-01,X\n")

    assert (report.read, report.stored, report.rejected) == (1, 0, 1)
    assert Lake(brand.pk).generation == 0


def test_a_missing_column_is_told_with_those_there_are(take_in: TakeIn) -> None:
    with pytest.raises(BadInput) as missing:
        take_in(HEADER + ROWS, time="tiem")
    assert "“time”" in str(missing.value)
    assert "“country”" in str(missing.value)
    with pytest.raises(BadInput, match="No column looks like the customer"):
        take_in("a,b,c\n1,2,3\n")


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.csv", "empty"),
        (b"customer,time,event\n", "header.csv", "no rows"),
        (bytes(range(256)) * 40, "rubbish.csv", "not text"),
        (bytes(range(256)) * 40, "rubbish.parquet", "Parquet"),
        (b"PAR1" + bytes(300), "broken.parquet", "Parquet"),
        (b"\x1f\x8b\x08\x00broken", "broken.csv.gz", "unpacked"),
        (b"<?xml version='1.0'?><log><trace><event>", "broken.xes", "XES"),
        (b"<?xml version='1.0'?><log></log>", "none.xes", "no traces"),
        (b"[1, 2]\nnothing\n", "lines.jsonl", "no JSON objects"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    brand: Brand, take_in: TakeIn, content: bytes, name: str, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        take_in(content, name)

    assert Lake(brand.pk).generation == 0
    assert Import.objects.get().status == "failed"


def test_a_file_that_breaks_in_the_middle_leaves_the_lake_as_it_was(brand: Brand, take_in: TakeIn) -> None:
    take_in(HEADER + ROWS)
    packed = gzip.compress((HEADER + ROWS * 200_000).encode(), 1)

    with pytest.raises(BadInput, match="unpacked"):
        take_in(packed[: len(packed) - 4_000], "cut.csv.gz")

    assert count_events(brand) == 3
    assert take_in(HEADER + ROWS).already_there == 3


def test_latin_1_is_read_and_told(brand: Brand, take_in: TakeIn) -> None:
    report = take_in("customer;time;event\n7;2026-01-01;Retour demandé\n".encode("latin-1"))

    assert story(brand, "7") == ["Retour demandé"]
    assert any("1252" in notice for notice in report.notices)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_and_encoding_is_read(
    brand: Brand, take_in: TakeIn, encoding: str, delimiter: str
) -> None:
    text = "customer,time,event\n7,2026-01-01,Été\n".replace(",", delimiter)

    assert take_in(text.encode(encoding)).stored == 1
    assert story(brand, "7") == ["Été"]


def test_parquet_and_packed_files_are_read_alike(
    brand: Brand, take_in: TakeIn, system: Actor, tmp_path: Path
) -> None:
    table = pa.table(
        {
            "customer": pa.array([7.0, None, 8.0]),
            "time": pa.array([0, 1, 2], pa.timestamp("ms", "UTC")),
            "event": pa.array(["A", "B", "C"]).dictionary_encode(),
            "amount": pa.array([1.5, 2.0, None]),
            "tags": pa.array([["x"], [], None]),
        }
    )
    pq.write_table(table, tmp_path / "events.parquet")

    report = import_events(brand, tmp_path / "events.parquet", acting_user=system)

    assert (report.stored, report.rejected) == (2, 1)
    assert rejected(report)[0][0] == "2"
    assert told(brand, "7")[0]["properties"] == {"amount": 1.5, "tags": ["x"]}
    assert take_in(gzip.compress((HEADER + ROWS).encode()), "more.csv.gz").stored == 3


def test_xes_traces_become_customers_with_their_attributes(brand: Brand, take_in: TakeIn) -> None:
    report = take_in(
        """<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/"><trace>
        <string key="concept:name" value="c1"/><int key="AMOUNT" value="20"/>
        <event><date key="time:timestamp" value="2026-01-01T10:00:00+01:00"/><string key="concept:name"
        value="A"/>
          <string key="lifecycle:transition" value="complete"/></event>
        <event><date key="time:timestamp" value="2026-01-01T11:00:00+01:00"/><string key="concept:name"
        value="B"/>
        </event><event><string key="concept:name" value="no time"/></event></trace></log>""",
        "log.xes",
    )

    assert (report.stored, report.rejected) == (2, 1)
    assert [event["name"] for event in told(brand, "c1")] == ["A", "B"]
    assert told(brand, "c1")[0]["properties"] == {"lifecycle:transition": "complete"}
    assert told(brand, "c1")[0]["time"].hour == 9
    known = customer(brand, int(resolve_identities(brand, "user_id", ["c1"])[0]))
    assert known.traits == {"AMOUNT": 20}


def test_lines_of_orders_become_one_event_an_order(brand: Brand, take_in: TakeIn) -> None:
    text = (
        "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID,Country\n"
        "100,A,2,2026-01-01 10:00,1.50,7.0,France\n"
        "101,A,1,2026-01-02 10:00,3,8.0,Belgium\n"
        "100,B,1,2026-01-01 10:00,10,7.0,France\n"
        "C102,B,-1,2026-01-03 10:00,10,7.0,France\n"
        "103,B,1,2026-01-03 10:00,10,,France\n"
        "104,B,one,2026-01-03 10:00,10,7.0,France\n"
        ",B,1,2026-01-03 10:00,10,7.0,France\n"
    )

    report = take_in(text, orders=True)

    assert (report.read, report.stored, report.combined, report.rejected) == (7, 3, 1, 3)
    assert adds_up(report)
    assert story(brand, "7") == ["Order Completed", "Order Cancelled"]
    assert told(brand, "7")[0]["properties"] == {
        "order_id": "100", "products": 2, "quantity": 3.0, "total": 13.0,
    }  # fmt: skip
    ids = resolve_identities(brand, "user_id", ["7", "8"])
    assert [profiles(brand, map(int, ids))[int(each)].country for each in ids] == ["France", "Belgium"]
    again = take_in(text, orders=True)
    assert (again.stored, again.already_there) == (0, 3)


def test_numbers_with_a_prefix_are_cancelled_orders(brand: Brand, take_in: TakeIn) -> None:
    text = "order,qty,price,date,client\nRET1,1,5,2026-01-01,7\n1,1,5,2026-01-02,7\n"

    take_in(text, orders=True, cancelled_prefix="RET")

    assert story(brand, "7") == ["Order Cancelled", "Order Completed"]


def test_columns_of_the_profile_go_to_the_customer(brand: Brand, take_in: TakeIn) -> None:
    take_in(
        "customer,time,event,born,city\n7,2026-01-01,A,1990-05-02,Lyon\n7,2026-01-02,B,,Paris\n",
        traits={"birth_year": "born", "city": "city"},
    )

    known = customer(brand, int(resolve_identities(brand, "user_id", ["7"])[0]))
    assert (known.birth_year, known.traits) == (1990, {"city": "Paris"})
    assert told(brand, "7")[0]["properties"] == {}


def test_a_few_broken_lines_do_not_change_the_spelling_of_the_others(brand: Brand, take_in: TakeIn) -> None:
    lines = "é1,2026-01-02,Café\n".encode() + b"b,2026-01-02,\xff\xfe\n" + "é1,2026-01-03,Été\n".encode()
    report = take_in(b"customer,time,activity\n" + lines)
    assert rejected(report) == [("3", "The line holds bytes that are not UTF-8.")]
    assert story(brand, "é1") == ["Café", "Été"]


def test_numbers_of_customers_are_never_cut_to_look_alike(take_in: TakeIn) -> None:
    rows = "".join(f"{'x' * 400}{n},2026-01-02,A\n" for n in (1, 2))
    report = take_in(f"customer,time,activity\nshort,2026-01-02,A\n{rows}")
    assert (report.stored, report.rejected) == (1, 2)


def test_the_file_that_is_read_is_never_the_one_for_rejected_rows(
    brand: Brand, system: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "log.csv"
    file.write_text("customer,time,activity\nc,2026-01-02T10:00:00Z,A\nc,2026-01-02,A\nc,?,A\n")
    before = file.read_text()
    with pytest.raises(BadInput, match="into the file"):
        import_events(brand, file, rejects=file, acting_user=system)
    assert file.read_text() == before


def test_a_place_where_rejected_rows_cannot_be_written_is_told(
    brand: Brand, system: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "log.csv"
    file.write_text("customer,time,activity\nc,2026-01-02,A\nc,?,A\n")
    with pytest.raises(BadInput, match="can't be written"):
        import_events(brand, file, rejects=tmp_path, acting_user=system)
    assert count_events(brand) == 0


def test_an_outsider_may_not_import(brand: Brand, tmp_path: Path) -> None:
    viewer = Actor(kind="person", brand_id=brand.pk, role="viewer", id=None, label="Bob")
    path = tmp_path / "events.csv"
    path.write_text(HEADER + ROWS)

    with pytest.raises(Forbidden):
        import_events(brand, path, acting_user=viewer)


def test_what_was_imported_is_noted(brand: Brand, take_in: TakeIn) -> None:
    report = take_in(HEADER + ROWS + ",2026-01-01,X,web,\n")

    row = Import.objects.get()
    assert (row.status, row.counts["stored"], row.counts["rejected"]) == ("done", 3, 1)
    assert row.rejects_path == str(report.rejects_path)


def test_an_import_that_was_killed_is_told_so_when_the_next_one_runs(brand: Brand, take_in: TakeIn) -> None:
    killed = Import.objects.create(brand=brand, source="import", file_name="big.csv", status="running")

    take_in(HEADER + ROWS)

    killed.refresh_from_db()
    assert killed.status == "failed"
    assert "interrupted" in killed.error
