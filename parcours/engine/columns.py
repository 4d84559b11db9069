"""A property of events or of customers, loaded and encoded only when asked for."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from parcours.engine.arrow import arrow, as_numpy, coded, one_array, take

Per = Literal["event", "customer"]
NO_CODE = -1


class Column:
    """One value an event (in the order of the log's events) or one a customer (in the order of its
    customers).

    `load` returns a pyarrow Array (or ChunkedArray) of that length; it is called at most once.
    """

    def __init__(self, load: Callable[[], Any], *, per: Per = "event") -> None:
        self._load = load
        self.per: Per = per

    @classmethod
    def of_values(cls, values: Any, *, per: Per = "event") -> "Column":
        """From a numpy or arrow array, kept as it is until used."""
        return cls(lambda: values, per=per)

    @classmethod
    def of_codes(cls, codes: npt.NDArray[Any], labels: Sequence[str], *, per: Per = "event") -> "Column":
        """From codes into `labels`; a code outside of `labels` (-1, 255, …) means that there is no value."""

        return cls(lambda: coded(codes, labels), per=per)

    @cached_property
    def arrow(self) -> Any:
        """The values as one pyarrow array."""
        return one_array(self._load())

    @property
    def held(self) -> int:
        """Bytes of the values; none before they are first used."""
        return int(self.arrow.nbytes) if "arrow" in vars(self) else 0

    @cached_property
    def encoded(self) -> tuple[npt.NDArray[np.int32], list[Any]]:
        """Codes (-1 for no value) and the values they stand for, sorted."""
        pa, values = arrow(), self.arrow
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        codes = as_numpy(values.indices.cast(pa.int32()).fill_null(NO_CODE))
        labels = values.dictionary.to_pylist()
        order = sorted(range(len(labels)), key=lambda code: _sort_key(labels[code]))
        return _recoded(codes, order), [labels[code] for code in order]

    def take(self, positions: npt.NDArray[np.int64]) -> "Column":
        """The column at these positions, still not loaded if this one is not."""

        return Column(lambda: take(self.arrow, positions), per=self.per)


def _recoded(codes: npt.NDArray[np.int32], order: list[int]) -> npt.NDArray[np.int32]:
    rank = np.full(len(order) + 1, NO_CODE, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[codes]


def in_order_of_values(values: Iterable[Any]) -> list[Any]:
    """As the values of `Column.encoded` are."""
    return sorted(values, key=_sort_key)


def _sort_key(label: Any) -> tuple[bool, str, Any]:
    # Values of one column share a type, but a null may stand among the labels.
    return (
        label is None,
        "" if isinstance(label, int | float) else str(label),
        label if label is not None else 0,
    )
