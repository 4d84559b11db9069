"""Customers that may be one: found by what they share, shown with what speaks for it and against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.customers.enums import Decision, Hint, IdentityKind
from parcours.customers.models import Claim, Likeness
from parcours.customers.reads import CustomerView, profiles

MOST_SHARING = 10
"""An identity or a name that more people share tells nothing: a kiosk, a family's switchboard."""
POSTCODES = ("postcode", "postal_code", "postalCode", "zip", "zip_code", "code_postal")


class Fact(NamedTuple):
    """What two profiles have in common or not: its name, and the one value or both."""

    label: str
    first: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class LikenessView:
    id: int
    first: CustomerView
    second: CustomerView
    hints: tuple[str, ...]
    speaks_for: tuple[Fact, ...]
    speaks_against: tuple[Fact, ...]
    found_at: datetime
    decision: str
    decided_at: datetime | None
    decided_by: str

    @property
    def keeps(self) -> CustomerView:
        """Whose profile stays when they become one: the one with a customer's number, else the older one."""
        numbered = [each for each in (self.first, self.second) if _known(each, IdentityKind.USER_ID)]
        return numbered[0] if len(numbered) == 1 else self.first

    @property
    def goes(self) -> CustomerView:
        return self.second if self.keeps is self.first else self.first


@transaction.atomic
def find_likenesses(brand: Brand) -> int:
    """Looks for customers that may be one among all of a brand's; returns how many pairs are new.

    A pair that somebody decided about isn't brought up again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"brand": brand.pk, "at": now(), "most": MOST_SHARING, "open": Decision.OPEN})
        return sum(row[0] for row in cursor.fetchall())


_POSTCODE = (
    "lower(replace(COALESCE("
    + ", ".join(f"traits ->> '{key}'" for key in POSTCODES)
    + ", traits -> 'address' ->> 'postalCode', traits -> 'address' ->> 'postal_code'), ' ', ''))"
)
_FIND = f"""
WITH shared AS (
  SELECT COALESCE(said.merged_into_id, said.id) AS a, COALESCE(owner.merged_into_id, owner.id) AS b,
    CASE c.kind WHEN 'anonymous_id' THEN 'device' ELSE c.kind END AS hint,
    count(*) OVER (PARTITION BY c.kind, c.value) AS sharing
  FROM customers_claim c
  JOIN customers_identity i ON i.brand_id = c.brand_id AND i.kind = c.kind AND i.value = c.value
  JOIN customers_customer said ON said.id = c.customer_id
  JOIN customers_customer owner ON owner.id = i.customer_id
  WHERE c.brand_id = %(brand)s AND c.kind IN ('email', 'phone', 'anonymous_id')
), person AS (
  SELECT min(id) OVER same AS a, id AS b, 'person' AS hint, count(*) OVER same AS sharing
  FROM customers_customer
  WHERE brand_id = %(brand)s AND merged_into_id IS NULL AND name <> '' AND birth_year IS NOT NULL
    AND {_POSTCODE} <> ''
  WINDOW same AS (PARTITION BY lower(name), birth_year, {_POSTCODE})
), pairs AS (
  SELECT least(a, b) AS a, greatest(a, b) AS b, jsonb_agg(DISTINCT hint) AS hints
  FROM (SELECT * FROM shared UNION ALL SELECT * FROM person) found
  WHERE a <> b AND sharing <= %(most)s GROUP BY 1, 2
)
INSERT INTO customers_likeness (brand_id, first_id, second_id, found_by, found_at, decision, decided_by)
SELECT %(brand)s, a, b, hints, %(at)s, %(open)s, '' FROM pairs ORDER BY a, b
ON CONFLICT (brand_id, first_id, second_id) DO UPDATE SET found_by = EXCLUDED.found_by
  WHERE customers_likeness.decision = %(open)s AND customers_likeness.found_by <> EXCLUDED.found_by
RETURNING (xmax = 0)::int
"""  # noqa: S608 - the fixed keys of traits


def likenesses(
    brand: Brand, *, decision: str = Decision.OPEN, after: int = 0, limit: int = 20
) -> tuple[list[LikenessView], int]:
    """A page of pairs whose customers both stand, by id after `after`, and how many there are in all."""
    rows = _standing(brand).filter(decision=decision)
    return _views(brand, rows.filter(pk__gt=after).order_by("pk")[:limit]), rows.count()


def likenesses_of(brand: Brand, customer_id: int) -> list[LikenessView]:
    """The open pairs of one customer."""
    rows = _standing(brand).filter(decision=Decision.OPEN)
    mine = rows.filter(first=customer_id) | rows.filter(second=customer_id)
    return _views(brand, mine.order_by("pk")[:10])


def likeness(brand: Brand, likeness_id: int) -> LikenessView:
    """Raises NotFound; also for a pair of which one was merged."""
    found = _views(brand, _standing(brand).filter(pk=likeness_id))
    if not found:
        raise NotFound(_("There is no such pair of customers any more."))
    return found[0]


def _standing(brand: Brand) -> Any:
    return Likeness.objects.filter(brand=brand, first__merged_into=None, second__merged_into=None)


def _views(brand: Brand, rows: Iterable[Likeness]) -> list[LikenessView]:
    rows = list(rows)
    ids = {each for row in rows for each in (row.first_id, row.second_id)}
    known = profiles(brand, ids)
    said = _said(brand, ids)
    return [_view(row, known[row.first_id], known[row.second_id], said) for row in rows]


def _view(row: Likeness, first: CustomerView, second: CustomerView, said: "Said") -> LikenessView:
    speaks_for, speaks_against = _facts(first, second, said)
    return LikenessView(
        id=row.pk,
        first=first,
        second=second,
        hints=tuple(str(Hint(hint).label) for hint in row.found_by),
        speaks_for=speaks_for,
        speaks_against=speaks_against,
        found_at=row.found_at,
        decision=row.decision,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


Said = dict[int, set[tuple[str, str]]]


def _said(brand: Brand, ids: set[int]) -> Said:
    """What each customer was said to be known by, though it is another's."""
    found: Said = {}
    for customer, kind, value in Claim.objects.filter(brand=brand, customer__in=ids).values_list(
        "customer_id", "kind", "value"
    ):
        found.setdefault(customer, set()).add((kind, value))
    return found


def _facts(
    first: CustomerView, second: CustomerView, said: Said
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """What speaks for their being one, and what against it."""
    speaks_for = [
        Fact(str(kind.label), value)
        for kind in IdentityKind
        for value in sorted(_known(first, kind, said) & _known(second, kind, said))[:3]
    ]
    speaks_against = []
    numbers = [sorted(_known(each, IdentityKind.USER_ID)) for each in (first, second)]
    if all(numbers):
        speaks_against.append(Fact(str(IdentityKind.USER_ID.label), numbers[0][0], numbers[1][0]))
    for label, one, other in (
        (_("Name"), first.name, second.name),
        (_("Born"), str(first.birth_year or ""), str(second.birth_year or "")),
        (_("Postcode"), postcode(first.traits), postcode(second.traits)),
        (_("Country"), first.country, second.country),
        (_("Language"), first.language, second.language),
    ):
        if one and other:
            alike = one.strip().casefold() == other.strip().casefold()
            (speaks_for if alike else speaks_against).append(Fact(label, one, "" if alike else other))
    return tuple(speaks_for), tuple(speaks_against)


def postcode(traits: dict[str, Any]) -> str:
    """The postcode that a profile's traits tell; empty without one."""
    address = traits.get("address")
    places = [traits, address] if isinstance(address, dict) else [traits]
    found = (place.get(key) for place in places for key in POSTCODES)
    return str(next((value for value in found if value), "")).replace(" ", "")


def _known(customer: CustomerView, kind: str, said: Said | None = None) -> set[str]:
    own = {each.value for each in customer.identities if each.kind == kind}
    return own | {value for each, value in (said or {}).get(customer.id, ()) if each == kind}
