"""Properties of every event as codes and labels, read from the files once and kept beside the index."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from parcours.core.conditions import as_text
from parcours.events.arrow import Table
from parcours.events.lake.array_files import PIECE, ArrayWriter
from parcours.events.lake.bucket_rows import bucket_table, coded
from parcours.events.lake.index import LakeColumn, mapped
from parcours.events.memory import give_back_memory


def property_column(lake: Path, index: Path, files: list[list[str]], rows: int, key: str) -> LakeColumn:
    """The values of `properties.<key>`; a key with points that isn't there as it stands is looked for inside
    objects.
    """
    build_missing(lake, index, files, rows, [key])
    codes, labels = _kept_in(index, key)
    labels.touch()  # what is asked for is carried on into the next generation
    return LakeColumn(mapped(codes), tuple(json.loads(labels.read_text("utf-8"))["labels"]))


def build_missing(lake: Path, index: Path, files: list[list[str]], rows: int, keys: Sequence[str]) -> None:
    """Keeps the columns of these keys that aren't there yet, all of them in one reading of the files."""
    missing = [key for key in keys if not _kept_in(index, key)[1].exists()]
    if missing:
        (index / "columns").mkdir(exist_ok=True)
        _build(lake, files, rows, {key: _kept_in(index, key)[0] for key in missing})
        give_back_memory()


def _kept_in(index: Path, key: str) -> tuple[Path, Path]:
    """Where the codes and the labels of a key stand."""
    codes = index / "columns" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npy"
    return codes, codes.with_suffix(".json")


def _build(lake: Path, files: list[list[str]], rows: int, wanted: dict[str, Path]) -> None:
    """Writes the codes and, beside them, the labels; these last, for they say that both are there."""
    known: dict[str, dict[str, int]] = {key: {} for key in wanted}
    parts = {key: codes.with_name(f".{uuid.uuid4().hex}.npy") for key, codes in wanted.items()}
    arrays = {key: _new_array(part, np.int32, rows) for key, part in parts.items()}
    done = 0
    for paths in files:
        table = extracted(bucket_table(lake, paths, ("properties",)), list(wanted))
        for column, key in enumerate(wanted):
            found = coded(table.column(column), known[key])
            arrays[key][done : done + len(found)] = found
        done += len(table)
    for key, codes in wanted.items():
        _finish(arrays[key], parts[key], key, list(known[key]), codes)


def _finish(array: npt.NDArray[np.int32], part: Path, key: str, found: list[str], codes: Path) -> None:
    texts, places = as_in_rules(found)
    with ArrayWriter(part.with_suffix(".narrow"), code_kind(len(texts)), len(array)) as narrow:
        for start in range(0, len(array), PIECE):
            narrow.append(places[array[start : start + PIECE]])
    part.unlink()
    part.with_suffix(".narrow").replace(codes)
    write_labels(codes.with_suffix(".json"), key, texts)


def _new_array(path: Path, kind: Any, rows: int) -> npt.NDArray[Any]:
    """An array on disk to be filled; an empty one has nothing to map."""
    if not rows:
        np.save(path, np.empty(0, kind))
        return np.empty(0, kind)
    return np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=(rows,))


def code_kind(labels: int) -> type[np.signedinteger[Any]]:
    """The narrowest kind for so many codes, with room for some more."""
    return next((kind for kind in (np.int8, np.int16) if labels < np.iinfo(kind).max), np.int32)


def write_labels(path: Path, key: str, texts: list[str]) -> None:
    written = path.with_name(f".{uuid.uuid4().hex}.json")
    written.write_text(json.dumps({"key": key, "labels": texts}), "utf-8")
    written.replace(path)


def extracted(table: Table, keys: Sequence[str]) -> Table:
    """One column of text a key, in their order."""
    database = duckdb.connect(config={"threads": "2"})
    try:
        database.register("events", table.select(["properties"]))
        values = ", ".join(f"{_value_of(key)} AS value_{place}" for place, key in enumerate(keys))
        query = f"SELECT {values} FROM events"  # noqa: S608 - the keys are quoted twice over
        return database.sql(query).to_arrow_table()
    finally:
        database.close()


def _value_of(key: str) -> str:
    value = f"json_extract_string(properties, {_literal(_quoted(key))})"
    if "." in key:
        return f"coalesce({value}, json_extract_string(properties, {_literal(_nested(key))}))"
    return value


def _quoted(key: str) -> str:
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _nested(key: str) -> str:
    return "$" + "".join(_quoted(part)[1:] for part in key.split("."))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def as_in_rules(labels: list[str]) -> tuple[list[str], npt.NDArray[Any]]:
    """The labels as rules write them (12.0 is 12), without doubles, and the place of each old one; the last
    is for -1.
    """
    texts: dict[str, int] = {}
    places = [texts.setdefault(_text(label), len(texts)) for label in labels]
    return list(texts), np.array([*places, -1], np.int32)


def _text(label: str) -> str:
    whole = label.removesuffix(".0")
    return whole if whole != label and whole.lstrip("-").isdecimal() else as_text(label)
