"""A profile changed by hand or by a program: what is said replaces what was known, what is emptied goes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, NotFound
from parcours.core.text import storable
from parcours.customers.models import Customer
from parcours.customers.profiles import birth_year, profile_of, update_profiles
from parcours.customers.revision import raise_revision
from parcours.journal.writes import record
from parcours.live.writes import publish

TEXTS = {"name": 200, "email": 254, "country": 80, "language": 16}


@transaction.atomic
def do_change_profile(
    brand: Brand,
    customer_id: int,
    changes: Mapping[str, Any],
    *,
    traits: Mapping[str, Any] | None = None,
    acting_user: Actor,
) -> int:
    """Sets name, email, birth_year, country, language; None or empty forgets one. A trait that is None goes.

    An e-mail address becomes an identity too, unless it is another customer's already. Returns the id of the
    customer, which is another one when it was merged. Raises NotFound, BadInput.
    """
    acting_user.require("customers.edit")
    changes, traits = storable(dict(changes)), storable(dict(traits or {}))
    row = _standing(brand, customer_id)
    said = {name: value for name, value in changes.items() if value not in {None, ""}}
    _check(said)
    emptied = [name for name in changes if name not in said]
    for name in emptied:
        setattr(row, name, None if name == "birth_year" else "")
    gone = [key for key, value in traits.items() if value is None and key in row.traits]
    for key in gone:
        del row.traits[key]
    if emptied or gone:
        row.save(update_fields=[*emptied, "traits"])
        raise_revision(brand)
    profile = profile_of(said)
    profile.traits = {key: value for key, value in traits.items() if value is not None}
    changed = update_profiles(brand, {row.pk: profile})
    if emptied or gone or changed:
        # The names of what changed, never what was in it: the journal outlives an erasure.
        told = {"fields": sorted(changes), "traits": len(traits)}
        record(acting_user, "profile changed", "customer", row.pk, told)
        publish(brand.pk, f"customer:{row.pk}", "customer.changed", {})
    return int(row.pk)


def _standing(brand: Brand, customer_id: int) -> Customer:
    rows = Customer.objects.select_for_update().filter(brand=brand)
    row = rows.filter(pk=customer_id).first()
    if row is not None and row.merged_into_id:
        row = rows.filter(pk=row.merged_into_id).first()
    if row is None:
        raise NotFound(_("There is no such customer."), where=str(customer_id))
    return row


def _check(said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        if name in TEXTS:
            if not isinstance(value, str) or len(value) > TEXTS[name]:
                raise BadInput(
                    _("This is a text of at most {n} characters.").format(n=TEXTS[name]), where=name
                )
            if name == "email" and ("@" not in value or any(each.isspace() for each in value)):
                raise BadInput(_("This is no e-mail address."), where=name)
        elif name == "birth_year":
            if birth_year(value) is None:
                raise BadInput(_("This is no year of birth."), where=name)
        else:
            raise BadInput(_("A profile has no field “{name}”.").format(name=name), where=name)
