"""Erasure: everything about a person, everywhere, with a certificate that names nobody.

It is begun in one transaction (from then on nothing new about the person comes in) and carried out after it,
place by place; an erasure that a crash interrupted is taken up again, for each place may be asked twice.
"""

import hmac
import json
import uuid
from collections import Counter
from collections.abc import Collection
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.core.registry import personal_data
from parcours.customers.erasure.suppression import digest_of_identity, suppress
from parcours.customers.erasure.traces import mentions, telling
from parcours.customers.models import Customer
from parcours.customers.privacy_enums import ErasureState, RequestState
from parcours.customers.privacy_models import Erasure, PrivacyRequest
from parcours.customers.revision import raise_revision
from parcours.customers.stitching.same_person import Known, everybody_of, identities_of
from parcours.journal.writes import black_out, record

FEW = 20
"""Of so many people the rest of the database is searched for words about them; of more it takes too long."""


@transaction.atomic
def do_begin_erasure(
    brand: Brand,
    customer_ids: Collection[int],
    *,
    acting_user: Actor,
    reason: str = "",
    keep_away: bool = True,
) -> Erasure:
    """Decides that these customers are erased, and keeps away what comes in about them from now on.

    `keep_away=False` is for retention rules: who returns after years is a new visitor. Carry it out with
    `carry_out_erasure`, here or in a job. Raises NotFound, Forbidden.
    """
    acting_user.require("customers.erase")
    everybody = everybody_of(brand, customer_ids)
    if not everybody:
        raise NotFound(_("There is no such customer."))
    known = identities_of(brand.pk, everybody)
    erasure = Erasure.objects.create(
        brand=brand,
        reason=reason.replace("\0", "")[:200],
        actor_label=acting_user.label[:160],
        customer_ids=everybody,
        people=Customer.objects.filter(pk__in=everybody, merged_into=None).count(),
        identities=dict(Counter(kind for kind, _value in known)),
        digest=_digest(brand.pk, known),
    )
    if keep_away:
        suppress(brand.pk, known, erasure)
    # What they asked and nobody answered is answered by this, whoever began it.
    waiting = PrivacyRequest.objects.filter(customer__in=everybody, closed_at=None, erasure=None)
    waiting.update(erasure=erasure, closed_by=erasure.actor_label)
    begun = {"people": erasure.people, "reason": erasure.reason}
    record(acting_user, "erasure begun", "erasure", erasure.pk, begun)
    return erasure


def do_erase_later(
    brand: Brand, customer_ids: Collection[int], *, acting_user: Actor, reason: str = ""
) -> Erasure:
    """Begins an erasure and leaves the work to a job."""
    from parcours.customers.tasks import carry_out

    with transaction.atomic():
        erasure = do_begin_erasure(brand, customer_ids, acting_user=acting_user, reason=reason)
        carry_out.configure(lock=f"erasure.{erasure.pk}").defer(erasure_id=str(erasure.pk))
    return erasure


def do_erase(
    brand: Brand,
    customer_ids: Collection[int],
    *,
    acting_user: Actor,
    reason: str = "",
    keep_away: bool = True,
) -> Erasure:
    """Erases now; returns the finished certificate."""
    erasure = do_begin_erasure(
        brand, customer_ids, acting_user=acting_user, reason=reason, keep_away=keep_away
    )
    return carry_out_erasure(erasure.pk)


def carry_out_erasure(erasure_id: uuid.UUID) -> Erasure:
    """Asks every place to let go, the customers' own rows last, and completes the certificate.

    Called again after a crash it goes on; called again after its end it changes nothing.
    """
    erasure = Erasure.objects.select_related("brand").get(pk=erasure_id)
    if erasure.state == ErasureState.DONE:
        return erasure
    ids = erasure.customer_ids
    known = identities_of(erasure.brand_id, ids)
    own = "customers"
    for name, keeper in personal_data.all().items():
        if name != own:
            _add_counts(erasure, keeper.erase(erasure.brand_id, ids))
    with transaction.atomic():
        journal = black_out(erasure.brand_id, telling(known))
        keeper_of_own = personal_data.get(own)
        assert keeper_of_own is not None  # noqa: S101 - registered by this very area
        _add_counts(erasure, {**keeper_of_own.erase(erasure.brand_id, ids), "journal words": journal})
        erasure.mentions = mentions(known) if erasure.people <= FEW else {}
        _finish(erasure)
    return erasure


def _add_counts(erasure: Erasure, counts: dict[str, int]) -> None:
    for place, rows in counts.items():
        if rows:
            erasure.counts[place] = erasure.counts.get(place, 0) + rows
    erasure.save(update_fields=["counts"])


def _finish(erasure: Erasure) -> None:
    erasure.customer_ids = []
    erasure.state = ErasureState.DONE
    erasure.done_at = now()
    erasure.hash = _hash(erasure)
    erasure.save()
    PrivacyRequest.objects.filter(erasure=erasure).update(
        state=RequestState.DONE, closed_at=erasure.done_at, customer=None
    )
    actor = system_actor(erasure.brand_id, erasure.actor_label or "Parcours")
    record(actor, "customers erased", "erasure", erasure.pk, {"people": erasure.people, "hash": erasure.hash})
    raise_revision(erasure.brand)


def erasures(brand: Brand) -> list[Erasure]:
    """The certificates of a brand, the newest first."""
    return list(Erasure.objects.filter(brand=brand).order_by("-begun_at"))


def erasure_of(brand: Brand, erasure_id: uuid.UUID) -> Erasure:
    """Raises NotFound."""
    found = Erasure.objects.filter(brand=brand, pk=erasure_id).first()
    if found is None:
        raise NotFound(_("There is no such certificate."))
    return found


def unfinished_erasures() -> list[uuid.UUID]:
    return list(Erasure.objects.filter(state=ErasureState.RUNNING).values_list("pk", flat=True))


def certificate(erasure: Erasure) -> dict[str, Any]:
    """What is shown and handed over: what went where, when, by whom, and a hash of all that."""
    return {**_content(erasure), "hash": erasure.hash}


def is_unchanged(erasure: Erasure) -> bool:
    """Does the certificate still say what it said when it was made?"""
    return hmac.compare_digest(erasure.hash, _hash(erasure))


def _content(erasure: Erasure) -> dict[str, Any]:
    return {
        "certificate": str(erasure.pk),
        "brand": str(erasure.brand_id),
        "state": str(erasure.state),
        "begun": erasure.begun_at.isoformat(),
        "done": erasure.done_at.isoformat() if erasure.done_at else None,
        "by": erasure.actor_label,
        "reason": erasure.reason,
        "people": erasure.people,
        "identities": erasure.identities,
        "identities_digest": erasure.digest,
        "places": erasure.counts,
        "mentions": erasure.mentions,
    }


def _hash(erasure: Erasure) -> str:
    text = json.dumps(_content(erasure), sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _digest(brand_id: uuid.UUID, known: Collection[Known]) -> str:
    """Of who was erased: whoever knows the identities and the installation's key can show it was they."""
    return sha256(
        "\n".join(sorted(digest_of_identity(brand_id, *each) for each in known)).encode()
    ).hexdigest()
