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
from parcours.customers.stitching.same_person import Known


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
    named = [named_in(profile) for profile in profiles]
    out = suppressed(brand.pk, set().union(*named)).keys()
    if not out:
        return list(profiles)
    kept = [profile for profile, known in zip(profiles, named, strict=True) if not known & out]
    note_dropped(brand, len(profiles) - len(kept))
    return kept


def named_in(profile: Profile) -> set[Known]:
    """The identities that a profile names."""
    said = (
        (IdentityKind.USER_ID, profile.user_id),
        (IdentityKind.EMAIL, profile.email),
        (IdentityKind.PHONE, profile.phone),
    )
    return {(kind.value, value) for kind, value in said if value}
