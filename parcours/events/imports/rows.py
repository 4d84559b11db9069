"""What every format comes down to: chunks of rows whose columns have roles."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from parcours.events.imports.rejects import Reject

Array = Any
"""A pyarrow array or chunked array."""


@dataclass(slots=True)
class Rows:
    """A chunk of rows, one entry a row in every array.

    `roles` holds the columns that mean something (`customer`, `time`, …) as the mapping names them, of
    whatever type the file gave them; `traits` the columns that belong to the customer's profile, by field;
    `properties` everything else as a JSON object. `kinds` says by which kind of identity the customer is
    named; None means a user id throughout.
    """

    lines: npt.NDArray[np.int64]
    roles: dict[str, Array]
    properties: Array
    raw: Callable[[int], str]
    traits: dict[str, Array] = field(default_factory=dict)
    kinds: Array | None = None
    rejects: list[Reject] = field(default_factory=list)
    people: "People | None" = None
    read: int = 0
    """Rows that were read for this chunk, rejected ones included."""


@dataclass(slots=True)
class People:
    """What messages say about who is who."""

    profiles: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """(kind of identity, value, traits)"""
    groups: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)
    """(kind of identity, value, the group's key, what is said of the group)"""
    links: list[tuple[str, str]] = field(default_factory=list)
    """(anonymous id, user id)"""
    aliases: list[tuple[str, str]] = field(default_factory=list)
    """(previous id, user id)"""
    messages: int = 0
    """How many rows were such messages and no events."""


class Progress(NamedTuple):
    """How much of the file was read, in bytes or rows."""

    done: int
    total: int


class RowSource(Protocol):
    """A file that can be read in chunks."""

    format: str
    columns: list[str]
    """The names of the columns, as far as the beginning of the file tells."""
    notices: list[str]

    def sample(self, rows: int) -> list[dict[str, Any]]:
        """The first rows, as they stand in the file."""
        ...

    def chunks(self, roles: Mapping[str, str], traits: Mapping[str, str]) -> Iterator[Rows]:
        """The rows, in order. `roles` maps roles to columns, `traits` profile fields to columns."""
        ...

    def progress(self) -> Progress: ...
