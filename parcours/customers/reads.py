"""What is known about customers."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.core.conditions import Condition
from parcours.core.errors import NotFound
from parcours.core.rules import Rule
from parcours.customers.enums import IdentityKind
from parcours.customers.models import Customer, Identity, Revision, Segment
from parcours.customers.segments.generations import GENERATION_BY_KEY, GENERATIONS, Generation, generation_of
from parcours.customers.segments.members import asks_the_lake, members_among, members_of
from parcours.customers.segments.rules import condition_sql, read_segment_rule
from parcours.customers.stitching.lake_moves import Homecomings, homecomings, merges_not_in_lake
from parcours.customers.stitching.same_person import identities_of

__all__ = [
    "CustomerView",
    "Homecomings",
    "IdentityView",
    "SegmentView",
    "customer",
    "customer_count",
    "customers_revision",
    "homecomings",
    "identities_of",
    "is_anonymous",
    "merges_not_in_lake",
    "profiles",
    "segment",
    "segment_counts",
    "segment_members",
    "segments",
    "segments_as_of",
    "trait_names",
]

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment, built in or the brand's own. `key` names it in an address and to `segment_members`."""

    key: str
    name: str
    rule: Rule
    builtin: bool

    @property
    def sentence(self) -> str:
        return self.rule.sentence()


@dataclass(frozen=True, slots=True)
class IdentityView:
    """By what a customer is known, since when, and what said so."""

    kind: str
    kind_label: str
    value: str
    since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer's profile."""

    id: int
    name: str
    email: str
    birth_year: int | None
    country: str
    language: str
    traits: dict[str, Any]
    identities: tuple[IdentityView, ...] = ()

    @property
    def label(self) -> str:
        """The best name there is for this customer."""
        known = next((identity.value for identity in self.identities if identity.kind == "user_id"), "")
        return self.name or self.email or known or _("Visitor {id}").format(id=self.id)

    @property
    def generation(self) -> Generation | None:
        return generation_of(self.birth_year)


def segments(brand: Brand) -> tuple[SegmentView, ...]:
    """The generations, then the brand's own segments by name."""
    own = tuple(_own_segment(row) for row in Segment.objects.filter(brand=brand).order_by("name"))
    return tuple(_generation_segment(generation) for generation in GENERATIONS) + own


def segment(brand: Brand, key: str) -> SegmentView:
    """One segment by its key. Raises NotFound."""
    if key in GENERATION_BY_KEY:
        return _generation_segment(GENERATION_BY_KEY[key])
    try:
        row = Segment.objects.get(brand=brand, pk=uuid.UUID(key))
    except (ValueError, Segment.DoesNotExist) as error:
        raise NotFound(_("There is no such segment."), where=key) from error
    return _own_segment(row)


def segment_members(brand: Brand, segment_or_key: SegmentView | str) -> Ids:
    """The ids of the customers in the segment, sorted. Raises NotFound for a key that isn't there."""
    named = segment(brand, segment_or_key) if isinstance(segment_or_key, str) else segment_or_key
    return members_of(brand, named.rule)


def segment_members_among(brand: Brand, key: str, customers: list[int]) -> Ids:
    """Those of these customers who are in the segment, sorted. Raises NotFound for a key that isn't there."""
    return members_among(brand, segment(brand, key).rule, customers)


def segment_counts(brand: Brand, views: Iterable[SegmentView]) -> dict[str, int]:
    """How many customers each segment has, by key; those by profile alone in one query."""
    views = list(views)
    found = {view.key: len(members_of(brand, view.rule)) for view in views if asks_the_lake(view.rule)}
    found |= _counted(brand, [view for view in views if view.key not in found])
    return {view.key: found[view.key] for view in views}


def _counted(brand: Brand, views: list[SegmentView]) -> dict[str, int]:
    counts: list[str] = []
    parameters: list[Any] = []
    for view in views:
        sql, values = condition_sql(view.rule)
        counts.append(f"count(*) FILTER (WHERE {sql})")
        parameters += values
    if not counts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(counts)} FROM customers_customer"  # noqa: S608 - fixed names and placeholders
            " WHERE brand_id = %s AND merged_into_id IS NULL",
            [*parameters, brand.pk],
        )
        row = cursor.fetchone()
    return {view.key: count for view, count in zip(views, row, strict=True)}


def customer_count(brand: Brand) -> int:
    """How many customers there are, each counted once."""
    return Customer.objects.filter(brand=brand, merged_into=None).count()


def trait_names(brand: Brand, most: int = 200) -> list[str]:
    """Traits that customers have, by name, from the newest few thousand of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT key FROM (SELECT traits FROM customers_customer WHERE brand_id = %s"
            " ORDER BY id DESC LIMIT 5000) newest, jsonb_object_keys(traits) AS key ORDER BY key LIMIT %s",
            [brand.pk, most],
        )
        return [row[0] for row in cursor.fetchall()]


def segments_as_of(brand: Brand) -> tuple[int, date]:
    """Names how segments stand: who their members are depends on this and on the lake's generation."""
    return customers_revision(brand), now().astimezone(ZoneInfo(brand.time_zone)).date()


def customers_revision(brand: Brand) -> int:
    """A number that changes whenever a profile or a segment does."""
    return Revision.objects.filter(brand=brand).values_list("number", flat=True).first() or 0


def is_anonymous(brand: Brand, values: Iterable[str]) -> set[str]:
    """Those of the values that are known as anonymous ids."""
    known = Identity.objects.filter(brand=brand, kind=IdentityKind.ANONYMOUS_ID, value__in=list(values))
    return set(known.values_list("value", flat=True))


def customer(brand: Brand, customer_id: int) -> CustomerView:
    """One customer, or the one it was merged into. Raises NotFound."""
    found = Customer.objects.filter(brand=brand, pk=customer_id).first()
    if found is not None and found.merged_into_id:
        found = Customer.objects.filter(brand=brand, pk=found.merged_into_id).first()
    if found is None:
        raise NotFound(_("There is no such customer."), where=str(customer_id))
    return _view(found, _identities([found.pk]).get(found.pk, ()))


def profiles(brand: Brand, ids: Iterable[int]) -> dict[int, CustomerView]:
    """Profiles by id, those who are known, in two queries."""
    rows = list(Customer.objects.filter(brand=brand, pk__in=list(ids)))
    identities = _identities([row.pk for row in rows])
    return {row.pk: _view(row, identities.get(row.pk, ())) for row in rows}


def _identities(ids: list[int]) -> dict[int, tuple[IdentityView, ...]]:
    found: dict[int, tuple[IdentityView, ...]] = {}
    for row in Identity.objects.filter(customer__in=ids).order_by("kind", "value"):
        view = IdentityView(row.kind, str(row.get_kind_display()), row.value, row.since, row.reason)
        found[row.customer_id] = (*found.get(row.customer_id, ()), view)
    return found


def _view(row: Customer, identities: tuple[IdentityView, ...]) -> CustomerView:
    return CustomerView(
        row.pk, row.name, row.email, row.birth_year, row.country, row.language, row.traits, identities
    )


def _generation_segment(generation: Generation) -> SegmentView:
    rule = Rule((Condition("generation", "is", (generation.key,)),))
    return SegmentView(generation.key, str(generation.name), rule, builtin=True)


def _own_segment(row: Segment) -> SegmentView:
    return SegmentView(str(row.pk), row.name, read_segment_rule(row.rule), builtin=False)
