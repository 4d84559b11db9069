"""Customers made one, and taken apart again."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.core.errors import Conflict
from parcours.customers.bulk import copy_into, lock_customers
from parcours.customers.models import Customer, Identity, Merge
from parcours.customers.revision import raise_revision

TAKEN_OVER = ("name", "email", "birth_year", "country", "language")


@transaction.atomic
def merge_customers(brand: Brand, winners: dict[int, int], *, reason: str, by: str = "") -> dict[int, int]:
    """Makes each loser part of its winner: identities move, what the winner's profile lacks is taken over.

    `winners` maps losers to winners, in the order in which they were found out; who was merged before stands
    for the customer it became. The rows stay, marked with `merged_into`, and a Merge tells how to undo it.
    `by` is who said so. Returns what was merged.
    """
    if not winners:
        return {}
    with connection.cursor() as cursor:
        lock_customers(cursor, brand.pk)
        winners = _as_they_stand(cursor, brand, winners)
        if not winners:
            return {}
        copy_into(cursor, "merging", "loser bigint, winner bigint, place integer", _places(winners))
        taken = _take_over(cursor)
        for statement in _MERGE:
            cursor.execute(statement, {"brand": brand.pk})
        moved = _moved_identities(cursor)
        cursor.execute("DROP TABLE merging")
    Merge.objects.bulk_create(
        Merge(
            brand=brand,
            loser_id=loser,
            winner_id=winner,
            reason=reason[:200],
            by=by[:160],
            moved=moved.get(loser, []),
            taken=taken.get(loser, {}),
        )
        for loser, winner in winners.items()
    )
    raise_revision(brand)
    return winners


def joined_chains(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Losers and their final winners, for pairs that may form chains and rings."""
    next_of: dict[int, int] = {}

    def end_of(customer: int) -> int:
        while customer in next_of:
            customer = next_of[customer]
        return customer

    for old, new in pairs:
        loser, winner = end_of(old), end_of(new)
        if loser != winner:
            next_of[loser] = winner
    return {loser: end_of(loser) for loser in next_of}


def _as_they_stand(cursor: CursorWrapper, brand: Brand, winners: dict[int, int]) -> dict[int, int]:
    """The merges between those who are nobody else's part yet; ids of other brands are left out."""
    asked = list({*winners, *winners.values()})
    cursor.execute(
        "SELECT id, COALESCE(merged_into_id, id) FROM customers_customer"
        " WHERE brand_id = %s AND id = ANY(%s)",
        [brand.pk, asked],
    )
    stands: dict[int, int] = dict(cursor.fetchall())
    pairs = ((stands.get(loser), stands.get(winner)) for loser, winner in winners.items())
    return joined_chains((loser, winner) for loser, winner in pairs if loser and winner)


def _places(winners: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    """Loser, winner, and the loser's place among the winner's: each takes over what those before left."""
    count: dict[int, int] = {}
    for loser, winner in winners.items():
        count[winner] = count.get(winner, 0) + 1
        yield loser, winner, count[winner]


def _take_over(cursor: CursorWrapper) -> dict[int, dict[str, list[str]]]:
    """Fills the winners' profiles; returns what each loser gave."""
    cursor.execute("SELECT max(place) FROM merging")
    places = int(cursor.fetchone()[0])
    taken: dict[int, dict[str, list[str]]] = {}
    for place in range(1, places + 1):
        cursor.execute(_TAKEN, [place])
        for loser, fields, traits in cursor.fetchall():
            if fields or traits:
                taken[loser] = {"fields": fields, "traits": traits}
        cursor.execute(_FILL, [place])
    return taken


def _moved_identities(cursor: CursorWrapper) -> dict[int, list[list[str]]]:
    cursor.execute(
        "WITH moved AS (UPDATE customers_identity i"
        " SET customer_id = m.winner, home = COALESCE(i.home, i.customer_id) FROM merging m"
        " WHERE i.customer_id = m.loser RETURNING m.loser, i.kind, i.value)"
        " SELECT loser, json_agg(json_build_array(kind, value) ORDER BY kind, value)"
        " FROM moved GROUP BY loser"
    )
    return dict(cursor.fetchall())


_FROM = "merging m JOIN customers_customer l ON l.id = m.loser"
_SAYS = (
    "m.place = %s AND (l.name <> '' OR l.email <> '' OR l.birth_year IS NOT NULL OR l.country <> ''"
    " OR l.language <> '' OR l.traits <> '{}')"
)
_TAKEN = (
    "SELECT m.loser, array_remove(ARRAY["  # noqa: S608 - fixed texts
    "CASE WHEN w.name = '' AND l.name <> '' THEN 'name' END,"
    "CASE WHEN w.email = '' AND l.email <> '' THEN 'email' END,"
    "CASE WHEN w.birth_year IS NULL AND l.birth_year IS NOT NULL THEN 'birth_year' END,"
    "CASE WHEN w.country = '' AND l.country <> '' THEN 'country' END,"
    "CASE WHEN w.language = '' AND l.language <> '' THEN 'language' END], NULL),"
    " ARRAY(SELECT key FROM jsonb_object_keys(l.traits) AS key"
    " WHERE NOT jsonb_exists(w.traits, key) ORDER BY key)"
    f" FROM {_FROM} JOIN customers_customer w ON w.id = m.winner WHERE {_SAYS}"
)
_FILL = (
    "UPDATE customers_customer w SET name = COALESCE(NULLIF(w.name, ''), l.name),"  # noqa: S608 - fixed texts
    " email = COALESCE(NULLIF(w.email, ''), l.email), birth_year = COALESCE(w.birth_year, l.birth_year),"
    " country = COALESCE(NULLIF(w.country, ''), l.country),"
    " language = COALESCE(NULLIF(w.language, ''), l.language), traits = l.traits || w.traits"
    f" FROM {_FROM} WHERE w.id = m.winner AND {_SAYS}"
)
_MERGE = (
    # Whoever was merged into a loser before goes on to the winner.
    "UPDATE customers_customer c SET merged_into_id = m.winner FROM merging m"
    " WHERE c.brand_id = %(brand)s AND c.merged_into_id = m.loser",
    "UPDATE customers_customer c SET merged_into_id = m.winner FROM merging m WHERE c.id = m.loser",
)


@transaction.atomic
def unmerge(merge: Merge, *, by: str) -> None:
    """Makes the loser a customer of its own again, with those who were merged into it before, the identities
    they brought, and without what the winner took over from its profile.

    What somebody said about the winner since stays with the winner. The lake follows: see
    `lake_moves.homecomings`. Raises Conflict when it was undone before.
    """
    with connection.cursor() as cursor:
        lock_customers(cursor, merge.brand_id)
    merge.refresh_from_db()
    if merge.undone_at is not None:
        raise Conflict(_("This merge was undone already."))
    merge.undone_at, merge.undone_by = now(), by[:160]
    merge.save(update_fields=["undone_at", "undone_by"])
    loser = Customer.objects.select_for_update().get(pk=merge.loser_id)
    stands_for = loser.merged_into_id
    family = part_of(loser.pk)
    Customer.objects.filter(pk__in=family).update(merged_into=loser)
    Customer.objects.filter(pk=loser.pk).update(merged_into=None)
    Identity.objects.filter(customer=stands_for, home__in=[loser.pk, *family]).update(customer=loser)
    _give_back(merge, loser)
    raise_revision(merge.brand)


def part_of(customer_id: int) -> list[int]:
    """Those who were merged into a customer, directly or through others, while the merges stand."""
    found: list[int] = []
    frontier = [customer_id]
    while frontier:
        frontier = list(
            Merge.objects.filter(winner__in=frontier, undone_at=None)
            .exclude(loser__in=found)
            .values_list("loser_id", flat=True)
        )
        found += frontier
    return found


@dataclass
class _Gone:
    """What a profile has to give back."""

    fields: list[str] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)


def _give_back(merge: Merge, loser: Customer) -> None:
    """Takes out of the winner, and of those it became part of, what came from the loser and is unchanged;
    fills the gaps from the others who are part of them.
    """
    gone = _Gone(merge.taken.get("fields", []), merge.taken.get("traits", []))
    step: Merge | None = merge
    while step is not None and (gone.fields or gone.traits):
        winner = Customer.objects.select_for_update().get(pk=step.winner_id)
        gone = _emptied(winner, loser, gone)
        _fill(winner, gone, besides=merge.pk)
        winner.save(update_fields=[*TAKEN_OVER, "traits"])
        step = Merge.objects.filter(loser=winner, undone_at=None).first()
        if step is not None:
            gone = _Gone(
                [name for name in gone.fields if name in step.taken.get("fields", [])],
                [key for key in gone.traits if key in step.taken.get("traits", [])],
            )


def _emptied(winner: Customer, loser: Customer, gone: _Gone) -> _Gone:
    """Empties what is still as the loser gave it; returns what that was."""
    fields = [name for name in gone.fields if getattr(winner, name) == getattr(loser, name)]
    for name in fields:
        setattr(winner, name, None if name == "birth_year" else "")
    absent = object()
    traits = [key for key in gone.traits if winner.traits.get(key, absent) == loser.traits.get(key, absent)]
    for key in traits:
        winner.traits.pop(key, None)
    return _Gone(fields, traits)


def _fill(winner: Customer, gone: _Gone, besides: uuid.UUID) -> None:
    others = Merge.objects.filter(winner=winner, undone_at=None).exclude(pk=besides).select_related("loser")
    for other in others.order_by("at", "pk"):
        given = other.loser
        fields = [name for name in gone.fields if not getattr(winner, name) and getattr(given, name)]
        traits = [key for key in gone.traits if key not in winner.traits and key in given.traits]
        if not fields and not traits:
            continue
        for name in fields:
            setattr(winner, name, getattr(given, name))
        winner.traits |= {key: given.traits[key] for key in traits}
        other.taken = {
            "fields": sorted({*other.taken.get("fields", []), *fields}),
            "traits": sorted({*other.taken.get("traits", []), *traits}),
        }
        other.save(update_fields=["taken"])
