"""Consents in tables of customers: columns such as `newsletter` or `consent.marketing.email`."""

from collections.abc import Mapping, Sequence
from typing import Any

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.consent.messages import consents_in
from parcours.customers.enums import IdentityKind
from parcours.customers.erasure.suppression import note_dropped, suppressed
from parcours.customers.privacy_enums import ConsentMethod
from parcours.customers.profiles import Profile


def note_imported_consents(
    brand: Brand, traits: Mapping[int, Mapping[str, Any]], *, source: str, acting_user: Actor
) -> int:
    """Adds what the traits of customers, by id, say about consent to the ledger."""
    rows = [
        Said(customer, told.purpose, told.state, told.channel, at=told.at, source=source)
        for customer, values in traits.items()
        for told in consents_in(None, values)
    ]
    return record_consents(brand, rows, method=ConsentMethod.IMPORT, acting_user=acting_user)


def without_suppressed(brand: Brand, profiles: Sequence[Profile]) -> list[Profile]:
    """The profiles of those who weren't erased: a table is no word of theirs that they want to be known."""
    named = {
        (kind.value, value)
        for profile in profiles
        for kind, value in ((IdentityKind.USER_ID, profile.user_id), (IdentityKind.EMAIL, profile.email))
        if value
    }
    out = suppressed(brand.pk, named)
    if not out:
        return list(profiles)
    users = {value for kind, value in out if kind == IdentityKind.USER_ID}
    emails = {value for kind, value in out if kind == IdentityKind.EMAIL}
    kept = [each for each in profiles if each.user_id not in users and each.email not in emails]
    note_dropped(brand, len(profiles) - len(kept))
    return kept
