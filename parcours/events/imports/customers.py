"""Files of customers: their profiles, a row each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.ids import new_id
from parcours.customers.profiles import profile_of
from parcours.customers.tables import plain
from parcours.customers.writes import upsert_profiles
from parcours.events.imports.mapping import CUSTOMER, ColumnMapping, find_customer
from parcours.events.imports.opening import open_rows
from parcours.events.imports.properties import as_typed, flat
from parcours.events.imports.rejects import Reject, RejectsFile
from parcours.events.imports.rows import Rows
from parcours.events.imports.shaping import as_keys


@dataclass(frozen=True, slots=True)
class CustomersReport:
    """`read` = `taken` + `rejected`."""

    file: str
    read: int
    taken: int
    rejected: int
    rejects_path: Path | None

    def as_json(self) -> dict[str, Any]:
        path = str(self.rejects_path) if self.rejects_path else None
        return {
            "file": self.file,
            "read": self.read,
            "taken": self.taken,
            "rejected": self.rejected,
            "rejects_path": path,
        }


def import_customers(
    brand: Brand,
    path: Path,
    *,
    acting_user: Actor,
    format: str | None = None,  # noqa: A002 - the option's own name
    customer: str = "",
    rejects: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> CustomersReport:
    """Adds or changes customers by a file; the same file again changes nothing.

    The column `customer` (else one with a usual name) is the user id; the columns that a profile knows by
    their usual names are its fields, all others traits. Raises BadInput for a file that can't be read, and
    Forbidden.
    """
    acting_user.require("customers.import")
    source = open_rows(path, format)
    key = find_customer(source, ColumnMapping(customer=customer))
    traits = {column: column for column in source.columns if column != key}
    rejected = RejectsFile(
        rejects or Path(settings.DATA) / "rejects" / str(brand.pk) / f"customers-{new_id()}.csv"
    )
    read = taken = 0
    for rows in source.chunks({CUSTOMER: key}, traits):
        read += rows.read
        rejected.add(rows.rejects)
        taken += _take(brand, rows, rejected, acting_user)
        if progress is not None:
            progress("reading", *source.progress())
    rejected.close()
    return CustomersReport(path.name, read, taken, rejected.count, rejected.path if rejected.count else None)


def _take(brand: Brand, rows: Rows, rejected: RejectsFile, acting_user: Actor) -> int:
    if not len(rows.lines):
        return 0
    keys = as_keys(rows.roles[CUSTOMER])
    missing = [place for place, key in enumerate(keys.to_pylist()) if key is None]
    rejected.add(Reject(int(rows.lines[row]), _("There is no customer."), rows.raw(row)) for row in missing)
    columns = {name: _typed(column) for name, column in rows.traits.items()}
    profiles = [
        profile_of({name: plain(values[row]) for name, values in columns.items()}, key)
        for row, key in enumerate(keys.to_pylist())
        if key is not None
    ]
    return upsert_profiles(brand, profiles, acting_user=acting_user)


def _typed(column: Any) -> list[Any]:
    return [
        as_typed(value.strip()) if isinstance(value, str) else value for value in flat(column).to_pylist()
    ]
