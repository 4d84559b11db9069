"""XES files: a trace is a customer, its attributes are the profile's, those of an event are properties."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.engine import EngineError
from parcours.engine.reading.xes import NAME, OF_TRACE, Trace, traces
from parcours.events.arrow import pa
from parcours.events.imports.properties import object_of
from parcours.events.imports.rows import Progress, Rows

CHUNK = 32_768
_SAMPLED = 20


class XesSource:
    """An XES file, packed with gzip or not. Raises BadInput for one that is broken or has no trace.

    Attributes of the trace are columns that begin with `case:`; those that the mapping gives no role become
    traits.
    """

    format = "xes"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[str] = []
        self._read = 0
        self._first: list[Trace] = []
        for trace in self._traces():
            self._first.append(trace)
            if len(self._first) == _SAMPLED:
                break
        if not self._first:
            raise BadInput(_("The file has no traces; nothing was stored."), where=str(path))
        of_trace = dict.fromkeys(OF_TRACE + key for trace in self._first for key in trace.attributes)
        of_event = dict.fromkeys(key for trace in self._first for event in trace.events for key in event)
        self.columns = [*of_trace, *of_event]

    def sample(self, rows: int) -> list[dict[str, Any]]:
        found = [
            {**{OF_TRACE + key: value for key, value in trace.attributes.items()}, **event}
            for trace in self._first
            for event in trace.events
        ]
        return found[:rows]

    def chunks(self, roles: Mapping[str, str], traits: Mapping[str, str]) -> Iterator[Rows]:
        self._read = 0
        chunk = _Chunk(roles, traits)
        for trace in self._traces():
            chunk.add(trace)
            if chunk.read >= CHUNK:
                self._read += chunk.read
                yield chunk.finish()
                chunk = _Chunk(roles, traits)
        self._read += chunk.read
        yield chunk.finish()

    def progress(self) -> Progress:
        return Progress(self._read, 0)

    def _traces(self) -> Iterator[Trace]:
        try:
            yield from traces(self.path)
        except EngineError as error:
            raise BadInput(
                _("The file can't be read as XES: {reason}").format(reason=error), where=str(self.path)
            ) from error


class _Chunk:
    """The events of some traces."""

    def __init__(self, roles: Mapping[str, str], traits: Mapping[str, str]) -> None:
        self.read = 0
        self._roles = roles
        self._traits = dict(traits)
        self._used = {*roles.values(), *traits.values()}
        self._values: dict[str, list[Any]] = {role: [] for role in roles}
        self._of_profile: dict[str, list[Any]] = {}
        self._properties: list[str] = []
        self._lines: list[int] = []

    def add(self, trace: Trace) -> None:
        of_trace = {OF_TRACE + key: value for key, value in trace.attributes.items()}
        for event, line in zip(trace.events, trace.event_lines, strict=True):
            values = of_trace | event
            for role, column in self._roles.items():
                self._values[role].append(_plain(values.get(column)))
            rest = {key: value for key, value in event.items() if key not in self._used}
            self._properties.append(object_of(rest))
            self._lines.append(line)
        self._add_traits(of_trace, len(trace.events))

    def _add_traits(self, of_trace: Mapping[str, Any], events: int) -> None:
        named = {field: of_trace.get(column) for field, column in self._traits.items()}
        others = {
            column.removeprefix(OF_TRACE): value
            for column, value in of_trace.items()
            if column not in self._used and column != OF_TRACE + NAME
        }
        for field, value in (others | named).items():
            # Only the trace's first event carries them: they are the same for all.
            self._of_profile.setdefault(field, [None] * self.read).append(_plain(value))
        self.read += events
        for values in self._of_profile.values():
            values.extend([None] * (self.read - len(values)))
            del values[self.read :]

    def finish(self) -> Rows:
        properties = self._properties
        return Rows(
            lines=np.array(self._lines, np.int64),
            roles={role: pa.array(values, pa.string()) for role, values in self._values.items()},
            properties=pa.array(properties, pa.string()),
            raw=lambda row: properties[row],
            traits={field: pa.array(values, pa.string()) for field, values in self._of_profile.items()},
            read=self.read,
        )


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
