"""Each night: what every platform has against what is stored, and what is stored against itself.

What can be put right without a doubt is; the rest is told of.
"""

import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from parcours.accounts.models import Brand
from parcours.accounts.reads import all_brands, people_of
from parcours.accounts.rights import system_actor
from parcours.core.clock import now
from parcours.inbox.reconciling import counters, leftovers, platforms, steps
from parcours.inbox.reconciling.models import NightlyCheck
from parcours.inbox.reconciling.reads import CheckView, check_view, newest
from parcours.inbox.reconciling.shapes import Finding, Look
from parcours.inbox.reconciling.telling import TROUBLE
from parcours.inbox.reconciling.words import is_trouble
from parcours.notices.writes import notify

log = logging.getLogger(__name__)

DAYS = 3
KEPT = 30
# What is taken in first is counted right afterwards.
CHECKS: dict[str, Callable[[Brand, datetime], Look]] = {
    "platforms": platforms.look,
    "leftovers": leftovers.look,
    "steps": steps.look,
    "counters": counters.look,
}


def reconcile_all() -> None:
    """Every brand by itself; then the files that no message has."""
    for brand in all_brands():
        reconcile(brand)
    gone = leftovers.forget_unused_files()
    if gone:
        log.info("%s files that no message has were deleted", gone)


def ask_to_reconcile(brand_id: uuid.UUID) -> None:
    """By a worker, as soon as one is free; once is enough."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.inbox.tasks import reconcile_brand

    with suppress(AlreadyEnqueued):
        reconcile_brand.configure(queueing_lock=f"inbox.reconcile.{brand_id}").defer(brand=str(brand_id))


def reconcile(brand: Brand, *, days: int = DAYS) -> CheckView:
    """Looks at what happened in the last days, keeps what was found, and tells the owners what is new."""
    before = newest(brand.pk)
    row = NightlyCheck.objects.create(brand=brand, since=now() - timedelta(days=days))
    findings: list[Finding] = []
    for name, look in CHECKS.items():
        try:
            seen = look(brand, row.since)
        except Exception:  # the other parts are looked at
            log.exception("the nightly check of %s stumbled over %s", brand.pk, name)
            seen = Look(findings=[Finding("stumbled", 1, detail=name)])
        row.looked_at[name] = seen.seen
        findings += seen.findings
    row.findings = [each.as_json() for each in findings]
    row.ended_at = now()
    row.save()
    _forget_old(brand)
    _tell(brand, findings, before)
    return check_view(row)


def _tell(brand: Brand, findings: list[Finding], before: CheckView | None) -> None:
    """Once: what stood there last night already is known."""
    known = {(each.kind, each.account) for each in before.troubles} if before else set()
    new = [each for each in findings if is_trouble(each) and (each.kind, each.account) not in known]
    if not new:
        return
    owners = [row.person_id for row in people_of(brand) if row.role == "owner"]
    facts = {"n": len(new), "first": new[0].as_json()}
    url = "/inbox/settings/channels/check/"
    notify(brand.pk, owners, kind=TROUBLE, facts=facts, url=url, acting_user=system_actor(brand.pk))


def _forget_old(brand: Brand) -> None:
    rows = NightlyCheck.objects.filter(brand=brand)
    kept = rows.order_by("-began_at").values_list("pk", flat=True)[:KEPT]
    rows.exclude(pk__in=list(kept)).delete()
