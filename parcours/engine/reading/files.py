"""Many Parquet files as one source: a folder, a list of files, either of them in an object store.

The rows are those of the files in the order of their paths, or of the list. A folder may hold a file
`_manifest.json` that names those of its files that count (`{"files": ["00-….parquet", …]}`); without it every
`*.parquet` below the folder counts, but for hidden ones, whose names begin with a dot or an underscore.

The lake of Parcours is recognised by its columns and the names of its files: each of its buckets
(`07-<32 hexadecimal digits>.parquet`) holds all events of its customers, whose order of arrival is `seq`, and
its activity is `name`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from parcours.engine.arrays import Int64s
from parcours.engine.arrow import arrow, as_type, one_array, take
from parcours.engine.errors import UnreadableSourceError
from parcours.engine.log import ACTIVITY, CUSTOMER, TIME
from parcours.engine.reading.source import Piece, in_pieces
from parcours.engine.words import gettext as _

MANIFEST = "_manifest.json"
ARRIVAL, NAME = "seq", "name"
_LAKE = frozenset({CUSTOMER, TIME, ARRIVAL, NAME, "event_id"})
_BUCKET = re.compile(r"(?:^|/)(\d+)-[0-9a-f]{32}\.parquet$")
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class File:
    path: str
    rows: int
    first: int
    """The number of its first row, counted through all files."""
    groups: tuple[int, ...]
    """The rows of each row group."""
    names: tuple[str, ...]
    """Its columns."""


@dataclass(frozen=True)
class Files:
    """Files that make one log, and how to reach them. Cheap to send to another process."""

    filesystem: Any
    files: tuple[File, ...]
    schema: Any
    """All columns of all files, text never as a dictionary."""

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def is_lake(self) -> bool:
        return set(self.schema.names) >= _LAKE and all(_BUCKET.search(file.path) for file in self.files)

    def buckets(self) -> "list[Files]":
        """The files of each bucket of a lake."""
        return [
            Files(self.filesystem, tuple(files), self.schema) for _, files in groupby(self.files, _bucket_of)
        ]


def is_many(source: Any) -> bool:
    """Whether a source is for `find`: a list of files, a folder, or an address such as s3://lake/events."""
    if isinstance(source, str) and "://" in source:
        return True
    if isinstance(source, str | PathLike):
        return Path(source).is_dir()
    return isinstance(source, list | tuple) and all(isinstance(each, str | PathLike) for each in source)


def find(source: Any) -> Files:
    """The files of a folder, an address, or a list of either. Raises UnreadableSourceError."""
    wanted = list(source) if isinstance(source, list | tuple) else [source]
    if not wanted:
        raise UnreadableSourceError(_("The list of files is empty."))
    filesystem, paths = None, list[str]()
    for each in wanted:
        if not isinstance(each, str | PathLike):
            raise UnreadableSourceError(
                _("{kind} is not a path of Parquet files.").format(kind=type(each).__name__)
            )
        filesystem, path = _reached(fspath(each), filesystem)
        paths += _parquet_files(filesystem, path)
    if all(_BUCKET.search(path) for path in paths):
        paths.sort()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        footers = list(pool.map(lambda path: _footer(filesystem, path), paths))
    files, first = [], 0
    for path, (schema, groups) in zip(paths, footers, strict=True):
        files.append(File(path, sum(groups), first, groups, tuple(schema.names)))
        first += sum(groups)
    return Files(filesystem, tuple(files), _common(paths, [schema for schema, _ in footers]))


def _reached(address: str, known: Any) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    from pyarrow import fs

    try:
        if "://" in address:
            found, path = fs.FileSystem.from_uri(address)
        else:
            found, path = fs.LocalFileSystem(), str(Path(address).absolute())
    except (arrow().ArrowException, OSError, ValueError) as error:
        raise UnreadableSourceError(
            _("{path} cannot be reached: {reason}").format(path=address, reason=error)
        ) from error
    return (known if known is not None and known.equals(found) else found), path


def _parquet_files(filesystem: Any, path: str) -> list[str]:
    from pyarrow import fs

    try:
        kind = filesystem.get_file_info(path).type
        if kind == fs.FileType.File:
            return [path]
        if kind == fs.FileType.NotFound:
            raise UnreadableSourceError(_("There is no file or folder {path}.").format(path=path))
        listed = _manifest(filesystem, path)
        if listed is not None:
            return listed
        below = filesystem.get_file_info(fs.FileSelector(path, recursive=True))
    except (arrow().ArrowException, OSError) as error:
        raise UnreadableSourceError(
            _("{path} cannot be read: {reason}").format(path=path, reason=error)
        ) from error
    found = sorted(info.path for info in below if info.is_file and _counts(info.path[len(path) :]))
    if not found:
        raise UnreadableSourceError(
            _("The folder {path} holds no file that ends with .parquet.").format(path=path)
        )
    return found


def _counts(path: str) -> bool:
    return path.endswith(".parquet") and not any(part[:1] in {".", "_"} for part in path.split("/"))


def _manifest(filesystem: Any, folder: str) -> list[str] | None:
    from pyarrow import fs

    path = f"{folder.rstrip('/')}/{MANIFEST}"
    if filesystem.get_file_info(path).type == fs.FileType.NotFound:
        return None
    with filesystem.open_input_stream(path) as file:
        content = file.read()
    try:
        names = json.loads(content)["files"]
        return [f"{folder.rstrip('/')}/{name}" for name in sorted(names)]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableSourceError(
            _("{path} is not a list of files: {reason}").format(path=path, reason=repr(error))
        ) from error


def _footer(filesystem: Any, path: str) -> tuple[Any, tuple[int, ...]]:
    """The columns of a file, and the rows of each of its groups."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(filesystem.open_input_file(path)) as file:
            footer = file.metadata
            groups = tuple(footer.row_group(each).num_rows for each in range(footer.num_row_groups))
            return _plain(file.schema_arrow), groups
    except (arrow().ArrowException, OSError) as error:
        raise UnreadableSourceError(
            _("{path} cannot be read as {kind}: {reason}").format(path=path, kind="Parquet", reason=error)
        ) from error


def _plain(schema: Any) -> Any:
    pa = arrow()
    return pa.schema(
        [
            field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
            for field in schema
        ]
    )


def _common(paths: Sequence[str], schemas: Sequence[Any]) -> Any:
    pa = arrow()
    try:
        return pa.unify_schemas(schemas, promote_options="permissive")
    except arrow().ArrowException as error:
        raise UnreadableSourceError(
            _("The files from {first} to {last} do not fit each other: {reason}").format(
                first=paths[0], last=paths[-1], reason=error
            )
        ) from error


def _bucket_of(file: File) -> int:
    found = _BUCKET.search(file.path)
    return int(found[1]) if found else -1


class FilesSource:
    """The rows of many files; of a lake in the order of bucket, customer, time and arrival."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.names: list[str] = list(files.schema.names)
        self.rows = files.rows
        lake = files.is_lake and ACTIVITY not in self.names
        self.defaults: Mapping[str, str] = {ACTIVITY: NAME} if lake else {}

    def load(self, names: list[str]) -> dict[str, Any]:
        found = self._read(names)
        order = self._order
        if order is None:
            return found
        return {name: take(one_array(values), order) for name, values in found.items()}

    def pieces(self) -> list[Piece]:
        """By file and row groups, where the files have the order of the rows and all the same columns."""
        if self._order is not None or any(set(file.names) < set(self.names) for file in self.files.files):
            return []
        return [
            Piece(sum(file.groups[group] for group in groups), partial(self._load_groups, file, groups))
            for file in self.files.files
            for groups in in_pieces(file.groups)
        ]

    def _load_groups(self, file: File, groups: Sequence[int], names: list[str]) -> dict[str, Any]:
        table = read_file(self.files, file, names, groups)
        kinds = {name: self.files.schema.field(name).type for name in names}
        return {
            name: table[name] if _is_text(kinds[name]) else as_type(table[name], kinds[name])
            for name in names
        }

    @cached_property
    def _order(self) -> Int64s | None:
        """The order of the rows; None when the files have it. A bucket of one file is in order."""
        if not self.files.is_lake or all(len(bucket.files) == 1 for bucket in self.files.buckets()):
            return None
        keys = self._read([ARRIVAL, TIME, CUSTOMER])
        whole = arrow().int64()
        columns = [one_array(values).cast(whole).to_numpy(zero_copy_only=False) for values in keys.values()]
        bucket = np.repeat(
            [_bucket_of(file) for file in self.files.files], [file.rows for file in self.files.files]
        )
        return np.lexsort([*columns, bucket]).astype(np.int64)

    def _read(self, names: list[str]) -> dict[str, Any]:
        pa = arrow()
        tables = list(self._tables(names))
        whole = pa.concat_tables(tables, promote_options="permissive")
        for name in names:
            if name not in whole.column_names:
                nothing = pa.nulls(whole.num_rows, self.files.schema.field(name).type)
                whole = whole.append_column(name, nothing)
        return {name: whole[name] for name in names}

    def _tables(self, names: list[str]) -> Iterator[Any]:
        for file in self.files.files:
            table = read_file(self.files, file, names)
            if table.num_rows != file.rows:
                raise UnreadableSourceError(
                    _("{path} has changed since the log was read. Read it again.").format(path=file.path)
                )
            yield table


def read_file(files: Files, file: File, names: list[str], groups: Sequence[int] | None = None) -> Any:
    """Those of these columns that a file has, of all rows or of some row groups; text as dictionaries.

    Raises UnreadableSourceError.
    """
    import pyarrow.parquet as pq

    present = [name for name in names if name in file.names]
    texts = [name for name in present if _is_text(files.schema.field(name).type)]
    try:
        with pq.ParquetFile(files.filesystem.open_input_file(file.path), read_dictionary=texts) as opened:
            return opened.read(present) if groups is None else opened.read_row_groups(list(groups), present)
    except (arrow().ArrowException, OSError) as error:
        raise UnreadableSourceError(
            _("{path} cannot be read as {kind}: {reason}").format(
                path=file.path, kind="Parquet", reason=error
            )
        ) from error


def _is_text(kind: Any) -> bool:
    types = arrow().types
    return bool(types.is_string(kind) or types.is_large_string(kind))
