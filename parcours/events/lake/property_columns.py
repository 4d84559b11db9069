"""One property of every event as codes and labels, read from the files once and kept beside the index."""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from parcours.core.rules import as_text
from parcours.events.arrow import ChunkedArray, Table
from parcours.events.lake.index import LakeColumn, mapped
from parcours.events.lake.index_build import bucket_table, coded, flush, new_array


def property_column(lake: Path, index: Path, files: list[list[str]], rows: int, key: str) -> LakeColumn:
    """The values of `properties.<key>`; a key with points that isn't there as it stands is looked for inside
    objects.
    """
    folder = index / "columns"
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    codes, labels = folder / f"{name}.npy", folder / f"{name}.json"
    if not labels.exists():
        folder.mkdir(exist_ok=True)
        _build(lake, files, rows, key, codes)
    return LakeColumn(mapped(codes), tuple(json.loads(labels.read_text("utf-8"))))


def _build(lake: Path, files: list[list[str]], rows: int, key: str, codes: Path) -> None:
    """Writes the codes and, beside them, the labels; these last, for they say that both are there."""
    known: dict[str, int] = {}
    part = codes.with_name(f".{uuid.uuid4().hex}.npy")
    array = new_array(part, np.int32, rows)
    done = 0
    for paths in files:
        found = coded(_extracted(bucket_table(lake, paths, ("properties",)), key), known)
        array[done : done + len(found)] = found
        done += len(found)
    texts, places = _as_in_rules(list(known))
    for start in range(0, rows, 1 << 20):
        array[start : start + (1 << 20)] = places[array[start : start + (1 << 20)]]
    flush(array)
    part.replace(codes)
    labels = codes.with_suffix(".json")
    written = labels.with_name(f".{uuid.uuid4().hex}.json")
    written.write_text(json.dumps(texts), "utf-8")
    written.replace(labels)


def _extracted(table: Table, key: str) -> ChunkedArray:
    database = duckdb.connect(config={"threads": "2"})
    try:
        database.register("events", table.select(["properties"]))
        value = f"json_extract_string(properties, {_literal(_quoted(key))})"
        if "." in key:
            value = f"coalesce({value}, json_extract_string(properties, {_literal(_nested(key))}))"
        query = f"SELECT {value} AS value FROM events"  # noqa: S608 - the key is quoted twice over
        return database.sql(query).to_arrow_table()["value"]
    finally:
        database.close()


def _quoted(key: str) -> str:
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _nested(key: str) -> str:
    return "$" + "".join(_quoted(part)[1:] for part in key.split("."))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _as_in_rules(labels: list[str]) -> tuple[list[str], npt.NDArray[Any]]:
    """The labels as rules write them (12.0 is 12), without doubles, and the place of each old one; the last
    is for -1.
    """
    texts: dict[str, int] = {}
    places = [texts.setdefault(_text(label), len(texts)) for label in labels]
    return list(texts), np.array([*places, -1], np.int32)


def _text(label: str) -> str:
    whole = label.removesuffix(".0")
    return whole if whole != label and whole.lstrip("-").isdecimal() else as_text(label)
