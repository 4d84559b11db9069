"""Which files of the lake are in effect; read and swapped in PostgreSQL."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from parcours.core.errors import InUse
from parcours.core.registry import stored_events
from parcours.events.lake.buckets import BucketChange
from parcours.events.lake.layout import lake_folder
from parcours.events.models import LakeFile, LakeState
from parcours.live.writes import publish

LIST = "_manifest.json"
_LOCK_SPACE = 0x1A4E
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in effect. Times are in microseconds since 1970; see `LakeFile` for `altered`."""

    bucket: int
    path: str
    rows: int
    first_time: int
    last_time: int
    altered: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation of a brand's lake: its files by bucket."""

    generation: int
    next_seq: int  # every event's arrival number is below
    files: dict[int, tuple[StoredFile, ...]]

    @property
    def rows(self) -> int:
        return sum(file.rows for files in self.files.values() for file in files)

    def rows_of(self, bucket: int) -> int:
        return sum(file.rows for file in self.files.get(bucket, ()))

    def paths(self, bucket: int | None = None) -> list[str]:
        """The files of one bucket, or all of them."""
        chosen = self.files.values() if bucket is None else [self.files.get(bucket, ())]
        return [file.path for files in chosen for file in files]


def generation_of(brand_id: uuid.UUID) -> int:
    return LakeState.objects.filter(brand_id=brand_id).values_list("generation", flat=True).first() or 0


def read_manifest(brand_id: uuid.UUID) -> Manifest:
    """The files in effect. One query, so that the files are those of the generation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.generation, s.next_seq, f.bucket, f.path, f.rows,"
            " (extract(epoch FROM f.first_time) * 1000000)::bigint,"
            " (extract(epoch FROM f.last_time) * 1000000)::bigint, f.altered FROM events_lakestate s"
            " LEFT JOIN events_lakefile f ON f.brand_id = s.brand_id"
            " WHERE s.brand_id = %s ORDER BY f.bucket, f.generation, f.path",
            [brand_id],
        )
        rows = cursor.fetchall()
    files: dict[int, tuple[StoredFile, ...]] = {}
    for _generation, _seq, bucket, path, *facts in rows:
        if path is not None:
            files[bucket] = (*files.get(bucket, ()), StoredFile(bucket, path, *facts))
    generation, next_seq = rows[0][:2] if rows else (0, 0)
    return Manifest(generation, next_seq, files)


def take_seq(brand_id: uuid.UUID) -> int:
    """The first free arrival number."""
    return LakeState.objects.get_or_create(brand_id=brand_id)[0].next_seq


@transaction.atomic
def swap(
    brand_id: uuid.UUID,
    changes: Iterable[BucketChange],
    *,
    next_seq: int | None = None,
    beside: Callable[[], None] | None = None,
) -> int:
    """Puts the new files in effect, all at once, and returns the new generation.

    `beside` writes what belongs into the same transaction. Handlers of `stored_events` are called after the
    commit.
    """
    LakeState.objects.get_or_create(brand_id=brand_id)
    state = LakeState.objects.select_for_update().get(brand_id=brand_id)
    state.generation += 1
    state.next_seq = max(state.next_seq, next_seq or 0)
    state.save(update_fields=["generation", "next_seq"])
    _put_in_effect(state, list(changes))
    if beside is not None:
        beside()
    generation = int(state.generation)
    transaction.on_commit(lambda: list_files(brand_id))
    transaction.on_commit(lambda: _tell(brand_id, generation))
    publish(brand_id, f"lake:{brand_id}", "numbers.changed", {"generation": generation})
    return generation


def _put_in_effect(state: LakeState, changes: list[BucketChange]) -> None:
    files = LakeFile.objects.filter(brand_id=state.brand_id)
    known = dict(files.values_list("bucket").annotate(Max("altered")))
    for bucket in {change.bucket for change in changes if change.altered or change.bucket not in known}:
        known[bucket] = state.generation
        files.filter(bucket=bucket).update(altered=state.generation)
    files.filter(path__in=[path for change in changes for path in change.dropped]).delete()
    LakeFile.objects.bulk_create(
        LakeFile(
            brand_id=state.brand_id,
            bucket=file.bucket,
            path=file.path,
            rows=file.rows,
            bytes=file.bytes,
            first_time=_EPOCH + timedelta(microseconds=file.first_time),
            last_time=_EPOCH + timedelta(microseconds=file.last_time),
            generation=state.generation,
            altered=known[file.bucket],
        )
        for change in changes
        for file in change.added
    )


def list_files(brand_id: uuid.UUID) -> None:
    """Names the files in effect beside them, for readers that do not ask the database: a cluster, a notebook.

    See `parcours.engine.reading.files`. Written aside and put in place, so that a reader finds a whole list.
    """
    current = read_manifest(brand_id)
    folder = lake_folder(brand_id) / "events"
    if not folder.is_dir():
        return
    names = [Path(path).name for path in current.paths()]
    aside = folder / f"{LIST}.{uuid.uuid4().hex}"
    aside.write_text(json.dumps({"generation": current.generation, "files": names}), encoding="utf-8")
    aside.replace(folder / LIST)


def mend_list(brand_id: uuid.UUID, generation: int) -> None:
    """Writes the list again where a process died between its commit and the list."""
    try:
        listed = json.loads((lake_folder(brand_id) / "events" / LIST).read_text("utf-8"))["generation"]
    except (OSError, ValueError, KeyError):
        listed = None
    if listed != generation:
        list_files(brand_id)


def _tell(brand_id: uuid.UUID, generation: int) -> None:
    for handler in stored_events.all().values():
        handler(brand_id, generation)


@contextmanager
def sole_writer(brand_id: uuid.UUID, *, patience: float = 3_600.0) -> Iterator[None]:
    """One process at a time changes a brand's lake. The lock falls with its holder, however it ends, for a
    connection of its own holds it.

    Raises InUse when another one holds it for longer than `patience` seconds.
    """
    import psycopg

    key = [_LOCK_SPACE, brand_id.int & 0x7FFFFFFF]
    deadline = monotonic() + patience
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as holder:
        while True:
            row = holder.execute("SELECT pg_try_advisory_lock(%s, %s)", key).fetchone()
            if row and row[0]:
                break
            if monotonic() > deadline:
                raise InUse(
                    _("Another import into this brand is running; nothing was changed."),
                    remedy=_("Wait until it is done and try again."),
                )
            sleep(0.1)
        yield
