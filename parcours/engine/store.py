"""A log as a directory of flat arrays that are mapped into memory rather than read.

    meta.json         format, number of events and customers, labels, names of columns
    offsets.npy time.npy activity.npy channel.npy
    customers.arrow   the ids, and what is known once a customer
    columns.arrow     the other properties, one value an event

It is a copy made for speed, not for keeping: what cannot be opened is made again from its source.
"""

import json
import shutil
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from parcours.engine.arrow import arrow, one_array, table
from parcours.engine.columns import Column
from parcours.engine.errors import UnreadableSourceError
from parcours.engine.log import CUSTOMER, EventLog
from parcours.engine.words import gettext as _

FORMAT = 1
META = "meta.json"


def save_log(log: EventLog, directory: str | PathLike[str]) -> None:
    """Write beside, then put in place, so that a reader finds the old log or the new one whole."""
    target = Path(directory)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for name, values in _arrays(log).items():
        np.save(fresh / f"{name}.npy", values)
    per_customer = {name: column for name, column in log.columns.items() if column.per == "customer"}
    per_event = {name: column for name, column in log.columns.items() if column.per == "event"}
    once = {name: column.arrow for name, column in per_customer.items()}
    _write(fresh / "customers.arrow", {CUSTOMER: log.customers} | once)
    _write(fresh / "columns.arrow", {name: column.arrow for name, column in per_event.items()})
    meta = {
        "format": FORMAT,
        "events": len(log),
        "customers": log.n_customers,
        "activities": log.activities,
        "channels": log.channels if log.channel else None,
        "customer_columns": list(per_customer),
        "event_columns": list(per_event),
        "skipped": log.skipped,
    }
    (fresh / META).write_text(json.dumps(meta), encoding="utf-8")
    _put_in_place(fresh, target)


def _arrays(log: EventLog) -> dict[str, Any]:
    arrays: dict[str, Any] = {"offsets": log.offsets, "time": log.time, "activity": log.activity.codes}
    return arrays | ({"channel": log.channel.codes} if log.channel else {})


def _write(path: Path, columns: dict[str, Any]) -> None:
    pa, rows = arrow(), table(columns)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)


def _put_in_place(fresh: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def open_log(directory: str | PathLike[str]) -> EventLog:
    folder = Path(directory)
    try:
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        if meta["format"] != FORMAT:
            raise UnreadableSourceError(
                _("{path} is of format {found}, not {wanted}. Make it again.").format(
                    path=folder, found=meta["format"], wanted=FORMAT
                )
            )
        channels = meta["channels"]
        log = EventLog.from_codes(
            customers=_LazyIds(folder / "customers.arrow", meta["customers"]),
            offsets=_mapped(folder, "offsets"),
            time=_mapped(folder, "time"),
            activity=_mapped(folder, "activity"),
            activities=meta["activities"],
            channel=None if channels is None else _mapped(folder, "channel"),
            channels=channels,
            columns=_columns(folder, meta),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableSourceError(
            _("{path} does not hold a saved log: {reason}").format(path=folder, reason=error)
        ) from error
    log.skipped.update(meta["skipped"])
    return log


def _mapped(folder: Path, name: str) -> Any:
    # A plain array over the map: numpy's memmap type costs more at every slice.
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))


def _columns(folder: Path, meta: dict[str, Any]) -> dict[str, Column]:
    events, customers = folder / "columns.arrow", folder / "customers.arrow"
    columns = {name: _column(events, name, "event") for name in meta["event_columns"]}
    return columns | {name: _column(customers, name, "customer") for name in meta["customer_columns"]}


def _column(path: Path, name: str, per: Any) -> Column:
    return Column(lambda: _read(path, name), per=per)


def _read(path: Path, name: str) -> Any:
    pa = arrow()
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()[name]


class _LazyIds:
    """The ids of customers, of which first only the number is known."""

    def __init__(self, path: Path, count: int) -> None:
        self.path, self.count = path, count

    def __len__(self) -> int:
        return self.count

    def __arrow_array__(self, type: Any = None) -> Any:  # noqa: A002
        ids = one_array(_read(self.path, CUSTOMER))
        return ids if type is None else ids.cast(type)
