"""Customers of the rows: looked up or made in bulk, their profiles written as they change."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.accounts.models import Brand
from parcours.accounts.rights import system_actor
from parcours.customers.consent.imports import note_imported_consents
from parcours.customers.groups import Grouped, note_groups
from parcours.customers.profiles import profile_of
from parcours.customers.reads import is_anonymous
from parcours.customers.writes import (
    link_identities,
    link_users,
    resolve_identities,
    resolve_with_homes,
    update_profiles,
)
from parcours.events.arrow import pa, pc
from parcours.events.imports.properties import as_typed
from parcours.events.imports.rows import People, Rows
from parcours.events.imports.shaping import Shaped

MOST_REMEMBERED = 2_000_000
_REASON = "seen together in an import"
Owners = npt.NDArray[np.int64]
"""Customer and home of identities, a row each."""


class _Known:
    """Values and the customers they name, packed: a million of them take 40 MB."""

    def __init__(self) -> None:
        self._values = pa.array([], pa.string())
        self._owners = np.empty((0, 2), np.int64)

    def look_up(self, values: Any) -> tuple[Owners, npt.NDArray[np.bool_]]:
        """Customers and homes, and where none is known."""
        places = pc.index_in(values, value_set=self._values)
        missing = np.asarray(places.is_null())
        positions = pc.fill_null(places, 0).to_numpy(zero_copy_only=False)
        owners = self._owners[positions] if len(self._owners) else np.zeros((len(values), 2), np.int64)
        return owners, missing

    def add(self, values: Any, owners: Owners) -> None:
        if len(self._owners) + len(owners) > MOST_REMEMBERED:
            self._values, self._owners = values, owners
            return
        self._values = pa.concat_arrays([self._values, values])
        self._owners = np.concatenate([self._owners, owners])


class Directory:
    """The customers of one import. Remembers whom it has met, up to a bound: most chunks ask nothing."""

    def __init__(self, brand: Brand) -> None:
        self._brand = brand
        self._known: dict[str, _Known] = {}
        self._said: dict[int, int] = {}

    def forget(self) -> None:
        """Gives back the memory; nothing more will be asked."""
        self._known.clear()
        self._said.clear()

    def owners(self, shaped: Shaped) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The customer of each event, and the home of the identity that brought it."""
        result = np.empty((len(shaped.lines), 2), np.int64)
        for kind in pc.unique(shaped.kinds).to_pylist():
            chosen = np.asarray(pc.equal(shaped.kinds, kind))
            keys = shaped.keys.filter(pa.array(chosen)).dictionary_encode()
            result[chosen] = self._owners(kind, keys.dictionary)[keys.indices.to_numpy()]
        return result[:, 0], result[:, 1]

    def note_traits(self, rows: Rows, shaped: Shaped, customers: npt.NDArray[np.int64]) -> None:
        """Writes what the columns of the profile say; of several values of a customer the last one counts."""
        if not rows.traits or not len(shaped.good):
            return
        said: dict[int, dict[str, Any]] = {}
        take = pa.array(shaped.good)
        for field, column in rows.traits.items():
            values = column.take(take).to_pylist()
            for customer, value in zip(customers.tolist(), values, strict=True):
                if value is not None and value != "":
                    said.setdefault(customer, {})[field] = (
                        as_typed(value) if isinstance(value, str) else value
                    )
        self._write(said)

    def note_people(self, people: People | None) -> None:
        """Writes profiles and joins identities, as messages say."""
        if people is None:
            return
        for kind in dict.fromkeys(kind for kind, _value, _traits in people.profiles):
            of_kind = [(value, traits) for each, value, traits in people.profiles if each == kind]
            ids = resolve_identities(self._brand, kind, [value for value, _traits in of_kind])
            said: dict[int, dict[str, Any]] = {}
            for customer, (_value, traits) in zip(map(int, ids), of_kind, strict=True):
                said.setdefault(customer, {}).update(traits)
            self._write(said)
        self._note_groups(people)
        link_identities(self._brand, people.links, reason=_REASON)
        self._join(people.aliases)

    def _note_groups(self, people: People) -> None:
        for kind in dict.fromkeys(kind for kind, _value, _group, _traits in people.groups):
            of_kind = [each for each in people.groups if each[0] == kind]
            ids = resolve_identities(self._brand, kind, [value for _kind, value, _group, _traits in of_kind])
            note_groups(
                self._brand,
                (
                    Grouped(customer, group, traits)
                    for customer, (_kind, _value, group, traits) in zip(map(int, ids), of_kind, strict=True)
                ),
            )

    def _join(self, aliases: Iterable[tuple[str, str]]) -> None:
        """An alias tells of a visitor or of a user's former id: whichever the previous id is known as."""
        pairs = list(dict.fromkeys(aliases))
        visitors = is_anonymous(self._brand, [previous for previous, _user in pairs])
        link_identities(self._brand, [pair for pair in pairs if pair[0] in visitors], reason="alias")
        link_users(self._brand, [pair for pair in pairs if pair[0] not in visitors], reason="alias")

    def _owners(self, kind: str, values: Any) -> Owners:
        known = self._known.setdefault(kind, _Known())
        owners, missing = known.look_up(values)
        if missing.any():
            unknown = values.filter(pa.array(missing))
            found = np.stack(resolve_with_homes(self._brand, kind, unknown.to_pylist()), axis=1)
            owners[missing] = found
            known.add(unknown, found)
        return owners

    def _write(self, said: dict[int, dict[str, Any]]) -> None:
        """Only what wasn't said before."""
        if len(self._said) > MOST_REMEMBERED:
            self._said.clear()
        new = {}
        for customer, values in said.items():
            digest = hash(tuple(sorted((name, str(value)) for name, value in values.items())))
            if self._said.get(customer) != digest:
                self._said[customer] = digest
                new[customer] = profile_of(values)
        update_profiles(self._brand, new)
        traits = {customer: profile.traits for customer, profile in new.items()}
        note_imported_consents(self._brand, traits, source="import", acting_user=system_actor(self._brand.pk))
