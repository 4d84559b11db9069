"""Years of birth of all customers at once: every generation in one look."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from parcours.accounts.models import Brand
from parcours.customers.models import Customer
from parcours.customers.segments.generations import Generation


class BirthYears(NamedTuple):
    """Sorted ids of the customers whose year of birth is known, and the years."""

    ids: npt.NDArray[np.int64]
    years: npt.NDArray[np.int64]

    def of(self, generation: Generation) -> npt.NDArray[np.int64]:
        """The ids of a generation, sorted."""
        first = self.years >= (generation.first or np.iinfo(np.int64).min)
        last = self.years <= (generation.last or np.iinfo(np.int64).max)
        return self.ids[first & last]


def birth_years(brand: Brand) -> BirthYears:
    rows = Customer.objects.filter(brand=brand, merged_into=None, birth_year__isnull=False)
    found = np.array(list(rows.order_by("pk").values_list("pk", "birth_year")), dtype=np.int64).reshape(-1, 2)
    return BirthYears(found[:, 0], found[:, 1])
