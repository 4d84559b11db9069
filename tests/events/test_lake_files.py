"""The lake's folder is a log of its own, which the engine reads without the database."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from parcours.accounts.models import Brand
from parcours.engine import EventLog
from parcours.events.lake import Lake, manifest
from tests.events.test_lake import rows


@pytest.fixture
def lake(
    brand: Brand,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> Lake:
    """A lake with a late event in a file of its own, and files of before that are not in effect any more."""
    monkeypatch.setattr(manifest, "_tell", lambda *_: None)
    lake = Lake(brand.pk)
    early = [(customer, minute, "ABC"[minute % 3]) for customer in range(1, 70) for minute in range(9)]
    with django_capture_on_commit_callbacks(execute=True):
        lake.append(rows(*early))
    with django_capture_on_commit_callbacks(execute=True):
        lake.append(rows((33, 4, "B"), (33, 4, "A")))
    with django_capture_on_commit_callbacks(execute=True):
        lake.compact({2: 1})
    with django_capture_on_commit_callbacks(execute=True):
        lake.append(rows((1, 4, "C"), *((5, minute, "A") for minute in range(20, 30))))
    return lake


def test_a_list_that_a_crash_kept_from_being_written_is_written_with_the_next_index(brand: Brand) -> None:
    lake = Lake(brand.pk)
    lake.append(rows((1, 1, "A")))  # the test's transaction doesn't commit, as if the process had died
    assert not (lake.folder / "events" / manifest.LIST).exists()

    lake.index()

    assert len(EventLog.read(lake.folder / "events")) == 1
    assert (lake.folder / "events" / manifest.LIST).exists()


def test_the_folder_reads_as_the_lake(lake: Lake) -> None:
    stored, read = lake.index().log(), EventLog.read(lake.folder / "events")

    assert len(list((lake.folder / "events").glob("*.parquet"))) > len(lake.manifest().paths())
    assert (len(read), read.n_customers) == (len(stored), stored.n_customers) == (69 * 9 + 12, 68)
    assert read.variants(None) == stored.variants(None)
    assert read.transitions() == stored.transitions()
    assert read.attribution("C").to_pydict() == stored.attribution("C").to_pydict()
