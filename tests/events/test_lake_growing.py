"""A lake that grows by a few events keeps what it has: files, and the arrays of its index."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from parcours.accounts.models import Brand
from parcours.events.lake import Lake, LakeIndex, index, index_build, manifest
from tests.events.test_lake import rows, stories

FIELDS = ("properties.country", "properties.n", "channel", "source")


@pytest.fixture
def lake(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """Seventy customers in all buckets, with 40 events each."""
    monkeypatch.setattr(manifest, "_tell", lambda *_: None)
    lake = Lake(brand.pk)
    many = [(customer, minute, "ABC"[minute % 3]) for customer in range(1, 71) for minute in range(40)]
    lake.append(rows(*many, properties='{"country": "FR", "n": 1.0}'))
    return lake


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Generations whose index was built from the files."""
    found: list[int] = []
    build = index_build._build

    def noted(folder: Path, current: manifest.Manifest, into: Path) -> dict[str, Any]:
        found.append(current.generation)
        return build(folder, current, into)

    monkeypatch.setattr(index_build, "_build", noted)
    return found


def everything(of: LakeIndex) -> dict[str, Any]:
    """What an index says, whatever codes it says it with."""
    names = np.array([*of.names, None], object)
    columns = {field: of.column(field) for field in FIELDS}
    return {
        "customers": of.customers.tolist(),
        "offsets": of.offsets.tolist(),
        "time": of.time.tolist(),
        "names": names[np.minimum(of.name_codes, len(of.names))].tolist(),
        "span": of.span,
        "counts": [count for count in of.name_counts() if count.events],
        **{
            field: [labels[code] if code >= 0 else None for code in codes]
            for field, (codes, labels) in columns.items()
        },
    }


def anew(lake: Lake) -> LakeIndex:
    """The index, built from the files."""
    shutil.rmtree(lake.folder / "index")
    index._open.clear()
    return lake.index()


def merge(lake: Lake, moves: dict[int, int], more: pa.Table | None = None) -> None:
    with manifest.sole_writer(lake.brand_id), lake.staging() as staging:
        seq = manifest.take_seq(lake.brand_id)
        if more is not None:
            numbers = pa.array(range(seq, seq + len(more)))
            staging.rows.add(more.set_column(more.schema.get_field_index("seq"), "seq", numbers))
        lake.take_in(staging, moves=moves, next_seq=seq + 100)


def test_an_index_that_goes_on_says_the_same_as_one_built_anew(brand: Brand, built: list[int]) -> None:
    lake = Lake(brand.pk)
    randomness = np.random.default_rng(7)
    in_three_buckets = [32 * number + rest for number in range(40) for rest in (1, 2, 9)]
    gone_on = 0

    def add(customers: int, count: int) -> None:
        whose = randomness.choice(in_three_buckets[:customers], count)
        when = randomness.integers(-5_000, 5_000, count)
        names = [f"name {number}" for number in randomness.integers(0, 6, count)]
        country = f"country {int(randomness.integers(5))}"
        events = list(zip(whose.tolist(), when.tolist(), names, strict=True))
        lake.append(rows(*events, channel=names[0], properties=f'{{"country": "{country}", "{country}": 1}}'))

    steps: list[Callable[[], object]] = [
        lambda: add(60, 1),
        lambda: add(60, 30),
        lambda: add(120, 30),
        lambda: merge(lake, {1: 2, 65: 97, 97: 130}),
        lambda: add(120, 3),
        lake.compact,
        lambda: merge(lake, {34: 66}, rows((34, 3, "D"), (66, 3, "E"))),
        lambda: lake.forget([9, 41]),
        lambda: add(60, 5),
        lambda: lake.append(rows((5_000, 1, "A"))),
    ]
    add(60, 600)
    everything(lake.index())
    for step in steps:
        step()
        built.clear()
        went_on = everything(lake.index())
        gone_on += not built
        assert went_on == everything(anew(lake))
        everything(lake.index())

    assert gone_on == len(steps) - 1  # not after what was forgotten


def test_new_properties_are_known_to_an_index_that_goes_on(lake: Lake, built: list[int]) -> None:
    lake.index()
    built.clear()

    lake.append(rows((7, 1, "D"), properties='{"size": 43}'))

    assert lake.index().property_keys() == ("country", "n", "size")
    assert not built


def test_several_generations_are_caught_up_with_in_one_go(lake: Lake, built: list[int]) -> None:
    everything(lake.index())
    built.clear()
    for minute in range(20):
        lake.append(rows((7, 100 + minute, "D"), (80, minute, "E")))

    went_on = everything(lake.index())

    assert not built
    assert went_on == everything(anew(lake))


def test_a_late_event_touches_no_other_file_and_stands_where_it_belongs(lake: Lake) -> None:
    before = {path: path.stat().st_mtime_ns for path in (lake.folder / "events").glob("*.parquet")}

    lake.append(rows((7, 10, "late")))

    after = {path: path.stat().st_mtime_ns for path in (lake.folder / "events").glob("*.parquet")}
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()
    assert stories(lake)[7][10:12] == ["B", "late"]


def test_a_merge_rewrites_files_of_its_two_buckets_only(lake: Lake) -> None:
    before = set(lake.manifest().paths())

    merge(lake, {3: 4})

    assert {path[7:9] for path in before - set(lake.manifest().paths())} == {"03", "04"}
    assert len(stories(lake)[4]) == 80


def test_small_files_are_joined_so_that_a_bucket_never_has_many(lake: Lake) -> None:
    for minute in range(60):
        lake.append(rows((7, 100 + minute, "D")))

    assert len(lake.manifest().paths(7)) <= 4
    assert stories(lake)[7][40:] == ["D"] * 60


def test_too_many_files_become_one(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parcours.events.lake.lake.MOST_FILES_A_BUCKET", 2)
    lake.append(rows((7, 100, "D")))

    lake.append(rows((7, 101, "E")))

    assert len(lake.manifest().paths(7)) == 1
    assert stories(lake)[7][40:] == ["D", "E"]


def test_an_event_known_in_another_file_is_not_stored_again(lake: Lake) -> None:
    shutil.rmtree(lake.folder / "known")

    again = lake.append(rows((7, 3, "A"), (7, 200, "new"), (7, 200, "new")))

    assert (again.stored, again.already_there) == (2, 1)


def test_a_moved_event_is_known_to_the_winner(lake: Lake) -> None:
    with manifest.sole_writer(lake.brand_id), lake.staging() as staging:
        staging.rows.add(rows((3, 3, "A")))
        assert lake.take_in(staging, moves={3: 4}).stored == 0


def test_an_index_in_use_keeps_its_files_until_it_is_let_go(lake: Lake) -> None:
    used = lake.index()
    for minute in range(3):
        merge(lake, {minute + 20: 20 + minute + 32})
        index._open.clear()
        lake.index()

    assert len(used.column("properties.country").codes) == 2_800
    del used
    index._open.clear()
    lake.append(rows((1, 500, "A")))
    lake.index()
    lake.append(rows((1, 501, "A")))

    assert len(list((lake.folder / "index").iterdir())) == 1
    assert {path.name for path in (lake.folder / "events").glob("*.parquet")} >= {
        Path(path).name for path in lake.manifest().paths()
    }


def test_a_codes_width_that_no_longer_does_is_widened(lake: Lake, built: list[int]) -> None:
    everything(lake.index())

    lake.append(
        rows(*[(7, minute, f"name {minute}") for minute in range(300)], properties='{"country": "DE"}')
    )

    assert everything(lake.index()) == everything(anew(lake))
    assert lake.index().name_codes.dtype == np.uint16
