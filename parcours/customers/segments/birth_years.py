"""Years of birth of all customers at once: every generation in one look."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection

from parcours.accounts.models import Brand
from parcours.customers.segments.generations import Generation

_ROW = np.dtype(
    [("columns", ">i2"), ("length", ">i4"), ("id", ">i8"), ("year_length", ">i4"), ("year", ">i4")]
)
_HEADER, _TRAILER = 19, 2
"""Bytes around the rows of a binary COPY."""


class BirthYears(NamedTuple):
    """Sorted ids of the customers whose year of birth is known, and the years."""

    ids: npt.NDArray[np.int64]
    years: npt.NDArray[np.int32]

    def of(self, generation: Generation) -> npt.NDArray[np.int64]:
        """The ids of a generation, sorted."""
        first = self.years >= (generation.first or np.iinfo(np.int32).min)
        last = self.years <= (generation.last or np.iinfo(np.int32).max)
        return self.ids[first & last]


def birth_years(brand: Brand) -> BirthYears:
    with connection.cursor() as cursor:
        copying = cursor.copy(
            "COPY (SELECT id, birth_year::int FROM customers_customer WHERE brand_id = %s"
            " AND merged_into_id IS NULL AND birth_year IS NOT NULL ORDER BY id) TO STDOUT (FORMAT BINARY)",
            [brand.pk],
        )
        with copying as copy:
            data = b"".join(bytes(block) for block in copy)
    rows = np.frombuffer(data[_HEADER : len(data) - _TRAILER], _ROW)
    return BirthYears(rows["id"].astype(np.int64), rows["year"].astype(np.int32))
