"""The log that the simulation fills: blocks of events with the same name, put in order of time at the end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from parcours.demo.arrays import Flags, Ints, Texts

SHOP, SERVICE = "shop", "service"
"""Where an event was recorded: by the shop's site, app and till, or by the tools of the service team."""


@dataclass(frozen=True, slots=True)
class Block:
    """Events of one name. A property is one value for all or an array with one for each; None is absent."""

    name: str
    source: str
    customer: Ints
    time: Ints
    channel: Texts
    properties: dict[str, Any]

    def part(self, kept: Flags) -> "Block":
        return Block(
            self.name,
            self.source,
            self.customer[kept],
            self.time[kept],
            self.channel[kept],
            {
                key: value[kept] if isinstance(value, np.ndarray) else value
                for key, value in self.properties.items()
            },
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        """The properties of each event, without the absent ones."""
        count = len(self.customer)
        columns = [
            value.tolist() if isinstance(value, np.ndarray) else [value] * count
            for value in self.properties.values()
        ]
        keys = list(self.properties)
        if not keys:
            yield from ({} for _event in range(count))
        for values in zip(*columns, strict=True):
            yield {key: value for key, value in zip(keys, values, strict=True) if value is not None}


@dataclass
class Log:
    """Collects blocks between `start` and `end` (seconds, UTC); what lies outside has not happened yet."""

    start: int
    end: int
    blocks: list[Block] = field(default_factory=list)

    def add(
        self,
        name: str,
        customer: Ints,
        time: Ints,
        channel: str | Texts,
        *,
        source: str = SHOP,
        where: Flags | None = None,
        **properties: Any,
    ) -> None:
        """Records one event for each customer, or for those `where` says so."""
        channels = (
            channel if isinstance(channel, np.ndarray) else np.full(len(customer), channel, dtype=object)
        )
        moments = time.astype(np.int64)
        kept = (moments >= self.start) & (moments < self.end)
        if where is not None:
            kept &= where
        if kept.any():
            self.blocks.append(Block(name, source, customer, moments, channels, properties).part(kept))

    @cached_property
    def order(self) -> Ints:
        """Positions of all events, block after block, in the order of time, then arrival."""
        return np.argsort(self._joined("time"), kind="stable")

    @cached_property
    def time(self) -> Ints:
        joined: Ints = self._joined("time")
        return joined[self.order]

    @cached_property
    def customer(self) -> Ints:
        joined: Ints = self._joined("customer")
        return joined[self.order]

    @cached_property
    def channel(self) -> Texts:
        joined: Texts = self._joined("channel")
        return joined[self.order]

    @cached_property
    def name(self) -> Texts:
        names = [np.full(len(block.customer), block.name, dtype=object) for block in self.blocks]
        return np.concatenate(names)[self.order]

    def column(self, key: str) -> Texts:
        """A property of every event, None where it has none."""
        parts = []
        for block in self.blocks:
            part = np.empty(len(block.customer), dtype=object)
            part[:] = block.properties.get(key)
            parts.append(part)
        return np.concatenate(parts)[self.order]

    def _joined(self, attribute: str) -> Any:
        return np.concatenate([getattr(block, attribute) for block in self.blocks])

    def __len__(self) -> int:
        return sum(len(block.customer) for block in self.blocks)
