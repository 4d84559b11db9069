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
from parcours.events.imports.shaping import LONGEST_KEY, as_keys


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
    own = Path(settings.DATA) / "rejects" / str(brand.pk) / f"customers-{new_id()}.csv"
    rejected = RejectsFile(rejects or own, source=path)
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
    keys = as_keys(rows.roles[CUSTOMER]).to_pylist()
    reasons = {row: reason for row, key in enumerate(keys) if (reason := _why_not(key))}
    rejected.add(Reject(int(rows.lines[row]), reason, rows.raw(row)) for row, reason in reasons.items())
    columns = {name: _typed(column) for name, column in rows.traits.items()}
    profiles = [
        profile_of({name: plain(values[row]) for name, values in columns.items()}, key)
        for row, key in enumerate(keys)
        if row not in reasons
    ]
    return upsert_profiles(brand, profiles, acting_user=acting_user)


def _why_not(key: str | None) -> str:
    """Why a customer can't be known by this number; nothing when they can."""
    if key is None:
        return _("There is no customer.")
    if len(key) > LONGEST_KEY:
        return _("The customer's number has more than {n} characters.").format(n=LONGEST_KEY)
    return ""


def _typed(column: Any) -> list[Any]:
    return [
        as_typed(value.strip()) if isinstance(value, str) else value for value in flat(column).to_pylist()
    ]
