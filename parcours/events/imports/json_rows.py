"""JSON lines: one object a line, flat or as tracking clients send them."""

import gzip
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import numpy as np
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.events.arrow import pa
from parcours.events.imports.messages import MESSAGE_COLUMNS, is_message, read_message
from parcours.events.imports.properties import object_of
from parcours.events.imports.rejects import Reject
from parcours.events.imports.rows import People, Progress, Rows

CHUNK = 32_768
LONGEST_LINE = 4 * 1024 * 1024


class JsonSource:
    """A file of JSON lines, packed with gzip or not. Raises BadInput when its first lines are no JSON
    objects.

    `messages` says whether they are messages of a tracking client (track, page, screen, identify, alias,
    group).
    """

    format = "jsonl"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[str] = []
        self._size = path.stat().st_size
        self._file = path.open("rb")
        self._decoder = msgspec.json.Decoder()
        first = self.sample(200)
        if not first:
            raise BadInput(
                _("The file holds no JSON objects, one a line; nothing was stored."), where=str(path)
            )
        self.messages = sum(map(is_message, first)) * 2 > len(first)
        self.columns = list(dict.fromkeys(name for values in first for name in values))

    def sample(self, rows: int) -> list[dict[str, Any]]:
        found = []
        for _number, line in islice(self._lines(), rows * 2):
            values = self._object(line)
            if values is not None:
                found.append(values)
            if len(found) == rows:
                break
        return found

    def chunks(self, roles: Mapping[str, str], traits: Mapping[str, str]) -> Iterator[Rows]:
        lines = self._lines()
        while chunk := list(islice(lines, CHUNK)):
            yield self._rows(chunk, roles, traits)

    def progress(self) -> Progress:
        return Progress(self._file.tell() if not self._file.closed else self._size, self._size)

    def _rows(
        self, chunk: list[tuple[int, bytes]], roles: Mapping[str, str], traits: Mapping[str, str]
    ) -> Rows:
        collected = _Collected(self.messages and not roles, roles, traits)
        for number, line in chunk:
            values = self._object(line)
            if values is None:
                reason = _("The line is not a JSON object.")
                collected.rejects.append(Reject(number, reason, line.decode("utf-8", "replace")))
            else:
                collected.add(number, line, values)
        return collected.finish(len(chunk))

    def _object(self, line: bytes) -> dict[str, Any] | None:
        try:
            values = self._decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        return values if isinstance(values, dict) else None

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Lines that aren't blank, with their numbers; an overlong one comes cut and is then no JSON."""
        with self._opened() as file:
            number = 0
            try:
                while line := file.readline(LONGEST_LINE):
                    number += 1
                    while not line.endswith(b"\n") and file.readline(LONGEST_LINE).endswith(b"\n") is False:
                        if self._file.tell() >= self._size:
                            break
                    if number == 1:
                        line = line.removeprefix(b"\xef\xbb\xbf")
                    if line.strip():
                        yield number, line.rstrip(b"\r\n")
            except (OSError, EOFError) as error:
                raise BadInput(
                    _("The file can't be unpacked: {reason}.").format(reason=error), where=str(self.path)
                ) from error

    def _opened(self) -> BinaryIO:
        self._file.close()
        self._file = self.path.open("rb")
        packed = self._file.read(2) == b"\x1f\x8b"
        self._file.seek(0)
        return cast(BinaryIO, gzip.GzipFile(fileobj=self._file)) if packed else self._file


class _Collected:
    """The rows of a chunk while they are read."""

    def __init__(self, messages: bool, roles: Mapping[str, str], traits: Mapping[str, str]) -> None:
        self.rejects: list[Reject] = []
        self._messages = messages
        self._roles = dict.fromkeys(MESSAGE_COLUMNS) if messages else dict(roles)
        self._traits = traits
        self._taken = {*roles.values(), *traits.values()}
        self._values: dict[str, list[Any]] = {role: [] for role in self._roles}
        self._of_profile: dict[str, list[Any]] = {field: [] for field in traits}
        self._kinds: list[str] = []
        self._properties: list[str] = []
        self._lines: list[int] = []
        self._raw: list[bytes] = []
        self._people = People()

    def add(self, number: int, line: bytes, values: dict[str, Any]) -> None:
        if self._messages:
            self._add_message(number, line, values)
            return
        for role, column in self._roles.items():
            self._values[role].append(_plain(values.get(str(column))))
        for field, column in self._traits.items():
            self._of_profile[field].append(_plain(values.get(column)))
        rest = {name: value for name, value in values.items() if name not in self._taken}
        inner = rest.pop("properties", None)
        self._finish_row(number, line, {**rest, **inner} if isinstance(inner, dict) else rest)

    def _add_message(self, number: int, line: bytes, values: dict[str, Any]) -> None:
        message = read_message(values, self._people)
        if message is None:
            self._people.messages += 1
            return
        if isinstance(message, str):
            self.rejects.append(Reject(number, message, line.decode("utf-8", "replace")))
            return
        for role in MESSAGE_COLUMNS:
            self._values[role].append(message.roles.get(role))
        self._kinds.append(message.kind)
        self._finish_row(number, line, message.properties)

    def _finish_row(self, number: int, line: bytes, properties: dict[str, Any]) -> None:
        self._properties.append(object_of(properties))
        self._lines.append(number)
        self._raw.append(line)

    def finish(self, read: int) -> Rows:
        raw = self._raw
        return Rows(
            lines=np.array(self._lines, np.int64),
            roles={role: pa.array(values, pa.string()) for role, values in self._values.items()},
            properties=pa.array(self._properties, pa.string()),
            raw=lambda row: raw[row].decode("utf-8", "replace"),
            traits={field: pa.array(values, pa.string()) for field, values in self._of_profile.items()},
            kinds=pa.array(self._kinds, pa.string()) if self._messages else None,
            rejects=self.rejects,
            people=self._people if self._messages else None,
            read=read,
        )


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
