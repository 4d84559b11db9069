"""Files of customers: their profiles, a row each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.cells import harmless
from parcours.core.errors import BadInput
from parcours.core.ids import new_id
from parcours.customers.profiles import Profile, profile_field, profile_of
from parcours.customers.tables import OWN_ID, TRAIT, plain
from parcours.customers.writes import upsert_profiles
from parcours.events.imports.mapping import CUSTOMER, ColumnMapping, find_customer
from parcours.events.imports.opening import open_rows
from parcours.events.imports.properties import as_typed, flat
from parcours.events.imports.rejects import Reject, RejectsFile
from parcours.events.imports.rows import Rows
from parcours.events.imports.shaping import LONGEST_KEY, as_keys

_SAMPLED = 20
_WIDEST_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class CustomersReport:
    """`read` = `taken` + `rejected`."""

    file: str
    read: int
    taken: int
    rejected: int
    rejects_path: Path | None
    reasons: dict[str, int]

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
    fields: Mapping[str, str] | None = None,
    rejects: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> CustomersReport:
    """Adds or changes customers by a file; the same file again changes nothing.

    The column `customer` (else one with a usual name) is the user id; the columns that a profile knows by
    their usual names are its fields, all others traits. `fields` says otherwise: column → the field or trait
    that it is, empty to leave it out. Raises BadInput for a file that can't be read, and Forbidden.
    """
    acting_user.require("customers.import")
    source = open_rows(path, format)
    key = find_customer(source, ColumnMapping(customer=customer))
    traits = meanings(source.columns, key, fields)
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
    return CustomersReport(
        path.name,
        read,
        taken,
        rejected.count,
        rejected.path if rejected.count else None,
        dict(rejected.reasons),
    )


class ColumnMeaning(NamedTuple):
    """A column, what it becomes (`customer`, a field, `trait <name>`, or nothing), and its first values."""

    column: str
    means: str
    sample: str


@dataclass(frozen=True, slots=True)
class CustomersPreview:
    """`rows` were looked at, of which `rejected` couldn't be taken, for the `reasons` given."""

    columns: tuple[ColumnMeaning, ...]
    customer: str
    rows: int
    rejected: int
    reasons: tuple[str, ...]


def preview_customers(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 - the option's own name
    customer: str = "",
    fields: Mapping[str, str] | None = None,
) -> CustomersPreview:
    """What would become of a file's first rows; stores nothing. Raises BadInput as `import_customers`."""
    source = open_rows(path, format)
    key = find_customer(source, ColumnMapping(customer=customer))
    traits = meanings(source.columns, key, fields)
    rows = next(iter(source.chunks({CUSTOMER: key}, traits)), None)
    keys = as_keys(rows.roles[CUSTOMER]).to_pylist() if rows is not None and len(rows.lines) else []
    reasons = [reason for each in keys if (reason := _why_not(each))]
    told: list[ColumnMeaning] = []
    field_of = {column: field for field, column in traits.items()}
    for column in source.columns:
        values = keys if column == key else []
        if rows is not None and column in field_of:
            values = flat(rows.traits[field_of[column]]).slice(0, _SAMPLED).to_pylist()
        sample = ", ".join(
            dict.fromkeys(str(value) for value in values[:_SAMPLED] if value not in {None, ""})
        )
        told.append(ColumnMeaning(column, _meaning(column, key, field_of), sample[:_WIDEST_SAMPLE]))
    rejected = [*(rows.rejects if rows is not None else ())]
    return CustomersPreview(
        tuple(told),
        key,
        rows.read if rows is not None else 0,
        len(reasons) + len(rejected),
        tuple(dict.fromkeys([*reasons, *(each.reason for each in rejected)])),
    )


def _meaning(column: str, key: str, field_of: Mapping[str, str]) -> str:
    if column == key:
        return CUSTOMER
    if column not in field_of:
        return ""
    return profile_field(field_of[column]) or f"trait {field_of[column]}"


def meanings(columns: Iterable[str], key: str, fields: Mapping[str, str] | None) -> dict[str, str]:
    """Field or trait → its column. Raises BadInput for a column that isn't there."""
    columns = list(columns)
    for column in fields or {}:
        if column not in columns:
            raise BadInput(
                _("The file has no column “{name}”.").format(name=column),
                remedy=_("Its columns are: {known}.").format(known=", ".join(columns)),
            )
    named = {column: (fields or {}).get(column, column) for column in columns if column not in {key, OWN_ID}}
    return {field.strip(): column for column, field in named.items() if field.strip()}


def _take(brand: Brand, rows: Rows, rejected: RejectsFile, acting_user: Actor) -> int:
    if not len(rows.lines):
        return 0
    keys = as_keys(rows.roles[CUSTOMER]).to_pylist()
    reasons = {row: reason for row, key in enumerate(keys) if (reason := _why_not(key))}
    rejected.add(Reject(int(rows.lines[row]), reason, rows.raw(row)) for row, reason in reasons.items())
    columns = {name: _typed(column) for name, column in rows.traits.items()}
    profiles = [
        _profile({name: plain(values[row]) for name, values in columns.items()}, key)
        for row, key in enumerate(keys)
        if row not in reasons
    ]
    return upsert_profiles(brand, profiles, acting_user=acting_user)


def _profile(values: Mapping[str, Any], user_id: str) -> Profile:
    """Columns that begin with `traits.` are traits, whatever follows."""
    profile = profile_of(
        {name: value for name, value in values.items() if not name.startswith(TRAIT)}, user_id
    )
    for name, value in values.items():
        if name.startswith(TRAIT) and value is not None and value != "":
            profile.traits[name.removeprefix(TRAIT)] = value
    return profile


def _why_not(key: str | None) -> str:
    """Why a customer can't be known by this number; nothing when they can."""
    if key is None:
        return _("There is no customer.")
    if len(key) > LONGEST_KEY:
        return _("The customer's number has more than {n} characters.").format(n=LONGEST_KEY)
    return ""


def _typed(column: Any) -> list[Any]:
    return [_value(value) if isinstance(value, str) else value for value in flat(column).to_pylist()]


def _value(cell: str) -> Any:
    """What a cell says: a number, yes or no, or a text."""
    text = _bare(cell.strip())
    return {"true": True, "false": False}.get(text, as_typed(text))


def _bare(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it; see `core.cells`."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell
