"""What is forgotten is on the disk no more."""

import uuid
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from parcours.accounts.models import Brand
from parcours.events.lake import Lake, manifest
from tests.events.test_lake import START, rows, stories

Commit = DjangoCaptureOnCommitCallbacks
SECRET = uuid.uuid4().hex


@pytest.fixture
def lake(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """Customer 2, whom two files of a bucket know, shares it with 34; 33 is in another one."""
    monkeypatch.setattr(manifest, "_tell", lambda *_: None)
    lake = Lake(brand.pk)
    lake.append(rows(*[(34, minute, "other") for minute in range(20)], (33, 2, "third")))
    lake.append(rows((2, 5, f"said {SECRET}"), properties=f'{{"email": "{SECRET}@example.org"}}'))
    lake.append(rows((2, 7, "late")))
    return lake


def places_of(secret: str, lake: Lake) -> list[Path]:
    """Files that hold the secret, as bytes or once they are unpacked."""
    files = [path for path in lake.folder.rglob("*") if path.is_file()]
    return [path for path in files if secret.encode() in path.read_bytes() or secret in unpacked(path)]


def unpacked(path: Path) -> str:
    return str(pq.read_table(path, partitioning=None).to_pylist()) if path.suffix == ".parquet" else ""


def test_a_forgotten_customer_leaves_no_byte_in_files_indexes_or_columns(
    lake: Lake, django_capture_on_commit_callbacks: Commit
) -> None:
    codes, _labels = lake.index().column("properties.email")
    assert len(codes) == 23
    assert {path.suffix for path in places_of(SECRET, lake)} == {".parquet", ".json"}

    with django_capture_on_commit_callbacks(execute=True):
        assert lake.forget([2, 7]) == 2

    assert not places_of(SECRET, lake)
    assert stories(lake) == {34: ["other"] * 20, 33: ["third"]}
    assert lake.index().column("properties.email").labels == ()
    assert not places_of(SECRET, lake)


def test_what_a_merge_left_behind_while_an_index_reads_it_goes_with_the_customer(
    lake: Lake, django_capture_on_commit_callbacks: Commit
) -> None:
    lake.index()
    with manifest.sole_writer(lake.brand_id), lake.staging() as staging:
        lake.take_in(staging, moves={2: 40})
    assert len(places_of(SECRET, lake)) > 1

    with django_capture_on_commit_callbacks(execute=True):
        assert lake.forget([2, 40]) == 2

    assert not places_of(SECRET, lake)


def test_only_the_files_that_hold_them_are_written_anew(lake: Lake) -> None:
    third, many = lake.manifest().paths(1), lake.manifest().paths(2)[0]

    lake.forget([2])

    assert lake.manifest().paths(1) == third
    assert lake.manifest().paths(2) == [many]


def test_forgetting_whom_nobody_knows_changes_nothing(lake: Lake) -> None:
    before, told = lake.generation, list[int]()

    assert lake.forget([66, 3], beside=told.append) == 0

    assert lake.generation == before
    assert told == [0]


def test_what_is_written_beside_is_in_the_same_transaction(lake: Lake, brand: Brand) -> None:
    told: list[int] = []

    def refuse(events: int) -> None:
        told.append(events)
        raise LookupError

    with pytest.raises(LookupError):
        lake.forget([2], beside=refuse)

    assert told == [2]
    assert len(stories(lake)[2]) == 2


def test_what_a_crash_after_the_commit_left_goes_when_the_lake_is_next_opened(
    lake: Lake, brand: Brand, django_capture_on_commit_callbacks: Commit
) -> None:
    lake.index()
    with django_capture_on_commit_callbacks(execute=False):
        lake.forget([2])
    assert places_of(SECRET, lake)

    Lake(brand.pk).index()

    assert not places_of(SECRET, lake)


def test_what_happened_before_a_moment_is_forgotten(
    lake: Lake, django_capture_on_commit_callbacks: Commit
) -> None:
    from datetime import timedelta

    with django_capture_on_commit_callbacks(execute=True):
        assert lake.forget_before(START + timedelta(minutes=6)) == 8

    assert stories(lake) == {34: ["other"] * 14, 2: ["late"]}
    assert not places_of(SECRET, lake)
    assert not places_of("third", lake)


def test_after_forgetting_all_a_lake_takes_in_again(lake: Lake) -> None:
    lake.index()
    lake.forget([2, 33, 34])
    lake.append(rows((2, 1, "again")))

    assert stories(lake) == {2: ["again"]}
