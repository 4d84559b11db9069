"""XES, the format of process mining: traces of events with typed attributes (IEEE 1849).

Read as a stream, one trace in memory at a time, with or without a namespace, packed or not. Nothing outside
of the file is ever opened: no DTD, no entities, no network.
"""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parcours.engine.arrow import arrow
from parcours.engine.errors import TimesError, UnreadableSourceError
from parcours.engine.log import ACTIVITY, CUSTOMER, TIME
from parcours.engine.reading.source import Piece
from parcours.engine.words import count
from parcours.engine.words import gettext as _

NAME, TIMESTAMP = "concept:name", "time:timestamp"
OF_TRACE = "case:"

Value = str | int | float | bool
_SIMPLE = frozenset({"string", "date", "int", "float", "boolean", "id"})


@dataclass(frozen=True, slots=True)
class Trace:
    """One case: its attributes and those of its events, in the order of the file."""

    number: int
    """Counted from 1."""
    line: int
    attributes: dict[str, Value]
    events: list[dict[str, Value]]
    event_lines: list[int]


def traces(path: Path) -> Iterator[Trace]:
    """The traces of a file, packed with gzip or not. Raises UnreadableSourceError where the XML breaks.

    Attributes of attributes and lists are passed over. Dates stay text, for their zone is read with them.
    """
    from lxml import etree

    number = 0
    with _opened(path) as file:
        events = etree.iterparse(
            file,
            events=("end",),
            tag="{*}trace",
            huge_tree=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        try:
            for _event, element in events:
                number += 1
                yield _trace(number, element)
                _forget(element)
        except etree.XMLSyntaxError as error:
            raise UnreadableSourceError(
                _("{path} is not well-formed XML: {reason}. {n} traces could be read before that.").format(
                    path=path, reason=error.msg, n=count(number)
                )
            ) from error
        except (OSError, EOFError) as error:
            raise UnreadableSourceError(
                _("{path} cannot be unpacked: {reason}").format(path=path, reason=error)
            ) from error


def _opened(path: Path) -> Any:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else path.open("rb")


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _trace(number: int, element: Any) -> Trace:
    trace = Trace(number, element.sourceline or 0, {}, [], [])
    for child in element:
        kind = _kind(child)
        if kind == "event":
            trace.events.append(_attributes(child))
            trace.event_lines.append(child.sourceline or 0)
        elif kind in _SIMPLE:
            _set(trace.attributes, kind, child)
    return trace


def _attributes(element: Any) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for child in element:
        kind = _kind(child)
        if kind in _SIMPLE:
            _set(found, kind, child)
    return found


def _kind(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""  # comments have a function for a tag


def _set(attributes: dict[str, Value], kind: str, element: Any) -> None:
    key, text = element.get("key"), element.get("value")
    if key is None or text is None:
        return
    try:
        attributes[key] = _value(kind, text)
    except ValueError as error:
        raise UnreadableSourceError(
            _("Line {line}: attribute “{key}” is said to be {kind}, but “{text}” is not.").format(
                line=element.sourceline, key=key, kind=kind, text=text
            )
        ) from error


def _value(kind: str, text: str) -> Value:
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    if kind == "boolean":
        if text.strip().lower() not in {"true", "false", "0", "1"}:
            raise ValueError(text)
        return text.strip().lower() in {"true", "1"}
    return text


class XesSource:
    """The events of all traces as columns; the attributes of a trace are columns that begin with “case:”."""

    defaults: Mapping[str, str] = {CUSTOMER: OF_TRACE + NAME, TIME: TIMESTAMP, ACTIVITY: NAME}

    def __init__(self, path: Path) -> None:
        self.path = path
        columns = _Columns()
        for trace in traces(path):
            self._check(trace)
            of_trace = {OF_TRACE + key: value for key, value in trace.attributes.items()}
            for event in trace.events:
                columns.add(of_trace | event)
        self.rows = columns.rows
        if not self.rows:
            raise UnreadableSourceError(
                _("{path} has no events: no <trace> with an <event> in it. Is it XES?").format(path=path)
            )
        self._columns = columns.finished()
        self.names = list(self._columns)

    def _check(self, trace: Trace) -> None:
        for place, event in enumerate(trace.events):
            if TIMESTAMP not in event:
                name = trace.attributes.get(NAME, trace.number)
                raise TimesError(
                    _(
                        "{path}, line {line}: event {n} of trace “{name}” has no {time}. "
                        "Every event needs a time."
                    ).format(
                        path=self.path, line=trace.event_lines[place], n=place + 1, name=name, time=TIMESTAMP
                    )
                )

    def load(self, names: list[str]) -> dict[str, Any]:
        return {name: self._columns[name] for name in names}

    def pieces(self) -> list[Piece]:
        return []


class _Columns:
    """Rows of differing keys, collected as columns."""

    def __init__(self) -> None:
        self.rows = 0
        self._values: dict[str, list[Value | None]] = {}

    def add(self, row: dict[str, Value]) -> None:
        for key, value in row.items():
            values = self._values.get(key)
            if values is None:
                values = self._values[key] = []
            if len(values) < self.rows:
                values.extend([None] * (self.rows - len(values)))
            values.append(value)
        self.rows += 1

    def finished(self) -> dict[str, Any]:
        pa = arrow()
        columns = {}
        for key, values in self._values.items():
            values.extend([None] * (self.rows - len(values)))
            columns[key] = pa.chunked_array([pa.array(_of_one_kind(values))])
        return columns


def _of_one_kind(values: list[Value | None]) -> list[Value | None]:
    """The values; all as text when some are text and others are not."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) < 2 or kinds == {int, float}:
        return values
    return [None if value is None else str(value) for value in values]
