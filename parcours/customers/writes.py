"""The only writers of customers and segments."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import storable
from parcours.customers.consent.imports import note_imported_consents, without_suppressed
from parcours.customers.enums import IdentityKind
from parcours.customers.models import Segment
from parcours.customers.profiles import Profile, update_profiles
from parcours.customers.revision import raise_revision
from parcours.customers.segments.rules import read_segment_rule
from parcours.customers.stitching.identities import clean_identity, resolve_identities, resolve_with_homes
from parcours.customers.stitching.lake_moves import note_homecomings, note_merges_in_lake
from parcours.customers.stitching.linking import link_identities, link_users
from parcours.customers.stitching.merging import merge_customers
from parcours.journal.writes import record

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Profile",
    "clean_identity",
    "do_change_segment",
    "do_create_segment",
    "do_delete_segment",
    "link_identities",
    "link_users",
    "merge_customers",
    "note_homecomings",
    "note_merges_in_lake",
    "resolve_identities",
    "resolve_with_homes",
    "update_profiles",
    "upsert_customers",
    "upsert_profiles",
]


@transaction.atomic
def upsert_customers(brand: Brand, table: "pa.Table", *, acting_user: Actor) -> int:
    """Adds or changes customers by a table with `user_id` and any of name, email, phone, birth_year, country,
    language; every other column becomes a trait. Empty cells change nothing. Returns how many rows had a user
    id.

    The same table again changes nothing. Raises BadInput without a column `user_id`.
    """
    from parcours.customers.tables import profiles_of

    return upsert_profiles(brand, profiles_of(table), acting_user=acting_user)


@transaction.atomic
def upsert_profiles(brand: Brand, profiles: Sequence[Profile], *, acting_user: Actor) -> int:
    """Adds or changes the customers that the profiles' user ids name; of several of one customer the last one
    counts.
    """
    acting_user.require("customers.import")
    known = without_suppressed(brand, profiles)
    ids = resolve_identities(brand, IdentityKind.USER_ID, [profile.user_id for profile in known])
    of_customers = dict(zip(map(int, ids), known, strict=True))
    changed = update_profiles(brand, of_customers)
    traits = {customer: profile.traits for customer, profile in of_customers.items()}
    note_imported_consents(brand, traits, source="import", acting_user=acting_user)
    if changed:
        data = {"rows": len(profiles), "changed": changed}
        record(acting_user, "customers imported", "brand", brand.pk, data)
    return len(profiles)


@transaction.atomic
def do_create_segment(brand: Brand, name: str, rule: object, *, acting_user: Actor) -> Segment:
    """Raises BadInput for a rule that can't be, Conflict when the name is taken."""
    acting_user.require("segments.edit")
    segment = Segment(brand=brand, name=_name(brand, name), rule=read_segment_rule(rule).as_json())
    segment.save()
    record(
        acting_user, "segment created", "segment", segment.pk, {"name": segment.name, "rule": segment.rule}
    )
    raise_revision(brand)
    return segment


@transaction.atomic
def do_change_segment(segment: Segment, *, name: str, rule: object, acting_user: Actor) -> Segment:
    """Raises BadInput, Conflict as `do_create_segment`."""
    acting_user.require("segments.edit")
    before = {"name": segment.name, "rule": segment.rule}
    segment.name = _name(segment.brand, name, besides=segment.pk)
    segment.rule = read_segment_rule(rule).as_json()
    segment.save(update_fields=["name", "rule"])
    after = {"name": segment.name, "rule": segment.rule}
    record(acting_user, "segment changed", "segment", segment.pk, {"from": before, "to": after})
    raise_revision(segment.brand)
    return segment


@transaction.atomic
def do_delete_segment(segment: Segment, *, acting_user: Actor) -> None:
    acting_user.require("segments.edit")
    data: dict[str, Any] = {"name": segment.name, "rule": segment.rule}
    record(acting_user, "segment deleted", "segment", segment.pk, data)
    brand = segment.brand
    segment.delete()
    raise_revision(brand)


def segment_to_change(brand: Brand, segment_id: uuid.UUID) -> Segment:
    """The row itself, locked, for a write. Raises NotFound."""
    segment = (
        Segment.objects.select_for_update(of=("self",))
        .select_related("brand")
        .filter(brand=brand, pk=segment_id)
        .first()
    )
    if segment is None:
        raise NotFound(_("There is no such segment."))
    return segment


def _name(brand: Brand, name: str, besides: uuid.UUID | None = None) -> str:
    name = storable(name).strip()
    if not name:
        raise BadInput(_("A segment needs a name."), where="name")
    if len(name) > 120:
        raise BadInput(_("A segment's name has at most 120 characters."), where="name")
    same = Segment.objects.filter(brand=brand, name=name)
    if (same.exclude(pk=besides) if besides else same).exists():
        raise Conflict(_("There is a segment called “{name}” already.").format(name=name))
    return name
