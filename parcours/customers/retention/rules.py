"""How long things are kept. A brand turns each rule on; a rule that is off removes nothing."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor, system_actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.core.registry import RetentionKeeper, retention
from parcours.customers.privacy_models import RetentionRule
from parcours.journal.writes import record

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 1, 36_500


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule of a brand; `days` is what is proposed while it is off and was never set."""

    key: str
    label: Any
    explanation: Any
    days: int
    suggested_days: int
    enabled: bool
    last_run_at: datetime | None
    last_removed: int
    removed: int
    problem: str


def rules(brand: Brand) -> list[RuleView]:
    """Everything that can be kept for a time, with what the brand chose."""
    chosen = {row.key: row for row in RetentionRule.objects.filter(brand=brand)}
    return [_view(key, keeper, chosen.get(key)) for key, keeper in retention.all().items()]


def rule(brand: Brand, key: str) -> RuleView:
    """Raises NotFound."""
    return _view(key, _keeper(key), RetentionRule.objects.filter(brand=brand, key=key).first())


def would_remove(brand: Brand, key: str, days: int) -> int:
    """What a rule would remove if it ran now. Raises NotFound, BadInput."""
    return _keeper(key).count(brand.pk, now() - timedelta(days=_days(days)))


@transaction.atomic
def do_set_rule(brand: Brand, key: str, *, days: int, enabled: bool, acting_user: Actor) -> RuleView:
    """Chooses how long something is kept. Raises NotFound, BadInput, Forbidden."""
    acting_user.require("brand.manage")
    keeper = _keeper(key)
    row, _made = RetentionRule.objects.get_or_create(brand=brand, key=key, defaults={"days": _days(days)})
    before = {"days": row.days, "enabled": row.enabled}
    row.days, row.enabled = _days(days), enabled
    row.save(update_fields=["days", "enabled"])
    after = {"days": row.days, "enabled": row.enabled}
    record(acting_user, "retention changed", "retention", key, {"from": before, "to": after})
    return _view(key, keeper, row)


def run_rules(brand_id: uuid.UUID) -> dict[str, int]:
    """Runs the rules that are on; returns what each removed. One that fails is noted and doesn't stop the
    others.
    """
    brand = brand_by_id(brand_id)
    removed = {}
    for row in RetentionRule.objects.filter(brand=brand, enabled=True).order_by("key"):
        keeper = retention.get(row.key)
        if keeper is None:
            continue
        try:
            removed[row.key] = keeper.remove(brand.pk, now() - timedelta(days=row.days))
        except Exception as error:
            log.exception("retention rule %s of brand %s failed", row.key, brand.pk)
            RetentionRule.objects.filter(pk=row.pk).update(problem=str(error)[:500])
            continue
        _note_run(brand, row, removed[row.key])
    return removed


def brands_with_rules() -> list[uuid.UUID]:
    return list(RetentionRule.objects.filter(enabled=True).values_list("brand", flat=True).distinct())


@transaction.atomic
def _note_run(brand: Brand, row: RetentionRule, removed: int) -> None:
    RetentionRule.objects.filter(pk=row.pk).update(
        last_run_at=now(), last_removed=removed, removed=F("removed") + removed, problem=""
    )
    if removed:
        data = {"days": row.days, "removed": removed}
        record(system_actor(brand.pk), "retention run", "retention", row.key, data)


def _keeper(key: str) -> RetentionKeeper:
    keeper = retention.get(key)
    if keeper is None:
        raise NotFound(_("There is no such rule."), where=key)
    return keeper


def _days(days: int) -> int:
    if not SHORTEST <= days <= LONGEST:
        raise BadInput(
            _("Write a number of days from {shortest} to {longest}.").format(
                shortest=SHORTEST, longest=LONGEST
            ),
            where="days",
        )
    return days


def _view(key: str, keeper: RetentionKeeper, row: RetentionRule | None) -> RuleView:
    return RuleView(
        key=key,
        label=keeper.label,
        explanation=keeper.explanation,
        days=row.days if row else keeper.suggested_days,
        suggested_days=keeper.suggested_days,
        enabled=bool(row and row.enabled),
        last_run_at=row.last_run_at if row else None,
        last_removed=row.last_removed if row else 0,
        removed=row.removed if row else 0,
        problem=row.problem if row else "",
    )
