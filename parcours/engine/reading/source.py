"""Where columns come from: a table in memory, or a file of one of the known formats."""

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from parcours.engine.arrow import arrow
from parcours.engine.errors import UnreadableSourceError

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"


class Source(Protocol):
    names: list[str]
    """All columns there are."""
    rows: int
    defaults: Mapping[str, str]
    """What customer, time and activity are called unless the caller says so."""

    def load(self, names: list[str]) -> dict[str, Any]:
        """These columns as arrow ChunkedArrays."""
        ...


class TableSource:
    """A table in memory; a struct of JSON becomes one column a field, “properties.price”."""

    def __init__(self, table: Any, defaults: Mapping[str, str] | None = None) -> None:
        while any(arrow().types.is_struct(field.type) for field in table.schema):
            table = table.flatten()
        self.table = _without_views(table)
        self.names = list(table.column_names)
        self.rows = table.num_rows
        self.defaults = defaults or {}

    def load(self, names: list[str]) -> dict[str, Any]:
        return {name: self.table[name] for name in names}


class ParquetSource:
    """A Parquet file, of which only the columns that are used are read."""

    defaults: Mapping[str, str] = {}

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self.path = path
        with _explained(path, "Parquet"), pq.ParquetFile(path) as file:
            self.rows = file.metadata.num_rows
            schema = file.schema_arrow
        self.names = list(schema.names)
        self._texts = [field.name for field in schema if _is_text(field.type)]

    def load(self, names: list[str]) -> dict[str, Any]:
        import pyarrow.parquet as pq

        texts = [name for name in self._texts if name in names]
        with (
            _explained(self.path, "Parquet"),
            pq.ParquetFile(self.path, read_dictionary=texts, memory_map=True) as file,
        ):
            table = file.read(columns=names)
        if table.num_rows != self.rows:
            raise UnreadableSourceError(f"{self.path} has changed since the log was read. Read it again.")
        return {name: table[name] for name in names}


def from_file(path: Path, text: set[str], time: str) -> Source:
    """The source for a file, by its ending or, without a known one, its first bytes.

    `text` and `time` name columns that are taken as text whatever their values look like. Raises
    UnreadableSourceError.
    """
    head = _head(path)
    kind = _kind(path, head)
    if kind == "parquet":
        return ParquetSource(path)
    if kind == "xes":
        from parcours.engine.reading.xes import XesSource

        return XesSource(path)
    if b"\0" in head:
        raise UnreadableSourceError(
            f"{path} is not text, so it cannot be {kind.upper()}. Is it another format?"
        )
    return _csv(path, head, text | {time}) if kind == "csv" else _jsonl(path, time)


def _head(path: Path, length: int = 65_536) -> bytes:
    """The first bytes, unpacked if the file is packed with gzip."""
    try:
        with path.open("rb") as file:
            start = file.read(length)
        if start.startswith(GZIP):
            with gzip.open(path) as file:
                start = file.read(length)
    except FileNotFoundError as error:
        raise UnreadableSourceError(f"There is no file {path}.") from error
    except (OSError, EOFError) as error:
        raise UnreadableSourceError(f"{path} cannot be read: {error}.") from error
    if not start:
        raise UnreadableSourceError(f"{path} is empty.")
    return start


def _kind(path: Path, head: bytes) -> str:
    if head.startswith(PARQUET):
        return "parquet"
    name = path.name.lower().removesuffix(".gz")
    for ending, kind in _ENDINGS.items():
        if name.endswith(ending):
            return kind
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "xes" if start.startswith(b"<") else "jsonl" if start.startswith(b"{") else "csv"


_ENDINGS = {
    ".parquet": "parquet",
    ".xes": "xes",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
}


def _csv(path: Path, head: bytes, text: set[str]) -> TableSource:
    """Text columns stay as they are written (“007”); an empty cell is no value."""
    import pyarrow.csv

    header = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    delimiter = max(b",;\t|", key=lambda each: header.count(bytes([each])))
    with _explained(path, "CSV"), _opened(path) as file:
        table = pyarrow.csv.read_csv(
            file,
            parse_options=pyarrow.csv.ParseOptions(delimiter=chr(delimiter), newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(text, arrow().string()), null_values=[""], strings_can_be_null=True
            ),
        )
    return TableSource(table)


def _jsonl(path: Path, time: str) -> TableSource:
    import pyarrow.json

    pa = arrow()
    with _explained(path, "JSON lines"), _opened(path) as file:
        table = pyarrow.json.read_json(
            file,
            parse_options=pyarrow.json.ParseOptions(
                explicit_schema=pa.schema([(time, pa.string())]), newlines_in_values=False
            ),
        )
    if table[time].null_count == table.num_rows:
        table = table.drop_columns([time])
    return TableSource(table)


def _opened(path: Path) -> Any:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    pa = arrow()
    return pa.CompressedInputStream(pa.OSFile(str(path)), "gzip") if packed else pa.OSFile(str(path))


def _without_views(table: Any) -> Any:
    """Text as polars hands it over is not understood by every function of arrow yet."""
    pa = arrow()
    for place, field in enumerate(table.schema):
        if pa.types.is_string_view(field.type):
            table = table.set_column(place, field.name, table[place].cast(pa.large_string()))
    return table


def _is_text(kind: Any) -> bool:
    types = arrow().types
    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind))


@contextmanager
def _explained(path: Path, kind: str) -> Iterator[None]:
    """Turn what arrow says about a file into an UnreadableSourceError."""
    try:
        yield
    except (arrow().ArrowException, OSError, EOFError) as error:
        raise UnreadableSourceError(f"{path} cannot be read as {kind}: {error}") from error
