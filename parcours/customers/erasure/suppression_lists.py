"""The list of who was erased, to carry over to an installation that was restored from an older backup.

It holds keyed digests only, so it means something under the same secret key alone, which backups carry.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import all_brands
from parcours.accounts.rights import system_actor
from parcours.core.errors import BadInput
from parcours.customers.erasure.carrying_out import do_erase
from parcours.customers.erasure.suppression import digest_of_identity
from parcours.customers.models import Identity
from parcours.customers.privacy_models import Suppression


def erased_list() -> Iterator[str]:
    """A line of JSON for each identity that is kept away, in all brands."""
    for row in Suppression.objects.filter(lifted_at=None).order_by("id").iterator():
        yield json.dumps({"brand": str(row.brand_id), "kind": row.kind, "digest": row.digest})


def erase_again(lines: Iterable[str]) -> int:
    """Erases everybody on the list who is there, and keeps all of them away; returns how many people went.

    Raises BadInput, with nothing erased, for a line that is no line of such a list.
    """
    wanted: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for number, line in enumerate(lines, 1):
        if line.strip():
            brand_id, digest, kind = _read(line, number)
            wanted[brand_id][digest] = kind
    return sum(_erase(brand, wanted[brand.pk]) for brand in all_brands() if brand.pk in wanted)


def _erase(brand: Brand, digests: dict[str, str]) -> int:
    people = 0
    found = {
        customer
        for kind, value, customer in Identity.objects.filter(brand=brand)
        .values_list("kind", "value", "customer")
        .iterator()
        if digest_of_identity(brand.pk, kind, value) in digests
    }
    if found:
        reason = _("Erased before, and brought back by a backup")
        people = do_erase(brand, found, acting_user=system_actor(brand.pk), reason=reason).people
    Suppression.objects.bulk_create(
        (Suppression(brand=brand, digest=digest, kind=kind) for digest, kind in digests.items()),
        ignore_conflicts=True,
    )
    return people


def _read(line: str, number: int) -> tuple[uuid.UUID, str, str]:
    try:
        read = json.loads(line)
        return uuid.UUID(read["brand"]), str(read["digest"])[:64], str(read["kind"])[:16]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            _("This is not a list of who was erased."),
            where=_("line {number}").format(number=number),
            remedy=_("Make one with: parcours customers erased -o FILE"),
        ) from error
