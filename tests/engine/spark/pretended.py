"""As much of Spark as the engine uses, in this process: a partition is a list, what travels is pickled."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from pyspark import cloudpickle

Work = Callable[[Iterable[Any]], Iterable[Any]]


def travelled(value: Any) -> Any:
    return pickle.loads(cloudpickle.dumps(value))


class PretendedContext:
    master = "spark://pretended:7077"
    pythonExec = "python"  # noqa: N815 — as Spark spells it

    def __init__(self, cores: int = 3) -> None:
        self.defaultParallelism = cores

    def parallelize(self, elements: Iterable[Any], partitions: int) -> "PretendedRdd":
        every = list(elements)
        return PretendedRdd(lambda: [every[place::partitions] for place in range(partitions)])

    def setJobGroup(self, *_group: Any, **_named: Any) -> None:  # noqa: N802
        pass

    def cancelJobGroup(self, _group: str) -> None:  # noqa: N802
        pass

    def statusTracker(self) -> Any:  # noqa: N802
        return SimpleNamespace(getJobIdsForGroup=lambda _group: [])


class PretendedRdd:
    def __init__(self, partitions: Callable[[], list[list[Any]]]) -> None:
        self._partitions = partitions

    def mapPartitions(self, work: Work) -> "PretendedRdd":  # noqa: N802
        sent = travelled(work)
        return PretendedRdd(lambda: [travelled(list(sent(iter(part)))) for part in self._partitions()])

    def map(self, change: Callable[[Any], Any]) -> "PretendedRdd":
        return self.mapPartitions(lambda elements: [change(element) for element in elements])

    def partitionBy(self, partitions: int, place: Callable[[Any], int]) -> "PretendedRdd":  # noqa: N802
        return PretendedRdd(lambda: list(_shuffled(self._partitions(), partitions, place)))

    def persist(self, _level: Any) -> "PretendedRdd":
        kept: list[list[list[Any]]] = []

        def partitions() -> list[list[Any]]:
            if not kept:
                kept.append(self._partitions())
            return kept[0]

        return PretendedRdd(partitions)

    def unpersist(self) -> None:
        pass

    def collect(self) -> list[Any]:
        return [element for part in self._partitions() for element in part]


def _shuffled(
    parts: list[list[Any]], partitions: int, place: Callable[[Any], int]
) -> Iterator[list[tuple[Any, Any]]]:
    # The last come first: what arrives in which order is up to the network.
    pairs = [pair for part in reversed(parts) for pair in part]
    for number in range(partitions):
        yield [pair for pair in pairs if place(pair[0]) % partitions == number]
