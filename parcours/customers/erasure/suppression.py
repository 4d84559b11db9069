"""Erased people stay away: of each identity a keyed digest is kept, and what comes in about it is dropped.

Until the person consents anew. The digests can't be turned back into identities without the installation's
secret key, and not looked up without knowing the identity.
"""

import hmac
import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.customers.consent.messages import Told
from parcours.customers.privacy_enums import ConsentState
from parcours.customers.privacy_models import Erasure, SuppressedDay, Suppression
from parcours.customers.stitching.identities import clean_identity
from parcours.customers.stitching.same_person import Known
from parcours.journal.writes import record


class Arriving(NamedTuple):
    """What comes in about a person: by which identities, when it happened, what it says of consent.

    Only what it says with a time of its own can be a new consent.
    """

    identities: tuple[Known, ...]
    at: datetime
    told: Sequence[Told] = ()


def digest_of_identity(brand_id: uuid.UUID, kind: str, value: str) -> str:
    text = f"{brand_id}\n{kind}\n{clean_identity(value, kind)}"
    return hmac.new(_key(settings.SECRET_KEY), text.encode(), sha256).hexdigest()


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return sha256(b"parcours suppressions\n" + secret.encode()).digest()


def suppress(brand_id: uuid.UUID, identities: Iterable[Known], erasure: Erasure) -> int:
    """Remembers the digests of an erasure's identities; one that was lifted counts again from now."""
    rows = [
        Suppression(
            brand_id=brand_id, digest=digest_of_identity(brand_id, kind, value), kind=kind, erasure=erasure,
            since=now(),
        )
        for kind, value in sorted(identities)
    ]  # fmt: skip
    Suppression.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["brand", "digest"],
        update_fields=["erasure", "since", "lifted_at"],
    )
    return len(rows)


def suppressed(brand_id: uuid.UUID, identities: Collection[Known]) -> dict[Known, datetime]:
    """Those of the identities that were erased, with the time since when. One short query when none was."""
    active = Suppression.objects.filter(brand_id=brand_id, lifted_at=None)
    if not identities or not active.exists():
        return {}
    known: dict[str, list[Known]] = {}
    for each in identities:  # an address may be written in several ways
        known.setdefault(digest_of_identity(brand_id, *each), []).append(each)
    found = active.filter(digest__in=list(known)).values_list("digest", "since")
    return {each: since for digest, since in found for each in known[digest]}


@transaction.atomic
def admit(brand: Brand, arriving: Sequence[Arriving]) -> list[bool]:
    """Which of these may come in, in their order; the others are counted and must be dropped.

    What tells of a consent given after the erasure lets its person in again, from there on. To be asked by
    whoever holds the lake's lock (`sole_writer`): an erasure that was begun is then carried out either after
    what came in, or before it was asked.
    """
    out = suppressed(brand.pk, {known for each in arriving for known in each.identities})
    if not out:
        return [True] * len(arriving)
    verdicts = []
    for each in arriving:
        named = [known for known in each.identities if known in out]
        if named and _consents_anew(each, max(out[known] for known in named)):
            _lift(brand.pk, named)
            for known in named:
                del out[known]
            named = []
        verdicts.append(not named)
    note_dropped(brand, verdicts.count(False))
    return verdicts


@transaction.atomic
def do_lift_suppression(brand: Brand, identities: Collection[Known], *, acting_user: Actor) -> int:
    """A person who came back wants to be known again; returns how many identities were kept away."""
    acting_user.require("customers.erase")
    lifted = _lift(brand.pk, identities)
    if lifted:
        record(acting_user, "suppression lifted", "brand", brand.pk, {"identities": lifted})
    return lifted


def suppression_count(brand: Brand) -> int:
    return Suppression.objects.filter(brand=brand, lifted_at=None).count()


def dropped_count(brand: Brand) -> int:
    """How many events about erased people were dropped, ever."""
    return SuppressedDay.objects.filter(brand=brand).aggregate(n=Sum("events"))["n"] or 0


def note_dropped(brand: Brand, events: int) -> None:
    """Counts what came in about erased people and was dropped, by day."""
    if events:
        day, _made = SuppressedDay.objects.get_or_create(brand=brand, day=now().date())
        SuppressedDay.objects.filter(pk=day.pk).update(events=F("events") + events)


def _consents_anew(arriving: Arriving, since: datetime) -> bool:
    """A program that still says yes with every message is no new word of the person: it takes a time."""
    return any(
        told.state == ConsentState.GRANTED and told.at is not None and told.at > since
        for told in arriving.told
    )


def _lift(brand_id: uuid.UUID, identities: Iterable[Known]) -> int:
    digests = [digest_of_identity(brand_id, kind, value) for kind, value in identities]
    active = Suppression.objects.filter(brand_id=brand_id, digest__in=digests, lifted_at=None)
    return active.update(lifted_at=now())
