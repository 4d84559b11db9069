"""Where columns come from: a table in memory, or a file of one of the known formats."""

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from parcours.engine.arrow import arrow
from parcours.engine.errors import UnreadableSourceError
from parcours.engine.words import gettext as _

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
# Rows that make a piece.
PIECE = 1 << 19


@dataclass(frozen=True, slots=True)
class Names:
    """What the columns are called; a channel need not be."""

    customer: str
    time: str
    activity: str
    channel: str | None

    def all(self) -> list[str]:
        named = [self.customer, self.time, self.activity, self.channel]
        return list(dict.fromkeys(name for name in named if name is not None))


class Piece(NamedTuple):
    """Some rows of a source, which can be loaded by themselves."""

    rows: int
    load: Callable[[list[str]], dict[str, Any]]
    """These columns as arrow ChunkedArrays."""


class Source(Protocol):
    names: list[str]
    """All columns there are."""
    rows: int
    defaults: Mapping[str, str]
    """What customer, time and activity are called unless the caller says so."""

    def load(self, names: list[str]) -> dict[str, Any]:
        """These columns as arrow ChunkedArrays."""
        ...

    def pieces(self) -> list[Piece]:
        """All rows in pieces, in order; none where loading by pieces saves nothing."""
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

    def pieces(self) -> list[Piece]:
        return []


class ParquetSource:
    """A Parquet file, of which only the columns that are used are read."""

    defaults: Mapping[str, str] = {}

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self.path = path
        with _explained(path, "Parquet"), pq.ParquetFile(path) as file:
            footer = file.metadata
            schema = file.schema_arrow
        self.rows = footer.num_rows
        self._groups = [footer.row_group(each).num_rows for each in range(footer.num_row_groups)]
        self.names = list(schema.names)
        self._texts = [field.name for field in schema if _is_text(field.type)]

    def load(self, names: list[str]) -> dict[str, Any]:
        with self._opened(names) as file:
            table = file.read(columns=names)
        return {name: table[name] for name in names}

    def pieces(self) -> list[Piece]:
        return [
            Piece(sum(self._groups[group] for group in groups), partial(self._load_groups, groups))
            for groups in in_pieces(self._groups)
        ]

    def _load_groups(self, groups: Sequence[int], names: list[str]) -> dict[str, Any]:
        with self._opened(names) as file:
            table = file.read_row_groups(groups, columns=names, use_threads=False)
        return {name: table[name] for name in names}

    @contextmanager
    def _opened(self, names: list[str]) -> Iterator[Any]:
        import pyarrow.parquet as pq

        texts = [name for name in self._texts if name in names]
        with (
            _explained(self.path, "Parquet"),
            pq.ParquetFile(self.path, read_dictionary=texts, memory_map=True) as file,
        ):
            if file.metadata.num_rows != self.rows:
                raise UnreadableSourceError(
                    _("{path} has changed since the log was read. Read it again.").format(path=self.path)
                )
            yield file


def in_pieces(groups: Sequence[int]) -> list[list[int]]:
    """The row groups of a file, of which this gives the rows, put together to pieces worth a thread."""
    pieces: list[list[int]] = []
    rows = PIECE
    for group, size in enumerate(groups):
        if rows >= PIECE:
            pieces.append([])
            rows = 0
        pieces[-1].append(group)
        rows += size
    return pieces


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
            _("{path} is not text, so it cannot be {kind}. Is it another format?").format(
                path=path, kind=kind.upper()
            )
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
        raise UnreadableSourceError(_("There is no file {path}.").format(path=path)) from error
    except (OSError, EOFError) as error:
        raise UnreadableSourceError(
            _("{path} cannot be read: {reason}").format(path=path, reason=error)
        ) from error
    if not start:
        raise UnreadableSourceError(_("{path} is empty.").format(path=path))
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
        raise UnreadableSourceError(
            _("{path} cannot be read as {kind}: {reason}").format(path=path, kind=kind, reason=error)
        ) from error
