"""New files for a bucket: what is stored and what is new, each event once, in order."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parcours.events.lake.event_files import EventFileWriter, NewFile, stored_schema
from parcours.events.lake.layout import ROW_GROUP, staged_schema

if TYPE_CHECKING:
    import duckdb

    from parcours.events.arrow import RecordBatch

MEMORY = "192MB"


@dataclass(frozen=True, slots=True)
class BucketChange:
    """What to do to the manifest of one bucket.

    `stored` events more (or less) are in it then. It is `altered` when events that it held have gone or have
    another customer, not when some have only come or moved to another file.
    """

    bucket: int
    stored: int
    added: tuple[NewFile, ...]
    dropped: tuple[str, ...]
    altered: bool = False


class BucketWriter:
    """Writes new files into a brand's folder."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder = folder
        self._scratch = scratch

    def change(
        self,
        bucket: int,
        files: Sequence[str],
        *,
        staged: "Iterable[RecordBatch]" = (),
        moved_in: "Iterable[RecordBatch]" = (),
        moved_out: Iterable[int] = (),
        rewrite: bool = False,
    ) -> BucketChange | None:
        """Adds what is new among the staged rows to the bucket's files; None when nothing changes.

        `moved_in` are stored rows that come from other buckets, `moved_out` customers whose stored rows leave
        this one. With `rewrite` (and always when rows move) the bucket becomes one file; else the new rows
        become a file beside the others.
        """
        leaving = list(moved_out)
        with self._database() as database:
            self._load_stored(database, files, moved_in, leaving)
            self._load_fresh(database, staged)
            stored = int(database.execute("SELECT count(*) FROM fresh").fetchall()[0][0])
            moving = bool(leaving) or bool(database.execute("SELECT count(*) FROM moved_in").fetchall()[0][0])
            if not stored and not moving and not (rewrite and len(files) > 1):
                return None
            whole = rewrite or moving or not files
            query = "SELECT * FROM fresh" + (" UNION ALL SELECT * FROM stored" if whole else "")  # noqa: S608
            added = self._write(database, bucket, query)
        return BucketChange(bucket, stored, added, tuple(files) if whole else (), altered=moving)

    @contextmanager
    def _database(self) -> "Iterator[duckdb.DuckDBPyConnection]":
        import duckdb

        database = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "threads": "2",
                "temp_directory": str(self._scratch),
                "preserve_insertion_order": "false",
            }
        )
        try:
            yield database
        finally:
            database.close()

    def _load_stored(
        self,
        database: "duckdb.DuckDBPyConnection",
        files: Sequence[str],
        moved_in: "Iterable[RecordBatch]",
        leaving: list[int],
    ) -> None:
        """Makes `stored`, the bucket as it is without those who leave and with those who come."""
        from parcours.events.arrow import pa

        database.register("arriving", pa.RecordBatchReader.from_batches(stored_schema(), iter(moved_in)))
        database.execute(f"CREATE TEMP TABLE moved_in AS SELECT {_COLUMNS} FROM arriving")  # noqa: S608 - fixed names
        database.register("leaving", pa.table({"customer": pa.array(leaving, pa.int64())}))
        parts = [f"SELECT {_COLUMNS} FROM moved_in"]  # noqa: S608 - fixed names
        if files:
            paths = ", ".join("'" + str(self._folder / file).replace("'", "''") + "'" for file in files)
            kept = " WHERE customer NOT IN (SELECT customer FROM leaving)" if leaving else ""
            # Files of before there was a column have nulls in it: `moved_in` names them all.
            parts.append(
                f"SELECT {_COLUMNS} FROM"  # noqa: S608 - our own paths
                f" (SELECT * FROM read_parquet([{paths}], union_by_name = true){kept}"
                " UNION ALL BY NAME SELECT * FROM moved_in WHERE FALSE)"
            )
        database.execute(f"CREATE TEMP VIEW stored AS {' UNION ALL '.join(parts)}")

    def _load_fresh(self, database: "duckdb.DuckDBPyConnection", staged: "Iterable[RecordBatch]") -> None:
        """Makes `fresh`, the staged rows that the bucket doesn't hold yet, with their final ids.

        Rows with the same content are told apart by counting them, so a file taken in twice stores nothing
        new, and a file that holds a row twice stores it twice.
        """
        from parcours.events.arrow import pa

        database.register("staged", pa.RecordBatchReader.from_batches(staged_schema(), iter(staged)))
        database.execute(
            "CREATE TEMP TABLE fresh AS WITH numbered AS ("  # noqa: S608 - fixed names
            " SELECT *, row_number() OVER (PARTITION BY content ORDER BY seq) AS nth FROM staged), named AS ("
            " SELECT customer, time, seq, CASE WHEN nth = 1 THEN content"
            " ELSE unhex(md5(hex(content) || ':' || nth)) END AS event_id,"
            " name, channel, source, received, properties, NULLIF(home, customer) AS home"
            " FROM numbered WHERE NOT (explicit AND nth > 1))"
            f" SELECT {_COLUMNS} FROM named ANTI JOIN (SELECT event_id FROM stored) known USING (event_id)"
        )

    def _write(self, database: "duckdb.DuckDBPyConnection", bucket: int, query: str) -> tuple[NewFile, ...]:
        """Writes the rows of the query in order; no file when there are none."""
        writer = EventFileWriter(self._folder, bucket)
        for batch in database.sql(f"{query} ORDER BY customer, time, seq").to_arrow_reader(ROW_GROUP):
            writer.add(batch)
        return writer.close()


_COLUMNS = (
    "customer, time, seq, event_id, name::VARCHAR AS name, channel::VARCHAR AS channel,"
    " source::VARCHAR AS source, received, properties, home"
)
