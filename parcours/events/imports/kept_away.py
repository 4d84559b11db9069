"""Erased people stay away from imports too: an old file must not bring them back."""

from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.accounts.models import Brand
from parcours.customers.consent.imports import named_in
from parcours.customers.enums import IdentityKind
from parcours.customers.erasure.suppression import note_dropped, suppressed, suppression_count
from parcours.customers.profiles import profile_of
from parcours.events.arrow import pa, pc
from parcours.events.imports.rows import People


class KeptAway:
    """Whom one import leaves out. Asks nothing more when nobody was ever erased."""

    def __init__(self, brand: Brand) -> None:
        self._brand = brand
        self._nobody = not suppression_count(brand)
        self.left_out = 0

    def rows(self, keys: Any, kinds: Any) -> npt.NDArray[np.bool_]:
        """Which of the rows are about somebody who was erased; `keys` may be null, `kinds` are as long."""
        found = np.zeros(len(keys), np.bool_)
        if self._nobody:
            return found
        for kind in pc.unique(kinds).to_pylist():
            of_kind = pc.equal(kinds, kind)
            known = {(kind, key) for key in pc.unique(keys.filter(of_kind)).to_pylist() if key}
            out = [value for _kind, value in suppressed(self._brand.pk, known)]
            found |= np.asarray(pc.and_(of_kind, pc.is_in(keys, value_set=pa.array(out, pa.string()))))
        self.left_out += int(found.sum())
        return found

    def people(self, people: People | None) -> People | None:
        """What messages say about who is who, without those who were erased."""
        if people is None or self._nobody:
            return people
        anonymous, user = IdentityKind.ANONYMOUS_ID.value, IdentityKind.USER_ID.value
        named = [{each[:2]} | named_in(profile_of(each[2])) for each in people.profiles]
        known = set().union(*named)
        known |= {each[:2] for each in people.groups}
        known |= {(anonymous, visitor) for visitor, _user in people.links}
        known |= {(user, each) for _visitor, each in people.links}
        known |= {(user, each) for pair in people.aliases for each in pair}
        out = suppressed(self._brand.pk, known)
        left = People(
            profiles=[each for each, by in zip(people.profiles, named, strict=True) if not by & out.keys()],
            groups=[each for each in people.groups if each[:2] not in out],
            links=[each for each in people.links if not {(anonymous, each[0]), (user, each[1])} & out.keys()],
            aliases=[each for each in people.aliases if not {(user, name) for name in each} & out.keys()],
            messages=people.messages,
        )
        self.left_out += len(people.profiles) - len(left.profiles)
        return left

    def note(self) -> None:
        """Counts what was left out beside what was dropped otherwise."""
        note_dropped(self._brand, self.left_out)
